import type { SeenScreen } from "./seenScreen";

/** Rows at the end of what a screen shows in which a program asks: programs keep older questions above (screens). */
const askingRows = 8;

/**
 * What programs show while they want a choice, a key or a secret instead of a text. Taken from recorded screens of agents,
 * and from what common tools print; Enter would answer each of them.
 */
const askingPatterns: readonly RegExp[] = [
  // A list with a mark at its chosen entry: `❯ 1. Yes`, `› 1. Yes, allow once`, `> 2) No`.
  /^[^\p{L}\p{N}]*[❯›▸▶●>→*]\s*\(?\d{1,2}[.):]\s+\S/u,
  // Two or more numbered answers in one row or the first of several rows: `1) Yes`, `1. Yes`, `[1] Yes`.
  /^[^\p{L}\p{N}]*[[(]?1[\].):]+\s*(?:yes|no|ok|allow|approve|accept|trust|delete|continue|cancel|quit|abort)\b/iu,
  /[[(]\s*(?:y(?:es)?)\s*\/\s*(?:n(?:o)?)(?:\s*\/[^\])]*)?\s*[\])]/i,
  /\b(?:press|hit)\s+(?:the\s+)?(?:enter|return|any key|a key)\b/i,
  /\b(?:enter|return|↵|⏎)\s+to\s+(?:confirm|select|submit|continue|approve|accept|proceed|choose)\b/i,
  /\benter:?\s+(?:confirm|select|submit|accept)\b/i,
  // In brackets behind a spinner it says how to stop what runs.
  /^[^\p{L}\p{N}(]*esc(?:ape)?\s+to\s+(?:cancel|dismiss|reject|deny)\b/iu,
  /\[y\]\s*\w+.*\[n\]/i,
  /\ballow once\b.*\b(?:allow always|reject|deny)\b/i,
  /\b(?:do you want to|would you like to|are you sure)\b.*\?\s*$/i,
  /(?:password|passphrase|passcode|pin|one-time code|otp|username|login)(?: for [^:]*| \([^)]*\))?\s*:\s*$/i,
];

/** A question that the cursor stands behind (`rm -i`), and the prompt of a shell's `select`. */
const cursorPattern = /\?$|^#\?$/;

/**
 * The row in which a program asks for a choice, a key or a secret, where that is known by its form; undefined where a
 * text may be meant. `known`: rows (as `rowShape` has them) that a person has let pass.
 */
export function askingRow(screen: SeenScreen, known: ReadonlySet<string> = new Set()): string | undefined {
  const shown = screen.lines.map((line) => line.trim()).filter((line) => line !== "");
  const atCursor = (screen.lines[screen.cursor.row] ?? "").slice(0, screen.cursor.col).trim();
  const asks = (line: string): boolean =>
    (line === atCursor && cursorPattern.test(line)) || askingPatterns.some((pattern) => pattern.test(line));
  return shown.slice(-askingRows).findLast((line) => !known.has(rowShape(line)) && asks(line));
}

/** The mark at the chosen entry of a list, and what may stand there at the others. */
const chosenPattern = /^[^\p{L}\p{N}]*[❯›▸▶>→●◉◆]\s+(?=[\p{L}\p{N}])/u;
const otherPattern = /^[\s│┃|○◯◇☐◻]*(?=[\p{L}\p{N}])/u;

/**
 * The chosen entry of a list without numbers (`> npm` above `  pnpm`); undefined where the cursor stands behind such a
 * mark, as in the composer of an agent. Texts of several lines look the same once they were sent: only before the first
 * text is it known to be a list.
 */
export function chosenRow({ lines, cursor }: SeenScreen): string | undefined {
  if (chosenPattern.test(`${(lines[cursor.row] ?? "").slice(0, cursor.col)} x`)) return undefined;
  const rows = lines.filter((line) => line.trim() !== "").slice(-askingRows);
  return rows
    .find((line, index) => {
      const indent = chosenPattern.exec(line)?.[0].length;
      const isOther = (row = ""): boolean => otherPattern.exec(row)?.[0].length === indent;
      return indent !== undefined && (isOther(rows[index - 1]) || isOther(rows[index + 1]));
    })
    ?.trim();
}

