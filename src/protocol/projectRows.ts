import * as l10n from "@vscode/l10n";
import { brief } from "../core/model/sentences";
import { type CountedState, countedTasks, type TaskCount } from "../core/model/taskCount";
import type { ProjectContext } from "../core/model/project";
import { openEscalations, type ProjectState } from "../core/model/projectState";
import { savedAnswers } from "../core/model/savedAnswers";
import type { SessionContext } from "../core/model/session";
import type { ProjectStatus } from "../core/model/states";
import { questionsBySession } from "../core/model/questionSession";
import { ageText } from "./ageText";
import { projectLook, type StateLook, taskLook } from "./stateLook";

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
  "project+stopped+archived",
  "project+stopped+muted+archived",
  "project+stopped+done",
  "project+stopped+done+muted",
  "project+stopped+done+archived",
  "project+stopped+done+muted+archived",
  "tasks",
  "task",
  "task+retriable",
  "task+done",
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
  "entries+task",
  "entries+session",
  "entries+project",
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

/**
 * The status of a project as it is shown: that somebody is asked counts more than how its run ended, and one whose runner
 * is gone does not run.
 */
export function shownStatus(picture: Pick<ProjectPicture, "state" | "runner">): ShownStatus {
  return openEscalations(picture.state).length > 0 ? "waiting" : runStatus(picture);
}

/** The same of its run alone, whatever is asked meanwhile. */
export function runStatus({ state, runner }: Pick<ProjectPicture, "state" | "runner">): ShownStatus {
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

/** What it does, how its run ended where that counts less, and who runs it where that adds something; "" for nothing. */
function statusWords(
  status: ShownStatus,
  { state, runner }: ProjectPicture,
): { what: string; ended: string; who: string } {
  const who = runnerWords(runner);
  if (status === "running") return { what: who, ended: "", who: "" };
  const says = isRunning(runner) || state.status === "running";
  const ended = status === "waiting" && state.status === "failed" ? projectLook(state.status).word : "";
  return { what: projectLook(status).word, ended, who: says ? who : "" };
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
  const { what, ended, who } = statusWords(status, picture);
  const archived = state.archived ? l10n.t("archived") : "";
  const count = countedTasks(state);
  const newest = state.highlights.at(-1);
  const age = newest ? ageText(newest.ts, now) : "";
  const muted = picture.muted === true ? l10n.t("muted") : "";
  const progress = count.total === 0 ? "" : `${count.succeeded}/${count.total}`;
  const asking = askingWords(picture);
  // Where there is little room the name of a process would push out how far it is.
  const [short, last] =
    status === "running" && runner.who === "other" ? [projectLook(status).word, runner.name] : [what, who];
  return row("project", picture, "", {
    label: project.name,
    description: joined(
      [archived, short, ended, asking, progress, runner.who === "other" ? last : "", muted, folder],
      " · ",
    ),
    age,
    state: status,
    look: projectLook(status),
    tooltip: [
      state.goal === "" ? project.name : state.goal,
      joined([archived, what, ended, who, asking, countWords(count)], ", "),
      l10n.t("Folder: {0}", project.default_cwd),
      ...(muted === "" ? [] : [l10n.t("Muted: no notifications for this project.")]),
      ...(newest ? [l10n.t("Latest, {0}: {1}", age, brief(newest.text, longestLine))] : []),
    ],
    spoken: joined(
      [
        project.name,
        l10n.t("project"),
        archived,
        what,
        ended,
        who,
        asking,
        countWords(count),
        folder === "" ? "" : l10n.t("folder {0}", folder),
        muted,
      ],
      ", ",
    ),
    context: contextOf(picture),
    // The editor opens a row only when it first sees it, which is before the first task.
    children: true,
    expanded: !state.archived,
  });
}

function contextOf({ state, runner, muted }: ProjectPicture): RowContext {
  const silent = muted === true ? "+muted" : "";
  if (isRunning(runner)) return `project+running${silent}`;
  return `project+stopped${state.status === "done" ? "+done" : ""}${silent}${state.archived ? "+archived" : ""}`;
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
