import { hash64 } from "../base/hash";
import type { ProgramRole } from "../model/programRoles";
import type { AnswerForm, StateEvidence } from "../model/stateKinds";
import { askedDialog } from "./askedDialog";
import { type ChoiceList, choiceList, choicesInRow, keyedChoices } from "./listedChoices";
import { endOf, type LastingText, lastingText, ranOn } from "./movingParts";
import type { Region, StateRule } from "./programRules";
import { bareLine, isWrapped, ScreenRegions } from "./screenRegions";
import type { TerminalFacts } from "./terminalFacts";

/** What a program asks on its screen, for whoever answers it from somewhere else. */
export interface AskedPrompt {
  /** Its own words, with the lines above it that it is about; oldest first. */
  readonly lines: readonly string[];
  /** The command or the change that it asks to allow, as its dialog shows it. */
  readonly about?: string;
  /** Its dialog has more than its screen shows; such a one can be answered only where it is shown. */
  readonly isPart?: boolean;
  /** The answers that it names; none: any text is one. */
  readonly choices: readonly string[];
  /** Undefined: it can be answered only where it is shown. */
  readonly form: AnswerForm | undefined;
  readonly secret: boolean;
  /** Ctrl-C ends what asks; of an agent's dialog nobody knows what it does. */
  readonly interruptible: boolean;
  /** What stands before the cursor, where it asks on that line. */
  readonly beforeCursor: string | undefined;
  /** Tells whether the very same prompt still stands, and nothing was typed at it (`isSamePrompt`). */
  readonly fingerprint: string;
}

/**
 * Whether two fingerprints are of one prompt. One with the same words further down is another prompt, and so is one that
 * was drawn in its very place after somebody had typed Enter.
 */
export function isSamePrompt(one: string, other: string): boolean {
  return looksTheSame(one, other) && wasNotEntered(one, other) && onlyTimeRan(one, other);
}

/** Nobody typed Enter from the one to the other, as far as their server tells it. */
function wasNotEntered(one: string, other: string): boolean {
  const { entered } = partsOf(one);
  const { entered: otherEntered } = partsOf(other);
  return entered === "" || otherEntered === "" || entered === otherEntered;
}

/** Times that stand there are those of clocks that run. */
function onlyTimeRan(one: string, other: string): boolean {
  const [before, now] = [partsOf(one), partsOf(other)];
  return ranOn(before.times, now.times, before.seconds === now.seconds ? 0 : now.seconds - before.seconds);
}

/** Whether two prompts cannot be told apart by their screens. In a terminal of another width one may move to another row. */
export function looksTheSame(one: string, other: string): boolean {
  const [first, second] = [partsOf(one), partsOf(other)];
  return (
    first.text === second.text &&
    (first.cols !== second.cols || first.row === second.row) &&
    standsBelowTheSame(first, second)
  );
}

function standsBelowTheSame(one: FingerprintParts, other: FingerprintParts): boolean {
  const isSameSize = one.cols === other.cols && one.lines === other.lines;
  if (isSameSize || one.above[0] === other.above[0]) return one.above[0] === other.above[0];
  // In a smaller terminal less of it is seen.
  const seen = contextLengths.findIndex((_, index) => one.above[index + 1] && other.above[index + 1]);
  return seen < 0 || one.above[seen + 1] === other.above[seen + 1];
}

interface FingerprintParts {
  readonly text: string;
  readonly cols: string;
  /** Of the screen. */
  readonly lines: string;
  /** Empty where its place says nothing. */
  readonly row: string;
  /** Empty where nobody knows. */
  readonly entered: string;
  /** All that is seen above, and by `contextLengths`; empty where not so much of it is seen. */
  readonly above: readonly string[];
  /** When it was looked at, in seconds since 1970; 0 where that does not matter. */
  readonly seconds: number;
  readonly times: readonly string[];
}

function partsOf(fingerprint: string): FingerprintParts {
  const [text = "", size = "", row = "", entered = "", above = "", seconds = "", times = ""] = fingerprint.split(":");
  const [cols = "", lines = ""] = size.split("x");
  const list = (part: string): string[] => (part === "" ? [] : part.split(","));
  return { text, cols, lines, row, entered, above: list(above), seconds: Number(seconds), times: list(times) };
}

/** Whether the one is the other, at which somebody has begun to type. */
export function isBeingAnswered(asked: AskedPrompt, now: AskedPrompt): boolean {
  return (
    asked.beforeCursor !== undefined &&
    now.beforeCursor !== undefined &&
    asOnScreen(now.beforeCursor).startsWith(asOnScreen(asked.beforeCursor)) &&
    partsOf(asked.fingerprint).row === partsOf(now.fingerprint).row &&
    wasNotEntered(asked.fingerprint, now.fingerprint)
  );
}

