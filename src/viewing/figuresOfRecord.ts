import { hasCode } from "../core/model/errors";
import type { LeaseRecord } from "../core/model/projectState";
import type { Ledger, RecordPlace } from "../core/ports/ledger";
import type { Clock } from "../core/ports/machine";
import { FigureReader } from "../core/record/projectFigures";
import type { ProjectFigures } from "../core/record/figureTallies";
import { Slices } from "../core/run/slices";

/**
 * Figures of one record, which is read in small slices, so that whoever shows them stays quick however long it is, and is
 * read on from where it was read to the next time.
 */
export class FiguresOfRecord {
  #reader: FigureReader;
  #upTo: RecordPlace;
  #reading: Promise<void> | undefined;

  constructor(
    private readonly ledger: Pick<Ledger, "beginning" | "read">,
    private readonly clock: Pick<Clock, "now" | "monotonic" | "after">,
    /** Milliseconds since 1970; what was before is not counted. */
    private readonly since?: number,
  ) {
    this.#reader = new FigureReader(since);
    this.#upTo = ledger.beginning;
  }

  /**
   * As the record stands. `isRunning`: whether the process that has the project by its record runs it now. Throws what
   * reading throws.
   */
  async read(isRunning: (lease: LeaseRecord) => boolean | Promise<boolean>): Promise<ProjectFigures> {
    // One who asks while another reads is told what that one finds.
    await (this.#reading ??= this.#readOn().finally(() => (this.#reading = undefined)));
    const { lease } = this.#reader;
    return this.#reader.figures(lease && (await isRunning(lease)) ? this.clock.now() : undefined);
  }

  async #readOn(): Promise<void> {
    try {
      await this.#readFrom(this.#upTo);
    } catch (error) {
      if (!hasCode(error, "ledger_corrupt") || this.#upTo === this.ledger.beginning) throw error;
      // The record was rewritten: places of before mean nothing in it.
      this.#reader = new FigureReader(this.since);
      this.#upTo = this.ledger.beginning;
      await this.#readFrom(this.#upTo);
    }
  }

  async #readFrom(from: RecordPlace): Promise<void> {
    const slices = new Slices(this.clock);
    for await (const { entry, next } of this.ledger.read(from)) {
      this.#reader.add(entry);
      this.#upTo = next;
      await slices.rest();
    }
  }
}
