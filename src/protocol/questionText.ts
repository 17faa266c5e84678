import * as l10n from "@vscode/l10n";
import { actorName } from "../core/model/actorName";
import { type ContextEntry, isAnsweredOnlyThere, isAskedInTerminal } from "../core/model/entry";
import type { TaskRecord } from "../core/model/projectState";
import type { Escalation } from "../core/model/questionState";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import { answeredWords, questionOf, waitWords } from "./attentionRows";
import { deadlineWords } from "./deadlineWords";
import { clockTime } from "../core/model/sentences";
import type { ProjectPicture } from "./projectRows";
import { answerMeanings, roleAsked } from "./question";
import { outputRows } from "./textPage";
import { padToWidth, textWidth } from "../core/base/textWidth";

/** So much of a task's output stands on the page that what is asked is still in sight. */
const outputLines = 12;

/**
 * All of a question, and what has become of it, as a page to read: nothing is cut, and nothing in it can reorder or
 * hide text.
 */
export function questionText(picture: ProjectPicture, escalation: Escalation, now: number): string {
  const { entry } = escalation;
  const { who, project, reason, command, session } = questionOf(picture, entry);
  const time = deadlineWords(entry, now);
  const facts = (
    [
      [l10n.t("Project"), project],
      [l10n.t("Folder"), picture.project.default_cwd],
      [l10n.t("Task"), entry.task_id],
      [l10n.t("Session"), session],
      [l10n.t("Asked by"), actorName(entry.actor)],
      [l10n.t("Rule"), entry.rule],
      [l10n.t("Answers"), answerWords(entry)],
      [l10n.t("Deadline"), time],
      [l10n.t("Entry"), entry.id],
    ] as const
  ).filter(([, value]) => value !== undefined && value !== "");
  const width = Math.max(...facts.map(([name]) => textWidth(name))) + 2;
  const lines = [
    `${who} (${project})`,
    "",
    ...outputAbove(picture, entry),
    reason,
    ...(command === undefined ? [] : ["", wants(who, entry), "", ...command.split("\n").map((line) => `    ${line}`)]),
    ...(entry.text === reason ? [] : ["", entry.text]),
    "",
    ...facts.map(([name, value]) => `${padToWidth(`${name}:`, width)}${value ?? ""}`),
    "",
    ...lifeLines(picture, escalation),
  ];
  return stripControlCharacters(`${lines.join("\n")}\n`);
}

/** What stands above the output on the page of a question about a task; undefined where the log has no output of it. */
export function outputHeading({ state }: ProjectPicture, { task_id }: ContextEntry): string | undefined {
  const { lines, all } = lastOutput(state.tasks.get(task_id ?? ""));
  if (lines.length === 0) return undefined;
  return lines.length === all
    ? l10n.t("Output of {0}:", task_id ?? "")
    : l10n.t("Output of {0}, the last {1} of {2} lines:", task_id ?? "", lines.length, all);
}

/** What the task printed last, before what is asked about it. */
function outputAbove(picture: ProjectPicture, entry: ContextEntry): string[] {
  const heading = outputHeading(picture, entry);
  const { lines } = lastOutput(picture.state.tasks.get(entry.task_id ?? ""));
  return heading === undefined ? [] : [heading, "", ...lines.map((line) => `    ${line}`), ""];
}

function lastOutput(task: TaskRecord | undefined): { lines: readonly string[]; all: number } {
  const all = outputRows(task?.result?.output ?? "");
  return { lines: all.slice(-outputLines), all: all.length };
}

function answerWords(entry: ContextEntry): string {
  if (isAnsweredOnlyThere(entry)) return l10n.t("in its terminal only");
  const meanings = answerMeanings(entry);
  const any = entry.secret_answer === true ? l10n.t("a secret, which is not recorded") : l10n.t("any text");
  return [
    ...(meanings.length === 0 ? [any] : meanings),
    ...(entry.interruptible === true ? [l10n.t("Ctrl-C, to interrupt what asks")] : []),
  ].join(" · ");
}

function wants(who: string, entry: ContextEntry): string {
  const role = roleAsked(entry);
  if (isAskedInTerminal(entry)) return l10n.t("{0} asks to allow:", who);
  return role === undefined
    ? l10n.t("{0} wants to run:", who)
    : l10n.t("{0} wants to start sessions of the role {1} with:", who, role);
}

/** Asked, seen, answered, applied, each with its time, and what is still missing. */
function lifeLines(picture: ProjectPicture, escalation: Escalation): string[] {
  return questionLife(picture, escalation).map(({ entry, words }) =>
    entry ? `${clockTime(entry.ts)}  ${words}` : `${" ".repeat(10)}${words}`,
  );
}

/** What became of a question, and what is still missing: that has no entry. */
export function questionLife(
  picture: ProjectPicture,
  { entry, seen, answer, applied, settled }: Escalation,
): readonly { readonly entry: ContextEntry | undefined; readonly words: string }[] {
  const steps: readonly (readonly [ContextEntry | undefined, string])[] = [
    [entry, l10n.t("asked")],
    [seen, seen === undefined ? "" : seenWords(seen)],
    [answer, answer === undefined ? "" : answeredWords(answer)],
    [applied, applied?.text ?? ""],
  ];
  const closed = isAskedInTerminal(entry)
    ? l10n.t("no longer open: it was answered in the terminal, or the program continued")
    : l10n.t("no longer open: the task continued without an answer");
  return [
    ...steps.flatMap(([each, words]) => (each ? [{ entry: each, words }] : [])),
    ...(answer && !applied && !settled ? [{ entry: undefined, words: waitWords(picture) }] : []),
    ...(!answer && settled ? [{ entry: undefined, words: closed }] : []),
  ];
}

function seenWords({ event, actor, expires_at }: ContextEntry): string {
  return event === "snoozed"
    ? l10n.t("snoozed by {0} until {1}", actorName(actor), clockTime(expires_at ?? ""))
    : l10n.t("seen by {0}", actorName(actor));
}
