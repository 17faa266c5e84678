import type { Disposable } from "../core/base/lifecycle";

/**
 * Does something soon after it was asked for, at once where it was long ago, and never twice within the interval
 * (milliseconds).
 */
export class Pacer implements Disposable {
  #timer: NodeJS.Timeout | undefined;
  #last = Number.NEGATIVE_INFINITY;
  #disposed = false;

  constructor(
    private readonly interval: number,
    private readonly action: () => void,
  ) {}

  soon(): void {
    if (this.#timer !== undefined || this.#disposed) return;
    const wait = this.#last + this.interval - performance.now();
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#last = performance.now();
        this.action();
      },
      Math.max(0, wait),
    );
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }
}
