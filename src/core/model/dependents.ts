import type { Plan, PlanTask } from "./plan";

const known = new WeakMap<Plan, ReadonlyMap<string, readonly PlanTask[]>>();

/** The tasks that need this one directly, in the plan's order; worked out once for each plan, which never changes. */
export function dependentsOf(plan: Plan, id: string): readonly PlanTask[] {
  let dependents = known.get(plan);
  if (!dependents) {
    const found = new Map<string, PlanTask[]>();
    for (const task of plan.tasks)
      for (const need of task.needs) {
        const behind = found.get(need);
        if (behind) behind.push(task);
        else found.set(need, [task]);
      }
    dependents = found;
    known.set(plan, dependents);
  }
  return dependents.get(id) ?? [];
}

/** Tasks and everything that needs them, directly or not; the nearer ones first. */
export function withDependents(plan: Plan, ids: Iterable<string>): Set<string> {
  const all = new Set(ids);
  // A set is walked in the order of its additions, also of those that come meanwhile.
  for (const id of all) for (const dependent of dependentsOf(plan, id)) all.add(dependent.id);
  return all;
}

/** The task and all that it needs, directly or not. */
export function withNeeds(plan: Plan, id: string): Set<string> {
  const needs = new Map(plan.tasks.map((task) => [task.id, task.needs]));
  const all = new Set([id]);
  for (const each of all) for (const need of needs.get(each) ?? []) all.add(need);
  return all;
}

/**
 * Where it began that a task cannot start. `stoppedBy`: the need that keeps a task from starting; undefined for one that
 * nothing it needs stops. `known`: what was found for others at the same moment, so that a chain is walked once.
 */
export function firstCause(
  id: string,
  stoppedBy: (id: string) => string | undefined,
  known: Map<string, string> = new Map(),
): string {
  const walked: string[] = [];
  let cause = id;
  for (let next: string | undefined = id; next !== undefined; next = stoppedBy(cause)) {
    cause = known.get(next) ?? next;
    walked.push(next);
    if (cause !== next) break;
  }
  for (const each of walked) known.set(each, cause);
  return cause;
}

/** How many tasks wait, directly or not, for this one. */
export function blockedBehind(plan: Plan, id: string): number {
  return withDependents(plan, [id]).size - 1;
}
