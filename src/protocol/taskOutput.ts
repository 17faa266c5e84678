import * as l10n from "@vscode/l10n";
import type { ContextEntry } from "../core/model/entry";
import { shortSession } from "../core/model/names";
import { openEscalations, type TaskRecord } from "../core/model/projectState";
import type { SessionContext } from "../core/model/session";
import { brief, dateAndTime, durationText, runningTime } from "../core/model/sentences";
import { isLiving } from "../core/model/states";
import { taskWait } from "../core/model/taskWait";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import { padToWidth, textWidth } from "../core/base/textWidth";
import { isRunning, type ProjectPicture } from "./projectRows";
import { questionParts } from "./question";
import { taskLook } from "./stateLook";
import { shownTaskLook } from "./taskWaitLook";
import { type TaskTry, taskTries, type TriedCommand } from "./taskTries";

/** What a part of the page leads to. `session`: its logical name. */
export type OutputPlace =
  | { readonly kind: "session"; readonly session: string }
  /** Its whole screen and history, as text. */
  | { readonly kind: "sessionText"; readonly session: string }
  | { readonly kind: "question"; readonly id: string };

export interface OutputPart {
  readonly text: string;
  readonly to?: OutputPlace;
}

/** `output`: what a program printed. */
export type OutputStyle = "title" | "heading" | "text" | "command" | "output";

export interface OutputLine {
  readonly style: OutputStyle;
  readonly parts: readonly OutputPart[];
}

/** One try, from its heading to the line before the next one; lines from 0. */
export interface OutputSection {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** Where the paths that its output names begin; absolute. */
  readonly folder: string;
  readonly commands: readonly { readonly title: string; readonly from: number; readonly to: number }[];
}

/** All that is known of a task's output, as a page to read. */
export interface TaskOutput {
  readonly lines: readonly OutputLine[];
  readonly sections: readonly OutputSection[];
  /** The session whose command has not ended, as far as the log knows; undefined: nothing comes any more. */
  readonly runsIn: string | undefined;
}

/** What the session of a command shows that has not ended. */
export type LiveOutput =
  | { readonly is: "shown"; readonly lines: readonly string[]; readonly whole: boolean }
  /** `why`: a sentence. */
  | { readonly is: "unreachable"; readonly why: string };

export interface TaskOutputSource {
  readonly picture: ProjectPicture;
  readonly task: string;
  /** All of the task, in the log's order, long texts whole. */
  readonly entries: readonly ContextEntry[];
  readonly live: LiveOutput | undefined;
  readonly now: number;
}

/** The page of a task: how it stands, then its tries with their commands and all that was recorded of their output. */
export function taskOutput(source: TaskOutputSource): TaskOutput {
  const { picture, task: id, entries } = source;
  const record = picture.state.tasks.get(id);
  const tries = taskTries(entries);
  const page = new Page();
  page.add("title", { text: `${id} (${picture.project.name})` });
  page.add("text", { text: standingWords(source, record, tries) });
  for (const entry of openEscalations(picture.state))
    if (entry.task_id === id) page.add("text", { text: questionWords(entry), to: { kind: "question", id: entry.id } });
  for (const each of tries) addTry(page, source, each, each === tries.at(-1));
  const running = tries.at(-1)?.commands.findLast((tried) => isUnended(picture, tried));
  return {
    lines: page.lines,
    sections: page.sections,
    runsIn: running?.command.session_name ?? undefined,
  };
}

export function lineText({ parts }: OutputLine): string {
  return parts.map(({ text }) => text).join("");
}

/**
 * What stands below a command on its session's screen and history; `whole` is false where the command is not found there,
 * so that it is all that the session shows.
 */
export function belowCommand(rows: readonly string[], input: string): { lines: readonly string[]; whole: boolean } {
  const first = brief(input.split("\n").findLast((line) => line.trim() !== "") ?? "", 40).replace(/…$/, "");
  const at = first === "" ? -1 : rows.findLastIndex((row) => row.includes(first));
  return { lines: rows.slice(at + 1), whole: at >= 0 };
}

class Page {
  readonly lines: OutputLine[] = [];
  readonly sections: OutputSection[] = [];

