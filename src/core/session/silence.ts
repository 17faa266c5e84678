import type { Clock } from "../ports/machine";

/** How long a session has printed nothing. */
export class Silence {
  /** Of the last output that was heard here, by the monotonic clock. */
  #heard: number | null = null;
  /** The same of output from before somebody listened here, as its server told. */
  #heardBefore: number | null = null;

  constructor(private readonly clock: Pick<Clock, "monotonic">) {}

  /** Something was printed. */
  ends(): void {
    this.#heard = this.clock.monotonic();
  }

  /** Milliseconds since the last output that was heard here; null when there was none. */
  get heardMs(): number | null {
    return this.#heard === null ? null : this.clock.monotonic() - this.#heard;
  }

  /** The same, also of output from before, where that is known. */
  get ms(): number | null {
    const heard = this.#heard ?? this.#heardBefore;
    return heard === null ? null : this.clock.monotonic() - heard;
  }

  /** It had lasted for so long when somebody began to listen. */
  hadLasted(ms: number | null): void {
    this.#heardBefore = ms === null ? null : this.clock.monotonic() - ms;
  }

  /** The machine slept for so long, and what runs there with it: that does not count. */
  leaveOut(ms: number): void {
    const now = this.clock.monotonic();
    if (this.#heard !== null) this.#heard = Math.min(this.#heard + ms, now);
    if (this.#heardBefore !== null) this.#heardBefore = Math.min(this.#heardBefore + ms, now);
  }
}
