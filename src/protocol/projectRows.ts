import * as l10n from "@vscode/l10n";
import type { ContextEntry } from "../core/model/entry";
import { brief, durationText } from "../core/model/sentences";
import { timedOutMs } from "../core/model/taskWords";
import { type CountedState, countedTasks, type TaskCount } from "../core/model/taskCount";
import type { ProjectContext } from "../core/model/project";
import { openEscalations, type ProjectState, type TaskRecord } from "../core/model/projectState";
import { savedAnswers } from "../core/model/savedAnswers";
import type { SessionContext } from "../core/model/session";
import { isLiving, mayBeRetried, type ProjectStatus } from "../core/model/states";
import { questionsBySession } from "../core/model/questionSession";
import { agentsWords } from "./agentWords";
import { keyboardWords } from "./keyboardWords";
import { ageText, asked, lasting, past, type ShownTime } from "./ageText";
import {
  answeredTaskLook,
  askingTaskLook,
  placeOfRest,
  projectLook,
  sessionPlace,
  type StateLook,
  taskLook,
} from "./stateLook";

/** Who runs a project, as a reader of its record knows it. */
export type RunnerView =
  | { readonly who: "nobody" }
  | { readonly who: "this_window" }
  /** `name` as people read it: `process 4711 on there`. `gone`: that process ended without saying so. */
  | { readonly who: "other"; readonly name: string; readonly gone: boolean };

/** `not_running`: it should run, and no process runs it. */
export type ShownStatus = ProjectStatus | "not_running";

/** One project as its rows are made from it. */
export interface ProjectPicture {
  /** Unique among all projects of the window, and the same after a reload. */
  readonly key: string;
  readonly project: ProjectContext;
  readonly state: ProjectState;
  /** The sessions as they are: what the record says, or better where their server was asked. */
  readonly sessions: readonly SessionContext[];
  readonly runner: RunnerView;
  /** Only files name its server, which the user has never chosen: what its sessions do is not known. */
  readonly server_unchosen?: boolean;
  /** Name of the workspace folder, where there are several. */
  readonly folder: string | undefined;
  /** This window shows no notifications for it. */
  readonly muted?: boolean;
  /** Who looks at it: `human:<user>`. */
  readonly reader?: string;
  /** Hashes of variables that a new session would have here; undefined: unknown. */
  readonly fingerprints?: Readonly<Record<string, string>> | undefined;
}

export type RowKind = "project" | "tasks" | "task" | "role" | "session";

/** Words that menus are chosen by, beginning with the kind of row. */
export const rowContexts = [
  "project+running",
  "project+running+muted",
  "project+stopped",
  "project+stopped+muted",
  "tasks",
  "task",
  "task+retriable",
  "role",
  "session+living",
  "session+living+asking",
  "session+living+unseen",
  "session+living+waiting",
  "session+living+agent",
  "session+living+asking+agent",
  "session+living+unseen+agent",
  "session+living+waiting+agent",
  "session+unchosen",
  "session+over",
  "question",
  "question+answered",
  "question+answered+running",
  "need",
  "need+unseen",
  "need+waiting",
  "entry",
] as const;

export type RowContext = (typeof rowContexts)[number];

/** What a row of the tree shows; plain data. */
export interface Row {
  readonly kind: RowKind;
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Of a row with others below it; follows the description. */
  readonly age: string;
  /** What the look shows: of a project its status, of a task or session its state; "" for a group. */
  readonly state: string;
  readonly look: StateLook;
  /** Markdown-free lines. */
  readonly tooltip: readonly string[];
  /** What a screen reader says. */
  readonly spoken: string;
  readonly context: RowContext;
  readonly children: boolean;
  readonly expanded: boolean;
  readonly key: string;
  /** The task's id, the role's name or the session's logical name. */
  readonly name: string;
}

export const longestLine = 200;

export function row(
  kind: RowKind,
  picture: ProjectPicture,
  name: string,
  rest: Pick<Row, "label" | "description" | "state" | "look" | "spoken" | "context"> & Partial<Row>,
): Row {
  return {
    kind,
    id: `${picture.key}/${kind}/${name}`,
    age: "",
    tooltip: [],
    children: false,
    expanded: false,
    key: picture.key,
    name,
    ...rest,
  };
}

/** `running here`, `running in process 7`; empty where nobody runs it. */
export function runnerWords(runner: RunnerView): string {
  if (runner.who === "nobody") return "";
  if (runner.who === "this_window") return l10n.t("running here");
  return runner.gone ? l10n.t("{0} ended unexpectedly", runner.name) : l10n.t("running in {0}", runner.name);
}

/** A process runs it that still exists. */
export function isRunning(runner: RunnerView): boolean {
  return runner.who === "this_window" || (runner.who === "other" && !runner.gone);
}

