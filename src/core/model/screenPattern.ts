import { askedSteps, type PatternState, PatternStates } from "./patternStates";
import { characterAt, NoPattern, readPattern, rememberedCodes, syntaxProblem } from "./patternSyntax";

/** A match may begin this many lines above its end. */
export const matchedLines = 10;
const longestPattern = 300;
/** So many steps are done in one go: 6 ms of a processor's time at most, with code that is not compiled yet (measured). */
const sliceSteps = 8_000;
/** Why a text is no pattern for a screen, as it follows "must": `must be a regular expression: …`. */
export type PatternProblem = string;

/**
 * A regular expression as JavaScript writes them, with `^` and `$` at each line, without look-around and references back.
 * Plans come from strangers, and so does what a screen shows: it is matched in time that grows with the text and the
 * pattern, whatever either holds.
 */
export class ScreenPattern {
  readonly #states: readonly PatternState[];
  readonly #start: number;

  /** Throws for a text that `patternProblem` has something to say of. */
  constructor(readonly source: string) {
    const { all, start } = new PatternStates(readPattern(source));
    this.#states = all;
    this.#start = start;
  }

  /**
   * Whether it is found in lines, oldest first, within `matchedLines` of them. `rest` is awaited after each slice
   * of the work, of a few milliseconds.
   */
  async isIn(lines: readonly string[], rest: () => Promise<void>): Promise<boolean> {
    return (await this.endIn(lines, rest)) !== undefined;
  }

  /** The same, and where: the index of the line in which the first match ends. */
  async endIn(lines: readonly string[], rest: () => Promise<void>): Promise<number | undefined> {
    const search = this.#search(lines);
    for (;;) {
      const { done, value } = search.next();
      if (done === true) return value;
      await rest();
    }
  }

  /** Whether nothing at all is enough for it. */
  get matchesEmptyLine(): boolean {
    return this.#search([""]).next().value !== undefined;
  }

  /** Stops after each slice of its work. */
  *#search(lines: readonly string[]): Generator<undefined, number | undefined> {
    const text = lines.join("\n");
    let now = new Places(this.#states.length);
    let then = new Places(this.#states.length);
    let line = 0;
    let before = "";
    let character = characterAt(text, 0);
    for (let at = 0, steps = 0; ;) {
      if (this.#reach(now, this.#start, line, before, character)) return line;
      if (at >= text.length) return undefined;
      steps += (1 + now.states.length) * (character.charCodeAt(0) < rememberedCodes ? 1 : askedSteps);
      if (steps >= sliceSteps) {
        steps = 0;
        yield;
      }
      const from = line;
      if (character === "\n") line++;
      at += character.length;
      const after = characterAt(text, at);
      for (const state of now.states) {
        const { test, next } = this.#states[state] as PatternState;
        const begun = now.begun(state);
        if (test === undefined || from - begun >= matchedLines || line - begun >= matchedLines) continue;
        if (test(character) && this.#reach(then, next[0] ?? 0, begun, character, after)) return line;
      }
      [now, then] = [then, now];
      then.clear();
      before = character;
      character = after;
    }
  }

  /** Adds a place and all that follows from it without a character; true when the end is among them. */
  #reach(places: Places, state: number, begun: number, before: string, after: string): boolean {
    if (!places.add(state, begun)) return false;
    const { test, holds, next } = this.#states[state] as PatternState;
    if (next.length === 0) return true;
    if (test !== undefined || holds?.(before, after) === false) return false;
    for (const each of next) if (this.#reach(places, each, begun, before, after)) return true;
    return false;
  }
}

/** Places in the pattern that a match may have come to, each with the newest line in which such a match begins. */
class Places {
  readonly states: number[] = [];
  readonly #begun: Int32Array;

  constructor(size: number) {
    this.#begun = new Int32Array(size).fill(-1);
  }

  begun(state: number): number {
    return this.#begun[state] ?? -1;
  }

  /** False when it is known with a line that is as new. */
  add(state: number, begun: number): boolean {
    const known = this.begun(state);
    if (known >= begun) return false;
    if (known < 0) this.states.push(state);
    this.#begun[state] = begun;
    return true;
  }

  clear(): void {
    for (const state of this.states) this.#begun[state] = -1;
    this.states.length = 0;
  }
}

/** What keeps a text from being a pattern; undefined for one that is. */
export function patternProblem(source: string): PatternProblem | undefined {
  if (source.length > longestPattern) return `must have at most ${longestPattern} characters`;
  const problem = syntaxProblem(source);
  if (problem !== undefined) return problem;
  try {
    const pattern = new ScreenPattern(source);
    return pattern.matchesEmptyLine ? "must not match an empty line: every screen would show it" : undefined;
  } catch (error) {
    if (error instanceof NoPattern) return error.message;
    throw error;
  }
}
