import type { ShownLink } from "../../src/protocol/links";
import type { PictureRow } from "../../src/protocol/screenPicture";
import { linksInText, type TextLink } from "../../src/protocol/textLinks";
import { cellsOf, runsOf } from "./rowCells";

/** A piece of a link in one row: from and to these UTF-16 offsets of its text. */
export interface LinkPart {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

export interface FoundLink extends ShownLink {
  /** Top to bottom; more than one where the link goes on in the next row. */
  readonly parts: readonly LinkPart[];
}

/** A longer line is no link, and looking through it takes its time. */
const mostWrappedRows = 40;

/** All links, top to bottom. A row that is filled to its last cell goes on in the next one. */
export function findLinks(rows: readonly PictureRow[], cols: number): FoundLink[] {
  const links: FoundLink[] = [];
  for (let first = 0; first < rows.length;) {
    const line = lineFrom(rows, first, cols);
    links.push(...linksOf(line));
    first += line.rows.length;
  }
  return links;
}

/** The link at a place of a row; `offset` in UTF-16 units. */
export function linkAt(rows: readonly PictureRow[], cols: number, row: number, offset: number): FoundLink | undefined {
  let first = row;
  while (first > 0 && row - first < mostWrappedRows && isFull(rows[first - 1] ?? [], cols)) first--;
  const isThere = (part: LinkPart): boolean => part.row === row && offset >= part.from && offset < part.to;
  return linksOf(lineFrom(rows, first, cols)).find(({ parts }) => parts.some(isThere));
}

/** The UTF-16 offset in a row's text of the character at that column. */
export function offsetAt(row: PictureRow, column: number): number {
  let [at, offset] = [0, 0];
  for (const cell of cellsOf(textOf(row))) {
    at += cell.width;
    if (column < at) break;
    offset += cell.text.length;
  }
  return offset;
}

/* ------------------------------------------------------------------- lines */

interface Line {
  /** Index of the first row. */
  readonly first: number;
  readonly rows: readonly PictureRow[];
  readonly texts: readonly string[];
}

function lineFrom(rows: readonly PictureRow[], first: number, cols: number): Line {
  let end = first + 1;
  while (end < rows.length && end - first < 2 * mostWrappedRows && isFull(rows[end - 1] ?? [], cols)) end++;
  const own = rows.slice(first, end);
  return { first, rows: own, texts: own.map(textOf) };
}

function textOf(row: PictureRow): string {
  return runsOf(row, () => true)
    .map((run) => run.text)
    .join("");
}

function isFull(row: PictureRow, cols: number): boolean {
  const last = row.at(-1)?.text.at(-1);
  if (last === undefined || last === " ") return false;
  const width = runsOf(row, () => true).reduce((sum, run) => sum + run.cells, 0);
  return width >= cols;
}

function linksOf(line: Line): FoundLink[] {
  const text = line.texts.join("");
  return linksInText(text, givenLinks(line)).map(({ from, to, target, given }) => ({
    text: text.slice(from, to),
    target,
    given,
    parts: partsOf(line, from, to),
  }));
}

function partsOf({ first, texts }: Line, from: number, to: number): LinkPart[] {
  let start = 0;
  return texts.flatMap((text, index) => {
    const begin = start;
    start += text.length;
    return from < start && to > begin
      ? [{ row: first + index, from: Math.max(0, from - begin), to: Math.min(text.length, to - begin) }]
      : [];
  });
}

/** Those that the program made (OSC 8). */
function givenLinks({ rows }: Line): TextLink[] {
  const places: { from: number; to: number; link: string }[] = [];
  let at = 0;
  for (const span of rows.flat()) {
    const from = at;
    at += textOf([span]).length;
    const last = places.at(-1);
    if (span.link === undefined) continue;
    if (last?.link === span.link && last.to === from) last.to = at;
    else places.push({ from, to: at, link: span.link });
  }
  return places.map(({ from, to, link }) => ({ from, to, target: { kind: "address", address: link }, given: true }));
}
