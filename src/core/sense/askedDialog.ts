import type { DialogPart } from "./programRules";
import { bareLine, type ScreenRegions } from "./screenRegions";
import type { TerminalFacts } from "./terminalFacts";

/** What a dialog says, as far as its screen shows it. */
export interface AskedDialog {
  /** What is to be allowed, line by line as it is drawn, without frames: a command, a change. */
  readonly about: readonly string[];
  /** What the dialog says beside it. */
  readonly words: readonly string[];
  /** From its first line to its choices nothing is left out. */
  readonly whole: boolean;
  /** All rows of it, which tell it from another one. */
  readonly rows: readonly string[];
}

/** Rules and edges of boxes (Box Drawing and Block Elements of Unicode). */
const edge = /^[\s\u2500-\u259f]+$/u;
const leftFrame = /^\s*[│┃](?:\s|$)/u;
const rightFrame = /(?<=^|\s)[│┃█▌▄▀]\s*$/u;

/** What stands in the dialog above its choices, which begin in the row `end`; undefined where its beginning is not shown. */
export function askedDialog(
  { lines }: Pick<TerminalFacts, "lines">,
  regions: ScreenRegions,
  { in: name, from, until, part, drawnPart, tallest, framed, onlyWords }: DialogPart,
  end: number,
): AskedDialog | undefined {
  const start = regions.rowsOf(name)?.first;
  if (start === undefined || start >= end) return undefined;
  const rows = lines.slice(start, end);
  const shown = lines.slice(start, lines.findLastIndex((row) => row !== "") + 1);
  let top = start;
  while (framed?.test(lines[top - 1] ?? "") === true) top--;
  const isWithin = start - top > 1;
  const isTallest = tallest !== undefined && shown.length >= tallest;
  const first = from === undefined ? -1 : rows.findIndex((row) => from.test(row));
  const stop = until === undefined ? -1 : rows.findLastIndex((row) => until.test(row));
  const last = stop > first ? stop : rows.length;
  // Without such a line all of it is what is to be allowed, but for the question at its end.
  const asks = first < 0 && stop < 0 ? rows.findLastIndex((row) => bareLine(row) !== "" && !edge.test(row)) : last;
  const isAbout = (row: number): boolean => !onlyWords && row >= Math.max(0, first) && row < asks;
  const cut = (row: string, index: number): string => (index === first && from ? row.replace(from, "") : row);
  const about = rows.flatMap((row, index) => (isAbout(index) && !edge.test(row) ? [inside(cut(row, index))] : []));
  return {
    about: trimmed(about, first >= 0 && inside(cut(rows[first] ?? "", first)) !== ""),
    words: rows
      .flatMap((row, index) =>
        isAbout(index) && !(index === first && cut(row, index) === "") ? [] : [inside(row).trim()],
      )
      .filter((row) => row !== "" && !edge.test(row)),
    whole:
      !shown.some((row) => part?.test(bareLine(row)) === true || drawnPart?.test(row) === true) &&
      !isTallest &&
      !isWithin,
    rows: rows.map((row) => row.trimEnd()),
  };
}

/** A row without the frames around it; what is indented stays so. */
function inside(row: string): string {
  let text = row.trimEnd();
  while (rightFrame.test(text)) text = text.replace(rightFrame, "").trimEnd();
  while (leftFrame.test(text)) text = text.replace(leftFrame, "");
  return text;
}

/** Without what all of its lines are indented by, and without empty lines at both ends. `apart`: the first one stands by itself. */
function trimmed(lines: readonly string[], apart: boolean): string[] {
  const indents = lines
    .slice(apart ? 1 : 0)
    .flatMap((line) => (line.trim() === "" ? [] : [/^ */u.exec(line)?.[0].length ?? 0]));
  const indent = indents.length === 0 ? 0 : Math.min(...indents);
  const flush = lines.map((line, index) => (apart && index === 0 ? line.trimStart() : line.slice(indent)));
  const shown = flush.findIndex((line) => line.trim() !== "");
  return shown < 0 ? [] : flush.slice(shown, flush.findLastIndex((line) => line.trim() !== "") + 1);
}
