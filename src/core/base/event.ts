import { type Disposable, toDisposable } from "./lifecycle";

export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Announces state. Listeners see values in the order of `fire`, also when one of them fires again. */
export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #queue: T[] = [];
  #delivering = false;

  readonly event: Event<T> = (listener) => {
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return toDisposable(() => this.#listeners.delete(own));
  };

  fire(value: T): void {
    this.#queue.push(value);
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#queue.length > 0) {
        const next = this.#queue.shift() as T;
        for (const listener of [...this.#listeners]) listener(next);
      }
    } finally {
      this.#delivering = false;
      this.#queue.length = 0;
    }
  }
}
