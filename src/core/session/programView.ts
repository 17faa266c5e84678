import { hasCode } from "../model/errors";
import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { looksLikePrompt } from "../sense/plainPrompt";
import {
  askingRow,
  changedRows,
  chosenRow,
  countsOnly,
  differentRows,
  hasDrawn,
  promptOf,
  rowShape,
  saysWorking,
} from "../sense/programScreen";
import type { SeenScreen } from "../sense/seenScreen";
import { LastLook, lookStepMs } from "./lastLook";
import { seenScreen } from "./seenScreen";
import type { ShellSession } from "./shellSession";

/**
 * How long a screen must rest before it counts as drawn: at a prompt, where the program reads keys by itself, and where
 * nothing says that it reads at all. Programs are silent for two seconds and more while they load.
 */
const restMs = { prompt: 700, keys: 1500, unknown: 3000 } as const;
/**
 * What changes in this many rows at most, and nowhere else, for so long before anything was typed, changes by itself: a
 * counter in a status line, an animation. A program that loads may show a spinner for 20 s and more.
 */
const movingRows = 3;
const countsMs = 10_000;
const animatedMs = 30_000;

/** How a wait for a screen ended: time is over, the session is, or nothing was drawn at all. */
export type NoScreen = "time" | "over" | "blank";

/**
 * What a program that is no shell shows, as far as it tells whether a text may be typed there: remembered from text to
 * text, for as long as the session is held.
 */
export class ProgramView {
  /** How the last text left the screen; undefined before the first, and after a person was asked about it. */
  left: SeenScreen | undefined;
  /** What stood in front of the cursor before the last text was typed. */
  prompt: string | undefined;
  /** Rows, by their shape, that a person has let pass. */
  readonly passed = new Set<string>();
  /** Rows, by number, that change by themselves. */
  readonly #moving = new Set<number>();
  readonly #last: LastLook<SeenScreen>;

  constructor(
    private readonly server: Pick<SessionServer, "screen" | "terminalMode">,
    private readonly clock: Clock,
    private readonly session: ShellSession,
  ) {
    this.#last = new LastLook(clock, session);
  }

