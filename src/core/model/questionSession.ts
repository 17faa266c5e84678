import { type ContextEntry, refOf } from "./entry";
import { openEscalations, type ProjectState } from "./projectState";

/** The session in which somebody waits for an answer to the question; undefined where none has begun with it. */
export function questionSession({ tasks }: Pick<ProjectState, "tasks">, question: ContextEntry): string | undefined {
  const task = tasks.get(question.task_id ?? "");
  // A task that waits in its middle waits in its session.
  const midway = task && task.from_step > 0 ? task.session_name : null;
  return question.session_name ?? refOf(question, "session") ?? midway ?? undefined;
}

/** The open questions by the session that waits, of each session the one that blocks the oldest work. */
export function questionsBySession(state: ProjectState): ReadonlyMap<string, ContextEntry> {
  const questions = new Map<string, ContextEntry>();
  for (const question of openEscalations(state)) {
    const session = questionSession(state, question);
    if (session !== undefined && !questions.has(session)) questions.set(session, question);
  }
  return questions;
}
