import { abortable, deferred } from "../core/base/async";
import { ProjectRecord } from "../core/record/projectRecord";
import { runnerName, untilNotRunning } from "../core/record/lease";
import { countedTasks, taskCountText } from "../core/model/taskCount";
import { snapshotOf } from "../core/record/snapshots";
import { OrchestratorError } from "../core/model/errors";
import type { ProjectStatus } from "../core/model/states";
import type { ProjectContext } from "../core/model/project";
import type { LeaseRecord, ProjectState } from "../core/model/projectState";
import type { Clock } from "../core/ports/machine";
import type { Container } from "./container";
import { toneOfState } from "../protocol/logLines";
import { projectLook } from "../protocol/stateLook";
import { type ExitCode, exitCode } from "./exitCodes";
import { openProject, projectTitle } from "./projects";

/** A project that was created a moment ago begins to run within this time. */
const beginMs = 2000;
/** When a runner dies, another process that follows it resumes within 10 s. */
const takeOverMs = 12_000;

/**
 * Waits until nobody runs the project, and ends as its `do` would. Throws `project_not_found`, `needs_person` and the
 * signal's reason.
 */
export async function waitForProject(container: Container, name: string, signal: AbortSignal): Promise<ExitCode> {
  const ledger = await openProject(container, name);
  const record = await ProjectRecord.open(ledger, container.logger, { start: "checkpoint" });
  try {
    await untilOver(container, record, signal);
    const project = { ...(await ledger.readProject()), status: record.state.status };
    tell(container, project, record.state);
    if (isUnfinished(project.status)) throw notRunning(project, record.state.lease, (await container.processes).host);
    return exitOfStatus(record.state);
  } finally {
    await record.close();
  }
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

function tell({ output }: Container, project: ProjectContext, state: ProjectState): void {
  if (output.json) {
    output.document({ project, snapshot: snapshotOf(project.project_id, state, project.updated_at) });
    return;
  }
  output.pieces([
    { text: `${projectTitle(project)}: `, tone: "strong" },
    {
      text: projectLook(isUnfinished(project.status) ? "not_running" : project.status).word,
      tone: toneOfState(project.status),
    },
    { text: `, ${taskCountText(countedTasks(state))}.` },
  ]);
}