/** How agents say that they work, and how to stop it, beside a composer that is ready (recorded screens). */
const workingPattern = /\besc (?:to )?interrupt\b|\(.*\besc to cancel\b/i;

/** Whether a program says that it is at work, whatever else its screen shows. */
export function saysWorking({ lines }: SeenScreen): boolean {
  const shown = lines.map((line) => line.trim()).filter((line) => line !== "");
  return shown
    .slice(-askingRows)
    .some((line) => workingPattern.test(line) && !askingPatterns.some((pattern) => pattern.test(line)));
}

/** Whether a program has drawn anything. */
export function hasDrawn({ lines, cursor, alternate_active }: SeenScreen): boolean {
  return alternate_active || cursor.row > 0 || cursor.col > 0 || lines.some((line) => line.trim() !== "");
}

const digits = /\p{N}+/gu;

/** What stands in front of the cursor, as a prompt does; its numbers do not count (`In [3]: `). */
export function promptOf({ lines, cursor }: SeenScreen): string {
  return (lines[cursor.row] ?? "").slice(0, cursor.col).trimEnd().replace(digits, "0");
}

/** Two prompts are one, or one may be: there is text behind it. */
export function startsWithPrompt(screen: SeenScreen, prompt: string): boolean {
  const now = promptOf(screen);
  return now.length > prompt.length && now.startsWith(prompt);
}

const clock = /\d{1,2}:\d{2}(?::\d{2})?/g;

/** Rows, by number, that are others than before, apart from the time of day in them. */
export function changedRows(before: SeenScreen, now: SeenScreen): number[] {
  const rows = Math.max(before.lines.length, now.lines.length);
  const changed: number[] = [];
  for (let row = 0; row < rows; row++) {
    const [one = "", other = ""] = [before.lines[row], now.lines[row]];
    if (one !== other && one.replace(clock, "") !== other.replace(clock, "")) changed.push(row);
  }
  return changed;
}

/** Whether only numbers of the row are others, as a counter's are; those of a share that is done are progress. */
export function countsOnly(before: SeenScreen, now: SeenScreen, row: number): boolean {
  const [one = "", other = ""] = [before.lines[row], now.lines[row]];
  return one.replace(digits, "0") === other.replace(digits, "0") && !/\d\s*[%/]/.test(other);
}

/** What of a row stays while counters count and signs turn: its letters. */
export function rowShape(row: string): string {
  return row.replace(/[^\p{L}]+/gu, " ").trim();
}

/** The rows that say something else than they did when `before` was seen; `moving`: those that change by themselves. */
export function differentRows(before: SeenScreen, now: SeenScreen, moving: ReadonlySet<number>): string[] {
  return now.lines.filter(
    (line, row) => !moving.has(row) && rowShape(line) !== rowShape(before.lines[row] ?? "") && line.trim() !== "",
  );
}

/** The end of a text that is looked for on a screen. */
const echoedLength = 40;

/** Whether the end of a text that was just typed stands on the screen; blanks do not count, terminals wrap where they like. */
export function showsTyped({ lines, cursor }: SeenScreen, text: string): boolean {
  const wanted = squeezed(text).slice(-echoedLength);
  const rows = lines.slice(0, cursor.row + 2);
  return wanted !== "" && squeezed(rows.join("")).includes(wanted);
}

/** The beginning of a typed line by which its echo is found. */
const headLength = 60;

/**
 * What stands on a screen since a text was typed: blocks of rows that stand together. Neither its echo counts, nor what
 * stood there `before`; undefined: nobody saw that, so that all above the echo does not count.
 */
export function linesSince(before: SeenScreen | undefined, now: SeenScreen, typed: string): string[][] {
  const line = squeezed(typed);
  const head = line.slice(0, headLength);
  const rows = now.lines.map(squeezed);
  const isEcho = rows.map((row) => head !== "" && row.includes(head));
  // A long line is wrapped: its echo is in the rows behind, too.
  for (const [index, row] of rows.entries())
    if (index > 0 && isEcho[index - 1] === true && row !== "" && line.length > headLength && line.includes(row))
      isEcho[index] = true;
  // In a narrow terminal not even its beginning stands in one row.
  for (let index = 0; index + 1 < rows.length; index++)
    if (head.length > 8 && !isEcho[index] && `${rows[index] ?? ""}${rows[index + 1] ?? ""}`.includes(head))
      isEcho[index] = isEcho[index + 1] = true;
  const from = before ? 0 : isEcho.lastIndexOf(true) + 1;
  const stood = new Map<string, number>();
  for (const row of before?.lines ?? []) stood.set(row, (stood.get(row) ?? 0) + 1);
  const blocks: string[][] = [[]];
  for (const [index, row] of now.lines.entries()) {
    const left = stood.get(row) ?? 0;
    if (left > 0) stood.set(row, left - 1);
    if (index >= from && left === 0 && isEcho[index] !== true) blocks.at(-1)?.push(row);
    else if (blocks.at(-1)?.length !== 0) blocks.push([]);
  }
  return blocks.filter((block) => block.some((row) => row.trim() !== ""));
}

/** The end of a typed line by which its echo is found where the rows are many. */
const tailLength = 200;

/**
 * The rows behind the newest echo of a typed text: all that came since. Undefined where no echo is found. Neither blanks
 * count nor quotes, since a text may have been typed as one quoted word.
 */
export function rowsBehindEcho(rows: readonly string[], typed: string): string[] | undefined {
  const wanted = unquoted(typed).slice(-tailLength);
  if (wanted === "") return undefined;
  const shown: string[] = [];
  const ends = new Map<number, number>();
  let length = 0;
  for (const [index, row] of rows.entries()) {
    const text = unquoted(row);
    if (text !== "") ends.set((length += text.length), index);
    shown.push(text);
  }
  const joined = shown.join("");
  let found: number | undefined;
  // A line that was typed ends its row; a program may quote it in the middle of one. Beside a right prompt it does not.
  for (let at = joined.lastIndexOf(wanted); at >= 0; at = at === 0 ? -1 : joined.lastIndexOf(wanted, at - 1)) {
    const end = at + wanted.length;
    found ??= end;
    if (!ends.has(end)) continue;
    found = end;
    break;
  }
  if (found === undefined) return undefined;
  let from = found;
  while (!ends.has(from)) from++;
  return rows.slice((ends.get(from) ?? 0) + 1);
}

function unquoted(text: string): string {
  return squeezed(text).replace(/['"\\]+/g, "");
}

function squeezed(text: string): string {
  return text.replace(/[\s│┃|]+/gu, "");
}

/** A screen as it is shown to a person who is asked about it: its last rows with something on them. */
export function shownRows({ lines }: SeenScreen, most = 10): string {
  const kept = lines.map((line) => line.trimEnd());
  while (kept.length > 0 && kept.at(-1) === "") kept.pop();
  return kept
    .slice(-most)
    .filter((line) => line.trim() !== "")
    .join("\n");
}

/** What a person has seen of a screen, for the comparison with a later one. */
export function screenFingerprint({ lines, alternate_active }: SeenScreen): string {
  const shapes = lines.map(rowShape).filter((shape) => shape !== "");
  return `${alternate_active ? "alternate" : "normal"}\n${shapes.join("\n")}`;
}
