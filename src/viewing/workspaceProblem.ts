import { messageOf, OrchestratorError } from "../core/model/errors";
import { nothingToDo, type Remedy } from "../core/model/remedy";
import { type RecordedProject, type ServerAnswers, serverProblem } from "../core/session/trueSessions";

/** One sentence, and what a person can do about it. */
export interface WorkspaceProblem {
  readonly message: string;
  readonly remedy: Remedy;
}

export function problemOf(error: unknown): WorkspaceProblem {
  return { message: messageOf(error), remedy: error instanceof OrchestratorError ? error.remedy : nothingToDo };
}

/** What a view says of servers, each sentence once. What to do is said where the view has a button for it. */
export function serverProblems(projects: readonly RecordedProject[], live: ServerAnswers): WorkspaceProblem[] {
  const all = projects
    .flatMap((project) => serverProblem(project, live) ?? [])
    .map(({ message, remedy, not_chosen, ended }) => ({ message, remedy: not_chosen || ended ? remedy : nothingToDo }));
  return all.filter(({ message }, at) => all.findIndex((each) => each.message === message) === at);
}
