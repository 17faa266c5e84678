import { plural } from "./sentences";
import type { TaskState } from "./states";

export interface TaskCount {
  readonly succeeded: number;
  readonly total: number;
  /** Of the others, how many came to a stand in each state, what needs a look first. */
  readonly others: readonly (readonly [TaskState, number])[];
}

const ended: readonly TaskState[] = ["failed", "blocked", "unknown", "skipped", "cancelled"];

/**
 * Counts the tasks of a project, for everybody who says how far it is. A task that was skipped or cancelled did not
 * succeed, also where the project is done without it: it is in the total and is named apart.
 */
export function countedTasks(tasks: Iterable<{ readonly state: TaskState }>): TaskCount {
  const counts = new Map<TaskState, number>();
  let total = 0;
  for (const { state } of tasks) {
    counts.set(state, (counts.get(state) ?? 0) + 1);
    total++;
  }
  const others = ended.flatMap((state) => {
    const count = counts.get(state) ?? 0;
    return count > 0 ? [[state, count] as const] : [];
  });
  return { succeeded: counts.get("succeeded") ?? 0, total, others };
}

/** `1 of 3 tasks succeeded`: no stop follows. */
export function succeededText({ succeeded, total }: TaskCount): string {
  return total === 0 ? "no tasks" : `${succeeded} of ${plural(total, "task")} succeeded`;
}

/** `1 of 3 tasks succeeded, 1 failed`: no stop follows. */
export function taskCountText(count: TaskCount): string {
  return [succeededText(count), ...count.others.map(([state, many]) => `${many} ${state}`)].join(", ");
}
