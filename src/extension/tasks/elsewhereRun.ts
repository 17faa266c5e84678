import { followedResult, isCovered } from "../../core/acts/runElsewhere";
import type { Plan } from "../../core/model/plan";
import { untilNotRunning } from "../../core/record/lease";
import type { RunResult } from "../../core/run/projectRun";
import type { FollowedProject } from "../../viewing/workspaceRecords";
import type { HostWorld } from "../hostWorld";
import type { WindowRun } from "../running/windowRuns";

/** A run that another process has. */
export interface ElsewhereRun extends Pick<WindowRun, "name" | "record"> {
  /** As people read it: `process 4711`. */
  readonly runner: string;
  /**
   * Its result where it did all that `plan` wants; undefined where it did something else, or its process is gone in the
   * middle: then that is still to do. Rejects with the signal's reason, and with what reading the log throws.
   */
  readonly untilOver: (plan: Plan | undefined, signal: AbortSignal) => Promise<RunResult | undefined>;
}

/** Undefined where no other process runs it. */
export function elsewhereRun(
  { record, project, runner }: FollowedProject,
  { clock, actor, processes }: Pick<HostWorld, "clock" | "actor" | "processes">,
): ElsewhereRun | undefined {
  const { lease } = record.state;
  if (runner.who !== "other" || runner.gone || !lease) return undefined;
  const untilOver: ElsewhereRun["untilOver"] = async (plan, signal) => {
    let hasEnded = false;
    const heard = record.onEntry(({ kind, state, generation }) => {
      if (kind === "project" && generation === lease.generation && state !== undefined) hasEnded = state !== "running";
    });
    try {
      const over = await untilNotRunning(record, await processes, clock, actor, signal);
      const isOver = over === undefined || hasEnded;
      return isOver && plan && isCovered(plan, record.state) ? followedResult(record, plan, clock) : undefined;
    } finally {
      heard.dispose();
    }
  };
  return { name: project.name, record, runner: runner.name, untilOver };
}
