import type { Clock } from "../ports/machine";
import { pause } from "../session/pause";

/** So long, in milliseconds, work goes on before others in the process get their turn; a window may wait for 25. */
const sliceMs = 5;

/** Work of many small pieces, which gives the event loop back between two of them. */
export class Slices {
  #began: number;

  constructor(private readonly clock: Pick<Clock, "monotonic" | "after">) {
    this.#began = clock.monotonic();
  }

  /** Resolves at once while there is time left. */
  async rest(): Promise<void> {
    if (this.clock.monotonic() - this.#began < sliceMs) return;
    await pause(this.clock, 0);
    this.#began = this.clock.monotonic();
  }
}
