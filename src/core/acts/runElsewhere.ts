import { countedTasks } from "../model/taskCount";
import { isErrorCode, OrchestratorError } from "../model/errors";
import { type Plan, taskDefinitionHash } from "../model/plan";
import type { ProjectState } from "../model/projectState";
import type { Clock } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import { snapshotOf } from "../record/snapshots";
import type { RunResult } from "../run/projectRun";

/** Whether all that this plan wants was the other process's to do: then its end is the end of both. */
export function isCovered(plan: Plan, state: Pick<ProjectState, "tasks">): boolean {
  return plan.tasks.every((task) => state.tasks.get(task.id)?.definition === taskDefinitionHash(plan, task));
}

/** The result of another process's run, by the record. */
export function followedResult(
  { state, ledger }: Pick<OpenRecord, "state" | "ledger">,
  plan: Plan,
  clock: Clock,
): RunResult {
  const snapshot = snapshotOf(ledger.project_id, state, new Date(clock.now()).toISOString());
  const wanted = new Set(plan.tasks.map((task) => task.id));
  return {
    status: state.status,
    tasks: (snapshot.tasks ?? []).filter((task) => wanted.has(task.id)),
    snapshot,
    count: countedTasks(state),
    problem: problemOf(state.endReason, ledger.project_id),
    stopped: state.endReason === "interrupted",
    left: false,
  };
}

function problemOf(reason: string | undefined, project_id: string): OrchestratorError | undefined {
  if (reason === undefined || reason === "interrupted") return undefined;
  return new OrchestratorError(
    isErrorCode(reason) ? reason : "internal",
    `The run of ${project_id} in another process stopped before its end.`,
    { kind: "show_log", project: project_id },
  );
}