function asOnScreen(line: string): string {
  return lastingText([line], { beside: false }).text;
}

/** So much of what stands before a prompt tells it from one with the same words. */
const contextLength = 400;
/** …in a terminal that has become smaller or larger: the most of these that is seen both times. */
const contextLengths = [contextLength, 200, 100, 50, 25];
/** More lines above a prompt say nothing of it to a person. */
const mostLines = 12;

/** What the program asks by the rule that has found it; `role`: of the program whose rule that is. */
export function askedPrompt(
  facts: TerminalFacts,
  regions: Readonly<Record<string, Region>>,
  rule: StateRule,
  role: ProgramRole | undefined,
): AskedPrompt {
  const found = new ScreenRegions(facts, regions);
  const isAtCursor = rule.when.some((condition) => condition.in === "before_cursor");
  const shown = rule.when.flatMap((condition) => {
    if (condition.in === undefined || condition.in === "title") return [];
    const lines = found.of(condition.in) ?? [];
    // In a narrow terminal its last row stands behind all of it once more.
    return condition.in === "before_cursor" ? lines.slice(0, 1) : lines;
  });
  const list = choicesOn(facts, rule, rule.about && found.rowsOf(rule.about.in)?.first);
  const dialog = rule.about && askedDialog(facts, found, rule.about, list?.row ?? facts.lines.length);
  const isPart = rule.about !== undefined && dialog?.whole !== true;
  const before = found.of("before_cursor")?.[0] ?? "";
  return {
    lines: dialog
      ? dialog.words
      : isAtCursor && rule.answer !== "list"
        ? linesOfPrompt(facts)
        : [...new Set(shown)].slice(-mostLines),
    ...(dialog && dialog.about.length > 0 ? { about: dialog.about.join("\n") } : {}),
    ...(isPart ? { isPart } : {}),
    choices: list ? list.choices.map(({ label }) => label) : namedChoices(rule, before, facts),
    form: isPart || (isFromList(rule) && !list) ? undefined : rule.answer,
    secret: rule.secret === true,
    interruptible: role !== "agent",
    beforeCursor: isAtCursor ? before : undefined,
    fingerprint: promptFingerprint(facts, {
      name: rule.name,
      shown,
      before: isAtCursor ? before : undefined,
      rows: dialog?.rows,
    }),
  };
}

interface SeenPrompt {
  /** Of its rule. */
  readonly name: string;
  /** What the rule looked at. */
  readonly shown: readonly string[];
  /** What stands before the cursor, where that is a part of it. */
  readonly before: string | undefined;
  /** All of its dialog. */
  readonly rows: readonly string[] | undefined;
}

function promptFingerprint(facts: TerminalFacts, { name, shown, before, rows }: SeenPrompt): string {
  const own = lastingText(shown, { beside: false });
  const above = before === undefined ? undefined : textAbove(facts);
  const isWhole = facts.scrolled === 0;
  const text = hash64(
    JSON.stringify([
      name,
      own.text,
      before === undefined ? -1 : before.length - before.trimEnd().length,
      // What is to be allowed is not the same with one blank more.
      ...(rows ? [rows] : []),
    ]),
  );
  const seen = above && endOf(above, contextLength);
  const contexts = seen
    ? contextLengths.map((length) => (isWhole || seen.text.length >= length ? hash64(endOf(seen, length).text) : ""))
    : [];
  const times = [...(seen?.times ?? []), ...own.times];
  return [
    text,
    `${facts.cols}x${facts.lines.length}`,
    before !== undefined && !facts.alternate && facts.scrolled !== undefined ? facts.scrolled + facts.cursor.row : "",
    facts.entered ?? "",
    seen ? [hash64(seen.text), ...contexts].join(",") : "",
    ...(times.length > 0 ? [Math.round((facts.at ?? 0) / 1000), times.join(",")] : []),
  ].join(":");
}

/** Tells whether a terminal still shows the same, but for what moves by itself (`looksTheSame`). */
export function screenFingerprint({ lines, cols }: Pick<TerminalFacts, "lines" | "cols">): string {
  return `${hash64(lastingText(lines, { beside: false }).text)}:${cols}`;
}

/** What a program says that it asks (OSC 7501), where no rule knows its screen: it is answered only there. */
export function saidPrompt({ lines: [said = "", ...message] }: StateEvidence): AskedPrompt {
  return {
    lines: message,
    choices: [],
    form: undefined,
    secret: false,
    interruptible: false,
    beforeCursor: undefined,
    fingerprint: [hash64(JSON.stringify([said, ...message])), "", "", ""].join(":"),
  };
}

