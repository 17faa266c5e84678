/** A match may begin this many lines above its end. */
export const matchedLines = 10;
/** A pattern is a short text; what it unfolds to (`{1,30}`) is bounded, because all of it is tried at each character. */
const longestPattern = 300;
const mostStates = 400;
/** So many steps are done in one go: 6 ms of a processor's time at most, with code that is not compiled yet (measured). */
const sliceSteps = 8_000;
/** Answers about characters below this code are remembered. To ask about another one costs as much as `askedSteps`. */
const rememberedCodes = 256;
const askedSteps = 4;

/** Why a text is no pattern for a screen, as it follows "must": `must be a regular expression: …`. */
export type PatternProblem = string;

type Test = (character: string) => boolean;
type Node =
  | { readonly kind: "one"; readonly test: Test }
  | { readonly kind: "at"; readonly holds: (before: string, after: string) => boolean }
  | { readonly kind: "all"; readonly parts: readonly Node[] }
  | { readonly kind: "any"; readonly parts: readonly Node[] }
  | { readonly kind: "times"; readonly part: Node; readonly least: number; readonly most: number };

interface State {
  readonly test?: Test;
  readonly holds?: (before: string, after: string) => boolean;
  /** Where it goes on; empty: the whole is found. */
  next: number[];
}

class NoPattern extends Error {}

/**
 * A regular expression as JavaScript writes them, with `^` and `$` at each line, without look-around and references back.
 * Plans come from strangers, and so does what a screen shows: it is matched in time that grows with the text and the
 * pattern, whatever either holds.
 */
export class ScreenPattern {
  readonly #states: State[] = [];
  readonly #start: number;

  /** Throws for a text that `patternProblem` has something to say of. */
  constructor(readonly source: string) {
    const end = this.#add({ next: [] });
    this.#start = this.#build(new PatternReader(source).read(), end);
  }

  /**
   * Whether it is found in lines, oldest first, within `matchedLines` of them. `rest` is awaited after each slice
   * of the work, of a few milliseconds.
   */
  async isIn(lines: readonly string[], rest: () => Promise<void>): Promise<boolean> {
    const search = this.#search(lines);
    for (;;) {
      const { done, value } = search.next();
      if (done === true) return value;
      await rest();
    }
  }

  /** Whether nothing at all is enough for it. */
  get matchesEmptyLine(): boolean {
    return this.#search([""]).next().value === true;
  }

