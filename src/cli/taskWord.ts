import type { ProjectState } from "../core/model/projectState";
import type { TaskState } from "../core/model/states";
import { needsApproval } from "../core/model/taskCount";
import { askingTaskLook, taskLook } from "../protocol/stateLook";

/** What a list says of a task: one that only waits for an approval is blocked by nothing else. */
export function taskWord({ questions }: Pick<ProjectState, "questions">, id: string, state: TaskState): string {
  return state === "blocked" && needsApproval(questions.get(id))
    ? askingTaskLook("approval").word
    : taskLook(state).word;
}

/** The mark before a task, in every list. */
export const taskMarks: Readonly<Record<TaskState, string>> = {
  pending: "·",
  ready: "·",
  running: "●",
  succeeded: "✓",
  failed: "✗",
  blocked: "‖",
  skipped: "–",
  cancelled: "■",
  unknown: "?",
};

/** Whether it is not at work and did not end by itself: its times, exit code and session are those of an earlier try. */
export function isOfEarlierTry(state: TaskState): boolean {
  return state === "blocked" || state === "pending" || state === "skipped";
}
