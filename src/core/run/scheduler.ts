import type { Plan, PlanTask } from "../model/plan";
import type { TaskState } from "../model/states";
export type TaskStates = ReadonlyMap<string, TaskState>;

/** Tasks whose needs are all done and that have not begun, in the plan's order. */
export function readyTasks(plan: Plan, states: TaskStates): PlanTask[] {
  return plan.tasks.filter(
    (task) => states.get(task.id) === "pending" && task.needs.every((need) => states.get(need) === "succeeded"),
  );
}

export interface StoppedTask {
  readonly task: PlanTask;
  readonly state: "blocked" | "skipped";
  /** The need that stops it. */
  readonly need: string;
}

/**
 * Pending tasks that cannot begin, because something that they need will not be done; the direct ones and all behind
 * them.
 */
export function stoppedTasks(plan: Plan, states: TaskStates): StoppedTask[] {
  const stopped = new Map<string, StoppedTask>();
  const stateOf = (id: string): TaskState | undefined => stopped.get(id)?.state ?? states.get(id);
  for (let found = true; found;) {
    found = false;
    for (const task of plan.tasks) {
      if (states.get(task.id) !== "pending" || stopped.has(task.id)) continue;
      const need = task.needs.find((id) =>
        ["failed", "blocked", "skipped", "unknown", "cancelled"].includes(stateOf(id) ?? ""),
      );
      if (need === undefined) continue;
      stopped.set(task.id, { task, need, state: stateOf(need) === "skipped" ? "skipped" : "blocked" });
      found = true;
    }
  }
  return [...stopped.values()];
}

/** Milliseconds before try `attempt + 1`: doubles with each try, at most five minutes. */
export function backoffBefore(attempt: number, base_ms: number): number {
  return Math.min(base_ms * 2 ** (attempt - 1), 5 * 60_000);
}
