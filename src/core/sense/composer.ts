import { hash64 } from "../base/hash";
import type { Color, Screen, Span } from "../ports/sessions";
import type { ComposerShape } from "./programRules";
import { bareLine, type RowRange, type ScreenRegions } from "./screenRegions";

/** What stands where a program takes texts. */
export interface Composer {
  /** What was typed there, a row a line; nothing of what the program proposes. Empty: nothing was. */
  readonly text: string;
  /** It takes texts; else what is typed goes to a shell, or to a search. */
  readonly takesText: boolean;
  readonly rows: RowRange;
}

/** Channels of the greys in which programs propose a text, from 0 to 255, on a dark screen and on a light one. */
const grey = { darkest: 0x58, lightest: 0xc0, colourless: 0x30 } as const;
/** Indexed colours: bright black; the 6x6x6 cube from 16 on; the ramp of greys from 232 on (xterm). */
const [brightBlack, cube, ramp] = [8, 16, 232];
const cubeLevels = [0, 95, 135, 175, 215, 255];

/** The composer on a styled screen; undefined where none is there. `regions`: of that same screen. */
export function composerOn(screen: Screen, regions: ScreenRegions, shape: ComposerShape): Composer | undefined {
  const plain = screen.lines.map((row) => (typeof row === "string" ? row : row.map(({ text }) => text).join("")));
  const rows = rowsOf(plain, regions, shape);
  if (!rows) return undefined;
  const firstRow = bareLine(plain[rows.first] ?? "");
  const { above, edges } = shape;
  const isEdged = edges?.top.test(plain[rows.first - 1] ?? "") === true;
  const mark = isEdged ? "" : shape.mark;
  const other = isEdged ? edges.other : above?.other;
  const takesText = other ? !other.test(plain[rows.last + (isEdged ? 2 : 1)] ?? "") : firstRow.startsWith(mark);
  const lines: string[] = [];
  for (let row = rows.first; row <= rows.last; row++) {
    const typed = typedOf(screen.lines[row] ?? "");
    lines.push(bareLine(row === rows.first ? firstLine(typed, plain[row] ?? "", mark, shape.more) : typed));
  }
  const text = lines.join("\n").trim();
  return { text: shape.placeholder?.test(text) === true ? "" : text, takesText, rows };
}

function rowsOf(plain: readonly string[], regions: ScreenRegions, shape: ComposerShape): RowRange | undefined {
  const found = shape.in.map((name) => regions.rowsOf(name)).find((each) => each !== undefined);
  if (!found) return undefined;
  const { above, to } = shape;
  if (above) {
    let first = found.first;
    while (first > 0 && above.rows.test(plain[first - 1] ?? "")) first--;
    const last = found.first - 2;
    return first <= last ? { first, last } : undefined;
  }
  const { edges } = shape;
  if (edges?.top.test(plain[found.first] ?? "") === true) {
    const bottom = plain.findIndex((row, index) => index > found.first && edges.bottom.test(row));
    return bottom > found.first + 1 ? { first: found.first + 1, last: bottom - 1 } : undefined;
  }
  let { last } = found;
  for (let row = found.first + 1; to && row <= last; row++) if (to.test(plain[row] ?? "")) last = row - 1;
  return { first: found.first, last };
}

/** The row without the mark, without what stands before it, and without the sign that there are rows above. */
function firstLine(typed: string, row: string, mark: string, more: RegExp | undefined): string {
  const at = row.indexOf(mark);
  const text = mark === "" || at < 0 ? typed : " ".repeat(at + mark.length) + typed.slice(at + mark.length);
  return more === undefined ? text : text.trimEnd().replace(more, "");
}

/** The row with blanks where the program only proposes something. */
function typedOf(row: string | readonly Span[]): string {
  if (typeof row === "string") return row;
  const isDim = row.map(proposes);
  return row
    .map((span, index) => {
      // The cell with the cursor stands out, whatever is proposed there.
      const isCursor = span.inverse === true && Array.from(span.text).length === 1 && span.text.trim() !== "";
      return isDim[index] === true || (isCursor && isDim[index + 1] === true)
        ? " ".repeat(span.text.length)
        : span.text;
    })
    .join("");
}

function proposes({ faint, fg }: Span): boolean {
  return faint === true || (fg !== undefined && isGrey(fg));
}

function isGrey(colour: Color): boolean {
  const { indexed, rgb } = colour;
  if (rgb) return isGreyLevel([rgb.r, rgb.g, rgb.b]);
  if (indexed === undefined) return false;
  if (indexed < cube) return indexed === brightBlack;
  if (indexed >= ramp) return isGreyLevel([8 + 10 * (indexed - ramp)]);
  const place = indexed - cube;
  return isGreyLevel([Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6].map((at) => cubeLevels[at] ?? 0));
}

function isGreyLevel(channels: readonly number[]): boolean {
  const [least, most] = [Math.min(...channels), Math.max(...channels)];
  return most - least <= grey.colourless && least >= grey.darkest && most <= grey.lightest;
}

/**
 * How much of a text a composer shows: `whole` only where nothing else can stand there; `part`: its end, or what stands
 * for a long text that was pasted, without a length that would tell.
 */
export type ShownText = "whole" | "part" | "no";

