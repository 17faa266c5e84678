import { brief, plural } from "../core/model/sentences";
import { countedTasks, taskCountText } from "../core/model/taskCount";
import type { ProjectContext } from "../core/model/project";
import { openEscalations, type ProjectState, type TaskRecord } from "../core/model/projectState";
import { type SessionContext, stateSince } from "../core/model/session";
import { isLiving, mayBeRetried, type ProjectStatus } from "../core/model/states";
import { withQuestions } from "../core/session/trueSessions";
import { shortSession } from "../core/model/names";
import { ageText, sinceText, spokenAge, spokenSince } from "./ageText";
import { projectLook, sessionLook, type StateLook, taskLook } from "./stateLook";

/** Who runs a project, as a reader of its record knows it. */
export type RunnerView =
  | { readonly who: "nobody" }
  | { readonly who: "this_window" }
  /** `name` as people read it: `process 4711 on there`. `gone`: that process has ended without a word. */
  | { readonly who: "other"; readonly name: string; readonly gone: boolean };

/** `not_running`: it should run, and nobody runs it. */
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
  /** Name of the workspace folder, where there are several. */
  readonly folder: string | undefined;
  /** No messages tell of its questions in this window. */
  readonly muted?: boolean;
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
  "session+over",
  "question",
  "question+answered",
  "question+answered+running",
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

const longestLine = 200;

