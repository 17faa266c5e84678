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
import { type ExitCode, exitCode } from "./exitCodes";
import { openProject, projectTitle } from "./projects";
import { shellWord } from "../core/sense/shellWord";
import { advice } from "../core/model/remedy";

/** A project that was made a moment ago gets its runner within this time. */
const beginMs = 2000;
/** When a runner dies, another one that follows takes over within 10 s. */
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
        { text: "The process that drove it has ended without a word; another one may take over.", tone: "attention" },
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
  const who = lease === undefined ? "" : `; ${runnerName(lease, host)}, which did, is gone`;
  return new OrchestratorError(
    "needs_person",
    `Nobody drives ${projectTitle(project)}${who}.`,
    advice(`Go on with: wsh-orchestrator do ${shellWord(project.project_id)}`),
  );
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
    { text: project.status, tone: toneOfState(project.status) },
    { text: `, ${taskCountText(countedTasks(state.tasks.values()))}.` },
  ]);
}
