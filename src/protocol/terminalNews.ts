import { awaitedQuestions } from "../core/model/awaitedQuestions";
import type { ContextEntry } from "../core/model/entry";
import { shortSession } from "../core/model/names";
import type { ProjectState, TaskRecord } from "../core/model/projectState";
import { brief } from "../core/model/sentences";
import { countedTasks } from "../core/model/taskCount";
import type { ProgramStatus, StatusState } from "../core/sense/programStatus";
import { statusClear, statusIdPart, statusReport } from "../core/sense/statusReport";
import type { LiveSession } from "../core/session/liveSessions";

/** What a terminal around a command is told of a project: a title, how far it is, and a record for each of its parts. */
export interface TerminalNews {
  readonly title: string;
  readonly progress: TerminalProgress;
  /** What needs a person first. */
  readonly records: readonly ProgramStatus[];
}

export interface TerminalProgress {
  readonly state: "busy" | "error" | "paused";
  /** 0 to 100; undefined where nobody knows how much there is to do. */
  readonly percent: number | undefined;
}

/** Which of it a terminal is told. */
export interface TerminalAbilities {
  readonly title: boolean;
  readonly progress: boolean;
  readonly statuses: boolean;
}

export interface NewsSource {
  readonly name: string;
  readonly state: ProjectState;
  readonly live: readonly LiveSession[];
}

const app = "wsh-orchestrator";
/** A terminal keeps 256 records, and shows them in a list: of a larger project those that need a look. */
const mostTasks = 100;
/** What a list of a terminal has room for. */
const messageLength = 200;

const order: readonly StatusState[] = ["blocked", "error", "working", "done", "idle"];

/** What there is to tell of a project that runs. Texts of its record only: they have no secrets. */
export function projectNews({ name, state, live }: NewsSource): TerminalNews {
  const questions = awaitedQuestions(state);
  const count = countedTasks(state);
  const percent = count.total === 0 ? undefined : Math.floor((100 * count.succeeded) / count.total);
  const failed = [...state.tasks.values()].filter((task) => task.state === "failed").length;
  const [question] = questions;
  const far = count.total === 0 ? "" : ` ${count.succeeded}/${count.total}`;
  const root: ProgramStatus = {
    state: question ? "blocked" : "working",
    app,
    id: "",
    title: name,
    ...(percent === undefined ? {} : { progress: percent }),
    ...(question ? { kind: kindOf(question), message: brief(question.text, messageLength) } : {}),
  };
  return {
    title: question ? `? ${name} needs your answer` : `${name}${far}${failed === 0 ? "" : `, ${failed} failed`}`,
    progress: { state: question ? "paused" : failed > 0 ? "error" : "busy", percent },
    records: [root, ...taskRecords(state, live, questions)],
  };
}

function taskRecords(
  state: ProjectState,
  live: readonly LiveSession[],
  questions: readonly ContextEntry[],
): ProgramStatus[] {
  const groups = [...state.tasks.values()].flatMap((task) => {
    const question = questions.find((entry) => entry.task_id === task.id);
    const own = taskRecord(task, question);
    return own ? [[own, ...sessionRecords(task, own.id, state, live)]] : [];
  });
  const place = ([own, ...below]: readonly ProgramStatus[]): number =>
    Math.min(...[own, ...below].map((record) => (record ? order.indexOf(record.state) : order.length)));
  return groups
    .sort((one, other) => place(one) - place(other))
    .slice(0, mostTasks)
    .flat();
}

/** Undefined for one that has not begun, and needs nothing: a terminal has no word for that. */
function taskRecord(task: TaskRecord, question: ContextEntry | undefined): ProgramStatus | undefined {
  const id = statusIdPart(task.id);
  if (question)
    return {
      state: "blocked",
      kind: kindOf(question),
      id,
      title: task.id,
      message: brief(question.text, messageLength),
    };
  switch (task.state) {
    case "running":
      return { state: "working", id, title: task.id };
    case "succeeded":
      return { state: "done", id, title: task.id };
    case "failed":
    case "unknown":
      return { state: "error", id, title: task.id };
    default:
      return undefined;
  }
}