function row(
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

export function runnerWords(runner: RunnerView): string {
  if (runner.who === "nobody") return "";
  if (runner.who === "this_window") return "driven here";
  return runner.gone ? `${runner.name} drove it and is gone` : `driven by ${runner.name}`;
}

/** Somebody runs it who is still there. */
export function isRunning(runner: RunnerView): boolean {
  return runner.who === "this_window" || (runner.who === "other" && !runner.gone);
}

/** The status of a project as it is shown: one that waits for a person says so, and one whose runner is gone does not run. */
export function shownStatus({ state, runner }: Pick<ProjectPicture, "state" | "runner">): ShownStatus {
  if (state.status !== "running") return state.status;
  if (openEscalations(state).length > 0) return "waiting";
  return isRunning(runner) ? "running" : "not_running";
}

export function statusLook(picture: Pick<ProjectPicture, "state" | "runner">): StateLook {
  return projectLook(shownStatus(picture));
}

export function projectRow(picture: ProjectPicture, now: number): Row {
  const { project, state, runner, folder } = picture;
  const status = shownStatus(picture);
  const look = projectLook(status);
  const count = countedTasks(state.tasks.values());
  const counted = taskCountText(count);
  const progress = count.total === 0 ? "" : `${count.succeeded}/${count.total}`;
  const newest = state.highlights.at(-1);
  const age = newest ? ageText(newest.ts, now) : "";
  const muted = picture.muted === true;
  return row("project", picture, "", {
    label: project.name,
    description: [
      look.word,
      progress,
      runner.who === "other" ? runnerWords(runner) : "",
      muted ? "muted" : "",
      folder ?? "",
    ]
      .filter((part) => part !== "")
      .join(" · "),
    age,
    state: status,
    look,
    tooltip: [
      state.goal === "" ? project.name : state.goal,
      `${look.word}, ${counted}${runner.who === "nobody" ? ", nobody drives it" : `, ${runnerWords(runner)}`}`,
      `Folder: ${project.default_cwd}`,
      ...(muted ? ["Muted: no messages tell of its questions here."] : []),
      ...(newest ? [`Last: ${brief(newest.text, longestLine)}`] : []),
    ],
    spoken: `${project.name}, project, ${look.word}, ${counted}${runner.who === "nobody" ? "" : `, ${runnerWords(runner)}`}${folder === undefined ? "" : `, folder ${folder}`}${muted ? ", muted" : ""}`,
    context: `project+${isRunning(runner) ? "running" : "stopped"}${muted ? "+muted" : ""}`,
    // The editor opens a row only when it first sees it, which is before the first task.
    children: true,
    expanded: true,
  });
}

/** The rows below a project: its tasks in one group, then a group for each role that has sessions. */
export function groupRows(picture: ProjectPicture): Row[] {
  const count = countedTasks(picture.state.tasks.values());
  const words = taskCountText(count);
  const group = row("tasks", picture, "", {
    label: "Tasks",
    description: words,
    state: "",
    look: { word: "", icon: "checklist" },
    spoken: `Tasks, ${words}`,
    context: "tasks",
    children: true,
  });
  const roles = [...new Set(picture.sessions.map((session) => session.role))];
  return [...(count.total > 0 ? [group] : []), ...roles.map((role) => roleRow(picture, role))];
}

function roleRow(picture: ProjectPicture, role: string): Row {
  const sessions = picture.sessions.filter((session) => session.role === role);
  const living = sessions.filter((session) => isLiving(session.state)).length;
  const words =
    living === sessions.length ? plural(living, "session") : `${living} of ${plural(sessions.length, "session")}`;
  return row("role", picture, role, {
    label: role,
    description: words,
    state: "",
    look: { word: "", icon: "person" },
    spoken: `${role}, role, ${words}`,
    context: "role",
    children: true,
    expanded: living > 0,
  });
}

export function taskRows(picture: ProjectPicture, now: number): Row[] {
  return [...picture.state.tasks.values()].map((task) => taskRow(picture, task, now));
}

function taskRow(picture: ProjectPicture, task: TaskRecord, now: number): Row {
  const look = taskLook(task.state);
  const { ended_at, started_at } = task;
  const spokenTime = ended_at === null ? spokenSince(started_at ?? "", now) : spokenAge(ended_at, now);
  const code = task.exit_code === null || task.exit_code === 0 ? "" : `exit ${task.exit_code}`;
  return row("task", picture, task.id, {
    label: task.id,
    description: [
      look.word,
      code,
      task.attempts > 1 ? `try ${task.attempts}` : "",
      task.role,
      // Of one that runs, how long; of one that ended, when.
      ended_at === null ? sinceText(started_at ?? "", now) : ageText(ended_at, now),
    ]
      .filter((part) => part !== "")
      .join(" · "),
    state: task.state,
    look,
    tooltip: [
      `${task.id}: ${look.word}`,
      ...(task.command?.input === undefined ? [] : [`$ ${brief(task.command.input, longestLine)}`]),
      ...(task.result ? [brief(task.result.text, longestLine)] : []),
      ...(task.reason === "" ? [] : [task.reason]),
    ],
    spoken: `${task.id}, task, ${look.word}${code === "" ? "" : `, exit code ${task.exit_code ?? ""}`}${spokenTime === "" ? "" : `, ${spokenTime}`}`,
    context: mayBeRetried(task.state) ? "task+retriable" : "task",
  });
}

export function sessionRows(picture: ProjectPicture, role: string, now: number): Row[] {
  const sessions = picture.sessions.filter((session) => session.role === role);
  return withQuestions(sessions, picture.state).map((session) => sessionRow(picture, session, now));
}

function sessionRow(picture: ProjectPicture, session: SessionContext, now: number): Row {
  const look = sessionLook(session.state);
  const doing = session.next_action === "" ? session.last_signal : session.next_action;
  const name = shortSession(session.session_name);
  return row("session", picture, session.session_name, {
    label: name,
    description: [look.word, sinceText(stateSince(session), now), brief(session.next_action, 60)]
      .filter((part) => part !== "")
      .join(" · "),
    state: session.state,
    look,
    tooltip: [
      session.session_name,
      look.word,
      ...(doing === "" ? [] : [brief(doing, longestLine)]),
      ...(session.last_signal === "" || session.last_signal === doing
        ? []
        : [`Why: ${brief(session.last_signal, longestLine)}`]),
    ],
    spoken: `${name}, session, ${look.word}, project ${picture.project.name}, ${spokenSince(stateSince(session), now)}`,
    context: isLiving(session.state) ? "session+living" : "session+over",
  });
}
