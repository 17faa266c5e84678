import { askedSteps, type PatternState, PatternStates } from "./patternStates";
import { characterAt, NoPattern, readPattern, rememberedCodes, syntaxProblem } from "./patternSyntax";

/** Of a longer line only its beginning is looked at; a region that is joined to one line has fewer characters. */
export const longestLine = 4_000;
const longestPattern = 1_000;
/** Characters with which no match begins are passed over; so many of them cost a step. */
const passedPerStep = 8;
const ignoringCase = "(?i)";

/** What the patterns of one file may cost in one look at a screen, in steps of their automata. */
export class StepBudget {
  #left: number;

  constructor(private readonly steps: number) {
    this.#left = steps;
  }

  /** Another screen is looked at. */
  refill(): void {
    this.#left = this.steps;
  }

  /** Throws `PatternTooSlow` when nothing is left. */
  spend(steps: number, pattern: LinePattern): void {
    this.#left -= steps;
    if (this.#left < 0) throw new PatternTooSlow(pattern, this);
  }

  /** Spent in this look. */
  get spent(): number {
    return this.steps - this.#left;
  }
}

/** The patterns that share a budget cost more than it in one look; this one is what was tried then. */
export class PatternTooSlow extends Error {
  override readonly name = "PatternTooSlow";

  constructor(
    readonly pattern: LinePattern,
    readonly budget: StepBudget,
  ) {
    super(`the pattern ${pattern.source} takes too long`);
  }
}

/**
 * A regular expression for one line, as `ScreenPattern` knows them, and `(?i)` at its beginning for upper and lower case
 * alike. It is matched at once, in steps that grow with the line and the pattern and are paid from a budget.
 */
export class LinePattern {
  readonly #states: readonly PatternState[];
  readonly #start: number;
  /** Codes of characters with which a match may begin. */
  readonly #first = new Uint8Array(rememberedCodes);
  /** Nothing at all may be a match, or its beginning. */
  #mayBeEmpty = false;
  /** A match begins with the line or not at all. */
  readonly #anchored: boolean;
  /** Made once: a screen has many lines. */
  #threads: [Threads, Threads] | undefined;

  /** `line`: where it stands in its file, from 1. Throws for a text that `linePatternProblem` has something to say of. */
  constructor(
    readonly source: string,
    private readonly budget: StepBudget,
    readonly line = 1,
  ) {
    const ignores = source.startsWith(ignoringCase);
    const node = readPattern(ignores ? source.slice(ignoringCase.length) : source, ignores);
    const { all, start } = new PatternStates(node);
    this.#states = all;
    this.#start = start;
    this.#anchored = !this.#reaches(this.#start, false, new Set());
    this.#reaches(this.#start, true, new Set());
  }

  /** How many there are: what it takes to make it, and to keep it. */
  get states(): number {
    return this.#states.length;
  }

  /** Whether the line shows it. Throws `PatternTooSlow`. */
  test(text: string): boolean {
    return this.#run(text, false) !== null;
  }

  /** What was found by the first group, at [1], as `RegExp` tells it. Throws `PatternTooSlow`. */
  exec(text: string): readonly (string | undefined)[] | null {
    return this.#run(text, true);
  }

