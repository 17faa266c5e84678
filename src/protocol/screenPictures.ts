import type { Screen, Span } from "../core/ports/sessions";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import { looksLikePrompt } from "../core/sense/plainPrompt";
import type { PictureRow, ScreenChange, ScreenPicture } from "./screenPicture";
import { openableAddress } from "./links";
import { plainRow } from "../core/session/styledText";
import { guessedModes } from "./terminalDrawing";

/** A screen as pages get it: without anything that is no visible text. */
export function pictureOfScreen(screen: Screen, seq: number): ScreenPicture {
  return {
    seq,
    cols: screen.cols,
    rows: Array.from({ length: screen.rows }, (_, index) => visibleRow(screen.lines[index] ?? [])),
    alternate: screen.alternate_active,
    cursor: screen.cursor,
    total_lines: screen.total_lines,
    modes:
      screen.private_modes ?? guessedModes(screen, looksLikePrompt({ ...screen, lines: screen.lines.map(plainRow) })),
  };
}

/**
 * What became of a picture; undefined when only a whole picture can tell: another size, or the other of the two
 * screens.
 */
export function changeBetween(before: ScreenPicture, after: ScreenPicture): ScreenChange | undefined {
  if (before.cols !== after.cols || before.rows.length !== after.rows.length || before.alternate !== after.alternate)
    return undefined;
  const rows = after.rows.flatMap((row, index): [number, PictureRow][] =>
    sameRow(before.rows[index] ?? [], row) ? [] : [[index, row]],
  );
  return { seq: after.seq, rows, cursor: after.cursor, total_lines: after.total_lines, modes: after.modes };
}

/** Whether there is nothing to tell. */
export function isEmptyChange(before: ScreenPicture, change: ScreenChange): boolean {
  return (
    change.rows.length === 0 &&
    change.total_lines === before.total_lines &&
    JSON.stringify([change.cursor, change.modes]) === JSON.stringify([before.cursor, before.modes])
  );
}

export function visibleRow(line: string | readonly Span[]): PictureRow {
  if (typeof line === "string") return line === "" ? [] : [{ text: visible(line) }];
  return line.map(visibleSpan);
}

function visibleSpan(span: Span): Span {
  if (span.link === undefined) return { ...span, text: visible(span.text) };
  const { link, ...rest } = span;
  const address = openableAddress(link);
  return { ...rest, text: visible(span.text), ...(address !== undefined && { link: address }) };
}

function visible(text: string): string {
  // What takes a cell of the terminal must go on taking one.
  return stripControlCharacters(text.replace(/[\u2028\u2029]/g, " "), { keepNewlines: false });
}

function sameRow(one: PictureRow, other: PictureRow): boolean {
  return one === other || (one.length === other.length && one.every((span, index) => sameSpan(span, other[index])));
}

function sameSpan(one: Span, other: Span | undefined): boolean {
  return (
    other !== undefined &&
    one.text === other.text &&
    (isPlain(one) && isPlain(other) ? true : JSON.stringify(one) === JSON.stringify(other))
  );
}

function isPlain(span: Span): boolean {
  return Object.keys(span).length === 1;
}
