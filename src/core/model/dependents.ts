import type { Plan } from "./plan";

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
