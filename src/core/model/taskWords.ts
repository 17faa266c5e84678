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

/** What a sentence says of a task behind its name: `build failed`, `build is running`. */
export function taskWords(state: TaskState): string {
  return words[state];
}
