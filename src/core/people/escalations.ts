import { actorName } from "../model/actorName";
import { type ContextEntry, isAskedInTerminal } from "../model/entry";
import { OrchestratorError } from "../model/errors";
import type { ProjectState } from "../model/projectState";
import { waitOption } from "../model/quietTime";
import type { Escalation } from "../model/questionState";
import { clockTime } from "../model/sentences";
/** Where a question names a step of its task: it is about the settings of the task's role instead. */
export const roleStep = -1;
/** Lets what is held back run. */
export const runOption = "run";
/** What a person may say to a command that the policy holds back. */
export const approvalOptions = [runOption, "skip"];
/** Has a task done again. */
export const retryOption = "retry";
/** …to a task that failed for good. */
export const failureOptions = [retryOption, "skip"];
/** Has an agent continue with what it was told. */
export const continueOption = "continue";
/** …to a task whose agent a person has stopped. */
export const stoppedOptions = [continueOption, "done", "skip"];
/** Has a text sent to a program as it stands. */
export const sendOption = "send";
/** …to a task whose text was not sent, because its program shows something else than its prompt. */
export const programOptions = [retryOption, sendOption, "skip"];
/** …to a task whose outcome nobody knows. */
export const unknownOptions = [retryOption, "done", "skip"];
/** Says that an agent has taken a prompt, which is then followed to the end of its turn. */
export const takenOption = "taken";
/** …to a task of which nobody knows whether its agent has taken the prompt. */
export const stalledOptions = [takenOption, ...unknownOptions];

/** Has a command interrupted that has printed nothing for long. */
export const interruptOption = "interrupt";
/** …instead of being waited for. */
export const quietOptions = [waitOption, interruptOption];
/** Leaves a pager, which Ctrl-C does not end. */
export const leavePagerOption = "quit";
/** Leaves the prompt of a REPL or of a shell, which Ctrl-C does not end either. */
export const leavePromptOption = "leave";

const synonyms: Readonly<Record<string, string>> = {
  yes: "run",
  y: "run",
  ok: "run",
  approve: "run",
  allow: "run",
  no: "skip",
  n: "skip",
  deny: "skip",
  again: "retry",
};

/**
 * The option that `text` names: itself, a beginning of exactly one, or a usual word for it. Free text when the question
 * has no options. Throws `usage` with the options otherwise.
 */
export function chosenOption(entry: ContextEntry, text: string): string {
  const options = entry.options ?? [];
  const wanted = text.trim().toLowerCase();
  if (options.length === 0 && wanted !== "") return text.trim();
  if (options.includes(wanted)) return wanted;
  const begun = options.filter((option) => wanted !== "" && option.startsWith(wanted));
  if (begun.length === 1 && begun[0]) return begun[0];
  const meant = synonyms[wanted];
  if (meant && options.includes(meant)) return meant;
  throw new OrchestratorError("usage", `"${text}" is not an answer to this question.`, {
    kind: "answer_question",
    entry_id: entry.id,
    options,
  });
}

/** Throws `already_answered` with who was first, or because its task or the program that asked has gone on. */
export function requireOpen({ answer, settled, entry }: Escalation, project_id: string): void {
  if (answer) throw tooLate(answer);
  if (!settled) return;
  if (isAskedInTerminal(entry) && entry.session_name !== null)
    throw new OrchestratorError(
      "already_answered",
      "The question is closed: it was answered in the terminal, or its program asks something else.",
      { kind: "look_at_session", session: entry.session_name },
    );
  throw new OrchestratorError("already_answered", "The question is closed: its task has continued.", {
    kind: "show_log",
    project: project_id,
  });
}

/** Ctrl-C is no answer to it. */
export function notInterruptible({ id, options = [] }: ContextEntry): OrchestratorError {
  return new OrchestratorError("request_invalid", "Nothing can be interrupted by an answer to this question.", {
    kind: "answer_question",
    entry_id: id,
    options,
  });
}

/** Somebody was first. */
export function tooLate(first: ContextEntry): OrchestratorError {
  return new OrchestratorError(
    "already_answered",
    `${actorName(first.actor)} already answered this question with ${first.answer ?? first.text}, at ${clockTime(first.ts)}.`,
    { kind: "show_questions" },
  );
}

/** A question about a command of the task that nobody has answered yet; the oldest. */
export function unansweredApproval(state: ProjectState, task_id: string): Escalation | undefined {
  return state.questions
    .get(task_id)
    ?.find(({ entry, answer, settled }) => entry.kind === "approval_needed" && !answer && !settled);
}

/** The newest question about the settings of a role that is still open, whichever of its tasks asked. */
export function questionAboutRole(state: ProjectState, role: string): Escalation | undefined {
  return [...state.escalations.values()].findLast(
    ({ entry, settled }) => entry.step === roleStep && entry.role === role && !settled,
  );
}

/** The newest question of this kind about a task, or about one step of it. */
export function questionAbout(
  state: ProjectState,
  kind: string,
  task_id: string,
  step?: number,
): Escalation | undefined {
  return state.questions
    .get(task_id)
    ?.findLast(({ entry }) => entry.kind === kind && (step === undefined || entry.step === step));
}
