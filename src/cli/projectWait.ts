import { deferred, abortable } from "../core/base/async";
import { Journal } from "../core/engine/journal";
import { plural } from "../core/engine/sentences";
import { snapshotOf } from "../core/engine/snapshots";
import { OrchestratorError } from "../core/model/errors";
import type { ProjectContext, ProjectStatus } from "../core/model/project";
import type { LeaseRecord, ProjectState } from "../core/model/projectState";
import type { Clock, Processes } from "../core/ports";
import type { Container } from "./container";
import { toneOfState } from "./diary";
import { type ExitCode, exitCode } from "./exitCodes";
import { openProject, projectTitle } from "./projects";
import { shellWord } from "./shellWord";

/** The record tells at once what is written; a process that dies writes nothing, so it is looked for this often. */
const lookMs = 1000;
/** A project that was made a moment ago gets its driver within this time. */
const beginMs = 2000;
/** When a driver dies, another one that follows takes over within 10 s. */
const takeOverMs = 12_000;

/** Waits until nobody drives the project, and ends as its `do` would. Throws `project_not_found`, `needs_person` and the signal's reason. */
export async function waitForProject(container: Container, name: string, signal: AbortSignal): Promise<ExitCode> {
  const { output, clock } = container;
  const ledger = await openProject(container, name);
  const journal = new Journal(ledger, container.logger);
  try {
    await journal.open();
    const processes = await container.processes;
    await untilUndriven(journal, processes, clock, signal, () =>
      output.progress([{ text: "The process that drove it has ended without a word; another one may take over.", tone: "attention" }]),
    );
    const project = { ...(await ledger.readProject()), status: journal.state.status };
    tell(container, project, journal.state);
    if (isUnfinished(project.status)) throw undriven(project, journal.state.lease);
    return exitOfStatus(journal.state);
  } finally {
    await journal.close();
  }
}

/** Whether a process that is not known to be dead holds the right to drive. */
async function isDriven(processes: Processes, lease: LeaseRecord | undefined): Promise<boolean> {
  return lease !== undefined && (await processes.isAlive(lease)) !== false;
}

async function untilUndriven(journal: Journal, processes: Processes, clock: Clock, signal: AbortSignal, died: () => void): Promise<void> {
  let wasDriven = false;
  let undrivenSince: number | undefined;
  for (;;) {
    const { status, lease } = journal.state;
    if (await isDriven(processes, lease)) {
      wasDriven = true;
      undrivenSince = undefined;
    } else if (!isUnfinished(status)) {
      return;
    } else {
      if (undrivenSince === undefined && wasDriven && lease) died();
      undrivenSince ??= clock.monotonic();
      if (clock.monotonic() - undrivenSince >= (wasDriven ? takeOverMs : beginMs)) return;
    }
    await change(journal, clock, signal);
  }
}

/** Resolves with the next entry, or when it is time to look at the driver. */
async function change(journal: Journal, clock: Clock, signal: AbortSignal): Promise<void> {
  const changed = deferred<undefined>();
  const listener = journal.onEntry(() => changed.resolve(undefined));
  const timer = clock.after(lookMs, () => changed.resolve(undefined));
  try {
    await abortable(changed.promise, signal);
  } finally {
    listener.dispose();
    timer.dispose();
  }
}

function isUnfinished(status: ProjectStatus): boolean {
  return status === "planned" || status === "running";
}

function undriven(project: ProjectContext, lease: LeaseRecord | undefined): OrchestratorError {
  const who = lease === undefined ? "" : `; process ${lease.pid}, which did, is gone`;
  return new OrchestratorError("needs_person", `Nobody drives ${projectTitle(project)}${who}.`, `Go on with: wsh-orchestrator do ${shellWord(project.project_id)}`);
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
  const tasks = [...state.tasks.values()];
  const done = tasks.filter((task) => task.state === "succeeded").length;
  output.pieces([
    { text: `${projectTitle(project)}: `, tone: "strong" },
    { text: project.status, tone: toneOfState(project.status) },
    { text: `, ${done} of ${plural(tasks.length, "task")} succeeded.` },
  ]);
}
