import type { ProjectState } from "../core/model/projectState";
import type { TaskState } from "../core/model/states";
import { needsApproval } from "../core/model/taskCount";
import { askingTaskLook, taskLook } from "../protocol/stateLook";
import { shownTaskLook } from "../protocol/taskWaitLook";

type TaskProject = Pick<ProjectState, "questions" | "tasks" | "limits">;

/**
 * What a list says of a task: one that only waits for an approval is blocked by nothing else. `now`: milliseconds since
 * 1970.
 */
export function taskWord(project: TaskProject, id: string, state: TaskState, now: number): string {
  if (state === "blocked" && needsApproval(project.questions.get(id))) return askingTaskLook("approval").word;
  const task = project.tasks.get(id);
  return (task ? shownTaskLook(task, project, now) : taskLook(state)).word;
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
