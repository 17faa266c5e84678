import { isAsking } from "../model/limitState";
import type { Plan } from "../model/plan";
import type { ProjectState } from "../model/projectState";
import { questionAbout } from "../people/escalations";

/** A prompt is not sent before a person has said something about the task `asked`. */
export class Parked extends Error {
  constructor(readonly asked: string) {
    super(`A person is asked about ${asked}.`);
  }
}

/**
 * Whether a limit lasts until a person has said something about that task: they are asked, or will be, by a run that has
 * the task.
 */
export function awaitsWord({ tasks }: Pick<Plan, "tasks">, state: ProjectState, asked: string): boolean {
  if (![...state.limits.values()].some((limit) => isAsking(limit) && limit.task_id === asked)) return false;
  return tasks.some(({ id }) => id === asked) || questionAbout(state, "blocked", asked)?.settled === false;
}