  add(style: OutputStyle, ...parts: readonly OutputPart[]): void {
    this.lines.push({ style, parts: parts.map((part) => ({ ...part, text: oneLine(part.text) })) });
  }

  blank(): void {
    this.lines.push({ style: "text", parts: [] });
  }
}

function oneLine(text: string): string {
  return stripControlCharacters(text).replace(/\n/g, " ");
}

function addTry(page: Page, source: TaskOutputSource, tried: TaskTry, isLast: boolean): void {
  const { picture, now } = source;
  page.blank();
  const from = page.lines.length;
  const title = `${tryName(tried)}: ${endOf(source, tried, isLast)}`;
  page.add("heading", { text: title });
  addFacts(page, picture, tried, now);
  const commands: { title: string; from: number; to: number }[] = [];
  for (const each of tried.commands) {
    page.blank();
    const begin = page.lines.length;
    addCommand(page, source, each);
    commands.push({ title: commandTitle(each), from: begin, to: page.lines.length - 1 });
  }
  if (tried.commands.length === 0) page.add("text", { text: nothingRan(tried, isLast) });
  const folder = tried.folder ?? picture.project.default_cwd;
  page.sections.push({ title, from, to: page.lines.length - 1, folder, commands });
}

function addFacts(page: Page, { project }: ProjectPicture, tried: TaskTry, now: number): void {
  const begin = tried.started ?? tried.commands[0]?.command;
  const end = tried.ended ?? (tried.commands.at(-1)?.result === undefined ? undefined : tried.commands.at(-1)?.result);
  const ms = begin === undefined ? undefined : (end === undefined ? now : Date.parse(end.ts)) - Date.parse(begin.ts);
  const { session } = tried;
  const facts: readonly (readonly [string, OutputPart | undefined])[] = [
    [l10n.t("Started"), begin && { text: dateAndTime(begin.ts) }],
    [l10n.t("Ended"), end && { text: dateAndTime(end.ts) }],
    [
      l10n.t("Duration"),
      ms === undefined ? undefined : { text: end === undefined ? runningTime(ms) : durationText(ms) },
    ],
    [
      l10n.t("Session"),
      session === null ? undefined : { text: shortSession(session), to: { kind: "session", session } },
    ],
    [l10n.t("Folder"), { text: tried.folder ?? project.default_cwd }],
  ];
  const width = Math.max(...facts.map(([name]) => textWidth(name))) + 2;
  for (const [name, value] of facts) if (value) page.add("text", { text: padToWidth(`${name}:`, width) }, value);
}

function addCommand(page: Page, source: TaskOutputSource, { command, result }: TriedCommand): void {
  const [mark, next] = command.typed_as === "prompt" ? ["› ", "  "] : ["$ ", "  "];
  outputRows(command.input ?? command.text).forEach((line, row) =>
    page.add("command", { text: `${row === 0 ? mark : next}${line}` }),
  );
  if (isUnended(source.picture, { command, result })) addLive(page, source, result);
  else if (result) addResult(page, source.picture, command, result);
  else page.add("text", { text: l10n.t("(The log does not have the end of this command.)") });
}

function addResult(page: Page, picture: ProjectPicture, command: ContextEntry, result: ContextEntry): void {
  const rows = outputRows(result.output ?? "");
  if (result.complete === false) addTailNote(page, picture, command, rows.length > 0);
  for (const text of rows) page.add("output", { text });
  page.add("text", { text: `(${result.text}${rows.length === 0 ? ` ${l10n.t("No output.")}` : ""})` });
}

/** Where more than the log has can be read. */
function addTailNote(page: Page, picture: ProjectPicture, command: ContextEntry, some: boolean): void {
  const session = livingSince(picture, command);
  const what =
    command.typed_as === "prompt"
      ? l10n.t("The log has what the agent said last.")
      : some
        ? l10n.t("The log has only the end of this output.")
        : l10n.t("The log has nothing of this output.");
  page.add(
    "text",
    { text: session === undefined ? `(${what})` : `(${what} ` },
    ...(session === undefined
      ? []
      : [
          {
            text: l10n.t("Show all that {0} still has", shortSession(session)),
            to: { kind: "sessionText", session } as const,
          },
          { text: ")" },
        ]),
  );
}

