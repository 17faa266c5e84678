import type { Clock } from "../ports/machine";

/** How long a session has printed nothing, and nothing new. */
export class Silence {
  /** Of the last output that was heard here, by the monotonic clock. */
  #heard: number | null = null;
  #news: number | null = null;
  /** The same of output from before somebody listened here, as its server told. */
  #heardBefore: number | null = null;
  #newsBefore: number | null = null;

  constructor(private readonly clock: Pick<Clock, "monotonic">) {}

  /** Something was printed, or only what stood there already was drawn again. */
  ends(isNew = true): void {
    this.#heard = this.clock.monotonic();
    if (isNew) this.#news = this.#heard;
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

  /** Milliseconds since the last output that said something new, where that is known. */
  get withoutNewsMs(): number | null {
    const news = this.#news ?? this.#newsBefore;
    return news === null ? null : this.clock.monotonic() - news;
  }

  /** It had lasted for so long when somebody began to listen, and there was nothing new for so long. */
  hadLasted(ms: number | null, withoutNewsMs = ms): void {
    const now = this.clock.monotonic();
    this.#heardBefore = ms === null ? null : now - ms;
    this.#newsBefore = withoutNewsMs === null ? null : now - withoutNewsMs;
  }

  /** The machine slept for so long, and what runs there with it: that does not count. */
  leaveOut(ms: number): void {
    const now = this.clock.monotonic();
    const later = (moment: number | null): number | null => (moment === null ? null : Math.min(moment + ms, now));
    this.#heard = later(this.#heard);
    this.#news = later(this.#news);
    this.#heardBefore = later(this.#heardBefore);
    this.#newsBefore = later(this.#newsBefore);
  }
}
