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

/** ` by build` for one that is blocked itself, else `, because build failed`: why a task behind it does not start. */
export function becauseOf(cause: string, state: TaskState): string {
  return state === "blocked" ? ` by ${cause}` : `, because ${cause} ${taskWords(state)}`;
}

/** What a sentence says of a task behind its name: `build failed`, `build is running`. */
export function taskWords(state: TaskState): string {
  return words[state];
}
