/** A pattern is a short text; what it unfolds to (`{1,30}`) is bounded, because all of it is tried at each character. */
export const mostStates = 400;
/** Answers about characters below this code are remembered. */
export const rememberedCodes = 256;

export type CharacterTest = (character: string) => boolean;
/** A regular expression as it is written, without what needs a way back. */
export type PatternNode =
  | { readonly kind: "one"; readonly test: CharacterTest }
  | { readonly kind: "at"; readonly holds: (before: string, after: string) => boolean; readonly begins?: boolean }
  | { readonly kind: "all"; readonly parts: readonly PatternNode[] }
  | { readonly kind: "any"; readonly parts: readonly PatternNode[] }
  /** `number`: of a group whose text may be asked for, from 1. */
  | { readonly kind: "group"; readonly part: PatternNode; readonly number?: number }
  | {
      readonly kind: "times";
      readonly part: PatternNode;
      readonly least: number;
      readonly most: number;
      /** As few as possible. */
      readonly lazy: boolean;
    };

/** A text that JavaScript takes for a regular expression, and that cannot be matched here; its message says why. */
export class NoPattern extends Error {}

/** Reads such a text; upper and lower case are one with `ignoreCase`. Throws `NoPattern`. */
export function readPattern(source: string, ignoreCase = false): PatternNode {
  return new PatternReader(source, ignoreCase).read();
}

/** Why a text is no regular expression of JavaScript: a sentence's end after "must be"; undefined for one that is. */
export function syntaxProblem(source: string): string | undefined {
  try {
    new RegExp(source, "m");
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "";
    return `must be a regular expression: ${why.replace(/^\/.*\/\w*: /s, "")}`;
  }
}

const wordTest = /[A-Za-z0-9_]/;
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v", "0": "\0" };

function literal(character: string, ignoreCase: boolean): PatternNode {
  const folded = character.toLowerCase();
  return ignoreCase && folded !== character.toUpperCase()
    ? { kind: "one", test: (each) => each === character || each.toLowerCase() === folded }
    : { kind: "one", test: (each) => each === character };
}

/** Tests of one character are the engine's own; for the commonest characters they are remembered. */
function classTest(source: string, ignoreCase: boolean): CharacterTest {
  const unicode = /\\[pP]\{|\\u\{|[\ud800-\udbff][\udc00-\udfff]/.test(source) ? "u" : "";
  const pattern = new RegExp(`^${source}$`, `s${unicode}${ignoreCase ? "i" : ""}`);
  const known: boolean[] = [];
  return (character) => {
    const code = character.charCodeAt(0);
    return code < rememberedCodes ? (known[code] ??= pattern.test(character)) : pattern.test(character);
  };
}

/** The character that begins there; empty at the end. */
export function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "" : String.fromCodePoint(code);
}

/** Reads a text that JavaScript takes for a regular expression. Throws `NoPattern` for what is not matched here. */
class PatternReader {
  #at = 0;
  #groups = 0;

  constructor(
    private readonly source: string,
    private readonly ignoreCase: boolean,
  ) {}

  read(): PatternNode {
    const node = this.#alternatives();
    if (this.#at < this.source.length) throw new NoPattern("must be a regular expression: unmatched )");
    return node;
  }

  #alternatives(): PatternNode {
    const parts = [this.#sequence()];
    while (this.source[this.#at] === "|") {
      this.#at++;
      parts.push(this.#sequence());
    }
    return parts.length === 1 ? (parts[0] as PatternNode) : { kind: "any", parts };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    for (let next = this.source[this.#at]; next !== undefined && next !== "|" && next !== ")";) {
      parts.push(this.#quantified(this.#atom()));
      next = this.source[this.#at];
    }
    return { kind: "all", parts };
  }

  #quantified(part: PatternNode): PatternNode {
    const match = /^(?:([*+?])|\{(\d+)(,(\d*))?\})(\??)/.exec(this.source.slice(this.#at));
    if (!match) return part;
    this.#at += match[0].length;
    const [, sign, from = "0", comma, to = "", sparing] = match;
    const lazy = sparing === "?";
    if (sign !== undefined)
      return { kind: "times", part, least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : Infinity, lazy };
    const least = Number(from);
    const most = comma === undefined ? least : to === "" ? Infinity : Number(to);
    if (Math.max(least, most === Infinity ? 0 : most) > mostStates) throw new NoPattern("is too large; repeat less");
    return { kind: "times", part, least, most, lazy };
  }

  #atom(): PatternNode {
    const rest = this.source.slice(this.#at);
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    if (character === "(") return this.#group(rest);
    if (character === "[") {
      const text = /^\[(?:\\.|[^\]\\])*\]/su.exec(rest)?.[0] ?? rest;
      this.#at += text.length;
      return { kind: "one", test: classTest(text, this.ignoreCase) };
    }
    if (character === "\\") return this.#escape(rest);
    this.#at += character.length;
    if (character === ".") return { kind: "one", test: (each) => each !== "\n" };
    if (character === "^") return { kind: "at", holds: (before) => before === "" || before === "\n", begins: true };
    if (character === "$") return { kind: "at", holds: (_before, after) => after === "" || after === "\n" };
    return literal(character, this.ignoreCase);
  }

  #group(rest: string): PatternNode {
    const opening = /^\((?:\?(?:[:]|<[A-Za-z_$][\w$]*>))?/.exec(rest)?.[0] ?? "(";
    if (rest.startsWith("(?") && opening === "(")
      throw new NoPattern("must not look ahead or behind, or set flags: (?…) is only for groups, as (?:a|b)");
    this.#at += opening.length;
    const number = opening.startsWith("(?:") ? undefined : ++this.#groups;
    const part = this.#alternatives();
    this.#at++;
    return { kind: "group", part, ...(number === undefined ? {} : { number }) };
  }

  #escape(rest: string): PatternNode {
    const long = /^\\(?:[pP]\{[^}]*\}|u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|[dDwWsS])/.exec(
      rest,
    )?.[0];
    if (long !== undefined) {
      this.#at += long.length;
      return { kind: "one", test: classTest(long, this.ignoreCase) };
    }
    const named = String.fromCodePoint(rest.codePointAt(1) ?? 0x5c);
    if (/[1-9k]/.test(named)) throw new NoPattern("must not refer back to a group");
    this.#at += 1 + named.length;
    if (named === "b" || named === "B") {
      const isEdge = (before: string, after: string): boolean => wordTest.test(before) !== wordTest.test(after);
      return { kind: "at", holds: (before, after) => isEdge(before, after) === (named === "b") };
    }
    return literal(escapes[named] ?? named, this.ignoreCase);
  }
}
