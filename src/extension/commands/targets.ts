import { l10n, Uri, workspace } from "vscode";
import { requireOpen } from "../../core/people/escalations";
import { namedQuestion } from "../../core/people/namedQuestion";
import { sessionsNamed } from "../../core/people/namedSession";
import { OrchestratorError } from "../../core/model/errors";
import { shortSession } from "../../core/model/names";
import { isLiving, mayBeRetried } from "../../core/model/states";
import { openQuestions, type Question, questionOf } from "../../protocol/attentionRows";
import { noQuestionSentence } from "../../protocol/needText";
import { statusLook } from "../../protocol/projectRows";
import type { TileMenuPlace } from "../../protocol/sessionMenu";
import { sessionLook, shownState, taskLook } from "../../protocol/stateLook";
import { tilesOf } from "../../protocol/tiles";
import { outputScheme, questionScheme, stateTextScheme } from "../identifiers";
import { shown, shownList } from "../shownText";
import { window } from "../shownWindow";
import type { FollowedProject, WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { Remedy } from "../../core/model/remedy";
import { projectGone } from "../records/projectGone";

/** What a command is about: the row that it was chosen on, else what the person picks. */
export interface NamedTarget {
  readonly followed: FollowedProject;
  readonly name: string;
}

interface RowLike {
  readonly key: string;
  readonly kind?: string;
  readonly name?: string;
}

function isRow(value: unknown): value is RowLike {
  return typeof value === "object" && value !== null && "key" in value && typeof value.key === "string";
}

interface NamedTask {
  /** Its name or id. */
  readonly project: string;
  readonly task: string;
}

function isNamedTask(value: unknown): value is NamedTask {
  return (
    typeof value === "object" &&
    value !== null &&
    "project" in value &&
    typeof value.project === "string" &&
    "task" in value &&
    typeof value.task === "string"
  );
}

/** By its row, by its name or id, or picked; undefined when the person left. Throws `project_not_found`. */
export async function projectTarget(
  records: WorkspaceRecords,
  argument: unknown,
): Promise<FollowedProject | undefined> {
  if (isRow(argument)) return need(records.get(argument.key));
  const named =
    typeof argument === "string"
      ? records.all().filter(({ project }) => project.name === argument || project.project_id === argument)
      : [];
  if (named[0] && named.length === 1) return named[0];
  // Two folders may have projects of one name.
  const items = (named.length > 0 ? named : records.all()).map((followed) => ({
    label: shown(followed.project.name),
    description: shown(statusLook(records.picture(followed)).word),
    detail: shown(followed.folder.name),
    followed,
  }));
  if (items.length === 0)
    throw new OrchestratorError("project_not_found", l10n.t("There is no project in this workspace yet."), {
      kind: "create_project",
    });
  return (
    await window.showQuickPick(items, { placeHolder: shown(l10n.t("Choose a project")), matchOnDescription: true })
  )?.followed;
}

/**
 * What a command is given, with a tile's menu, a text about a session and a task's output as the rows of these: all that
 * knows rows knows them. Throws `session_not_found` for a tile whose session is over by now.
 */
export function withRow(records: WorkspaceRecords, argument: unknown): unknown {
  if (argument instanceof Uri && argument.scheme === stateTextScheme)
    return { kind: "session", key: argument.query, name: argument.fragment } satisfies RowLike;
  if (argument instanceof Uri && argument.scheme === outputScheme)
    return { kind: "task", key: argument.query, name: argument.fragment } satisfies RowLike;
  if (!isTilePlace(argument)) return argument;
  // Nobody looks at the ages.
  const tile = tilesOf(records.pictures(), 0).find(({ id }) => id === argument.tile);
  if (!tile)
    throw new OrchestratorError(
      "session_not_found",
      l10n.t("The session of this tile has ended."),
      projectsOf(records),
    );
  return { kind: "session", key: tile.key, name: tile.session } satisfies RowLike;
}

function isTilePlace(value: unknown): value is Pick<TileMenuPlace, "tile"> {
  return typeof value === "object" && value !== null && "tile" in value && typeof value.tile === "string";
}

/** A session by its row, by what names it anywhere (`namedSession`), or picked from `among`. */
export async function sessionTarget(
  records: WorkspaceRecords,
  argument: unknown,
  among: "living" | "all" = "living",
): Promise<NamedTarget | undefined> {
  if (isRow(argument) && argument.kind === "session")
    return {
      followed: need(records.get(argument.key)),
      name: argument.name ?? "",
    };
  if (isRow(argument) && argument.kind === "task") return sessionOfTask(records, argument);
  const owners = records.all().map((followed) => {
    const sessions = new Map(records.picture(followed).sessions.map((each) => [each.session_name, each]));
    return { followed, state: { sessions } };
  });
  const all = owners.flatMap(({ followed, state }) =>
    [...state.sessions.values()].map((session) => ({ followed, session })),
  );
  const named =
    typeof argument === "string"
      ? sessionsNamed(owners, argument).map(({ owner, context }) => ({ followed: owner.followed, session: context }))
      : [];
  if (named[0] && named.length === 1) return { followed: named[0].followed, name: named[0].session.session_name };
  const choices = named.length > 0 ? named : all.filter(({ session }) => among === "all" || isLiving(session));
  if (choices.length === 0)
    throw new OrchestratorError(
      "session_not_found",
      l10n.t("No session is open in this workspace. A running project opens sessions."),
      projectsOf(records),
    );
  const several = (workspace.workspaceFolders?.length ?? 0) > 1;
  const items = choices.map(({ followed, session }) => ({
    label: shown(session.session_name),
    description: shownList([sessionLook(shownState(session)).word, several ? followed.folder.name : ""]),
    detail: shown(session.last_signal),
    target: { followed, name: session.session_name },
  }));
  const picked = await window.showQuickPick(items, {
    placeHolder: shown(l10n.t("Choose a session")),
    matchOnDescription: true,
  });
  return picked?.target;
}

/** The session that ran the task last. Throws `session_not_found`. */
function sessionOfTask(records: WorkspaceRecords, { key, name = "" }: RowLike): NamedTarget {
  const followed = need(records.get(key));
  const session = followed.record.state.tasks.get(name)?.session_name ?? null;
  if (session !== null) return { followed, name: session };
  throw new OrchestratorError("session_not_found", l10n.t("{0} has run in no session yet.", name), projectsOf(records));
}

/** Whether nothing more comes of that session. */
export function isOver(records: WorkspaceRecords, { followed, name }: NamedTarget): boolean {
  const session = records.picture(followed).sessions.find((each) => each.session_name === name);
  return session === undefined || !isLiving(session);
}

/** A session where the argument names one by row or name, and nothing is asked. */
export function givenSession(records: WorkspaceRecords, argument: unknown): NamedTarget | undefined {
  if (isRow(argument))
    return argument.kind === "session"
      ? {
          followed: need(records.get(argument.key)),
          name: argument.name ?? "",
        }
      : undefined;
  const followed = records
    .all()
    .filter(({ record }) => typeof argument === "string" && record.state.sessions.has(argument));
  return followed[0] && followed.length === 1 ? { followed: followed[0], name: String(argument) } : undefined;
}

/** A task where the argument names one by its row, and nothing is asked. */
export function givenTask(records: WorkspaceRecords, argument: unknown): NamedTarget | undefined {
  return isRow(argument) && argument.kind === "task"
    ? { followed: need(records.get(argument.key)), name: argument.name ?? "" }
    : undefined;
}

/** A task: by its row, by its name and its project's, or picked, from those that can be retried or from all. */
export async function taskTarget(
  records: WorkspaceRecords,
  argument: unknown,
  among: "retriable" | "all" = "retriable",
): Promise<NamedTarget | undefined> {
  if (isNamedTask(argument)) {
    const followed = await projectTarget(records, argument.project);
    return followed && { followed, name: argument.task };
  }
  const given = givenTask(records, argument);
  if (given) return given;
  const items = records.all().flatMap((followed) =>
    [...followed.record.state.tasks.values()]
      .filter((task) => among === "all" || mayBeRetried(task.state))
      .map((task) => ({
        label: shown(task.id),
        description: shownList([followed.project.name, taskLook(task.state).word]),
        target: { followed, name: task.id },
      })),
  );
  if (items.length === 0)
    throw new OrchestratorError(
      "usage",
      among === "all"
        ? l10n.t("There is no task in this workspace yet.")
        : l10n.t("There is no task to retry: no task has failed or is blocked, cancelled or skipped."),
      projectsOf(records),
    );
  const picked = await window.showQuickPick(items, {
    placeHolder: shown(among === "all" ? l10n.t("Choose a task") : l10n.t("Choose the task to retry")),
    matchOnDescription: true,
  });
  return picked?.target;
}

/** An open question by its row, by that of its session, by its entry's id or an end of it, or picked. */
export async function questionTarget(records: WorkspaceRecords, argument: unknown): Promise<Question | undefined> {
  if (isRow(argument) && argument.kind === "session") return questionOfSession(records, argument);
  const id = questionId(argument);
  if (id !== undefined) return openQuestion(records, id);
  const questions = openQuestions(records.pictures());
  if (questions.length === 0)
    throw new OrchestratorError("entry_not_found", noQuestionSentence(records.pictures()), projectsOf(records));
  if (questions.length === 1) return questions[0];
  const items = questions.map((question) => ({
    label: shown(`${question.who} (${question.project})`),
    detail: shown(question.reason),
    question,
  }));
  return (await window.showQuickPick(items, { placeHolder: shown(l10n.t("Choose a question")), matchOnDetail: true }))
    ?.question;
}

/** Throws `entry_not_found` where it was answered meanwhile. */
function questionOfSession(records: WorkspaceRecords, { key, name }: RowLike): Question {
  const question = openQuestions(records.pictures()).find((each) => each.key === key && each.session === name);
  if (question) return question;
  throw new OrchestratorError(
    "entry_not_found",
    l10n.t("{0} has no open question.", shortSession(name ?? "")),
    projectsOf(records),
  );
}

/** Of its page, its row, or itself. */
function questionId(argument: unknown): string | undefined {
  if (argument instanceof Uri) return argument.scheme === questionScheme ? argument.fragment : undefined;
  if (typeof argument === "string") return argument;
  return typeof argument === "object" && argument !== null && "id" in argument && typeof argument.id === "string"
    ? argument.id
    : undefined;
}

/** Throws `entry_not_found`, `ambiguous`, and `already_answered` with who was first. */
function openQuestion(records: WorkspaceRecords, id: string): Question {
  const owners = records.all().map((followed) => ({ state: followed.record.state, followed }));
  const { owner, entry } = namedQuestion(owners, id);
  const escalation = owner.state.escalations.get(entry.id);
  if (escalation) requireOpen(escalation, owner.followed.project.project_id);
  return questionOf(records.picture(owner.followed), entry);
}

function need(followed: FollowedProject | undefined): FollowedProject {
  if (followed) return followed;
  throw projectGone();
}

/** What there is to look at where nothing is left to do. */
function projectsOf(records: WorkspaceRecords): Remedy {
  return { kind: "choose_project", known: records.all().map(({ project }) => project.name) };
}

/** Callers with arguments of their own (keybindings, tasks) may say that the person is not asked. */
export function isForced(options: unknown): boolean {
  return typeof options === "object" && options !== null && "force" in options && options.force === true;
}

/** Somebody who only looks keeps the focus where it is. */
export function isLook(options: unknown): boolean {
  return typeof options === "object" && options !== null && "look" in options && options.look === true;
}
