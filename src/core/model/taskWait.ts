import type { ContextEntry } from "./entry";
import { isAsking, limitedRoles } from "./limitState";
import type { ProjectState, TaskRecord } from "./projectState";

/** What keeps a task from sending its prompt: a limit that its agent has reached. */
export interface TaskWait {
  /** The task about which a person is asked: the answer ends the wait. */
  readonly about?: string;
  /** When the limit ends, in milliseconds since 1970. */
  readonly until?: number;
  /** What its agent has reached, a sentence without its stop; empty where the log does not say. */
  readonly why: string;
}

/** Undefined for a task that does not wait for the end of a limit at `now`, in milliseconds since 1970. */
export function taskWait(
  task: TaskRecord,
  { limits }: Pick<ProjectState, "limits">,
  now: number,
): TaskWait | undefined {
  const { state, role, parked_by } = task;
  if (state === "pending" && parked_by !== undefined) {
    const limit = [...limits.values()].find((each) => isAsking(each) && each.task_id === parked_by);
    return limit && { about: parked_by, why: limit.reason ?? "" };
  }
  if (state !== "running" || isAtWork(task)) return undefined;
  const limit = [...limits.values()].find((each) => limitedRoles(each).includes(role));
  const until = endOf(limit);
  return limit && until > now ? { until, why: limit.reason ?? "" } : undefined;
}

/** What it was told last is under way, or has come to its end. */
function isAtWork({ command, result, turns }: TaskRecord): boolean {
  return (command !== undefined && result === undefined) || turns?.last === "finished";
}

/** NaN for one that names no end. */
function endOf(limit: ContextEntry | undefined): number {
  return Date.parse(limit?.not_before ?? "");
}
