import type { Disposable } from "../core/base/lifecycle";
import type { Clock } from "../core/ports/machine";

/**
 * Does something soon after it was asked for, at once where it was long ago, and never twice within the interval
 * (milliseconds).
 */
export class Pacer implements Disposable {
  #waiting: Disposable | undefined;
  #last = Number.NEGATIVE_INFINITY;
  #disposed = false;

  constructor(
    private readonly clock: Pick<Clock, "monotonic" | "after">,
    private readonly interval: number,
    private readonly action: () => void,
  ) {}

  soon(): void {
    if (this.#waiting || this.#disposed) return;
    const wait = this.#last + this.interval - this.clock.monotonic();
    this.#waiting = this.clock.after(Math.max(0, wait), () => {
      this.#waiting = undefined;
      this.#last = this.clock.monotonic();
      this.action();
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#waiting?.dispose();
  }
}