  /** Stops after each slice of its work. */
  *#search(lines: readonly string[]): Generator<undefined, boolean> {
    const text = lines.join("\n");
    let now = new Places(this.#states.length);
    let then = new Places(this.#states.length);
    let line = 0;
    let before = "";
    let character = characterAt(text, 0);
    for (let at = 0, steps = 0; ;) {
      if (this.#reach(now, this.#start, line, before, character)) return true;
      if (at >= text.length) return false;
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
        const { test, next } = this.#states[state] as State;
        const begun = now.begun(state);
        if (test === undefined || from - begun >= matchedLines || line - begun >= matchedLines) continue;
        if (test(character) && this.#reach(then, next[0] ?? 0, begun, character, after)) return true;
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
    const { test, holds, next } = this.#states[state] as State;
    if (next.length === 0) return true;
    if (test !== undefined || holds?.(before, after) === false) return false;
    for (const each of next) if (this.#reach(places, each, begun, before, after)) return true;
    return false;
  }

  #add(state: State): number {
    if (this.#states.length >= mostStates) throw new NoPattern("is too large; repeat less");
    return this.#states.push(state) - 1;
  }

  #build(node: Node, next: number): number {
    switch (node.kind) {
      case "one":
        return this.#add({ test: node.test, next: [next] });
      case "at":
        return this.#add({ holds: node.holds, next: [next] });
      case "all":
        return node.parts.reduceRight((after, part) => this.#build(part, after), next);
      case "any":
        return this.#add({ next: node.parts.map((part) => this.#build(part, next)) });
      case "times":
        return this.#times(node, next);
    }
  }

  #times({ part, least, most }: Extract<Node, { kind: "times" }>, next: number): number {
    let entry = next;
    if (most === Infinity) {
      entry = this.#add({ next: [next] });
      const again = this.#build(part, entry);
      (this.#states[entry] as State).next.push(again);
    } else for (let count = least; count < most; count++) entry = this.#add({ next: [this.#build(part, entry), next] });
    for (let count = 0; count < least; count++) entry = this.#build(part, entry);
    return entry;
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
  try {
    new RegExp(source, "m");
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "";
    return `must be a regular expression: ${why.replace(/^\/.*\/\w*: /s, "")}`;
  }
  try {
    const pattern = new ScreenPattern(source);
    return pattern.matchesEmptyLine ? "must not match an empty line: every screen would show it" : undefined;
  } catch (error) {
    if (error instanceof NoPattern) return error.message;
    throw error;
  }
}

const wordTest = /[A-Za-z0-9_]/;
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v", "0": "\0" };

function literal(character: string): Node {
  return { kind: "one", test: (each) => each === character };
}

/** Tests of one character are the engine's own; for the commonest characters they are remembered. */
function classTest(source: string): Test {
  const unicode = /\\[pP]\{|\\u\{/.test(source) ? "u" : "";
  const pattern = new RegExp(`^${source}$`, `s${unicode}`);
  const known: boolean[] = [];
  return (character) => {
    const code = character.charCodeAt(0);
    return code < rememberedCodes ? (known[code] ??= pattern.test(character)) : pattern.test(character);
  };
}

/** The character that begins there; empty at the end. */
function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "" : String.fromCodePoint(code);
}

/** Reads a text that JavaScript takes for a regular expression. Throws `NoPattern` for what is not matched here. */
class PatternReader {
  #at = 0;

  constructor(private readonly source: string) {}

  read(): Node {
    const node = this.#alternatives();
    if (this.#at < this.source.length) throw new NoPattern("must be a regular expression: unmatched )");
    return node;
  }

  #alternatives(): Node {
    const parts = [this.#sequence()];
    while (this.source[this.#at] === "|") {
      this.#at++;
      parts.push(this.#sequence());
    }
    return parts.length === 1 ? (parts[0] as Node) : { kind: "any", parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    for (let next = this.source[this.#at]; next !== undefined && next !== "|" && next !== ")";) {
      parts.push(this.#quantified(this.#atom()));
      next = this.source[this.#at];
    }
    return { kind: "all", parts };
  }

  #quantified(part: Node): Node {
    const match = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/.exec(this.source.slice(this.#at));
    if (!match) return part;
    this.#at += match[0].length;
    const [, sign, from = "0", comma, to = ""] = match;
    if (sign !== undefined)
      return { kind: "times", part, least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : Infinity };
    const least = Number(from);
    const most = comma === undefined ? least : to === "" ? Infinity : Number(to);
    if (Math.max(least, most === Infinity ? 0 : most) > mostStates) throw new NoPattern("is too large; repeat less");
    return { kind: "times", part, least, most };
  }

  #atom(): Node {
    const rest = this.source.slice(this.#at);
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    if (character === "(") return this.#group(rest);
    if (character === "[") {
      const text = /^\[(?:\\.|[^\]\\])*\]/su.exec(rest)?.[0] ?? rest;
      this.#at += text.length;
      return { kind: "one", test: classTest(text) };
    }
    if (character === "\\") return this.#escape(rest);
    this.#at += character.length;
    if (character === ".") return { kind: "one", test: (each) => each !== "\n" };
    if (character === "^") return { kind: "at", holds: (before) => before === "" || before === "\n" };
    if (character === "$") return { kind: "at", holds: (_before, after) => after === "" || after === "\n" };
    return literal(character);
  }

  #group(rest: string): Node {
    const opening = /^\((?:\?(?:[:]|<[A-Za-z_$][\w$]*>))?/.exec(rest)?.[0] ?? "(";
    if (rest.startsWith("(?") && opening === "(")
      throw new NoPattern("must not look ahead or behind, or set flags: (?…) is only for groups, as (?:a|b)");
    this.#at += opening.length;
    const node = this.#alternatives();
    this.#at++;
    return node;
  }

  #escape(rest: string): Node {
    const long = /^\\(?:[pP]\{[^}]*\}|u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|[dDwWsS])/.exec(
      rest,
    )?.[0];
    if (long !== undefined) {
      this.#at += long.length;
      return { kind: "one", test: classTest(long) };
    }
    const named = String.fromCodePoint(rest.codePointAt(1) ?? 0x5c);
    if (/[1-9k]/.test(named)) throw new NoPattern("must not refer back to a group");
    this.#at += 1 + named.length;
    if (named === "b" || named === "B") {
      const isEdge = (before: string, after: string): boolean => wordTest.test(before) !== wordTest.test(after);
      return { kind: "at", holds: (before, after) => isEdge(before, after) === (named === "b") };
    }
    return literal(escapes[named] ?? named);
  }
}
