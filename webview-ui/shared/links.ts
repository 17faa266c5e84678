import { type LinkTarget, openableAddress, type ShownLink } from "../../src/protocol/links";
import type { PictureRow } from "../../src/protocol/screenPicture";
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
  const found = [...givenLinks(line)];
  const isFree = ({ from, to }: Place): boolean => found.every((each) => to <= each.from || from >= each.to);
  for (const find of [addresses, files]) for (const place of find(text)) if (isFree(place)) found.push(place);
  return found
    .filter((place) => !isRedacted(text, place))
    .sort((one, other) => one.from - other.from)
    .map(({ from, to, target, given }) => ({
      text: text.slice(from, to),
      target,
      given,
      parts: partsOf(line, from, to),
    }));
}

/** Something was taken out of it, or of what it is a part of: it would lead somewhere else. */
function isRedacted(text: string, { from, to }: Place): boolean {
  const isBlank = (at: number): boolean => /\s/.test(text.charAt(at));
  let [begin, end] = [from, to];
  while (begin > 0 && !isBlank(begin - 1)) begin--;
  while (end < text.length && !isBlank(end)) end++;
  return text.slice(begin, end).includes("‹redacted:");
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

/* ---------------------------------------------------------- what is a link */

/** A link in the text of a line. */
interface Place {
  readonly from: number;
  readonly to: number;
  readonly target: LinkTarget;
  readonly given: boolean;
}

/** Those that the program made (OSC 8). */
function givenLinks({ rows }: Line): Place[] {
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

/** No blanks, quotes, brackets of tags, lines of boxes, and no marks of scripts that write without blanks. */
const apart =
  '\\s<>"`\\u2026\\u2018-\\u201f\\u2500-\\u259f\\u3000-\\u3003\\u3008-\\u301f\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff3d\\uff5b-\\uff65';
const addressPattern = new RegExp(`(?<![A-Za-z0-9])https?://[^${apart}]+`, "giu");

function* addresses(text: string): Iterable<Place> {
  const pattern = new RegExp(addressPattern);
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const { 0: all, index } = match;
    const quoted = text[index - 1] === "'" ? (all.split("'")[0] ?? "") : all;
    const shown = withoutPunctuation(balanced(quoted));
    // What was cut off may have another one in it.
    pattern.lastIndex = index + Math.max(1, shown.length);
    const address = openableAddress(shown);
    if (address !== undefined)
      yield { from: index, to: index + shown.length, target: { kind: "address", address }, given: false };
  }
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Cut at the first bracket that closes what the text did not open, and at one that stays open. */
function balanced(text: string): string {
  const open: { closer: string; at: number }[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const closer = closers[character];
    if (closer !== undefined) open.push({ closer, at });
    else if (")]}".includes(character) && open.pop()?.closer !== character) return text.slice(0, at);
  }
  return text.slice(0, open[0]?.at);
}

/** A sentence's marks at the end are the sentence's. */
function withoutPunctuation(text: string): string {
  return text.replace(/[.,;:!?'*]+$/, "");
}

const line = "(\\d{1,7})";
const place = `:${line}(?::${line})?(?!\\d)`;
const letter = `[^${apart}:'|()\\[\\]{}#,=]`;
/** Blanks, quotes and colons end a name; brackets may stand in one. */
const name = `(?<!${letter})(?<path>(?:[A-Za-z]:(?=[\\\\/]))?(?:${letter}|[()\\[\\]{}#](?=${letter}))+)`;
/** Groups: the path, its line, its column. */
const filePatterns: readonly RegExp[] = [
  // Python's, whose names may have blanks.
  `(?<=[Ff]ile ")(?<path>[^"]+)", line ${line}`,
  `(?<path>file://[^${apart}:'()]+)(?:${place})?`,
  // Quoted, with blanks too.
  ...['"', "'"].flatMap((quote) => [
    `(?<=${quote})(?<path>[^${quote}:]+)${quote}${place}`,
    `(?<=${quote})(?<path>[^${quote}:]+)${place}(?=${quote})`,
  ]),
  `${name}${place}`,
  // TypeScript's and MSBuild's.
  `${name}\\((?<=\\.\\w{1,10}\\()${line}(?:, ?${line})?\\)`,
  `${name},? (?:on )?line ${line}(?:,? col(?:umn)? ${line})?`,
].map((pattern) => new RegExp(pattern, "gu"));

function* files(text: string): Iterable<Place> {
  for (const pattern of filePatterns)
    for (const match of text.matchAll(pattern)) {
      const [all, whole = "", line, column] = match;
      const path = withoutOpening(whole);
      // Nothing but digits is a time, or a part of one.
      if (/^\d*$/.test(path)) continue;
      const target: LinkTarget = path.startsWith("file://")
        ? {
            kind: "address",
            address: path + (line === undefined ? "" : `#L${line}${column === undefined ? "" : `,${column}`}`),
          }
        : { kind: "file", path, ...(line && { line: Number(line) }), ...(column && { column: Number(column) }) };
      yield { from: match.index + whole.length - path.length, to: match.index + all.length, target, given: false };
    }
}

/** Without what stands before an opening bracket that the name does not close, as in `f(/site/a.js`. */
function withoutOpening(text: string): string {
  let start = 0;
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if ("([{".includes(text[at] ?? "")) open.push(at);
    else if (")]}".includes(text[at] ?? "") && open.pop() === undefined) start = at + 1;
  }
  return text.slice(Math.max(start, (open.at(-1) ?? -1) + 1));
}
