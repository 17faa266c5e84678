import type { ContextEntry } from "./entry";
import type { ProjectState } from "./projectState";
import type { Escalation } from "./questionState";

/** Whether an answer waits for a run of its project: there is something to do about a task for it. */
export function waitsForRun({ status }: Pick<ProjectState, "status">, escalation: Escalation): boolean {
  const { entry, answer, applied, settled } = escalation;
  return status !== "done" && answer !== undefined && !applied && !settled && entry.task_id !== undefined;
}

/** A question whose answer waits for a run of the project. */
export type SavedAnswer = Escalation & { readonly answer: ContextEntry };

export function savedAnswers(state: Pick<ProjectState, "status" | "escalations">): SavedAnswer[] {
  return [...state.escalations.values()].filter(
    (each): each is SavedAnswer => each.answer !== undefined && waitsForRun(state, each),
  );
}
