import type { Screen, Span } from "../ports/sessions";
import type { TerminalFacts } from "./terminalFacts";

/** A choice of a list on the screen. */
export interface ListedChoice {
  readonly label: string;
  /** The one that Enter takes now. */
  readonly marked: boolean;
}

/** A list on the screen, with the row of its first line. */
export interface ChoiceList {
  readonly row: number;
  readonly choices: readonly ListedChoice[];
}

/** Which item of a list is chosen changes with the arrow keys, and not what is asked. */
export const marker = /^(\s*(?:[│|┃]\s*)?)([❯›▸>●◉➤→*])(?=\s)/u;
const item = /^\s*([❯›▸>●◉➤→*○◯◌-]?)\s{1,3}(\S.*)$/u;
const textAfterMark = /^\s*[❯›▸>●◉➤→*○◯◌-]?\s{1,3}(?=\S)/u;
/** What some dialogs say right below their choices. */
const keys = /^\s*(?:press )?(?:enter|esc)\b/iu;
const number = /^(\d{1,2})[.)]\s/u;

/**
 * The items of the list that stands last on the screen: the marked one, and those above and below it in the same column.
 * Numbered ones may have more lines below them, and begin with 1. Undefined where none is marked, or the list is cut off.
 */
export function choiceList({ lines }: Pick<TerminalFacts, "lines">): ChoiceList | undefined {
  const at = lines.findLastIndex((line) => marker.test(line));
  if (at < 0) return undefined;
  const plain = lines.map(withoutFrame);
  return number.test(labelOf(plain[at])) ? numberedList(plain, at) : plainList(plain, at);
}

/** The same without its place; empty where there is none. */
export function listedChoices(facts: Pick<TerminalFacts, "lines">): readonly ListedChoice[] {
  return choiceList(facts)?.choices ?? [];
}

/** A box around a list is no part of it; what stands in it stays in its column. */
function withoutFrame(line: string): string {
  return line
    .replace(/^(\s*)[│|┃](?=\s|$)/u, "$1 ")
    .replace(/(?<=^|\s)[│|┃█▌]\s*$/u, "")
    .trimEnd();
}

function plainList(lines: readonly string[], at: number): ChoiceList {
  const column = columnOfText(lines[at]);
  const isItem = (line: string | undefined): boolean =>
    line !== undefined && !marker.test(line) && item.test(line) && columnOfText(line) === column;
  let first = at;
  while (isItem(lines[first - 1])) first--;
  let last = at;
  while (isItem(lines[last + 1])) last++;
  return {
    row: first,
    choices: lines.slice(first, last + 1).map((line, index) => ({
      label: labelOf(line),
      marked: first + index === at,
    })),
  };
}

function numberedList(lines: readonly string[], at: number): ChoiceList | undefined {
  const column = columnOfText(lines[at]);
  const numberOf = (row: number): number | undefined => {
    const line = lines[row];
    if (line === undefined || columnOfText(line) !== column || (row !== at && marker.test(line))) return undefined;
    const found = number.exec(labelOf(line))?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const belongs = (row: number): boolean => {
    const line = lines[row];
    return line !== undefined && line !== "" && indentOf(line) >= column && !keys.test(line);
  };
  let first = at;
  while (numberOf(first) !== 1) if (!belongs(--first)) return undefined;
  let last = at;
  while (belongs(last + 1)) last++;
  const choices: { label: string; marked: boolean }[] = [];
  for (let row = first; row <= last; row++) {
    const found = numberOf(row);
    const open = choices.at(-1);
    if (found === choices.length + 1) choices.push({ label: labelOf(lines[row]), marked: row === at });
    else if (found !== undefined) return undefined;
    else if (open) open.label = `${open.label} ${(lines[row] ?? "").trim()}`;
  }
  return { row: first, choices: choices.map((each) => ({ ...each, label: each.label.replace(/\s+/gu, " ") })) };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function labelOf(line: string | undefined): string {
  return (item.exec(line ?? "")?.[2] ?? "").trim();
}

function columnOfText(line: string | undefined): number {
  return textAfterMark.exec(line ?? "")?.[0].length ?? -1;
}

/** `[y] Approve   [n] Deny`, each with the key that takes it. */
const keyed = /\[(\w)\] (\S(?:[^[\]]*?\S)?)(?=\s{2,}|\s*$)/gu;

/** The choices of the last line that names a key before each of two or more; empty where none does. */
export function keyedChoices({ lines }: Pick<TerminalFacts, "lines">): ChoiceList | undefined {
  const row = lines.findLastIndex((line) => [...withoutFrame(line).matchAll(keyed)].length > 1);
  if (row < 0) return undefined;
  const found = [...withoutFrame(lines[row] ?? "").matchAll(keyed)];
  return { row, choices: found.map(([label]) => ({ label, marked: false })) };
}

/** The key that such a choice names. */
export function keyOfChoice(label: string): string | undefined {
  return /^\[(\w)\] /u.exec(label)?.[1];
}

/** What stands by itself in a row. */
const apart = /\S+(?: \S+)*/gu;

/**
 * Those of these choices that stand last in one row, two or more. `lines` with styles tell the marked one: it alone has
 * another background than the blanks between them.
 */
export function choicesInRow(lines: Screen["lines"], names: readonly string[]): ChoiceList | undefined {
  for (let row = lines.length - 1; row >= 0; row--) {
    const line = lines[row] ?? "";
    const text = typeof line === "string" ? line : line.map((span) => span.text).join("");
    const found = [...text.matchAll(apart)].filter(([label]) => names.includes(label));
    if (found.length < 2) continue;
    const places = found.map(({ 0: label, index }) => ({ label, start: index, end: index + label.length }));
    const marked = typeof line === "string" ? [] : places.filter((place, at) => isSetOff(line, place, places[at + 1]));
    const only = marked.length === 1 ? marked[0] : undefined;
    return { row, choices: places.map((place) => ({ label: place.label, marked: place === only })) };
  }
  return undefined;
}

interface PlaceInRow {
  readonly start: number;
  readonly end: number;
}

/** Whether its background is another one than that of the blank halfway to the next one, or as far behind the last one. */
function isSetOff(row: readonly Span[], { start, end }: PlaceInRow, next: PlaceInRow | undefined): boolean {
  const between = next ? Math.floor((end + next.start) / 2) : end + 1;
  return groundAt(row, start) !== groundAt(row, between);
}

function groundAt(row: readonly Span[], index: number): string {
  let end = 0;
  const span = row.find(({ text }) => (end += text.length) > index);
  // Behind what is drawn there is nothing but the terminal's own ground.
  return JSON.stringify([span?.bg, span?.inverse === true]);
}