  /** The screen as it is now; undefined once the session is over. Throws what the server throws. */
  look(signal?: AbortSignal): Promise<SeenScreen | undefined> {
    const { wire } = this.session.identity;
    return this.#last.current(async () =>
      seenScreen(await this.server.screen(wire, "plain", signal), this.session.told.facts.title),
    );
  }

  /** Rows that changed, without those that change by themselves. */
  changes(before: SeenScreen, now: SeenScreen): number[] {
    return changedRows(before, now).filter((row) => !this.#moving.has(row));
  }

  /** What the screen says that it did not say when the last text was over. */
  news(now: SeenScreen): string[] {
    return this.left ? differentRows(this.left, now, this.#moving) : [];
  }

  /** The row in which it asks for something, unless a person has let it pass. */
  asks(now: SeenScreen): string | undefined {
    return askingRow(now, this.passed) ?? (this.prompt === undefined ? chosenRow(now) : undefined);
  }

  /** A person has seen this screen and wants the text to be sent all the same. */
  pass(screen: SeenScreen): void {
    for (const line of screen.lines) if (line.trim() !== "") this.passed.add(rowShape(line.trim()));
    this.left = screen;
    this.prompt = promptOf(screen);
  }

  /**
   * The screen once something is drawn on it, which is waited for `drawMs`, and once it rests, for `ms`. `learns`:
   * nothing was typed yet, so that what goes on changing does so by itself.
   */
  async settled(
    { drawMs, ms, learns }: { readonly drawMs: number; readonly ms: number; readonly learns: boolean },
    signal?: AbortSignal,
  ): Promise<SeenScreen | NoScreen> {
    const begun = this.clock.monotonic();
    const habits = new Habits(this.clock.monotonic(), learns);
    let since = this.clock.monotonic();
    let before = await this.look(signal);
    for (;;) {
      if (!before) return "over";
      const rested = this.clock.monotonic() - since;
      if (
        hasDrawn(before) &&
        !saysWorking(before) &&
        rested >= restMs.prompt &&
        rested >= (await this.#restOf(before, rested, signal))
      )
        return before;
      const waited = this.clock.monotonic() - begun;
      if (waited >= drawMs && !hasDrawn(before)) return "blank";
      if (waited >= ms) return "time";
      await this.session.until(() => this.session.over, lookStepMs, signal);
      const now = await this.look(signal);
      if (!now) return "over";
      since = this.#noted(habits, before, now) ?? since;
      before = now;
    }
  }

  /** Learns which rows move by themselves; gives the time of a change that is none of these. */
  #noted(habits: Habits, before: SeenScreen, now: SeenScreen): number | undefined {
    const changed = this.changes(before, now);
    const at = this.clock.monotonic();
    for (const row of habits.note(changed, before, now, at)) this.#moving.add(row);
    return changed.length > 0 ? at : undefined;
  }

  async #restOf(screen: SeenScreen, rested: number, signal: AbortSignal | undefined): Promise<number> {
    if (looksLikePrompt(screen) || (this.prompt !== undefined && promptOf(screen) === this.prompt))
      return restMs.prompt;
    if (rested < restMs.keys) return restMs.keys;
    const mode = await this.server.terminalMode(this.session.identity.wire, signal).catch((error: unknown) => {
      if (!hasCode(error, "session_not_found")) throw error;
    });
    return screen.alternate_active || mode?.canonical === false ? restMs.keys : restMs.unknown;
  }

  /** Resolves with the first screen for which `pick` gives something. `restedMs`: since something changed. */
  async until<T>(
    pick: (screen: SeenScreen, restedMs: number) => T | undefined | Promise<T | undefined>,
    ms: number | undefined,
    signal?: AbortSignal,
  ): Promise<{ readonly found: T; readonly screen: SeenScreen } | Exclude<NoScreen, "blank">> {
    const deadline = ms === undefined ? Infinity : this.clock.monotonic() + ms;
    const habits = new Habits(this.clock.monotonic(), false);
    let since = this.clock.monotonic();
    let before = await this.look(signal);
    for (;;) {
      if (!before) return "over";
      const found = await pick(before, this.clock.monotonic() - since);
      if (found !== undefined) return { found, screen: before };
      const left = deadline - this.clock.monotonic();
      if (left <= 0) return "time";
      await this.session.until(() => this.session.over, Math.min(lookStepMs, left), signal);
      const now = await this.look(signal);
      if (!now) return "over";
      since = this.#noted(habits, before, now) ?? since;
      before = now;
    }
  }
}

interface Habit {
  readonly since: number;
  times: number;
  counts: boolean;
}

/** Which rows go on changing while all others rest. */
class Habits {
  readonly #rows = new Map<number, Habit>();
  #othersAt: number;

  constructor(
    at: number,
    /** Nothing was typed yet: an animation has no other reason than itself. */
    private readonly animations: boolean,
  ) {
    this.#othersAt = at;
  }

  /** Rows that are known by now to change by themselves. */
  note(changed: readonly number[], before: SeenScreen, now: SeenScreen, at: number): number[] {
    if (changed.length > movingRows) {
      this.#rows.clear();
      this.#othersAt = at;
      return [];
    }
    for (const row of changed) {
      const habit = this.#rows.get(row) ?? { since: at, times: 0, counts: true };
      this.#rows.set(row, habit);
      habit.times++;
      habit.counts &&= countsOnly(before, now, row);
    }
    if (this.#rows.size > movingRows) {
      this.#rows.clear();
      this.#othersAt = at;
    }
    return [...this.#rows]
      .filter(([, { since, times, counts }]) => {
        const lasts = at - Math.max(since, this.#othersAt);
        return times >= 4 && (counts ? lasts >= countsMs : this.animations && lasts >= animatedMs);
      })
      .map(([row]) => row);
  }
}
