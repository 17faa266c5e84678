import type { Sensed } from "./terminalFacts";

/** A screen at rest may be the pause before the next line; programs that were timed went on within this time. */
const restMs = 1500;
/** A weaker sign of a question has to stand at two looks. */
const questionMs = 300;
/** A screen that no rule knows is often one that is being drawn. */
const unclearMs = 3000;

/** A conversation of before is drawn so soon after the first screen of the program; nobody has typed a prompt by then. */
const resumingMs = 2000;

/** What is told of a session, and after how many milliseconds it is to be looked at again although nothing came. */
export interface Decision {
  readonly told: Sensed | undefined;
  readonly againMs?: number;
}

interface Held {
  readonly sensed: Sensed;
  /** Since when it was seen at each look. */
  readonly since: number;
}

/**
 * Makes one story of what is seen at each moment: strict before it says that somebody is needed, slow before it says that a
 * program is at rest, and never from one drawn frame to the next. Pure: times are given, in milliseconds of one clock.
 */
export class StateArbiter {
  #told: Sensed | undefined;
  #held: Held | undefined;
  /** Since a person looked, something was at work there. */
  #worked = false;
  /** The program that is looked at was seen from its start on, and has done nothing yet. */
  #isNew = false;
  /** When such a program was at rest first. */
  #restedAt = Infinity;
  /** The failure of an earlier conversation, which stands there until something is done. */
  #past: string | undefined;

  get told(): Sensed | undefined {
    return this.#told;
  }

  /** What was seen at this moment. `resumed`: the program was started to continue an earlier conversation. */
  see(sensed: Sensed, now: number, resumed = false): Decision {
    const next = this.#asTold(resumed ? this.#withoutPast(sensed, now) : sensed);
    if (this.#told && isSame(this.#told, next)) {
      this.#held = undefined;
      this.#tell(next);
      return { told: this.#told };
    }
    const since = this.#held && isSame(this.#held.sensed, next) ? this.#held.since : now;
    this.#held = { sensed: next, since };
    const left = since + this.#patience(next) - now;
    if (left > 0) return { told: this.#told, againMs: left };
    this.#held = undefined;
    this.#tell(next);
    return { told: this.#told };
  }

  /** A person has looked at it: what was done is seen. Whether that makes another state. */
  seen(): boolean {
    // What still works will have been seen at work, not done.
    this.#worked = this.#told?.state === "working";
    if (this.#told?.state !== "done_unseen") return false;
    this.#told = { ...this.#told, state: "idle" };
    return true;
  }

  /** Something else is known better for now, such as a shell at its prompt. */
  forget(): void {
    this.#told = undefined;
    this.#held = undefined;
    this.#worked = false;
    this.#isNew = true;
    this.#restedAt = Infinity;
    this.#past = undefined;
  }

  /** Of a program that continues a conversation: a turn that had failed before it began is at rest. */
  #withoutPast(sensed: Sensed, now: number): Sensed {
    const { state, program, evidence } = sensed;
    switch (state) {
      case "starting":
        this.#isNew ||= this.#told === undefined;
        return sensed;
      case "working":
        this.#isNew = false;
        this.#past = undefined;
        return sensed;
      case "idle":
      case "done_unseen":
        this.#restedAt = Math.min(this.#restedAt, now);
        return sensed;
      case "limited":
      case "failed": {
        // A narrower terminal wraps the same words.
        const shown = evidence.flatMap(({ lines }) => lines).join("");
        const words = shown.replaceAll(/\s+/g, "");
        if (this.#isNew && now < this.#restedAt + resumingMs && evidence[0]?.signal === "screen") this.#past = words;
        this.#isNew = false;
        return words === this.#past
          ? { state: "idle", ...(program ? { program } : {}), confidence: "medium", evidence }
          : sensed;
      }
      default:
        return sensed;
    }
  }

  #tell(sensed: Sensed): void {
    if (sensed.state === "working") this.#worked = true;
    this.#told = sensed;
  }

  /** Rest after work is something to look at; a screen that still says so after somebody has looked is not. */
  #asTold(sensed: Sensed): Sensed {
    const isAgent = sensed.kind === undefined;
    if (sensed.state === "idle" && isAgent && (this.#worked || this.#told?.state === "done_unseen"))
      return { ...sensed, state: "done_unseen" };
    if (sensed.state === "done_unseen" && this.#told?.state === "idle" && !this.#worked)
      return { ...sensed, state: "idle" };
    return sensed;
  }

  #patience({ state, confidence, evidence }: Sensed): number {
    // Told by the program itself, in order with what it draws.
    if (confidence === "high" && evidence[0]?.signal === "program_status") return 0;
    switch (state) {
      case "waiting":
        return confidence === "high" ? 0 : questionMs;
      case "idle":
      case "done_unseen":
        return this.#told === undefined || this.#told.state === "starting" ? 0 : restMs;
      case "limited":
      case "failed":
        return confidence === "high" ? questionMs : restMs;
      case "unclear":
        return unclearMs;
      default:
        // A guess by what is left to guess.
        return confidence === "low" ? unclearMs : 0;
    }
  }
}

function isSame(one: Sensed, other: Sensed): boolean {
  return one.state === other.state && one.kind === other.kind && one.program?.name === other.program?.name;
}
