import { outputLines } from "../core/model/commandOutput";
import type { ContextEntry } from "../core/model/entry";
import { shortSession } from "../core/model/names";
import { clockTime } from "../core/model/sentences";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import { entryPieces, hasSucceeded } from "./logLines";
import { questionParts } from "./question";

/** Of what failed so many lines of its output say why; all of it is in the log. */
const failureLines = 20;
/** UTF-16 units of what is said, and of a printed block; more is read, so that no secret is cut in two. */
const longestText = 10_000;
const reads = 5;

/** Words that some viewer makes a link or a mention of: addresses, names of hosts and files, people, issues. */
const linkLike = /\/\/|[^\s.]\.\p{L}|@|#\d|(?:mailto|xmpp):/iu;

export interface MarkdownOptions {
  /** An answer that was not the first. */
  readonly late: boolean;
  /** Takes secrets out. */
  readonly redact: (text: string) => string;
}

/** `## alpha, 2026-12-01` */
export function dayMarkdown(project: string, day: string): string {
  return `## ${inline(stripControlCharacters(project, { keepNewlines: false }))}, ${day}`;
}

/**
 * An entry as lines of an item of a Markdown list. Whatever others wrote in it is text there: no link, no markup, no HTML,
 * and nobody is mentioned.
 */
export function entryMarkdown(entry: ContextEntry, { late, redact }: MarkdownOptions): string[] {
  const clean = (text: string, longest: number): string => {
    const clear = stripControlCharacters(redact(text.slice(0, reads * longest)));
    return clear.length <= longest ? clear : `${clear.slice(0, longest)}…`;
  };
  const { project_id, session_name } = entry;
  const who = session_name === null ? project_id : shortSession(session_name);
  const said = clean(
    entryPieces(entry, late)
      .map(({ text }) => text)
      .join(""),
    longestText,
  );
  const [first = "", ...more] = said.split("\n").filter((line) => line.trim() !== "");
  const lines = [
    `${clockTime(entry.ts)} **${inline(clean(who, longestText))}** ${inline(first)}`,
    ...more.map(ofItsOwn),
  ];
  return [
    ...lines.map((line, row) => `${row === 0 ? "- " : "  "}${line}${row < lines.length - 1 ? "\\" : ""}`),
    ...fenced(clean(blockOf(entry), longestText)),
  ];
}

/** What is read as it was printed or would be typed: the end of a failure's output, or what is asked about. */
function blockOf(entry: ContextEntry): string {
  if (entry.kind === "result" && !hasSucceeded(entry))
    return outputLines(entry.output ?? "")
      .slice(-failureLines)
      .join("\n");
  const { command, mark } = questionParts(entry);
  return command === undefined ? "" : `${mark}${command}`;
}

function fenced(text: string): string[] {
  if (text === "") return [];
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return [`  ${fence}text`, ...text.split("\n").map((line) => `  ${line}`), `  ${fence}`];
}

/** Escaped; what no escape keeps from being a link is code. */
function inline(text: string): string {
  return text.trim().split(/(\s+)/).map(inlineWord).join("");
}

/** The marks of a sentence around a word stay outside of its code. */
function inlineWord(word: string): string {
  if (!linkLike.test(word)) return escaped(word);
  let [from, to] = [0, word.length];
  while (from < to && "\"'(".includes(word.charAt(from))) from++;
  const marks = word.slice(from).includes("(") ? ".,;:!?\"'" : ".,;:!?\"')";
  while (to > from && marks.includes(word.charAt(to - 1))) to--;
  return `${word.slice(0, from)}${code(word.slice(from, to))}${word.slice(to)}`;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>&~|$]/g, "\\$&");
}

/** Begins a line: what would make it a heading, a list, a quote or a rule does not. */
function ofItsOwn(line: string): string {
  return inline(line)
    .replace(/^([-+=#]|\d+[.)])/, (mark) => `${mark.slice(0, -1)}\\${mark.slice(-1)}`)
    .replace(/^:/, "\\:");
}

function code(word: string): string {
  const fence = "`".repeat(longestRun(word) + 1);
  const gap = /^`|`$/.test(word) ? " " : "";
  return `${fence}${gap}${word}${gap}${fence}`;
}

/** Of backticks. */
function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
