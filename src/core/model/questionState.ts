import { answerNotTypedEvent, answerTypedEvent, quietAsksEvent, quietOverEvent } from "./entryKinds";
import { waitOption } from "./quietTime";
import { type ContextEntry, isAskedInTerminal, needsHuman, refOf } from "./entry";
import type { SessionContext } from "./session";

/** Something a person was asked, and what became of it. */
export interface Escalation {
  readonly entry: ContextEntry;
  /** The first answer in the record; later ones changed nothing. */
  answer?: ContextEntry;
  /** Who tells a person of it: the first in the record with the highest number of all tries to tell. */
  told?: ContextEntry;
  /** The newest word that a person has seen it, or has put it off until its `expires_at`. */
  seen?: ContextEntry;
  /** What was first done about its task after the answer. */
  applied?: ContextEntry;
  /** The answer was carried out, or the question is no longer one. */
  settled: boolean;
}

/** What a project's record says of its questions, and what that is about. */
export interface QuestionState {
  /** By the id of what asks, oldest first. */
  readonly escalations: Map<string, Escalation>;
  /** Of these, the ones about each task, by its id; oldest first. */
  readonly questions: Map<string, Escalation[]>;
  readonly sessions: ReadonlyMap<string, SessionContext>;
}

export function settle(state: QuestionState, escalation: Escalation): void {
  escalation.settled = true;
  clearWait(state, escalation.entry);
}

/** What the program there asked is answered, or nobody can answer it any more. */
export function settleAskedIn(state: QuestionState, session_name: string): void {
  for (const escalation of state.escalations.values()) {
    const { entry, settled } = escalation;
    if (!settled && isAskedInTerminal(entry) && entry.session_name === session_name) settle(state, escalation);
  }
}

/** The command that was quiet has ended. */
function settleQuietIn(state: QuestionState, session_name: string): void {
  for (const escalation of state.escalations.values()) {
    const { entry, settled } = escalation;
    if (!settled && entry.event === quietAsksEvent && entry.session_name === session_name) settle(state, escalation);
  }
}

export function applyEscalation(state: QuestionState, entry: ContextEntry): void {
  if (needsHuman(entry)) applyQuestion(state, entry);
  if (entry.kind === "answer") {
    const escalation = state.escalations.get(refOf(entry, "entry") ?? "");
    if (escalation && !escalation.answer) {
      escalation.answer = entry;
      clearWait(state, escalation.entry);
      // There is nothing to carry out.
      if (escalation.entry.event === quietAsksEvent && entry.answer === waitOption) settle(state, escalation);
    }
  }
  if (entry.kind === "result" && entry.session_name !== null) settleQuietIn(state, entry.session_name);
  if (entry.kind === "note" && entry.event === quietOverEvent) {
    const escalation = state.escalations.get(refOf(entry, "entry") ?? "");
    if (escalation?.settled === false) settle(state, escalation);
  }
  if (entry.kind === "note" && (entry.event === answerTypedEvent || entry.event === answerNotTypedEvent)) {
    const escalation = state.escalations.get(refOf(entry, "entry") ?? "");
    if (!escalation || escalation.settled) return;
    escalation.applied = entry;
    settle(state, escalation);
  }
}

/** Asked in place of another one about the same task, that one is no question any more. */
function applyQuestion(state: QuestionState, entry: ContextEntry): void {
  const { kind, task_id } = entry;
  const before = kind === "approval_needed" ? state.escalations.get(refOf(entry, "entry") ?? "") : undefined;
  if (before?.settled === false && before.entry.kind === kind && before.entry.task_id === task_id)
    settle(state, before);
  // A program asks one thing at a time, and where its task asks that is about the same.
  if (entry.session_name !== null) settleAskedIn(state, entry.session_name);
  noteQuestion(state, { entry, settled: false });
}

export function noteQuestion({ escalations, questions }: QuestionState, escalation: Escalation): void {
  const { id, task_id } = escalation.entry;
  escalations.set(id, escalation);
  if (task_id === undefined) return;
  const about = questions.get(task_id);
  if (about) about.push(escalation);
  else questions.set(task_id, [escalation]);
}

/** A question reached somebody who may answer it. */
export function applyDelivery(state: QuestionState, entry: ContextEntry, about: string): void {
  const escalation = state.escalations.get(about);
  if (!escalation) return;
  const before = escalation.told ? (escalation.told.attempt ?? 1) : 0;
  if (entry.event === "delivered" && (entry.attempt ?? 1) > before) escalation.told = entry;
  if (entry.event === "seen" || entry.event === "snoozed") escalation.seen = entry;
}

/** Its session no longer waits for an answer. */
function clearWait(state: QuestionState, question: ContextEntry): void {
  const session = state.sessions.get(question.session_name ?? "");
  // A checkpoint of before may have other words in front of the question.
  if (session?.next_action.endsWith(`: ${question.text}`)) session.next_action = "";
}

export function waitSentence(question: ContextEntry): string {
  return `needs an answer: ${question.text}`;
}
