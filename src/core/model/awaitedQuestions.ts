import type { ContextEntry } from "./entry";
import { openEscalations, type ProjectState } from "./projectState";

/**
 * The open questions that somebody waits for, of a project that runs. A run waits for no answer about a task that failed
 * for good: when nothing else is left to do, its result follows.
 */
export function awaitedQuestions(state: ProjectState): ContextEntry[] {
  const questions = openEscalations(state);
  const goesOn =
    questions.some((entry) => entry.kind === "approval_needed") ||
    [...state.tasks.values()].some(({ state: each }) => each === "running" || each === "ready" || each === "pending");
  return goesOn ? questions : [];
}
