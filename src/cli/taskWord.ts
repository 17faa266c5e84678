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