  #run(text: string, wantsGroup: boolean): readonly (string | undefined)[] | null {
    const length = Math.min(text.length, longestLine);
    let [now, then] = (this.#threads ??= [new Threads(this.#states.length), new Threads(this.#states.length)]);
    now.clear();
    then.clear();
    let found: readonly [number, number] | undefined;
    let before = "";
    let steps = 0;
    for (let at = 0; ;) {
      const character = characterAt(text, at);
      if (found === undefined) {
        const passes = this.#mayPass(character, at);
        if (passes && now.size === 0) {
          if (at >= length || this.#anchored) break;
          before = character;
          at += character.length;
          if (at % passedPerStep === 0) steps++;
          continue;
        }
        if (!passes) this.#reach(now, this.#start, at, -1, -1, before, character);
      }
      steps += (1 + now.size) * (character.charCodeAt(0) < rememberedCodes ? 1 : askedSteps);
      if (steps > passedPerStep * passedPerStep) {
        this.budget.spend(steps, this);
        steps = 0;
      }
      const end = at + character.length;
      const after = characterAt(text, end);
      for (let index = 0; index < now.size; index++) {
        const state = this.#states[now.state(index)] as PatternState;
        if (state.next.length === 0) {
          // What is less preferred is of no interest any more.
          found = [now.from(index), now.to(index)];
          break;
        }
        if (at < length && state.test?.(character) === true)
          this.#reach(then, state.next[0] ?? 0, end, now.from(index), now.to(index), character, after);
      }
      if (at >= length || (found !== undefined && (!wantsGroup || then.size === 0))) break;
      [now, then] = [then, now];
      then.clear();
      before = character;
      at = end;
    }
    this.budget.spend(steps, this);
    if (found === undefined) return null;
    const [from, to] = found;
    return [text, from < 0 || to < from ? undefined : text.slice(from, to)];
  }

  #mayPass(character: string, at: number): boolean {
    if (this.#anchored && at > 0) return true;
    if (this.#mayBeEmpty) return false;
    const code = character === "" ? 0 : character.charCodeAt(0);
    return character === "" || (code < rememberedCodes && this.#first[code] === 0);
  }

  /** Adds a place and all that follows from it without a character, in the order in which they are preferred. */
  #reach(threads: Threads, state: number, at: number, from: number, to: number, before: string, after: string): void {
    if (!threads.add(state, from, to)) return;
    const { test, holds, mark, next } = this.#states[state] as PatternState;
    if (test !== undefined || holds?.(before, after) === false) return;
    const [start, end] = mark === "start" ? [at, -1] : mark === "end" ? [from, at] : [from, to];
    for (const each of next) this.#reach(threads, each, at, start, end, before, after);
  }

  /**
   * Whether something is reached from there: through the beginning of a line or not. On the way it notes which characters
   * come first.
   */
  #reaches(state: number, throughBegin: boolean, seen: Set<number>): boolean {
    if (seen.has(state)) return false;
    seen.add(state);
    const { test, begins, next } = this.#states[state] as PatternState;
    if (begins === true && !throughBegin) return false;
    if (next.length === 0) {
      this.#mayBeEmpty = true;
      return true;
    }
    if (test !== undefined) {
      for (let code = 0; code < rememberedCodes; code++) if (test(String.fromCharCode(code))) this.#first[code] = 1;
      return true;
    }
    return next.map((each) => this.#reaches(each, throughBegin, seen)).includes(true);
  }
}

/** Places in the pattern, the preferred ones first, each with where the first group began and ended on the way there. */
class Threads {
  readonly #states: Int32Array;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #known: Uint8Array;
  size = 0;

  constructor(states: number) {
    this.#states = new Int32Array(states);
    this.#from = new Int32Array(states);
    this.#to = new Int32Array(states);
    this.#known = new Uint8Array(states);
  }

  state(index: number): number {
    return this.#states[index] ?? 0;
  }

  from(index: number): number {
    return this.#from[index] ?? -1;
  }

  to(index: number): number {
    return this.#to[index] ?? -1;
  }

  /** False when it is known with a way that is preferred. */
  add(state: number, from: number, to: number): boolean {
    if (this.#known[state] === 1) return false;
    this.#known[state] = 1;
    this.#states[this.size] = state;
    this.#from[this.size] = from;
    this.#to[this.size++] = to;
    return true;
  }

  clear(): void {
    for (let index = 0; index < this.size; index++) this.#known[this.#states[index] ?? 0] = 0;
    this.size = 0;
  }
}

/** What keeps a text from being a pattern for a line, as it follows "must"; undefined for one that is. */
export function linePatternProblem(source: string): string | undefined {
  if (source.length > longestPattern) return `must have at most ${longestPattern} characters`;
  const problem = syntaxProblem(source.startsWith(ignoringCase) ? source.slice(ignoringCase.length) : source);
  if (problem !== undefined) return problem;
  try {
    new LinePattern(source, new StepBudget(Infinity));
    return undefined;
  } catch (error) {
    if (error instanceof NoPattern) return error.message;
    throw error;
  }
}
