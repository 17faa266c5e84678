import type { Plan, PlanTask } from "../model/plan";
import type { TaskState } from "../model/snapshot";

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

/** A task and everything that needs it, directly or not. */
export function withDependents(plan: Plan, ids: Iterable<string>): Set<string> {
  const all = new Set(ids);
  for (let size = -1; size !== all.size;) {
    size = all.size;
    for (const task of plan.tasks) if (task.needs.some((need) => all.has(need))) all.add(task.id);
  }
  return all;
}

/** How many tasks wait, directly or not, for this one. */
export function blockedBehind(plan: Plan, id: string): number {
  return withDependents(plan, [id]).size - 1;
}

/** Milliseconds before try `attempt + 1`: doubles with each try, at most five minutes. */
export function backoffBefore(attempt: number, base_ms: number): number {
  return Math.min(base_ms * 2 ** (attempt - 1), 5 * 60_000);
}