/** The session in which the task runs now. */
function sessionRecords(
  task: TaskRecord,
  above: string,
  { sessions }: ProjectState,
  live: readonly LiveSession[],
): ProgramStatus[] {
  if (task.state !== "running" && task.state !== "blocked") return [];
  return live
    .filter(({ name }) => sessions.get(name)?.task_id === task.id)
    .map(({ name, command, sensed }): ProgramStatus => {
      const title = shortSession(name);
      const id = `${above}/${statusIdPart(title.replaceAll("::", "."))}`;
      const message = sensed.state === "waiting" ? sensed.why : command?.input;
      return {
        ...sessionStatus(sensed, command !== undefined),
        id,
        title,
        ...(message === undefined ? {} : { message: brief(message, messageLength) }),
      };
    });
}

/** A limit is waited for, and nobody can help. `runs`: a command of the project is under way there. */
function sessionStatus({ state, kind }: LiveSession["sensed"], runs: boolean): Pick<ProgramStatus, "state" | "kind"> {
  switch (state) {
    case "waiting":
      return { state: "blocked", kind: waitKinds[kind ?? ""] ?? "question" };
    case "failed":
    case "lost":
      return { state: "error" };
    case "limited":
      return { state: "idle" };
    case "starting":
    case "working":
      return { state: "working" };
    case "done_unseen":
      return { state: runs ? "working" : "done" };
    default:
      return { state: runs ? "working" : "idle" };
  }
}

const waitKinds: Readonly<Record<string, NonNullable<ProgramStatus["kind"]>>> = {
  permission: "permission",
  plan: "permission",
  trust: "permission",
  login: "auth",
  password: "auth",
};

function kindOf({ kind, state_kind }: ContextEntry): NonNullable<ProgramStatus["kind"]> {
  return waitKinds[state_kind ?? ""] ?? (kind === "approval_needed" ? "permission" : "question");
}

/**
 * The bytes that turn what a terminal knows into the news: nothing where nothing is new. Records that are gone are taken
 * back first, since their ids may be others' now.
 */
export function newsBytes(
  before: TerminalNews | undefined,
  after: TerminalNews,
  { title, progress, statuses }: TerminalAbilities,
): string {
  const parts: string[] = [];
  if (title && before?.title !== after.title) parts.push(titleBytes(after.title));
  if (progress && (before === undefined || progressBytes(before.progress) !== progressBytes(after.progress)))
    parts.push(progressBytes(after.progress));
  if (statuses) {
    const known = new Map(before?.records.map((record) => [record.id, statusReport(record)]));
    const stays = new Set(after.records.map(({ id }) => id));
    const gone = [...known.keys()].filter((id) => !stays.has(id));
    // With a record those below it go.
    for (const id of gone) if (!gone.some((above) => id.startsWith(`${above}/`))) parts.push(statusClear(id));
    for (const record of after.records) {
      const report = statusReport(record);
      if (known.get(record.id) !== report) parts.push(report);
    }
  }
  return parts.join("");
}

/** OSC 0: title of window and tab (xterm's ctlseqs). Control characters would end it. */
export function titleBytes(title: string): string {
  return `\x1b]0;${title.replace(/\p{Cc}+/gu, " ")}\x1b\\`;
}

/** OSC 9;4 (ConEmu's): 1 a part, 2 an error, 3 without an end, 4 a pause. */
export function progressBytes({ state, percent }: TerminalProgress): string {
  const number = state === "error" ? 2 : state === "paused" ? 4 : percent === undefined ? 3 : 1;
  return `\x1b]9;4;${number};${percent ?? 0}\x1b\\`;
}

/** No progress is shown any more. */
export const noProgress = "\x1b]9;4;0;0\x1b\\";