function addLive(page: Page, { live, picture }: TaskOutputSource, result: ContextEntry | undefined): void {
  if (live?.is === "shown") {
    if (!live.whole) page.add("text", { text: l10n.t("(All that its session shows now:)") });
    for (const text of live.lines) page.add("output", { text });
    page.add("text", {
      text: isRunning(picture.runner)
        ? l10n.t("(Still running. This page follows.)")
        : l10n.t("(Still running, as far as the log knows.)"),
    });
    return;
  }
  for (const text of outputRows(result?.output ?? "")) page.add("output", { text });
  page.add("text", {
    text: live === undefined ? l10n.t("(Still running.)") : l10n.t("(Its output cannot be shown now: {0})", live.why),
  });
}

/** The session that ran the command, while it is the same one and lives. */
function livingSince({ sessions }: ProjectPicture, command: ContextEntry): string | undefined {
  const session = sessions.find(({ session_name }) => session_name === command.session_name);
  const isSame = (each: SessionContext): boolean => each.started_at === undefined || each.started_at <= command.ts;
  return session && isLiving(session) && isSame(session) ? session.session_name : undefined;
}

/** Whether the log has no end of it; also one that goes on after its task was done. */
function isUnended({ state }: ProjectPicture, { command, result }: TriedCommand): boolean {
  const id = command.command_id ?? "";
  return result === undefined ? state.openCommands.has(id) : state.stillRunning.has(id);
}

/** What a program printed, in lines; none for nothing. */
export function outputRows(text: string): string[] {
  const rows = stripControlCharacters(text).replace(/\n+$/, "").split("\n");
  return rows.length === 1 && rows[0] === "" ? [] : rows;
}

/** `failed, exit code 2 · 2 tries` */
function standingWords(
  { picture: { state }, now }: TaskOutputSource,
  record: TaskRecord | undefined,
  tries: readonly TaskTry[],
): string {
  if (!record) return l10n.t("This task is not in the log.");
  const code = record.exit_code === null || record.exit_code === 0 ? "" : l10n.t("exit code {0}", record.exit_code);
  const many =
    tries.length === 0
      ? l10n.t("not tried yet")
      : tries.length === 1
        ? l10n.t("1 try")
        : l10n.t("{0} tries", tries.length);
  const words = [
    shownTaskLook(record, state, now).word,
    brief(taskWait(record, state, now)?.why ?? ""),
    code,
    many,
    record.role === "" ? "" : l10n.t("role {0}", record.role),
  ];
  return words.filter((word) => word !== "").join(" · ");
}

function questionWords(entry: ContextEntry): string {
  return l10n.t("Needs your answer: {0}", brief(questionParts(entry).reason));
}

function tryName({ run, attempt }: TaskTry): string {
  return run === 1 ? l10n.t("Try {0}", attempt) : l10n.t("Run {0}, try {1}", run, attempt);
}

function endOf(
  { picture: { state }, task: id, now }: TaskOutputSource,
  { ended, commands }: TaskTry,
  isLast: boolean,
): string {
  const record = isLast ? state.tasks.get(id) : undefined;
  if (ended) return withCode(taskLook(ended.state as TaskRecord["state"]).word, ended.exit_code);
  const waits = record !== undefined && taskWait(record, state, now) !== undefined;
  if (record && (waits || record.state === "running" || record.state === "blocked"))
    return shownTaskLook(record, state, now).word;
  const result = commands.at(-1)?.result;
  if (result === undefined) return l10n.t("its end is not in the log");
  return withCode(taskLook(result.exit_code === 0 ? "succeeded" : "failed").word, result.exit_code);
}

function withCode(word: string, code: number | null | undefined): string {
  return code === null || code === undefined || code === 0 ? word : `${word}, ${l10n.t("exit code {0}", code)}`;
}

function nothingRan({ ended }: TaskTry, isLast: boolean): string {
  if (ended) return `(${ended.text})`;
  return isLast ? l10n.t("(Nothing was typed yet.)") : l10n.t("(Nothing was typed.)");
}

function commandTitle({ command }: TriedCommand): string {
  return brief(command.input ?? command.text, 60);
}