/** The status of a project as it is shown: one that waits for a person says so, and one whose runner is gone does not run. */
export function shownStatus({ state, runner }: Pick<ProjectPicture, "state" | "runner">): ShownStatus {
  if (openEscalations(state).length > 0 && state.status === "running") return "waiting";
  // Its run ended for want of an answer, which it has by now.
  const answered =
    ["waiting", "blocked"].includes(state.status) &&
    openEscalations(state).length === 0 &&
    savedAnswers(state).length > 0;
  if (state.status !== "running" && !answered) return state.status;
  return isRunning(runner) ? "running" : "not_running";
}

export function statusLook(picture: Pick<ProjectPicture, "state" | "runner">): StateLook {
  return projectLook(shownStatus(picture));
}

/** What it does, and who runs it where that adds something: `running here`, `needs your answer`, `running in process 7`. */
function statusWords(status: ShownStatus, { state, runner }: ProjectPicture): string[] {
  const who = runnerWords(runner);
  if (status === "running") return [who];
  const says = isRunning(runner) || state.status === "running";
  return [projectLook(status).word, ...(says && who !== "" ? [who] : [])];
}

/** `1 of 3 tasks succeeded, 1 failed`: no stop follows. */
export function countWords({ succeeded, total, others }: TaskCount): string {
  if (total === 0) return l10n.t("no tasks");
  const done =
    total === 1 ? l10n.t("{0} of 1 task succeeded", succeeded) : l10n.t("{0} of {1} tasks succeeded", succeeded, total);
  return [done, ...others.map(([state, many]) => `${many} ${countedWord(state)}`)].join(", ");
}

function countedWord(state: CountedState): string {
  return state === "needs_approval" ? l10n.t("waiting for approval") : taskLook(state).word;
}

export function joined(parts: readonly string[], between: string): string {
  return parts.filter((part) => part !== "").join(between);
}

export function projectRow(picture: ProjectPicture, now: number): Row {
  const { project, state, runner } = picture;
  const folder = picture.folder ?? "";
  const status = shownStatus(picture);
  const words = statusWords(status, picture);
  const count = countedTasks(state);
  const newest = state.highlights.at(-1);
  const age = newest ? ageText(newest.ts, now) : "";
  const muted = picture.muted === true ? l10n.t("muted") : "";
  const progress = count.total === 0 ? "" : `${count.succeeded}/${count.total}`;
  const [what = "", ...who] = words;
  const asking = askingWords(picture);
  return row("project", picture, "", {
    label: project.name,
    description: joined([what, asking, progress, ...(runner.who === "other" ? who : []), muted, folder], " · "),
    age,
    state: status,
    look: projectLook(status),
    tooltip: [
      state.goal === "" ? project.name : state.goal,
      joined([...words, asking, countWords(count)], ", "),
      l10n.t("Folder: {0}", project.default_cwd),
      ...(muted === "" ? [] : [l10n.t("Muted: no notifications for this project.")]),
      ...(newest ? [l10n.t("Latest, {0}: {1}", age, brief(newest.text, longestLine))] : []),
    ],
    spoken: joined(
      [
        project.name,
        l10n.t("project"),
        ...words,
        asking,
        countWords(count),
        folder === "" ? "" : l10n.t("folder {0}", folder),
        muted,
      ],
      ", ",
    ),
    context: `project+${isRunning(runner) ? "running" : "stopped"}${muted === "" ? "" : "+muted"}`,
    // The editor opens a row only when it first sees it, which is before the first task.
    children: true,
    expanded: true,
  });
}

/** `1 session needs input`: of sessions that ask without a question of the log; empty where none does. */
function askingWords({ sessions, state }: ProjectPicture): string {
  const asked = questionsBySession(state);
  const asking = sessions.filter((each) => each.state === "waiting" && !asked.has(each.session_name)).length;
  return asking === 0 ? "" : asksCount(asking);
}

/** `1 session needs input` */
export function asksCount(sessions: number): string {
  return sessions === 1 ? l10n.t("1 session needs input") : l10n.t("{0} sessions need input", sessions);
}

/**
 * The rows below a project: its tasks in one group, then a group for each role that has sessions, those with a session
 * that needs a person first.
 */
export function groupRows(picture: ProjectPicture): Row[] {
  const count = countedTasks(picture.state);
  const words = countWords(count);
  const label = l10n.t("Tasks");
  const group = row("tasks", picture, "", {
    label,
    description: words,
    state: "",
    look: { word: "", icon: "checklist" },
    spoken: `${label}, ${words}`,
    context: "tasks",
    children: true,
  });
  const asked = questionsBySession(picture.state);
  const place = (role: string): number => {
    const sessions = picture.sessions.filter((session) => session.role === role);
    const places = sessions.map((session) => (asked.has(session.session_name) ? 0 : sessionPlace(session)));
    return Math.min(placeOfRest, ...places);
  };
  const roles = [...new Set(picture.sessions.map((session) => session.role))].sort(
    (one, other) => place(one) - place(other),
  );
  return [...(count.total > 0 ? [group] : []), ...roles.map((role) => roleRow(picture, role))];
}

