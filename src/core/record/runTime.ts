import type { ContextEntry } from "../model/entry";
import type { ProjectState } from "../model/projectState";

/** Takes the milliseconds that were spent in a place. */
export type Spend<Place> = (place: Place, ms: number) => void;

interface Stretch<Place> {
  readonly places: readonly Place[];
  readonly ms: number;
}

/** When nobody is heard any more. */
interface Heard {
  /** When the runner was heard last, by its own clock (milliseconds since 1970). */
  readonly runner: number;
  /** Up to where others were heard since then. */
  readonly upTo: number;
}

/**
 * The time that a process ran a project, by the entries that it wrote. What others write in between cuts that time, and
 * counts once the runner is heard again: a runner that was killed has no part in what came later. A clock that is set
 * back makes no time, and none twice.
 */
export class RunTime<Place> {
  #heard: Heard | undefined;
  #waiting: Stretch<Place>[] = [];
  /** Since when nobody runs it. */
  #left: number | undefined;
  #setBack = 0;
  #observed = 0;
  #unobserved = 0;
  #cutOff = 0;

  /** `since`: time before it is not counted (milliseconds since 1970). */
  constructor(
    private readonly since: number,
    private readonly spend: Spend<Place>,
  ) {}

  /** Milliseconds in which a process ran the project. */
  get observed(): number {
    return this.#observed;
  }

  /** Milliseconds between two of its runs. */
  get unobserved(): number {
    return this.#unobserved;
  }

  /** How many runs ended without a word of theirs, before another one began. */
  get cutOff(): number {
    return this.#cutOff;
  }

  /** A time of the log as if its runner's clock had never been set back. */
  unbroken(at: number): number {
    return at + this.#setBack;
  }

  /** Whether the entry is its runner's own word. */
  static isOfRunner({ kind, event, actor, generation }: ContextEntry, { lease }: Pick<ProjectState, "lease">): boolean {
    if (!lease || generation !== lease.generation) return false;
    // Who asks whether a runner lives, or asks it for something, names its generation as well.
    return kind === "lease" ? event === "renewed" || event === "released" : actor === "engine";
  }

  /** The next entry, before the state knows it; until then time went to these places. */
  meet(
    entry: ContextEntry,
    at: number,
    state: Pick<ProjectState, "lease" | "leaseGeneration">,
    places: () => readonly Place[],
  ): void {
    const { kind, event, generation = 0 } = entry;
    if (kind === "lease" && event === "claimed") {
      if (generation > state.leaseGeneration) this.#begin(at);
    } else if (!this.#heard) return;
    else if (RunTime.isOfRunner(entry, state)) {
      this.#hearRunner(this.#heard, at, places);
      if (kind === "lease" && event === "released") this.#leave(at);
    } else if (at > this.#heard.upTo) {
      this.#waiting.push(this.#stretch(this.#heard.upTo, at, places));
      this.#heard = { ...this.#heard, upTo: at };
    }
  }

  /** What is not counted yet and is where the project runs at `now`: it is given to `spend`. Returns its milliseconds. */
  tail(now: number, places: readonly Place[], spend: Spend<Place>): number {
    const heard = this.#heard;
    if (!heard || now < heard.runner) return 0;
    const upTo = Math.min(heard.upTo, now);
    const stretches = [...this.#fitting(heard, now), this.#stretch(upTo, now, () => places)];
    for (const each of stretches) for (const place of each.places) spend(place, each.ms);
    return this.#counted(heard.runner, now);
  }

  #begin(at: number): void {
    if (this.#heard) this.#cutOff += at >= this.since ? 1 : 0;
    const from = this.#heard?.runner ?? this.#left;
    if (from !== undefined) this.#unobserved += this.#counted(from, at);
    this.#waiting = [];
    this.#heard = { runner: at, upTo: at };
  }

  #leave(at: number): void {
    this.#left = at;
    this.#heard = undefined;
    this.#waiting = [];
  }

  #hearRunner(heard: Heard, at: number, places: () => readonly Place[]): void {
    if (at < heard.runner) this.#setBack += heard.runner - at;
    else {
      const stretches = this.#fitting(heard, at);
      if (at > heard.upTo) stretches.push(this.#stretch(heard.upTo, at, places));
      for (const stretch of stretches) for (const place of stretch.places) this.spend(place, stretch.ms);
      this.#observed += this.#counted(heard.runner, at);
    }
    this.#waiting = [];
    this.#heard = { runner: at, upTo: at };
  }

  /** What waits to be counted; others' clocks may have been ahead, and time is no longer for that. */
  #fitting({ runner, upTo }: Heard, at: number): Stretch<Place>[] {
    const share = upTo > at ? (at - runner) / (upTo - runner) : 1;
    return this.#waiting.map(({ places, ms }) => ({ places, ms: ms * share }));
  }

  #stretch(from: number, to: number, places: () => readonly Place[]): Stretch<Place> {
    const ms = this.#counted(from, to);
    return { places: ms === 0 ? [] : places(), ms };
  }

  #counted(from: number, to: number): number {
    return Math.max(0, to - Math.max(from, this.since));
  }
}