/** What is chosen from, below the row in which its dialog begins, in a form of answering that needs it on the screen. */
function choicesOn(facts: TerminalFacts, rule: StateRule, begins = -1): ChoiceList | undefined {
  const list = choicesOf(facts, rule);
  if (!list || list.row <= begins) return undefined;
  // Where a text or several of them are wanted, to take one is no answer.
  const { choices } = list;
  return choices.length === 1 || choices.some(({ label }) => boxed.test(label)) ? undefined : list;
}

function choicesOf(facts: TerminalFacts, { answer, choices = [] }: StateRule): ChoiceList | undefined {
  switch (answer) {
    case "list":
      return choiceList(facts);
    case "row":
      return choicesInRow(facts.lines, choices);
    case "key":
      return keyedChoices(facts);
    default:
      return undefined;
  }
}

const boxed = /^(?:\d+[.)] )?\[[ xX✓✔]\]/u;

function isFromList({ answer }: StateRule): boolean {
  return answer === "list" || answer === "row" || answer === "key";
}

/** What stands above the line that asks, and on that line up to the cursor. */
function textAbove({ lines, cursor, cols }: TerminalFacts): LastingText {
  let first = cursor.row;
  while (first > 0 && isWrapped(lines[first - 1] ?? "", cols)) first--;
  const own = Array.from(lines[cursor.row] ?? "")
    .slice(0, cursor.col)
    .join("");
  const above = lastingText(lines.slice(0, first), { beside: true });
  const line = lastingText([...lines.slice(first, cursor.row), own], { beside: false });
  return { text: `${above.text}${line.text}`, times: [...above.times, ...line.times] };
}

/** A command that was typed at a prompt, and what comes below it is about. */
const commandLine = /^(?:\S*[@:~/\\]\S*(?: \S+){0,2}|\[[^\]]+\]|[\w.-]{1,24}|) ?[$#%>❯➜»λ] +\S/u;

/** The line that asks, and those above it since the command that was typed. */
function linesOfPrompt({ lines, cursor, cols }: TerminalFacts): string[] {
  const first = Math.max(0, cursor.row - mostLines + 1);
  const until = lines.slice(first, cursor.row + 1).map(bareLine);
  let command = until.findLastIndex((line, at) => at < until.length - 1 && commandLine.test(line));
  // The blank between two words may stand in the last cell.
  while (command >= 0 && command < until.length - 2 && isWrapped(lines[first + command] ?? "", cols - 1)) command++;
  return until.slice(command + 1).filter((line, at, all) => line !== "" || (at > 0 && all[at - 1] !== ""));
}

/** A choice in brackets: `[y/N]`, `(yes/no/[fingerprint])`, `[y,n,q,a,d,e,?]`, `(y or n)`. */
const inBrackets = /\[([^[\]()\n]{2,80})\]|[(<]([^()<>\n]{2,80})[)>]/gu;
const together = /^(?:yn|nyae)$/iu;
const longestChoice = 16;
const mostChoices = 24;

/** The answers that a prompt on the line of the cursor names. */
function namedChoices(rule: StateRule, before: string, facts: TerminalFacts): readonly string[] {
  if (rule.answer === undefined || rule.secret) return [];
  if (rule.answer === "enter") return ["continue"];
  const named = [...before.matchAll(inBrackets)]
    .map((match) => choicesIn(match[1] ?? match[2] ?? ""))
    .findLast((choices) => choices.length > 1);
  if (named) return named;
  if (rule.choices) return rule.choices;
  if (rule.kind === "confirm" || rule.kind === "trust") return ["y", "n"];
  return rule.name === "select" ? numbered(facts) : [];
}

/** `[y/N]` shows its default as a capital letter, `[y,n,j,J]` means two keys. */
function choicesIn(text: string): string[] {
  if (together.test(text)) return Array.from(text.toLowerCase());
  const separator = text.includes(",") ? "," : text.includes("/") ? "/" : text.includes("|") ? "|" : " or ";
  const parts = text.split(separator).map((part) => part.trim());
  // What stands in brackets of its own is described, not named: `[fingerprint]`.
  const named = parts.filter((part) => !/^\[.{4,}\]$/u.test(part)).map((part) => part.replace(/^\[|\]$/gu, ""));
  if (named.length > mostChoices || named.some((part) => !/^\S+$/u.test(part) || part.length > longestChoice))
    return [];
  const small = named.map((part) => part.toLowerCase());
  return new Set(small).size === small.length ? small : [...new Set(named)];
}

function numbered({ lines, cursor }: TerminalFacts): string[] {
  const found = lines
    .slice(0, cursor.row)
    .flatMap((line) => [...line.matchAll(/(?<=^|\s)(\d{1,3})\) \S/gu)].map((match) => match[1] ?? ""));
  // Many stand in columns.
  return found.sort((one, other) => Number(one) - Number(other));
}
