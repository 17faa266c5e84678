import { EventEmitter } from "../base/event";
import type { ContextEntry } from "../model/entry";
import { messageOf } from "../model/errors";
import { applyEntry, type ProjectState } from "../model/projectState";
import type { Ledger } from "../ports/ledger";
import { replay } from "./replay";

/**
 * A project's record as somebody lives with it who only looks: its state and its newest entries, kept up with what any
 * process appends.
 */
export class RecordFollower {
  readonly #entries = new EventEmitter<ContextEntry>();
  /** Every entry that is appended from now on, once it is in `state`. */
  readonly onEntry = this.#entries.event;
  readonly #lost = new EventEmitter<Error>();
  /** The record can be followed no longer: its folder was moved or deleted. */
  readonly onLost = this.#lost.event;
  readonly #stop = new AbortController();

  private constructor(
    readonly ledger: Ledger,
    readonly state: ProjectState,
    /** The newest ones, oldest first; `keep` of them at most. */
    readonly recent: ContextEntry[],
    private readonly keep: number,
  ) {}

  /** Reads what there is and follows from there. Throws what reading throws. */
  static async open(ledger: Ledger, keep: number): Promise<RecordFollower> {
    let recent: ContextEntry[] = [];
    const { state, upTo, read } = await replay(ledger, (entry) => {
      recent.push(entry);
      if (recent.length === 2 * keep) recent.splice(0, keep);
    });
    // With a checkpoint only what came after it was read.
    recent = read >= keep ? recent.slice(-keep) : await ledger.last(keep);
    const follower = new RecordFollower(ledger, state, recent, keep);
    void follower.#follow(upTo);
    return follower;
  }

  close(): void {
    this.#stop.abort();
  }

  async #follow(from: Parameters<Ledger["follow"]>[0]): Promise<void> {
    const read = new Set(this.recent.map(({ id }) => id));
    try {
      for await (const { entry } of this.ledger.follow(from, this.#stop.signal, "unhurried")) {
        applyEntry(this.state, entry);
        // The newest may have been read already, after the state was.
        if (!read.delete(entry.id)) this.recent.push(entry);
        if (this.recent.length > this.keep) this.recent.shift();
        this.#entries.fire(entry);
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#lost.fire(error instanceof Error ? error : new Error(messageOf(error)));
    }
  }
}
