import type { Screen } from "../ports/sessions";
import { composerOn } from "./composer";
import type { ProgramRules } from "./programRules";
import { bareLine, ScreenRegions } from "./screenRegions";
import type { TerminalFacts } from "./terminalFacts";

/** What an answer keeps, from its end; in characters. */
export const mostOfAnswer = 20_000;
/** By the end of a prompt its echo is found; in characters, blanks not counted. */
const echoEnd = 40;
const hasWord = /[\p{L}\p{N}]/u;

/**
 * What an agent has said and shown since a prompt: what stands between the prompt's echo and the composer, without frames
 * and without what it says of the turn itself. All that the screen still has, where the echo is not seen.
 */
export function agentAnswer(
  screen: Screen,
  facts: TerminalFacts,
  { regions, composer: shape, turnOver }: Pick<ProgramRules, "regions" | "composer" | "turnOver">,
  prompt: string,
): string {
  const { lines } = facts;
  const composer = shape && composerOn(screen, new ScreenRegions(facts, regions), shape);
  const shown = lines.slice(0, composer?.rows.first ?? lines.length);
  const begins = behindEcho(shown, prompt) ?? behindMark(shown, shape?.mark);
  const said = shown.slice(begins).map(withoutFrame);
  const isLast = (line: string): boolean => !hasWord.test(line) || turnOver?.test(line.trim()) === true;
  while (said.length > 0 && isLast(said.at(-1) ?? "")) said.pop();
  while (said.length > 0 && (said[0] ?? "").trim() === "") said.shift();
  const indent = Math.min(...said.filter((line) => line.trim() !== "").map((line) => line.search(/\S/u)));
  return said
    .map((line) => line.slice(Math.min(indent, line.length)))
    .join("\n")
    .replace(/\n{3,}/gu, "\n\n")
    .slice(-mostOfAnswer);
}

/** Whether something is said below the last place where a prompt stands; `rows`: those above the composer. */
export function isAnswered(rows: readonly string[], prompt: string): boolean {
  const begins = behindEcho(rows, prompt);
  return begins !== undefined && rows.slice(begins).some((row) => hasWord.test(row));
}

/** The row behind the last place where the end of the prompt stands, wrapped as it may be. */
function behindEcho(rows: readonly string[], prompt: string): number | undefined {
  const wanted = squeezed(prompt).slice(-echoEnd);
  if (wanted === "") return undefined;
  const ends: number[] = [];
  let all = "";
  for (const row of rows) {
    all += squeezed(row);
    ends.push(all.length);
  }
  const at = all.lastIndexOf(wanted);
  return at < 0 ? undefined : ends.findIndex((end) => end >= at + wanted.length) + 1;
}

/** The row behind the last one that begins as the composer does: a long prompt is shown by its beginning alone. */
function behindMark(rows: readonly string[], mark: string | undefined): number {
  return mark === undefined || mark === "" ? 0 : rows.findLastIndex((row) => bareLine(row).startsWith(`${mark} `)) + 1;
}

function withoutFrame(row: string): string {
  const bare = bareLine(row);
  return row.trim() === bare ? row.trimEnd() : bare;
}

function squeezed(text: string): string {
  return text.replace(/[\s│┃|]+/gu, "");
}
