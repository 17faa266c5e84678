import { abortable, deferred } from "../core/base/async";
import type { Disposable } from "../core/base/lifecycle";
import { ProjectRecord } from "../core/record/projectRecord";
import { runnerName, untilNotRunning } from "../core/record/lease";
import { countedTasks, taskCountText } from "../core/model/taskCount";
import { snapshotOf } from "../core/record/snapshots";
import { hasCode, OrchestratorError } from "../core/model/errors";
import type { ProjectStatus } from "../core/model/states";
import type { ProjectContext } from "../core/model/project";
import { type LeaseRecord, openEscalations, type ProjectState } from "../core/model/projectState";
import type { Clock } from "../core/ports/machine";
import type { Container } from "./container";
import { type LiveSession, recordedSessions } from "../core/session/liveSessions";
import { outerTerminal, tellProject } from "./outerTerminal";
import type { Piece } from "../protocol/piece";
import { toneOfState } from "../protocol/logLines";
import { projectLook } from "../protocol/stateLook";
import { type ExitCode, exitCode } from "../protocol/exitCodes";
import { isRunning, runnerOf } from "./projectRunner";
import { openProject, projectTitle } from "./projects";
import { questionText } from "./questionText";

/** A project that was created a moment ago begins to run within this time. */
const beginMs = 2000;
/** When a runner dies, another process that follows it resumes within 10 s. */
const takeOverMs = 12_000;

/** Nothing runs and nothing has begun for so long: what is left needs an answer. */
const stillMs = 2000;

/**
 * Waits until the project has ended or can only go on with an answer, and ends as its `do` would. Throws
 * `project_not_found`, `needs_person` and the signal's reason.
 */
export async function waitForProject(container: Container, name: string, signal: AbortSignal): Promise<ExitCode> {
  const ledger = await openProject(container, name);
  const record = await ProjectRecord.open(ledger, container.logger, { start: "checkpoint" });
  const outer = await outerTerminal(container);
  const live = (): LiveSession[] => recordedSessions(record.state, container.clock.now());
  const told = outer && isUnfinished(record.state.status) ? tellProject(outer, record, name, live) : undefined;
  try {
    await untilAnswerOrOver(container, record, signal);
    told?.dispose();
    const asks = onlyAsks(record.state);
    const project = { ...(await ledger.readProject()), status: record.state.status };
    tell(container, project, record.state, asks ? "waiting" : project.status);
    if (asks || project.status === "waiting") {
      await sayQuestions(container, record.state, (line) => container.output.progress(line));
      return exitCode.needsPerson;
    }
    if (isUnfinished(project.status)) throw notRunning(project, record.state.lease, (await container.processes).host);
    return exitOfStatus(record.state);
  } catch (error) {
    if (hasCode(error, "timeout"))
      await sayQuestions(container, record.state, (line) => container.output.progress(line));
    throw error;
  } finally {
    told?.dispose();
    await record.close();
  }
}

/** As `untilOver`, and when all that is left to do needs an answer. */
async function untilAnswerOrOver(container: Container, record: ProjectRecord, signal: AbortSignal): Promise<void> {
  const first = new AbortController();
  const either = AbortSignal.any([signal, first.signal]);
  const waits = [untilOver(container, record, either), untilOnlyAsks(container, record, either)];
  try {
    await Promise.race(waits);
  } finally {
    first.abort();
    await Promise.allSettled(waits);
  }
}

async function untilOnlyAsks({ clock }: Container, record: ProjectRecord, signal: AbortSignal): Promise<void> {
  const asks = deferred<undefined>();
  let timer: Disposable | undefined;
  // Each entry begins the time anew: a task may begin between two others.
  const look = (): void => {
    timer?.dispose();
    timer = onlyAsks(record.state) ? clock.after(stillMs, () => asks.resolve(undefined)) : undefined;
  };
  const listener = record.onEntry(look);
  look();
  try {
    await abortable(asks.promise, signal);
  } finally {
    listener.dispose();
    timer?.dispose();
  }
}

