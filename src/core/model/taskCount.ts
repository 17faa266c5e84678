import type { Escalation } from "./questionState";
import { plural } from "./sentences";
import type { TaskState } from "./states";

/** A task that only waits for an approval is blocked by nothing else. */
export type CountedState = TaskState | "needs_approval";

export interface TaskCount {
  readonly succeeded: number;
  readonly total: number;
  /** Of the others, how many came to a stand in each state, what needs a look first. */
  readonly others: readonly (readonly [CountedState, number])[];
}

/** What is counted: the state of a project. */
export interface CountedProject {
  readonly tasks: ReadonlyMap<string, { readonly state: TaskState }>;
  /** By task. */
  readonly questions: ReadonlyMap<string, readonly Escalation[]>;
}

const stands: readonly CountedState[] = ["needs_approval", "failed", "blocked", "unknown", "skipped", "cancelled"];

/**
 * Counts the tasks of a project, for everybody who says how far it is. A task that was skipped or cancelled did not
 * succeed, also where the project is done without it: it is in the total and is named apart.
 */
export function countedTasks({ tasks, questions }: CountedProject): TaskCount {
  const counts = new Map<CountedState, number>();
  for (const [id, { state }] of tasks) {
    const shown = state === "blocked" ? blockedBy(questions.get(id)) : state;
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  const others = stands.flatMap((state) => {
    const count = counts.get(state) ?? 0;
    return count > 0 ? [[state, count] as const] : [];
  });
  return { succeeded: counts.get("succeeded") ?? 0, total: tasks.size, others };
}

/** A task with an answer that no run has applied yet is pending again. */
function blockedBy(questions: readonly Escalation[] | undefined): CountedState {
  if (needsApproval(questions)) return "needs_approval";
  const newest = questions?.at(-1);
  return newest?.answer !== undefined && !newest.applied && !newest.settled ? "pending" : "blocked";
}

/** Whether one of the questions about a task still asks for an approval. */
export function needsApproval(questions: readonly Escalation[] | undefined): boolean {
  return (
    questions?.some(
      ({ entry, answer, settled }) => entry.kind === "approval_needed" && answer === undefined && !settled,
    ) === true
  );
}

/** `1 of 3 tasks succeeded`: no stop follows. */
export function succeededText({ succeeded, total }: TaskCount): string {
  return total === 0 ? "no tasks" : `${succeeded} of ${plural(total, "task")} succeeded`;
}

const words: Partial<Record<CountedState, string>> = {
  needs_approval: "waiting for approval",
  unknown: "outcome unknown",
};

/** `1 of 3 tasks succeeded, 1 failed`: no stop follows. */
export function taskCountText(count: TaskCount): string {
  return [succeededText(count), ...count.others.map(([state, many]) => `${many} ${words[state] ?? state}`)].join(", ");
}
