import { graphemesOf, textWidth } from "../base/textWidth";
import { withDrawnFrames } from "./asciiFrames";
import type { Region } from "./programRules";
import type { TerminalFacts } from "./terminalFacts";

/** Frames and scroll bars that programs draw around what they say. */
const frame = "[│┃║▌▐█▎┆┊|╎▏▕]";
const leftFrame = new RegExp(`^(?:\\s*${frame})+(?=\\s|$)`, "u");
const rightFrame = new RegExp(`(?<=^|\\s)${frame}+\\s*$`, "u");

/** A line without the frame around it, and without the blanks at both ends. */
export function bareLine(line: string): string {
  const trimmed = line.trimEnd();
  if (trimmed === "") return "";
  return trimmed.replace(rightFrame, "").replace(leftFrame, "").trim();
}

/** A line of the screen that is not empty. */
interface ShownLine {
  readonly text: string;
  /** Zero-based. */
  readonly row: number;
  /** Where its text begins; -1 behind a frame. */
  readonly column: number;
}

function columnOf(line: string, text: string): number {
  const column = line.length - line.trimStart().length;
  return line.startsWith(text, column) ? column : -1;
}

/** More rows than these no terminal shows; of a longer text its end is looked at. */
const mostRows = 1000;

interface ShownLines {
  readonly bare: readonly ShownLine[];
  readonly drawn: readonly ShownLine[];
}

/** By screen: the rules of each program that is thought of look at the same one. */
const shownBefore = new WeakMap<readonly string[], ShownLines>();

function shownLines(lines: readonly string[]): ShownLines {
  const before = shownBefore.get(lines);
  if (before) return before;
  const first = Math.max(0, lines.length - mostRows);
  const shown = withDrawnFrames(lines.slice(first)).map((line, index) => ({
    text: bareLine(line),
    row: first + index,
    line,
  }));
  const found = {
    bare: shown
      .filter(({ text }) => text !== "")
      .map(({ text, row, line }) => ({ text, row, column: columnOf(line, text) })),
    drawn: shown
      .filter(({ line }) => line.trim() !== "")
      .map(({ row, line }) => ({ text: line, row, column: columnOf(line, line.trim()) })),
  };
  shownBefore.set(lines, found);
  return found;
}

/** Rows of a screen, zero-based, the last one included. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** The parts of one screen, found when they are asked for and then kept. */
export class ScreenRegions {
  readonly #lines: readonly ShownLine[];
  /** As they are drawn: a line with a frame alone is one of them. */
  readonly #drawn: readonly ShownLine[];
  readonly #found = new Map<string, readonly string[] | undefined>();
  /** The rows of the screen in which a region begins and ends. */
  readonly #rows = new Map<string, RowRange>();

  constructor(
    private readonly facts: TerminalFacts,
    private readonly regions: Readonly<Record<string, Region>>,
  ) {
    const { bare, drawn } = shownLines(facts.lines);
    this.#lines = bare;
    this.#drawn = drawn;
  }

  /** The lines of a region; undefined where it is not there. */
  of(name: string): readonly string[] | undefined {
    if (!this.#found.has(name)) {
      // What leads to itself is not there.
      this.#found.set(name, undefined);
      this.#found.set(name, this.#find(name));
    }
    return this.#found.get(name);
  }

  /** Where a region stands that is the program's own; undefined where it is not there. */
  rowsOf(name: string): RowRange | undefined {
    return this.of(name) && this.#rows.get(name);
  }

  #find(name: string): readonly string[] | undefined {
    const { title, lines, cursor } = this.facts;
    switch (name) {
      case "title":
        return title === undefined ? undefined : [title.trim()];
      case "screen":
        return this.#lines.map(({ text }) => text);
      case "below_cursor":
        return lines
          .slice(cursor.row + 1)
          .map(bareLine)
          .filter((line) => line !== "");
      case "bottom_row":
        return [bareLine(lines.at(-1) ?? "")];
      case "cursor_line":
        return [bareLine(lines[cursor.row] ?? "")];
      case "before_cursor":
        return beforeCursor(this.facts);
      default: {
        const region = this.regions[name];
        return region && this.#part(name, region);
      }
    }
  }

  #part(name: string, region: Region): readonly string[] | undefined {
    const { bottom, top, from, below, column, to, closed, within, above, lines, drawn } = region;
    const all = drawn ? this.#drawn : this.#lines;
    let start = 0;
    let end = all.length;
    if (above !== undefined) {
      if (this.of(above) === undefined) return undefined;
      const row = this.#rows.get(above)?.first ?? Infinity;
      end = all.filter((line) => line.row < row).length;
      start = Math.max(0, end - (lines ?? end));
    } else if (top !== undefined) {
      end = Math.min(top, end);
    } else if (bottom !== undefined) {
      start = Math.max(0, end - bottom);
    }
    if (from) {
      const least = Math.max(start, end - (within ?? end));
      let at = end - 1;
      const begins = (index: number): boolean =>
        from.test(all[index]?.text ?? "") &&
        (column === undefined || all[index]?.column === column) &&
        (below === undefined || below.test(all[index - 1]?.text ?? ""));
      while (at >= least && !begins(at)) at--;
      if (at < least) return undefined;
      start = at;
      if (lines !== undefined && above === undefined) end = Math.min(end, start + lines);
    }
    if (to) {
      const found = all.findIndex(({ text }, index) => index > start && index < end && to.test(text));
      if (found >= 0) end = found;
      else if (closed) return undefined;
    }
    const first = all[start]?.row ?? this.facts.lines.length;
    this.#rows.set(name, { first, last: all[end - 1]?.row ?? first });
    return all.slice(start, end).map(({ text }) => text);
  }
}

/** A cursor that is said to stand further right than this, and than its screen is wide, stands nowhere. */
const widest = 1000;
/** More rows than these are no question that was wrapped. */
const mostWrapped = 6;
/** A rule, the right side of a frame, a scroll bar: drawn up to the last column, not wrapped there. */
const drawnEdge = /[\u2500-\u259f]$|^\s*[|+].*[|+]$|-{8}$/u;

/** A right prompt, a clock, a count: it stands at the right edge by itself. */
const atRightEdge = /\S {12,}\S{1,24}$/u;

/** Whether what stands in a row may go on in the next one. */
export function isWrapped(line: string, cols: number): boolean {
  return textWidth(line) >= cols && !drawnEdge.test(line) && !atRightEdge.test(line);
}

const ascii = /^[\u0020-\u007e]*$/;

/** What stands in the first `cells` cells of a row, filled with blanks where nothing does. */
function upToCell(row: string, cells: number): string {
  if (ascii.test(row)) return row.slice(0, cells).padEnd(cells);
  let text = "";
  let width = 0;
  for (const { segment } of graphemesOf(row)) {
    if (width >= cells) break;
    text += segment;
    width += textWidth(segment);
  }
  return text + " ".repeat(Math.max(0, cells - width));
}

/**
 * The text up to the cursor. Rows above that are full to the last column may be its beginning, or lines of that width by
 * themselves: the second one is the row alone.
 */
function beforeCursor({ lines, cols, cursor }: TerminalFacts): string[] {
  const { row } = cursor;
  const own = upToCell(lines[row] ?? "", Math.min(cursor.col, Math.max(cols, widest)));
  let start = row;
  while (start > 0 && row - start < mostWrapped && isWrapped(lines[start - 1] ?? "", cols)) start--;
  return start === row ? [own] : [lines.slice(start, row).join("") + own, own];
}
