import type { TaskRecord } from "./projectState";
import { durationText } from "./sentences";
import type { TaskState } from "./states";

const words: Readonly<Record<TaskState, string>> = {
  pending: "is pending",
  ready: "is pending",
  running: "is running",
  succeeded: "succeeded",
  failed: "failed",
  blocked: "is blocked",
  skipped: "was skipped",
  cancelled: "was cancelled",
  unknown: "has an unknown outcome",
};

interface TaskEnd {
  readonly exit_code: number | null;
  readonly timed_out_ms?: number | undefined;
}

/** How long the last command of a task ran before its time limit ended it; undefined for one that did not fail so. */
export function timedOutMs({ state, result }: Pick<TaskRecord, "state" | "result">): number | undefined {
  return state === "failed" && result?.outcome === "timed_out" ? result.duration_ms : undefined;
}

/**
 * How a task ended, in brackets or a column: `exit code 3`, `timed out after 1 s`; empty where that is unknown or says
 * nothing. The exit code of a command that timed out is that of the Ctrl-C that ended it.
 */
export function endWords({ exit_code, timed_out_ms }: TaskEnd): string {
  if (timed_out_ms !== undefined) return `timed out after ${durationText(timed_out_ms)}`;
  return exit_code === null || exit_code === 0 ? "" : `exit code ${exit_code}`;
}

/** What a sentence says of a task that failed, behind its name: `failed (exit code 3)`, `timed out after 1 s`. */
export function failureWords(task: TaskEnd): string {
  const end = endWords(task);
  if (task.timed_out_ms !== undefined) return end;
  return end === "" ? "failed" : `failed (${end})`;
}

/** ` by build` for one that is blocked itself, else `, because build failed`: why a task behind it does not start. */
export function becauseOf(cause: string, state: TaskState): string {
  return state === "blocked" ? ` by ${cause}` : `, because ${cause} ${taskWords(state)}`;
}

/** What a sentence says of a task behind its name: `build failed`, `build is running`. */
export function taskWords(state: TaskState): string {
  return words[state];
}
