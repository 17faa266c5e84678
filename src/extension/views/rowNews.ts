import { EventEmitter } from "vscode";
import type { Clock } from "../../core/ports/machine";
import { Pacer } from "../../viewing/pacer";

/**
 * VS Code draws what is told to a tree view at once, unless it was told something within the last 200 ms: then it waits until
 * nothing was told for so long. Milliseconds.
 */
const drawnAtOnceMs = 205;

/** Tells a tree view which of its rows differ, soon, and never so often that it draws them late. */
export class RowNews<Row> {
  readonly #changes = new EventEmitter<Row[] | undefined>();
  readonly event = this.#changes.event;
  readonly #untold = new Set<Row>();
  #all = false;
  readonly #pace: Pacer;

  constructor(clock: Pick<Clock, "monotonic" | "after">) {
    this.#pace = new Pacer(clock, drawnAtOnceMs, () => this.#tell());
  }

  /** `all`: the rows at the top are others. */
  add(rows: Iterable<Row> | "all"): void {
    if (rows === "all") this.#all = true;
    else for (const row of rows) this.#untold.add(row);
    if (this.#all || this.#untold.size > 0) this.#pace.soon();
  }

  #tell(): void {
    const told = this.#all ? undefined : [...this.#untold];
    this.#all = false;
    this.#untold.clear();
    this.#changes.fire(told);
  }
}
