import type { Clock } from "../ports/machine";
import { limitEndText } from "../model/limitEndText";
import { limitEnd } from "../sense/limitEnd";
import type { Sensed } from "../sense/terminalFacts";

/** Words that count down say the same time again, as exactly as they are. */
const sameMs = 60_000;

/** How long work in a session waits for the end of a limit. */
export interface LimitTime {
  /** When the limit ends, in milliseconds since 1970, past times included; undefined: there is none, or nobody knows. */
  readonly end: number | undefined;
  /** Milliseconds until then; 0: nothing is to be waited for. */
  readonly leftMs: number;
  /** For how long limits whose end was known have lasted in all. */
  readonly lastedMs: number;
}

interface Limit {
  readonly words: string | undefined;
  readonly end: number | undefined;
  /** By the record alone: nobody has looked yet whether it still stands there. */
  readonly recorded?: boolean;
}

/** The limit that the program in a session has reached, by the words of its screen. */
export class SessionLimit implements LimitTime {
  #now: Limit | undefined;
  /** When its time was read, by the monotonic clock, and how long it was to last then. */
  #begun = { at: 0, ms: 0 };
  #formerMs = 0;

  /**
   * `recordedEnd`: of a limit that an earlier process saw and that may still stand there, in milliseconds since 1970.
   */
  constructor(
    private readonly clock: Pick<Clock, "now" | "monotonic">,
    recordedEnd: number | undefined,
  ) {
    if (recordedEnd !== undefined) this.#begin({ words: undefined, end: recordedEnd, recorded: true });
  }

  get end(): number | undefined {
    return this.#now?.end;
  }

  get leftMs(): number {
    const { end } = this;
    return end === undefined ? 0 : Math.max(0, end - this.clock.now());
  }

  get lastedMs(): number {
    return this.#formerMs + this.#ofNow;
  }

  /** What the session does now, as it is told to people: with the time instead of the screen's words for it. */
  see<T extends Pick<Sensed, "state" | "until">>(sensed: T): T {
    if (sensed.state !== "limited") {
      // What was just taken up is not known at once.
      const isKnown = sensed.state !== "unclear" && sensed.state !== "starting";
      if (isKnown || this.#now?.recorded !== true) this.#begin(undefined);
      return sensed;
    }
    const { until: words } = sensed;
    // The words may have stood there for long: they are not read once more as if they were new.
    if (this.#now?.recorded === true) this.#now = { words, end: this.#now.end };
    else if (!this.#now || this.#now.words !== words) this.#begin({ words, end: this.#endBy(words) });
    const { end } = this;
    return end === undefined ? sensed : { ...sensed, until: limitEndText(end, this.clock.now()) };
  }

  #endBy(words: string | undefined): number | undefined {
    const end = words === undefined ? undefined : limitEnd(words, this.clock.now());
    const known = this.end;
    return end !== undefined && known !== undefined && Math.abs(end - known) <= sameMs ? known : end;
  }

  #begin(limit: Limit | undefined): void {
    this.#formerMs += this.#ofNow;
    this.#now = limit;
    this.#begun = { at: this.clock.monotonic(), ms: this.leftMs };
  }

  get #ofNow(): number {
    return this.end === undefined ? 0 : Math.min(this.clock.monotonic() - this.#begun.at, this.#begun.ms);
  }
}
