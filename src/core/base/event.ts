import { type Disposable, toDisposable } from "./lifecycle";

export type Event<T> = (listener: (value: T) => void) => Disposable;

/**
 * Announces state. Listeners see values in the order of `fire`, also when one of them fires again. One that throws
 * takes nothing from the others: all of them are told first.
 */
export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #queue: T[] = [];
  #delivering = false;

  /**
   * `failed` gets what a listener throws. Without it, the first error is thrown by `fire`: for parts whose listeners
   * are their own.
   */
  constructor(private readonly failed?: (error: unknown) => void) {}

  readonly event: Event<T> = (listener) => {
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return toDisposable(() => this.#listeners.delete(own));
  };

  fire(value: T): void {
    this.#queue.push(value);
    if (this.#delivering) return;
    this.#delivering = true;
    const errors: unknown[] = [];
    while (this.#queue.length > 0) {
      const next = this.#queue.shift() as T;
      for (const listener of [...this.#listeners]) {
        try {
          listener(next);
        } catch (error) {
          if (this.failed) this.failed(error);
          else errors.push(error);
        }
      }
    }
    this.#delivering = false;
    if (errors.length > 0) throw errors[0];
  }
}
