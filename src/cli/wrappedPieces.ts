import type { Piece, Tone } from "../protocol/piece";
import { graphemesOf, textWidth } from "../core/base/textWidth";

/** With fewer cells columns beside each other say nothing: what would stand there gets lines of its own. */
export const narrowTerminal = 60;

/**
 * One line as several of at most `cells` cells, broken at blanks, or within a word that is longer than a line. Later ones
 * stand two cells further in.
 */
export function wrappedPieces(pieces: readonly Piece[], cells: number): (readonly Piece[])[] {
  const lead = /^ */.exec(pieces.map(({ text }) => text).join(""))?.[0].length ?? 0;
  const wrap = new Wrap(cells, " ".repeat(Math.min(lead + 2, Math.floor(cells / 3))));
  for (const { text, tone = "plain" } of pieces)
    for (const part of text.match(/ +|[^ ]+/g) ?? []) {
      if (part.startsWith(" ")) wrap.gap += part;
      else wrap.word(part, tone);
    }
  return wrap.lines;
}

class Wrap {
  readonly lines: Piece[][] = [[]];
  /** Blanks that stand in front of the next word, unless it begins a line. */
  gap = "";
  #used = 0;
  #hasWords = false;

  constructor(
    private readonly cells: number,
    private readonly indent: string,
  ) {}

  word(word: string, tone: Tone): void {
    const room = this.cells - this.#used - this.gap.length;
    if (textWidth(word) <= room) this.#add(word, tone);
    else if (this.#hasWords) {
      this.#newLine();
      this.word(word, tone);
    } else {
      const head = beginning(word, room);
      this.#add(head, tone);
      if (head === word) return;
      this.#newLine();
      this.word(word.slice(head.length), tone);
    }
  }

  #add(text: string, tone: Tone): void {
    this.lines.at(-1)?.push({ text: this.gap }, { text, tone });
    this.#used += this.gap.length + textWidth(text);
    this.gap = "";
    this.#hasWords = true;
  }

  #newLine(): void {
    this.lines.push([]);
    this.gap = this.indent;
    this.#used = 0;
    this.#hasWords = false;
  }
}

/** As many characters as fit, and at least one. */
function beginning(word: string, cells: number): string {
  let kept = "";
  for (const { segment } of graphemesOf(word)) {
    if (kept !== "" && textWidth(kept) + textWidth(segment) > cells) break;
    kept += segment;
  }
  return kept;
}
