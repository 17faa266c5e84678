import { actorName } from "../model/actorName";
import { type ContextEntry, isAskedInTerminal } from "../model/entry";
import { OrchestratorError } from "../model/errors";
import { waitsForRun } from "../model/savedAnswers";
import { readablePlan } from "../run/readPlan";
import { brief } from "../model/sentences";
import {
  chosenOption,
  continueOption,
  interruptOption,
  notInterruptible,
  requireOpen,
  retryOption,
  runOption,
  takenOption,
  tooLate,
} from "../people/escalations";
import { taskUnknown } from "../people/runnerRequests";
import type { OpenRecord } from "../record/projectRecord";
import { sealYes } from "../safety/consent";
import type { AnsweredTerminals, GivenAnswer } from "./answerPrompt";
import { type Acting, awaitEntry, type Follows, requirePerson, runnerOf, untilTakenUp } from "./acting";

export type AnswerQuestionRequest = GivenAnswer & {
  /** The id of the question's entry. */
  readonly question: string;
  /** Whether whoever answers runs the project where nothing does. `if_it_waits`: only when a task waits for it. */
  readonly resume: "no" | "if_it_waits" | "yes";
  /**
   * Waits until a process that runs the project has taken the answer up, for it may be about to end; until this is
   * aborted. Absent: nobody waits.
   */
  readonly wait?: AbortSignal;
  /** Where what programs ask in their sessions is answered. */
  readonly terminals: AnsweredTerminals;
};

export interface AnswerQuestionResult {
  readonly entry: ContextEntry;
  readonly follows: Follows;
  /** False: it lets something run that this user was not asked about on this machine, and is asked about again. */
  readonly counts: boolean;
}

/**
 * Answers a question; the first answer in the record counts. Undefined: the person was asked whether that is to be typed,
 * and said no. One that lets something run counts only for a question
 * that this user was asked on this machine: it is sealed for it, else whoever runs the project asks anew. Throws
 * `needs_person` below a session, `entry_not_found`, `usage` with the options or where nobody has the task's commands, and `already_answered` when somebody was
 * first, also when that is found out only afterwards.
 */
export async function answerQuestion(
  record: OpenRecord,
  by: Acting,
  request: AnswerQuestionRequest,
): Promise<AnswerQuestionResult | undefined> {
  requirePerson(by);
  const { question, wait } = request;
  const { escalations } = record.state;
  const escalation = escalations.get(question);
  if (!escalation)
    throw new OrchestratorError("entry_not_found", `There is no question ${question}.`, {
      kind: "show_questions",
    });
  requireOpen(escalation, record.ledger.project_id);
  if (isAskedInTerminal(escalation.entry)) {
    const [{ answerPrompt }, { server }] = await Promise.all([import("./answerPrompt"), record.ledger.readProject()]);
    const entry = await answerPrompt(record, by, { ...request, entry: escalation.entry }, server);
    return entry && { entry, follows: "typed", counts: true };
  }
  if (request.interrupt && escalation.entry.options?.includes(interruptOption) !== true)
    throw notInterruptible(escalation.entry);
  const option = chosenOption(escalation.entry, request.text ?? interruptOption);
  if (await lacksTask(record, by, escalation.entry, option)) {
    const { task_id = "", role } = escalation.entry;
    const known = record.state.tasks.get(task_id)?.role ?? role ?? "shell";
    throw taskUnknown(record, task_id, known);
  }
  const allows = escalation.entry.kind === "approval_needed" && option === runOption;
  const sealWith = allows ? sealYes(by.consents, escalation.entry) : undefined;
  const counts = !allows || sealWith !== undefined;
  const takenUp = awaitEntry(record, () => {
    const now = escalations.get(question);
    return now?.answer !== undefined && (now.settled || now.applied !== undefined);
  });
  try {
    const entry = await record.append(
      {
        kind: "answer",
        actor: by.actor,
        session_name: escalation.entry.session_name,
        text: answerSentence(escalation.entry, by.actor, option),
        answer: option,
        refs: [{ type: "entry", id: question }],
        ...(escalation.entry.task_id === undefined ? {} : { task_id: escalation.entry.task_id }),
        sealWith,
      },
      "synced",
    );
    // Two people may answer at once: the record's order decides.
    const first = escalations.get(question)?.answer;
    if (first && first.id !== entry.id) throw tooLate(first);
    const waits = (): boolean => {
      const now = escalations.get(question);
      return now !== undefined && waitsForRun(record.state, now);
    };
    if ((await runnerOf(record, by)) !== undefined) {
      const leftAlone = by.runsHere || wait === undefined || !waits();
      if (leftAlone || (await untilTakenUp(record, by, takenUp, wait)))
        return { entry, follows: "runner_applies_it", counts };
    }
    return { entry, follows: whatFollows(request.resume, waits()), counts };
  } finally {
    takenUp.dispose();
  }
}

/** Answers that have a task worked at. */
const beginning: readonly string[] = [runOption, retryOption, continueOption, takenOption];

/** The answer would have a task done whose commands nobody has: its runner is gone, and the plan does not name it. */
async function lacksTask(record: OpenRecord, by: Acting, { task_id }: ContextEntry, option: string): Promise<boolean> {
  if (task_id === undefined || !beginning.includes(option)) return false;
  const plan = await readablePlan(await record.ledger.readPlan(), by.plans);
  if (plan === undefined || plan.tasks.some(({ id }) => id === task_id)) return false;
  return (await runnerOf(record, by)) === undefined;
}

function answerSentence({ kind, input, task_id }: ContextEntry, actor: string, option: string): string {
  const who = actorName(actor);
  if (kind === "approval_needed" && input !== undefined) {
    const command = `"${brief(input, 200)}"${task_id === undefined ? "" : ` (task ${task_id})`}`;
    if (option === "run") return `${who} allowed ${command}.`;
    if (option === "skip") return `${who} skipped ${command}.`;
  }
  return `${who} answered "${option}"${task_id === undefined ? "" : ` for the task ${task_id}`}.`;
}

function whatFollows(resume: AnswerQuestionRequest["resume"], waits: boolean): Follows {
  if (resume === "yes") return "resume_here";
  if (!waits) return "nothing";
  return resume === "no" ? "saved_not_running" : "resume_here";
}
