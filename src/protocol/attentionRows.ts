import { byCodeUnits } from "../core/base/textOrder";
import * as l10n from "@vscode/l10n";
import { actorName } from "../core/model/actorName";
import { brief } from "../core/model/sentences";
import { type ContextEntry, isAskedInTerminal } from "../core/model/entry";
import { promptInBrief, promptLine } from "../core/model/promptWords";
import { openEscalations } from "../core/model/projectState";
import { questionSession } from "../core/model/questionSession";
import { asked, spokenAge } from "./ageText";
import { deadlineWords } from "./deadlineWords";
import { shortSession } from "../core/model/names";
import { isRunning, type ProjectPicture, type RowContext } from "./projectRows";
import { answersByRisk } from "../core/model/answerOrder";
import { questionParts, reasonBeside, roleAsked } from "./question";

/** A question, with all that a person needs to answer it. */
export interface Question {
  readonly key: string;
  readonly entry: ContextEntry;
  readonly id: string;
  /** Logical name of the session that it is about; undefined where none has begun with it. */
  readonly session: string | undefined;
  /** Who asks: the session where there is one, else the task or the project. */
  readonly who: string;
  readonly project: string;
  readonly reason: string;
  readonly command: string | undefined;
  /** See `QuestionParts`. */
  readonly mark: "$ " | "";
  readonly options: readonly string[];
}

export interface QuestionRow extends Question {
  readonly label: string;
  readonly description: string;
  readonly tooltip: readonly string[];
  readonly spoken: string;
  readonly context: Extract<RowContext, `question${string}`>;
}

/** Of a command that a message quotes. */
const quotedLength = 200;
const mostNames = 3;
/** More of what is asked would leave no room for who asks, also in a wide side bar; the tooltip has all. */
const labelLength = 80;

/** Open questions of all projects that nobody put away, the one that blocks the oldest work first. */
export function openQuestions(pictures: readonly ProjectPicture[]): Question[] {
  return pictures
    .filter(({ state }) => !state.archived)
    .flatMap((picture) => openEscalations(picture.state).map((entry) => questionOf(picture, entry)))
    .sort((one, other) => byCodeUnits(one.entry.ts, other.entry.ts));
}

export function questionOf({ key, project, state }: ProjectPicture, entry: ContextEntry): Question {
  const session = questionSession(state, entry);
  const who = session === undefined ? (entry.task_id ?? project.name) : shortSession(session);
  return {
    key,
    entry,
    id: entry.id,
    session,
    who,
    project: project.name,
    ...questionParts(entry),
    options: entry.options ?? [],
  };
}

/** What is asked, in a few words: `Run rm -rf x?`, `Apply 3 migrations? [y/N]`. */
export function askedFirst({ entry, reason, command }: Question): string {
  if (command === undefined) return brief(promptLine(entry, reason) ?? promptInBrief(entry, reason), labelLength);
  const text = brief(command, labelLength);
  const role = roleAsked(entry);
  if (role !== undefined) return l10n.t("Start sessions of {0} with {1}?", role, text);
  return isAskedInTerminal(entry) ? text : l10n.t("Run {0}?", text);
}

export function attentionRow(question: Question, now: number): QuestionRow {
  const { who, project, reason, command, mark, options, entry } = question;
  const time = deadlineWords(entry, now);
  const label = askedFirst(question);
  const whose = `${who} (${project})`;
  const why = command === undefined ? reason : reasonBeside(command, reason);
  return {
    ...question,
    label,
    description: [whose, asked(entry.ts).text(now), time ?? "", command === undefined ? "" : brief(why)]
      .filter((part) => part !== "")
      .join(" · "),
    tooltip: [
      whose,
      why,
      ...(command === undefined ? [] : [`${mark}${command}`]),
      ...(options.length === 0 ? [] : [l10n.t("Answers: {0}", answersByRisk(options).join(", "))]),
      ...(time === undefined ? [] : [time]),
    ],
    spoken: [
      label,
      l10n.t("{0}, project {1}, needs your answer", who, project),
      ...(why === label ? [] : [why]),
      asked(entry.ts).spoken(now),
      time ?? "",
    ]
      .filter((part) => part !== "")
      .join("; "),
    context: "question",
  };
}

/** A question that is answered, as long as no run has applied the answer. */
export function answeredRow(
  picture: ProjectPicture,
  { entry, answer }: { readonly entry: ContextEntry; readonly answer: ContextEntry },
  now: number,
): QuestionRow {
  const question = questionOf(picture, entry);
  const { who, project } = question;
  const label = askedFirst(question);
  const answered = answeredWords(answer);
  const waits = waitWords(picture);
  return {
    ...question,
    label,
    description: `${who} (${project}) · ${answered} · ${waits}`,
    tooltip: [`${who} (${project})`, question.reason, answered, waits],
    spoken: [label, l10n.t("{0}, project {1}", who, project), answered, spokenAge(answer.ts, now), waits].join(", "),
    context: isRunning(picture.runner) ? "question+answered+running" : "question+answered",
  };
}

/** `answered by ada: skip` */
export function answeredWords({ answer, text, actor }: ContextEntry): string {
  const what = answer === "" ? l10n.t("Enter alone") : brief(answer ?? text);
  return l10n.t("answered by {0}: {1}", actorName(actor), what);
}

/** Why a saved answer is not applied yet: no stop follows. */
export function waitWords({ project, runner }: Pick<ProjectPicture, "project" | "runner">): string {
  if (!isRunning(runner)) return l10n.t("{0} is not running", project.name);
  return runner.who === "other" ? l10n.t("not applied yet by {0}", runner.name) : l10n.t("not applied yet");
}

/** One sentence for a message; who asks comes first. */
export function questionSentence({ who, project, reason, command, entry }: Question, now: number): string {
  const what =
    command === undefined
      ? l10n.t("{0} ({1}): {2}", who, project, promptInBrief(entry, reason))
      : wants(who, project, entry, brief(command, quotedLength), reasonBeside(command, reason));
  const time = deadlineWords(entry, now);
  return time === undefined ? what : `${what} (${time})`;
}

function wants(who: string, project: string, entry: ContextEntry, text: string, reason: string): string {
  const role = roleAsked(entry);
  if (isAskedInTerminal(entry)) return l10n.t("{0} ({1}) asks to allow: {2} — {3}", who, project, text, reason);
  return role === undefined
    ? l10n.t("{0} ({1}) wants to run: {2} — {3}", who, project, text, reason)
    : l10n.t("{0} ({1}) wants to start sessions of the role {2} with: {3} — {4}", who, project, role, text, reason);
}

/** `worker::1 (api), build (web) and 2 more` */
export function namesOf(questions: readonly Question[]): string {
  const names = [...new Set(questions.map(({ who, project }) => `${who} (${project})`))];
  const more = names.length - mostNames;
  const first = names.slice(0, mostNames).join(", ");
  return more > 0 ? l10n.t("{0} and {1} more", first, more) : first;
}
