import * as l10n from "@vscode/l10n";
import { brief } from "../core/model/sentences";
import { type ContextEntry, isAskedInTerminal } from "../core/model/entry";
import { answersByRisk } from "../core/model/answerOrder";
import { roleStep, runOption } from "../core/people/escalations";
import { visibleText } from "../core/safety/controlCharacters";
import { graphemesOf, textWidth } from "../core/base/textWidth";

/** A question as it is put to a person: why somebody should look comes first, then all that would run. */
export interface QuestionParts {
  readonly reason: string;
  /** What would happen, whole: a command, what the dialog of an agent shows, or settings. Absent for other questions. */
  readonly command: string | undefined;
  /** Stands before it: a shell's sign before what would be typed at one. */
  readonly mark: "$ " | "";
}

/** How many characters of a command the engine's sentence quotes. */
const quotedLength = 200;
const tabWidth = 4;

/** Takes the engine's sentence apart: `build wants to run "…": the reason`. */
export function questionParts(entry: ContextEntry): QuestionParts {
  const { input, text } = entry;
  if (entry.kind !== "approval_needed" || input === undefined) return { reason: text, command: undefined, mark: "" };
  const command = visibleText(input);
  const mark = isAskedInTerminal(entry) || roleAsked(entry) !== undefined ? "" : "$ ";
  if (entry.reason !== undefined && entry.reason !== "") return { reason: entry.reason, command, mark };
  const quote = `"${brief(input, quotedLength)}": `;
  const at = text.indexOf(quote);
  return { reason: at < 0 ? text : text.slice(at + quote.length), command, mark };
}

/**
 * The reason beside all of its command: a reason that begins with the whole command in quotes does not say it again.
 */
export function reasonBeside(command: string, reason: string): string {
  const quote = `"${brief(command)}" `;
  return reason.startsWith(quote) ? `It ${reason.slice(quote.length)}` : reason;
}

/** The role whose sessions are to be started with the settings that the question shows; undefined: it is about a command. */
export function roleAsked({ step, role }: Pick<ContextEntry, "step" | "role">): string | undefined {
  return step === roleStep ? role : undefined;
}

/**
 * What each answer does, the safest first: `retry: run the task again`; those of a program mean what it says. Empty where
 * any text is an answer.
 */
export function answerMeanings(entry: Pick<ContextEntry, "options" | "step" | "role" | "event">): readonly string[] {
  const answers = answersByRisk(entry.options ?? []);
  if (isAskedInTerminal(entry)) return answers;
  return answers.map((option) => {
    const meaning =
      option === runOption && roleAsked(entry) !== undefined ? l10n.t("start the sessions") : meaningOf(option);
    return meaning === "" ? option : `${option}: ${meaning}`;
  });
}

/** Empty for an option that this version does not know. */
function meaningOf(option: string): string {
  switch (option) {
    case "run":
      return l10n.t("run the command");
    case "wait":
      return l10n.t("keep waiting");
    case "interrupt":
      return l10n.t("interrupt it");
    case "quit":
      return l10n.t("leave the pager (q)");
    case "leave":
      return l10n.t("leave the prompt (Ctrl-D)");
    case "retry":
      return l10n.t("run the task again");
    case "continue":
      return l10n.t("have the agent continue where it stopped");
    case "taken":
      return l10n.t("the agent has taken the prompt: follow its turn");
    case "send":
      return l10n.t("send the text to the program as it stands");
    case "done":
      return l10n.t("treat it as succeeded");
    case "skip":
      return l10n.t("skip the task and every task that needs it");
    default:
      return "";
  }
}

interface WrappedLine {
  readonly text: string;
  /** Place in the whole text, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
}

/** Lines of at most `width` cells, broken behind a blank where that leaves no short line; nothing is left out. */
function wrappedLines(text: string, width: number): WrappedLine[] {
  const lines: WrappedLine[] = [];
  let from = 0;
  for (const line of text.split("\n")) {
    let rest = line;
    let at = from;
    do {
      const taken = fitting(rest, Math.max(1, width));
      lines.push({ text: taken.replaceAll("\t", " ".repeat(tabWidth)).trimEnd(), from: at, to: at + taken.length });
      at += taken.length;
      rest = rest.slice(taken.length);
    } while (rest !== "");
    from += line.length + 1;
  }
  return lines;
}

/** The beginning of the text that fits; at least one character, and never more than a screen could show. */
function fitting(text: string, width: number): string {
  let cells = 0;
  let end = 0;
  let afterBlank = 0;
  for (const { segment, index } of graphemesOf(text.slice(0, width * 8 + 64))) {
    cells += segment === "\t" ? tabWidth : textWidth(segment);
    if (cells > width && end > 0) return text.slice(0, afterBlank > end / 2 ? afterBlank : end);
    end = index + segment.length;
    if (/^\s/.test(segment)) afterBlank = end;
  }
  return text.slice(0, end);
}

/** How many lines of so many cells a text needs. */
export function linesNeeded(text: string, width: number): number {
  return wrappedLines(text, width).length;
}

/** All lines of a sentence. */
export function sentenceLines(text: string, width: number): string[] {
  return wrappedLines(text.replace(/\s+/g, " ").trim(), width).map((line) => line.text);
}

/**
 * The command in at most `most` lines (three at least). What does not fit is cut from the middle and counted, never
 * what the reason is about: the words that it quotes.
 */
export function commandLines(command: string, reason: string, width: number, most: number): string[] {
  const lines = wrappedLines(command, width);
  if (lines.length <= most) return lines.map((line) => line.text);
  const [from, to] = partOf(command, reason);
  const kept = new Set<number>();
  for (const [index, line] of lines.entries())
    if (line.from < to && line.to > from && kept.size < Math.max(1, most - 2)) kept.add(index);
  const wanted = [0, lines.length - 1, ...Array.from({ length: Math.min(most, lines.length) }, (_, index) => index)];
  for (const index of wanted) {
    const more = new Set(kept).add(index);
    if (more.size + gaps(more, lines.length).length <= most) kept.add(index);
  }
  const hidden = gaps(kept, lines.length);
  return lines.flatMap((line, index) => {
    const gap = hidden.find(([first]) => first === index);
    if (gap) return [hiddenWords((lines[gap[1]]?.to ?? 0) - line.from)];
    return kept.has(index) ? [line.text] : [];
  });
}

function hiddenWords(count: number): string {
  return count === 1 ? l10n.t("… 1 character hidden …") : l10n.t("… {0} characters hidden …", count);
}

/** First and last line of each run of lines that is left out. */
function gaps(kept: ReadonlySet<number>, count: number): [number, number][] {
  const found: [number, number][] = [];
  for (let index = 0; index < count; index++) {
    if (kept.has(index)) continue;
    const last = found.at(-1);
    if (last?.[1] === index - 1) last[1] = index;
    else found.push([index, index]);
  }
  return found;
}

/**
 * Where the words stand that the reason quotes (their first one at least), else the text's end, which is met last by a
 * reader.
 */
function partOf(command: string, reason: string): [number, number] {
  const quoted = /^"(.+?)…?"[ :]/.exec(reason)?.[1] ?? /"(.+?)…?"/.exec(reason)?.[1];
  if (quoted !== undefined) {
    const words = quoted.split(" ").map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    for (let count = words.length; count > 0; count--) {
      const match = new RegExp(`(?<![\\w-])${words.slice(0, count).join("[\\s\"'\\\\]+")}`).exec(command);
      if (match) return [match.index, match.index + match[0].length];
    }
  }
  return [Math.max(0, command.length - 1), command.length];
}