/** A command needs approval, and nothing else is done meanwhile. A run waits for no other questions. */
function onlyAsks(state: ProjectState): boolean {
  return (
    state.status === "running" &&
    openEscalations(state).some(({ kind }) => kind === "approval_needed") &&
    ![...state.tasks.values()].some((task) => task.state === "running" || task.state === "ready") &&
    ![...state.sessions.values()].some((session) => session.state === "starting" || session.state === "working")
  );
}

async function sayQuestions(
  container: Container,
  state: ProjectState,
  say: (line: readonly Piece[]) => void,
): Promise<void> {
  const place = {
    now: container.clock.now(),
    columns: container.output.columns,
    indent: "",
    running: isRunning(await runnerOf(container, state.lease)),
  };
  for (const line of openEscalations(state).flatMap((entry) => questionText(entry, place))) say(line);
}

/** Comes back when the project has ended, or when nobody runs it and nobody takes over. */
async function untilOver(container: Container, record: ProjectRecord, signal: AbortSignal): Promise<void> {
  const { clock, output, actor } = container;
  const processes = await container.processes;
  for (let wasRunning = false; ;) {
    const { lease } = record.state;
    wasRunning ||= lease !== undefined && (await processes.isAlive(lease)) !== false;
    const gone = await untilNotRunning(record, processes, clock, actor, signal);
    if (!isUnfinished(record.state.status)) return;
    const died = gone !== undefined && wasRunning;
    if (died)
      output.progress([
        {
          text: `The process that ran ${record.ledger.project_id} ended unexpectedly. Waiting for another one to resume it.`,
          tone: "attention",
        },
      ]);
    if (!(await isTakenOver(record, clock, gone, died ? takeOverMs : beginMs, signal))) return;
  }
}

/** Whether another runner than that of generation `gone` comes, or the project's end is written, within `ms`. */
async function isTakenOver(
  record: ProjectRecord,
  clock: Clock,
  gone: number | undefined,
  ms: number,
  signal: AbortSignal,
): Promise<boolean> {
  const changed = deferred<boolean>();
  const look = (): void => {
    if (record.state.lease?.generation !== gone || !isUnfinished(record.state.status)) changed.resolve(true);
  };
  const listener = record.onEntry(look);
  look();
  const timer = clock.after(ms, () => changed.resolve(false));
  try {
    return await abortable(changed.promise, signal);
  } finally {
    listener.dispose();
    timer.dispose();
  }
}

function isUnfinished(status: ProjectStatus): boolean {
  return status === "planned" || status === "running";
}

function notRunning(project: ProjectContext, lease: LeaseRecord | undefined, host: string): OrchestratorError {
  const why = lease === undefined ? "" : `: ${runnerName(lease, host)} ended unexpectedly`;
  return new OrchestratorError("needs_person", `${projectTitle(project)} is not running${why}.`, {
    kind: "run_project",
    project: project.project_id,
  });
}

/** As `do` ends: 1 when a task failed for good, 0 when all is done, else somebody must look. */
function exitOfStatus({ status, tasks }: ProjectState): ExitCode {
  if (status === "failed" || [...tasks.values()].some((task) => task.state === "failed")) return exitCode.failed;
  return status === "done" ? exitCode.done : exitCode.needsPerson;
}

function tell({ output }: Container, project: ProjectContext, state: ProjectState, status: ProjectStatus): void {
  if (output.json) {
    output.document({ project, snapshot: snapshotOf(project.project_id, state, project.updated_at) });
    return;
  }
  output.pieces([
    { text: `${projectTitle(project)}: `, tone: "strong" },
    {
      text: projectLook(isUnfinished(status) ? "not_running" : status).word,
      tone: toneOfState(status),
    },
    { text: `, ${taskCountText(countedTasks(state))}.` },
  ]);
}
