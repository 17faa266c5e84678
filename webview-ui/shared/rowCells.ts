import type { Span } from "../../src/core/ports/sessions";
import type { PictureRow } from "../../src/protocol/screenPicture";
import { cellWidth } from "./cellWidth";

/** Text of one style that is drawn in one piece. */
export interface Run {
  readonly text: string;
  readonly cells: number;
  /** Its glyph is not as wide as its cells, so it gets a box of its own. */
  readonly boxed: boolean;
  readonly style: Span;
}

export interface Cell {
  readonly text: string;
  readonly width: number;
}

/** Marks on one character beyond these are dropped: nobody can read them, and they would cover the rows around. */
const mostMarks = 8;
const plain = /^[\u0020-\u007e]*$/;

/** The cells that a text takes, left to right; marks belong to the cell before them. */
export function cellsOf(text: string): Cell[] {
  const cells: { text: string; width: number; marks: number }[] = [];
  for (const character of text) {
    const width = cellWidth(character.codePointAt(0) ?? 0);
    if (width > 0) {
      cells.push({ text: character, width, marks: 0 });
      continue;
    }
    const last = cells.at(-1);
    if (!last || last.marks >= mostMarks) continue;
    last.text += character;
    last.marks++;
  }
  return cells;
}

/** What is drawn of a row. `fits`: the character's glyph is exactly as wide as its cells in the font of this style. */
export function runsOf(row: PictureRow, fits: (character: string, width: number, style: Span) => boolean): Run[] {
  return row.flatMap((style) => {
    const text = style.invisible === true ? " ".repeat(widthOf(style.text)) : style.text;
    if (plain.test(text)) return text === "" ? [] : [{ text, cells: text.length, boxed: false, style }];
    return joined(cellsOf(text), style, fits);
  });
}

function joined(
  cells: readonly Cell[],
  style: Span,
  fits: (character: string, width: number, style: Span) => boolean,
): Run[] {
  const runs: { text: string; cells: number; boxed: boolean; style: Span }[] = [];
  for (const { text, width } of cells) {
    const boxed = !plain.test(text) && !fits(text, width, style);
    const last = runs.at(-1);
    if (boxed || !last || last.boxed) runs.push({ text, cells: width, boxed, style });
    else {
      last.text += text;
      last.cells += width;
    }
  }
  return runs;
}

function widthOf(text: string): number {
  return cellsOf(text).reduce((sum, cell) => sum + cell.width, 0);
}

/** The character at a column and its style; blank where there is none. */
export function cellAt(row: PictureRow, column: number): Cell & { readonly style: Span } {
  let at = 0;
  for (const style of row) {
    for (const cell of cellsOf(style.text)) {
      if (column < at + cell.width) return { ...cell, text: style.invisible === true ? " " : cell.text, style };
      at += cell.width;
    }
  }
  return { text: " ", width: 1, style: { text: " " } };
}

/** What a person reads in a row. */
export function textOfRow(row: PictureRow): string {
  return runsOf(row, () => true)
    .map((run) => run.text)
    .join("")
    .trimEnd();
}