function roleRow(picture: ProjectPicture, role: string): Row {
  const sessions = picture.sessions.filter((session) => session.role === role);
  const living = sessions.filter((session) => isLiving(session)).length;
  const words = joined([agentsWords(sessions), sessionCount(sessions.length, living)], " · ");
  return row("role", picture, role, {
    label: role,
    description: words,
    state: "",
    look: { word: "", icon: "person" },
    spoken: [role, l10n.t("role"), words.replaceAll(" · ", ", ")].join(", "),
    context: "role",
    children: true,
    expanded: living > 0,
  });
}

/** `living` of them can be looked at or typed to. */
function sessionCount(all: number, living: number): string {
  if (living === 0) return all === 1 ? l10n.t("1 session, ended") : l10n.t("{0} sessions, all ended", all);
  if (living < all) return l10n.t("{0} sessions, {1} ended", all, all - living);
  return all === 1 ? l10n.t("1 session") : l10n.t("{0} sessions", all);
}

export function taskRows(picture: ProjectPicture, now: number): Row[] {
  return [...picture.state.tasks.values()].map((task) => taskRow(picture, task, now));
}

function taskRow(picture: ProjectPicture, task: TaskRecord, now: number): Row {
  const question = openQuestion(picture.state, task);
  const answer = question ? undefined : unappliedAnswer(picture.state, task.id);
  const look = question
    ? askingTaskLook(question.kind === "approval_needed" ? "approval" : "answer")
    : answer
      ? answeredTaskLook(brief(answer.answer ?? answer.text))
      : taskLook(task.state);
  const when = answer ? past(answer.ts) : taskTime(task, question);
  const timedOut = timedOutMs(task);
  const code =
    timedOut !== undefined
      ? l10n.t("timed out after {0}", durationText(timedOut))
      : task.exit_code === null || task.exit_code === 0
        ? ""
        : l10n.t("exit code {0}", task.exit_code);
  const attempt = task.attempts > 1 ? l10n.t("try {0}", task.attempts) : "";
  const paused = pausedWords(picture, task);
  return row("task", picture, task.id, {
    label: task.id,
    description: joined([look.word, paused, code, attempt, task.role, when?.text(now) ?? ""], " · "),
    state: task.state,
    look,
    tooltip: [
      joined([`${task.id}: ${look.word}`, paused, when?.text(now) ?? ""], ", "),
      ...(task.cwd === undefined ? [] : [l10n.t("Folder: {0}", task.cwd)]),
      ...typedLine(task.command),
      ...(task.result ? [brief(task.result.text, longestLine)] : []),
      ...(task.reason === "" ? [] : [task.reason]),
    ],
    spoken: joined([task.id, l10n.t("task"), look.word, paused, code, attempt, when?.spoken(now) ?? ""], ", "),
    context: mayBeRetried(task.state) ? "task+retriable" : "task",
  });
}

/** That a task waits with its next command until a person gives the keyboard of its session back. */
function pausedWords({ sessions, runner, reader }: ProjectPicture, task: TaskRecord): string {
  const isTyping = task.command !== undefined && task.result === undefined;
  if (task.state !== "running" || isTyping || !isRunning(runner)) return "";
  const session = sessions.find(({ session_name }) => session_name === task.session_name);
  return session ? keyboardWords(session, reader) : "";
}

/** Of a prompt its beginning, of a command all that fits. */
function typedLine(command: ContextEntry | undefined): string[] {
  const { input, typed_as } = command ?? {};
  if (input === undefined) return [];
  return [typed_as === "prompt" ? l10n.t("Prompt: {0}", promptLine(input)) : `$ ${brief(input, longestLine)}`];
}

/** The first line of a prompt that says something. */
function promptLine(prompt: string): string {
  return brief(prompt.split("\n").find((line) => line.trim() !== "") ?? "", longestLine);
}

/** What a person is asked about the task now. */
function openQuestion({ questions }: ProjectState, { id }: TaskRecord): ContextEntry | undefined {
  return questions.get(id)?.findLast(({ answer, settled }) => answer === undefined && !settled)?.entry;
}

/** An answer about the task that no run has applied yet; then it no longer stands where it stood. */
function unappliedAnswer(state: ProjectState, task: string): ContextEntry | undefined {
  return savedAnswers(state).findLast(({ entry }) => entry.task_id === task)?.answer;
}

/** Of what goes on, since when; of what ended or asks, when. */
function taskTime({ state, started_at, ended_at }: TaskRecord, question?: ContextEntry): ShownTime | undefined {
  if (question) return asked(question.ts);
  if (ended_at !== null) return past(ended_at);
  return state === "running" && started_at !== null ? lasting(started_at) : undefined;
}
