/** A pattern cut into what may stand side by side in it. */
type Alternation = readonly (readonly (string | Group)[])[];

interface Group {
  readonly open: string;
  readonly inner: Alternation;
  /** Its quantifier. */
  readonly times: string;
}

/**
 * The sources of patterns that match less: each holds one alternative of one group, which must be there. What stands in
 * negative look-arounds is left as it is.
 */
export function patternAlternatives(source: string): string[] {
  return alternativesOf(new Reader(source).alternation());
}

function alternativesOf(alternation: Alternation): string[] {
  return alternation.flatMap((sequence) => {
    const branching = sequence.flatMap((item) => (typeof item !== "string" && branches(item) ? [item] : []));
    if (branching.length === 0) return [sequenceText(sequence)];
    return branching.flatMap((group) =>
      alternativesOf(group.inner).map((inner) => {
        const times = group.times.replace(/^\?/, "").replace(/^\*/, "+");
        return sequence.map((item) => (item === group ? `${group.open}${inner})${times}` : itemText(item))).join("");
      }),
    );
  });
}

function branches({ open, inner }: Group): boolean {
  if (/^\(\?<?!/.test(open)) return false;
  return inner.length > 1 || inner.some((each) => each.some((item) => typeof item !== "string" && branches(item)));
}

function sequenceText(sequence: Alternation[number]): string {
  return sequence.map(itemText).join("");
}

function itemText(item: string | Group): string {
  return typeof item === "string" ? item : `${item.open}${item.inner.map(sequenceText).join("|")})${item.times}`;
}

class Reader {
  #at = 0;

  constructor(private readonly source: string) {}

  alternation(): Alternation {
    const all: (string | Group)[][] = [[]];
    while (this.#at < this.source.length && this.source[this.#at] !== ")") {
      if (this.source[this.#at] === "|") {
        this.#at++;
        all.push([]);
      } else all.at(-1)?.push(this.#item());
    }
    return all;
  }

  #item(): string | Group {
    if (this.source[this.#at] !== "(") return this.#take(/\\(?:p\{\w+\}|u\{\w+\}|.)|\[(?:\\.|[^\]\\])*\]|[^]/y);
    const open = this.#take(/\((?:\?(?::|=|!|<=|<!|<\w+>))?/y);
    const inner = this.alternation();
    this.#at++;
    return { open, inner, times: this.#take(/(?:[?*+]|\{\d+,?\d*\})?\??/y) };
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [text = ""] = pattern.exec(this.source) ?? [];
    this.#at += text.length;
    return text;
  }
}
