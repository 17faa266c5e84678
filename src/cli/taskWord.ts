import type { ProjectState } from "../core/model/projectState";
import type { TaskState } from "../core/model/states";
import { askingTaskLook, taskLook } from "../protocol/stateLook";

/** What a list says of a task: one that only waits for an approval is blocked by nothing else. */
export function taskWord({ questions }: Pick<ProjectState, "questions">, id: string, state: TaskState): string {
  const asked = questions.get(id)?.some(({ entry, answer, settled }) => {
    return entry.kind === "approval_needed" && answer === undefined && !settled;
  });
  return asked === true && state === "blocked" ? askingTaskLook("approval").word : taskLook(state).word;
}
