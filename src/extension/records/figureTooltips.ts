import type { Clock } from "../../core/ports/machine";
import type { Ledger } from "../../core/ports/ledger";
import { pause } from "../../core/session/pause";
import { isRunning } from "../../protocol/projectRows";
import type { FiguresOfRecord } from "../../viewing/figuresOfRecord";
import type { FollowedProject } from "../../viewing/workspaceRecords";

/** So long, in milliseconds, a tooltip waits for its figures; a log that takes longer has them the next time. */
const patienceMs = 400;

/** What the logs say of time and answers, read when somebody points at a project, and on from there the next time. */
export class FigureTooltips {
  readonly #figures = new WeakMap<Ledger, FiguresOfRecord>();

  constructor(private readonly clock: Clock) {}

  /** Lines for the tooltip of a project; none where its log has no figures, cannot be read, or is not read yet. */
  async lines({ ledger, runner }: FollowedProject): Promise<readonly string[]> {
    const [{ FiguresOfRecord }, { figureLines }] = await Promise.all([
      import("../../viewing/figuresOfRecord"),
      import("../../protocol/figuresText"),
    ]);
    const figures = this.#figures.get(ledger) ?? new FiguresOfRecord(ledger, this.clock);
    this.#figures.set(ledger, figures);
    const read = figures.read(() => isRunning(runner)).then(figureLines);
    // What is wrong with a log is told where it is shown.
    const lines = read.catch(() => []);
    return Promise.race([lines, pause(this.clock, patienceMs).then(() => [])]);
  }
}
