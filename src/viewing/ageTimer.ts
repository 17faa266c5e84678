import { type Disposable, toDisposable } from "../core/base/lifecycle";
import type { Clock } from "../core/ports/machine";

/** Ages are renewed so often: a view says seconds only of what has just begun. */
const ageMs = 10_000;

/** The one timer of all views whose words have ages in them. It runs only while one of them is visible. */
export class AgeTimer {
  readonly #views = new Set<() => void>();
  #timer: Disposable | undefined;

  constructor(private readonly clock: Pick<Clock, "after">) {}

  /** Calls `renew` now and then, until it is disposed of. */
  watch(renew: () => void): Disposable {
    // The same view may watch again before it has let go.
    const view = (): void => renew();
    this.#views.add(view);
    this.#timer ??= this.#next();
    return toDisposable(() => {
      this.#views.delete(view);
      if (this.#views.size > 0) return;
      this.#timer?.dispose();
      this.#timer = undefined;
    });
  }

  #next(): Disposable {
    return this.clock.after(ageMs, () => {
      this.#timer = this.#next();
      for (const view of [...this.#views]) view();
    });
  }
}
