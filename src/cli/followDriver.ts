import { isForeground } from "../adapters/machine/processFacts";
import type { ProjectRecord } from "../core/record/projectRecord";
import { driverName, untilUndriven } from "../core/record/lease";
import type { RunResult } from "../core/run/projectRun";
import { recordedSessions } from "../core/session/liveSessions";
import { snapshotOf } from "../core/record/snapshots";
import { type ErrorCode, OrchestratorError } from "../core/model/errors";
import { type Plan, taskDefinitionHash } from "../core/model/plan";
import type { ProjectContext } from "../core/model/project";
import type { ProjectState } from "../core/model/projectState";
import type { Clock } from "../core/ports/machine";
import type { Container } from "./container";
import { isErrorCode } from "./exitCodes";
import { projectTitle } from "./projects";
import { showRun } from "./runView";

export interface Followed {
  /** The generation of a driver that is gone without a word; undefined when it ended as drivers do. */
  readonly over: number | undefined;
  /** What became of the project was shown here. */
  readonly watched: boolean;
}

/**
 * While another process drives the project, shows what it does; a question may be answered here as anywhere. Undefined
 * when nobody drives. Rejects with the reason of an interrupt, which leaves the driver alone.
 */
export async function followDriver(
  container: Container,
  journal: ProjectRecord,
  project: ProjectContext,
  plan: Plan,
): Promise<Followed | undefined> {
  const { clock, output, interrupts } = container;
  const processes = await container.processes;
  const { lease } = journal.state;
  if (!lease) return undefined;
  if ((await processes.isAlive(lease)) === false) return { over: lease.generation, watched: false };
  const foreground = await isForeground();
  const answering = foreground && output.canAsk && !output.json;
  output.progress([
    {
      text: `${projectTitle(project)} is driven by ${driverName(lease, processes.host)} (${lease.holder}); this follows it.`,
      tone: "strong",
    },
    { text: answering ? " Ctrl-C leaves it alone." : "", tone: "quiet" },
  ]);
  interrupts.busy = true;
  const view = showRun({
    container,
    journal,
    live: () => recordedSessions(journal.state, clock.now()),
    plan,
    runsHere: false,
    answering,
    picture: foreground && output.canRedraw,
  });
  try {
    const over = await untilUndriven(journal, processes, clock, container.actor, interrupts.signal);
    return { over, watched: true };
  } finally {
    view.dispose();
    interrupts.busy = false;
    if (interrupts.signal.aborted)
      output.progress([{ text: `Left; ${driverName(lease, processes.host)} goes on.`, tone: "quiet" }]);
  }
}

/** Whether all that this plan wants was the other driver's to do: then its end is the end of both. */
export function isCovered(plan: Plan, state: ProjectState): boolean {
  return plan.tasks.every((task) => state.tasks.get(task.id)?.definition === taskDefinitionHash(plan, task));
}

/** The other driver's result, by the record. */
export function followedResult(journal: ProjectRecord, plan: Plan, clock: Clock): RunResult {
  const { state, ledger } = journal;
  const snapshot = snapshotOf(ledger.project_id, state, new Date(clock.now()).toISOString());
  const wanted = new Set(plan.tasks.map((task) => task.id));
  return {
    status: state.status,
    tasks: (snapshot.tasks ?? []).filter((task) => wanted.has(task.id)),
    snapshot,
    problem: problemOf(state.endReason, ledger.project_id),
    stopped: state.endReason === "interrupted",
    left: false,
  };
}

function problemOf(reason: string | undefined, project_id: string): OrchestratorError | undefined {
  if (reason === undefined || reason === "interrupted") return undefined;
  const code: ErrorCode = isErrorCode(reason) ? reason : "internal";
  return new OrchestratorError(
    code,
    "The driver that this followed was stopped before the end.",
    `See why with: wsh-orchestrator log ${project_id}`,
  );
}
