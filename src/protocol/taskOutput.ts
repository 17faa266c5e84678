import * as l10n from "@vscode/l10n";
import type { ContextEntry } from "../core/model/entry";
import { shortSession } from "../core/model/names";
import { openEscalations, type TaskRecord } from "../core/model/projectState";
import { brief, dateAndTime, durationText, runningTime } from "../core/model/sentences";
import { taskWait } from "../core/model/taskWait";
import { addCommand, commandTitle, isUnended, type LiveOutput } from "./commandText";
import type { ProjectPicture } from "./projectRows";
import { questionParts } from "./question";
import { taskLook } from "./stateLook";
import { shownTaskLook } from "./taskWaitLook";
import { type TaskTry, taskTries } from "./taskTries";
import { type PagePart, type TextPage, WrittenPage } from "./textPage";

/** All that is known of a task's output, as a page to read. */
export interface TaskOutput extends TextPage {
  /** The session whose command has not ended, as far as the log knows; undefined: nothing comes any more. */
  readonly runsIn: string | undefined;
}

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
  const page = new WrittenPage();
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

/**
 * What stands below a command on its session's screen and history; `whole` is false where the command is not found there,
 * so that it is all that the session shows.
 */
export function belowCommand(rows: readonly string[], input: string): { lines: readonly string[]; whole: boolean } {
  const first = brief(input.split("\n").findLast((line) => line.trim() !== "") ?? "", 40).replace(/…$/, "");
  const at = first === "" ? -1 : rows.findLastIndex((row) => row.includes(first));
  return { lines: rows.slice(at + 1), whole: at >= 0 };
}

function addTry(page: WrittenPage, source: TaskOutputSource, tried: TaskTry, isLast: boolean): void {
  const { picture, now } = source;
  page.section(tryTitle(picture, source.task, tried, isLast), tried.folder ?? picture.project.default_cwd, () => {
    addFacts(page, picture, tried, now);
    if (tried.commands.length === 0) page.add("text", { text: nothingRan(tried, isLast) });
    return tried.commands.map((each) => {
      page.blank();
      return page.part(commandTitle(each), () => addCommand(page, source, each));
    });
  });
}

/** `Try 2: failed, exit code 1` */
export function tryTitle(picture: ProjectPicture, task: string, tried: TaskTry, isLast: boolean): string {
  return `${tryName(tried)}: ${endOf(picture, task, tried, isLast)}`;
}

function addFacts(page: WrittenPage, { project }: ProjectPicture, tried: TaskTry, now: number): void {
  const begin = tried.started ?? tried.commands[0]?.command;
  const end = tried.ended ?? (tried.commands.at(-1)?.result === undefined ? undefined : tried.commands.at(-1)?.result);
  const ms = begin === undefined ? undefined : (end === undefined ? now : Date.parse(end.ts)) - Date.parse(begin.ts);
  const { session } = tried;
  const facts: readonly (readonly [string, PagePart | undefined])[] = [
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
  page.facts(facts);
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

function endOf({ state }: ProjectPicture, id: string, { ended, commands }: TaskTry, isLast: boolean): string {
  const record = isLast ? state.tasks.get(id) : undefined;
  if (ended) return withCode(taskLook(ended.state as TaskRecord["state"]).word, ended.exit_code);
  if (record && (record.parked_by !== undefined || record.state === "running" || record.state === "blocked"))
    return shownTaskLook(record, state, Infinity).word;
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