/** Behind the beginning; the last of the dots are not always drawn (seen with Cline). */
const beginningsEnd = /\.{1,3} $/u;
/** Some count what is not seen at the beginning of a text as a column, and leave out the last one of its line. */
const notSeen = /^\p{Cf}/u;
const leastSeen = 4;
/** …or another one of it, where the row is drawn anew in parts (seen with Cline); so short a text may be another one then. */
const leastWithGap = 12;

/**
 * What agents show in place of a long text that was pasted, with its characters or its lines, and maybe its beginning before
 * that (recorded by trying). Its last bracket is lost where the agent takes the text for narrower than it is.
 */
const pastedSign =
  /(?<=\[|\.{1,3} )Pasted?\b[^\][]*?(?:\d+ (?:chars|characters|lines)\b(?:[^\][]{0,20}\])?|\d[^\][]*\])/giu;
const characters = /(\d+) (?:chars|characters)\b/iu;
/** Some count the line ends. */
const lineCount = /(\d+) lines\b/iu;
/** So many characters of its end have to be seen; a screen may have no room for more. */
const leastEnd = 40;
/** …and so many of its beginning, where a sign for a paste names that. */
const leastBeginning = 12;

/** Whether what stands in a composer is a text that was typed there; blanks do not count, since programs wrap. */
export function shownText(composer: Pick<Composer, "text">, typed: string): ShownText {
  const shown = squeezed(composer.text);
  const wanted = squeezed(typed);
  if (shown === "" || wanted === "") return "no";
  if (shown === wanted) return "whole";
  const [sign] = pastesOn([composer.text]);
  if (sign && sign.isAll) return shownPaste(sign, typed);
  return shown.length >= leastEnd && wanted.endsWith(shown) ? "part" : "no";
}

interface PasteSign {
  /** Its characters or lines, in the agent's words. */
  readonly size: string;
  /** What stands before that, without blanks: where it names the beginning of the text, that ends here. */
  readonly before: string;
  readonly namesBeginning: boolean;
  /** Nothing stands beside it. */
  readonly isAll: boolean;
}

function pastesOn(rows: readonly string[]): PasteSign[] {
  const all = rows.join(" ").replace(/\s+/gu, " ").trim();
  return [...all.matchAll(pastedSign)].map((found) => {
    const before = all.slice(0, found.index);
    const namesBeginning = beginningsEnd.test(before);
    const isFirst = namesBeginning ? before.startsWith("[") : before === "[";
    return {
      size: found[0],
      before: squeezed(before.replace(beginningsEnd, "")),
      namesBeginning,
      isAll: isFirst && found.index + found[0].length === all.length,
    };
  });
}

function shownPaste({ size, before, namesBeginning }: PasteSign, typed: string): ShownText {
  const wanted = squeezed(typed);
  if (namesBeginning && !namesBeginningOf(before, wanted)) return "no";
  const count = characters.exec(size)?.[1];
  if (count !== undefined) return [Array.from(typed).length, typed.length].includes(Number(count)) ? "whole" : "no";
  const lines = lineCount.exec(size)?.[1];
  const ends = typed.split("\n").length - 1;
  return lines === undefined || [ends, ends + 1].includes(Number(lines)) ? "part" : "no";
}

/** Brackets may stand in the text itself. */
function namesBeginningOf(before: string, wanted: string): boolean {
  const at = before.lastIndexOf(`[${wanted.slice(0, leastBeginning)}`);
  return at >= 0 && wanted.startsWith(before.slice(at + 1));
}

/** By which a text is known again where it stands in a composer; it says nothing of the text itself. */
export function textKey(text: string): string {
  return hash64(squeezed(text));
}

/**
 * How often the end of a text that was sent stands in these rows, or what stands for a paste of its size. Agents format it as
 * Markdown, without its signs: where it has letters, only they count, else all but blanks.
 */
export function timesShown(rows: readonly string[], typed: string): number {
  const reduced = letters(typed) === "" ? squeezed : letters;
  const all = reduced(typed);
  const wanted = (notSeen.test(typed) ? all.slice(0, Math.max(leastSeen, all.length - 1)) : all).slice(-leastEnd);
  if (wanted === "") return 0;
  const pastes = pastesOn(rows).filter((sign) => shownPaste(sign, typed) !== "no");
  const shown = reduced(rows.join(""));
  const whole = shown.split(wanted).length - 1;
  const isGap = notSeen.test(typed) && wanted.length >= leastWithGap;
  return pastes.length + whole + (isGap ? timesWithGap(shown.replaceAll(wanted, " "), wanted) : 0);
}

/** How often a text stands there with one of its letters left out: each place is taken once. */
function timesWithGap(shown: string, wanted: string): number {
  let rest = shown;
  let times = 0;
  for (let gap = 0; gap < wanted.length; gap++) {
    const parts = rest.split(wanted.slice(0, gap) + wanted.slice(gap + 1));
    times += parts.length - 1;
    rest = parts.join(" ");
  }
  return times;
}

function letters(text: string): string {
  return squeezed(text).replace(/[^\p{L}\p{N}]+/gu, "");
}

/**
 * Without what screens show in another way than it was typed: blanks and frames; signs that are put together from several,
 * of which terminals and agents keep some (👩‍👩‍👧 became 👩 with Claude Code 2.1). A text of nothing else stays as it is.
 */
function squeezed(text: string): string {
  const bare = text.replace(/[\s│┃|]+/gu, "");
  const simple = bare
    .normalize("NFD")
    .replace(/[\p{M}\p{Cf}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]+/gu, "");
  return simple === "" ? bare : simple;
}
