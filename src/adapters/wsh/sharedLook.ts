import type { Clock } from "../../core/ports/machine";
/** All connections of a server break together: what is asked for each of them within this time is one question. */
const togetherMs = 50;

/**
 * Joins the questions of many who ask the same at about the same time. Each gets an answer that was asked for after its
 * own question.
 */
export class SharedLook<T> {
  #next: Promise<T> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly look: () => Promise<T>,
  ) {}

  ask(): Promise<T> {
    this.#next ??= new Promise<void>((resolve) => void this.clock.after(togetherMs, resolve)).then(() => {
      this.#next = undefined;
      return this.look();
    });
    return this.#next;
  }
}
