import { textWidth } from "../base/textWidth";
import type { Screen } from "../ports/sessions";
import { composerOn } from "./composer";
import type { ProgramRules, StepMarks } from "./programRules";
import { bareLine, ScreenRegions } from "./screenRegions";
import type { TerminalFacts } from "./terminalFacts";

/** What an answer keeps, from its end; in characters. */
export const mostOfAnswer = 20_000;
/** By the end of a prompt its echo is found; in characters, blanks not counted. */
const echoEnd = 40;
const hasWord = /[\p{L}\p{N}]/u;

/** Something that an agent said, or did (and what that showed), as its screen shows it. */
export interface AgentStep {
  readonly kind: "said" | "did";
  readonly text: string;
}

/** What an agent has said and done since a prompt. */
export interface AgentAnswer {
  /** The last that it said; all of it where nobody knows what it says from what it does. */
  readonly text: string;
  /** All of it, in order. */
  readonly steps: readonly AgentStep[];
}

/**
 * What an agent has said and done since a prompt: what stands between the prompt's echo and the composer, without frames
 * and without what it says of the turn itself. All that the screen still has, where the echo is not seen.
 */
export function agentAnswer(
  screen: Screen,
  facts: TerminalFacts,
  rules: Pick<ProgramRules, "regions" | "composer" | "turnOver" | "steps">,
  prompt: string,
): AgentAnswer {
  const { regions, composer: shape, turnOver } = rules;
  const { lines } = facts;
  const composer = shape && composerOn(screen, new ScreenRegions(facts, regions), shape);
  const shown = lines.slice(0, composer?.rows.first ?? lines.length);
  const rows = shown.slice(behindEcho(shown, prompt) ?? behindMark(shown, shape?.mark));
  const isLast = (row: string): boolean => !hasWord.test(row) || turnOver?.test(withoutFrame(row).trim()) === true;
  while (rows.length > 0 && isLast(rows.at(-1) ?? "")) rows.pop();
  const steps = stepsOf(rows, rules.steps)
    .map(({ kind, rows: own }) => ({ kind, text: textOf(kind === "said" ? withoutMark(own, rules.steps) : own) }))
    .filter(({ text }) => text !== "");
  const last = steps.findLast(({ kind }) => kind === "said") ?? steps.at(-1);
  return { text: last?.text.slice(-mostOfAnswer) ?? "", steps };
}

interface StepRows {
  readonly kind: AgentStep["kind"];
  readonly rows: string[];
}

/** A step ends where the next one begins. What stands before the first mark is said. */
function stepsOf(rows: readonly string[], { says, does, shows }: StepMarks = {}): StepRows[] {
  const steps: StepRows[] = [];
  for (const [index, row] of rows.entries()) {
    const last = steps.at(-1);
    const kind = kindAt(index, last?.kind);
    if (last && kind === undefined) last.rows.push(row);
    else steps.push({ kind: kind ?? "said", rows: [row] });
  }
  return steps;

  /** Undefined: the row continues what stands above it. */
  function kindAt(index: number, last: AgentStep["kind"] | undefined): AgentStep["kind"] | undefined {
    const row = rows[index] ?? "";
    const isBelow = (rows[index - 1] ?? "").trim() !== "";
    if (says?.test(row) === true) return isShown(index) ? "did" : "said";
    if (does?.test(row) === true) return last === "did" && isBelow ? undefined : "did";
    return says === undefined && last === "did" && !isBelow && row.trim() !== "" ? "said" : undefined;
  }

  function isShown(index: number): boolean {
    const end = rows.findIndex((row, at) => at > index && (row.trim() === "" || says?.test(row) === true));
    return rows.slice(index, end < 0 ? undefined : end).some((row) => shows?.test(row) === true);
  }
}

/** Its first row begins where the others do. */
function withoutMark([first = "", ...others]: readonly string[], { says }: StepMarks = {}): string[] {
  const mark = says?.exec(first)?.[0] ?? "";
  return [" ".repeat(textWidth(mark)) + first.slice(mark.length), ...others];
}

function textOf(rows: readonly string[]): string {
  const bare = rows.map(withoutFrame);
  while (bare.length > 0 && !hasWord.test(bare.at(-1) ?? "")) bare.pop();
  while (bare.length > 0 && (bare[0] ?? "").trim() === "") bare.shift();
  const indent = Math.min(...bare.filter((row) => row.trim() !== "").map((row) => row.search(/\S/u)));
  return bare
    .map((row) => row.slice(Math.min(indent, row.length)))
    .join("\n")
    .replace(/\n{3,}/gu, "\n\n");
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
