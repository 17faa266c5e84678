import type { ContextEntry } from "../model/entry";
import { isAsking } from "../model/limitState";
import type { PlanTask } from "../model/plan";
import type { ProjectState, TaskRecord } from "../model/projectState";
import type { Escalation } from "../model/questionState";
import type { TaskState } from "../model/states";
import { continueOption, questionAbout, retryOption, sendOption, takenOption } from "../people/escalations";
import { lastLineOf } from "../model/commandOutput";
import { isHeldBack, type TurnEnd, turnOf } from "../model/agentTurn";
import { type AttemptResult, failureOf, promptEnd, stepAt, stepsOf } from "./attempt";
import { isTriedAgain } from "./promptAttempt";

/** Where a task goes on that was left in the middle. */
export interface Resume {
  readonly attempt: number;
  /** The first step that has no success yet. */
  readonly step: number;
  /** When the attempt began, ISO 8601. */
  readonly started_at?: string | null;
  /** The attempt is over already; only its consequences are missing. */
  readonly verdict?: { readonly result: AttemptResult; readonly session_name: string };
  /** A limit has ended its turn, and nothing is told of that yet: what follows decides whether the attempt is over. */
  readonly met?: TurnEnd;
}

/** What a task is that nobody works at. */
export interface Standing {
  /** `pending`: it begins, or goes on at `resume`, once all that it needs is done and allowed. */
  readonly state: TaskState;
  readonly resume?: Resume;
  /** The record does not say so yet: it is to be written before anything is done about it. */
  readonly isNew: boolean;
  /** All of it is done again, as if nothing of it had been. */
  readonly anew?: boolean;
  /** Whose word made it so. */
  readonly by?: string;
  /** It goes on with the text that was held back at a program's screen. */
  readonly sends?: boolean;
  /** It begins only once a person has said something about this task. */
  readonly parked_by?: string;
  /** Its prompt was taken. */
  readonly taken?: boolean;
}

/**
 * What a task is, by the record alone: the same for a run that begins, for one that goes on, and after each entry. Ask
 * only about a task that nobody works at, after every open command of it has its result.
 */
export function standingOf(task: PlanTask, state: ProjectState): Standing {
  const record = state.tasks.get(task.id);
  if (!record) return { state: "pending", isNew: true };
  switch (record.state) {
    case "succeeded":
    case "skipped":
    case "cancelled":
      return { state: record.state, isNew: false };
    case "pending":
      return {
        state: "pending",
        isNew: record.retried_by !== undefined,
        ...(record.retried_by === undefined ? {} : { by: record.retried_by }),
        ...(record.parked_by === undefined ? {} : { parked_by: record.parked_by }),
        ...(goesOnTaken(record, state) ? { resume: takenPrompt(record) } : goingOn(record)),
      };
    case "failed": {
      const question = openQuestion(state, "error", task.id);
      // Whoever ran it ended before a person could be told.
      if (!question) return goesOn(verdict(task, record, record.result, { state: "failed", reason: record.reason }));
      return answered(task, record, question);
    }
    case "unknown": {
      const question = openQuestion(state, "blocked", task.id);
      return question ? answered(task, record, question) : goesOn(verdict(task, record, record.result, lostEnd));
    }
    case "blocked": {
      const question = openQuestion(state, "blocked", task.id);
      return question
        ? answered(task, record, question)
        : { state: "pending", isNew: false, ...allowed(record, state) };
    }
    case "ready":
      return goesOn({ attempt: record.attempts + 1, step: 0 });
    case "running":
      return goesOn(interrupted(task, record, state));
  }
}

/** The newest question of that kind about the task, unless the task has moved on since. */
export function openQuestion(state: ProjectState, kind: string, task_id: string): Escalation | undefined {
  const question = questionAbout(state, kind, task_id);
  return question?.settled === false ? question : undefined;
}

function goesOn(resume: Resume): Standing {
  return { state: "pending", isNew: false, resume };
}

/** What an answer makes of a task that a person was asked about; without one it stays what it is. */
function answered(task: PlanTask, record: TaskRecord, { entry, answer }: Escalation): Standing {
  const become = (next: Pick<Standing, "state" | "resume">): Standing => ({
    ...next,
    isNew: true,
    ...(answer ? { by: answer.actor } : {}),
  });
  if (answer?.answer === retryOption || answer?.answer === continueOption) return become({ state: "pending" });
  if (answer?.answer === "skip") return become({ state: "skipped" });
  if (answer?.answer === takenOption && record.state === "unknown")
    return { ...become({ state: "pending", resume: takenPrompt(record) }), taken: true };
  if (answer?.answer === sendOption && record.state === "blocked") {
    const { step = 0, attempt = record.attempts } = entry;
    return { ...become({ state: "pending", resume: { attempt, step, started_at: record.started_at } }), sends: true };
  }
  const isStopped = entry.options?.includes(continueOption) === true;
  if (answer?.answer === "done" && (record.state === "unknown" || isStopped)) return become(afterUnknown(task, record));
  // Only where that was offered: the person takes what its agent did as it is.
  if (answer?.answer === "done" && entry.options?.includes("done") === true) return become({ state: "succeeded" });
  return { state: record.state, isNew: false };
}

/** The try whose prompt its agent has taken, as a person says. */
function takenPrompt({ attempts: attempt, started_at }: TaskRecord): Resume {
  return { attempt, step: 0, started_at };
}

/** Whether a person's word that the prompt was taken is what the task waits to go on with. */
function goesOnTaken({ id, attempts, retried_by }: TaskRecord, state: ProjectState): boolean {
  const question = questionAbout(state, "blocked", id);
  const isApplied = question?.applied?.state === "pending" && question.applied.step === 0;
  return question?.answer?.answer === takenOption && isApplied && attempts > 0 && retried_by === undefined;
}

/** Where a task goes on once a command of it is allowed: in the try that waits for that, where there is one. */
function allowed(record: TaskRecord, state: ProjectState): Pick<Standing, "resume"> {
  const question = openQuestion(state, "approval_needed", record.id)?.entry;
  return question?.attempt === undefined
    ? goingOn(record)
    : { resume: { attempt: question.attempt, step: record.from_step, started_at: record.started_at } };
}

/** Somebody said that the command of unknown outcome is done: the next step follows, if there is one. */
function afterUnknown(task: PlanTask, record: TaskRecord): Pick<Standing, "state" | "resume"> {
  const next = (record.command?.step ?? Infinity) + 1;
  if (next >= stepsOf(task).length) return { state: "succeeded" };
  return { state: "pending", resume: { attempt: record.attempts, step: next } };
}

const lostEnd = { state: "unknown", reason: "its end was not seen" } as const;

/** A try that was waiting to go on in its middle, or with its prompt. */
function goingOn({ attempts: attempt, from_step: step, started_at, parked_by }: TaskRecord): Pick<Standing, "resume"> {
  return step > 0 || parked_by !== undefined ? { resume: { attempt, step, started_at } } : {};
}

/** Where the attempt stands whose runner ended: its newest command's result decides. */
function interrupted(task: PlanTask, record: TaskRecord, { limits }: ProjectState): Resume {
  const { command, result, attempts: attempt, from_step, started_at } = record;
  const step = command?.step ?? -1;
  // Nothing of what was to come next is typed yet.
  if (step < from_step) return { attempt, step: from_step, started_at };
  // Provably not run.
  if (result?.outcome === "not_sent" || result?.outcome === "rejected") return { attempt, step, started_at };
  // Interrupted by a stop: the try begins again, as after any stop.
  if (result?.outcome === "interrupted" || result?.outcome === "cancelled") return { attempt, step: 0 };
  const turn = result && turnOf(result);
  if (turn && isTriedAgain(turn, record.turns)) return { attempt, step, started_at };
  const met = turn && isHeldBack(turn) ? turn : undefined;
  const isTold = record.turns?.limit !== "untold";
  // It waits for the end of the limit, unless that is what a person is to say about this very task.
  if (met && isTold && ![...limits.values()].some((limit) => isAsking(limit) && limit.task_id === task.id))
    return { attempt, step, started_at };
  const failure = result ? failureOf(outcomeOf(result), stepAt(task, step)) : lostEnd;
  if (failure) return { ...verdict(task, record, result, failure), ...(met && !isTold ? { met } : {}) };
  const next = step + 1;
  return next < stepsOf(task).length
    ? { attempt, step: next, started_at }
    : verdict(task, record, result, { state: "succeeded", reason: "" });
}

/** The attempt is over; what follows from that is not written yet. */
function verdict(
  task: PlanTask,
  { command, attempts: attempt, session_name, started_at }: TaskRecord,
  result: ContextEntry | undefined,
  end: Pick<AttemptResult, "state" | "reason">,
): Resume {
  const step = command?.step ?? 0;
  return {
    attempt,
    step,
    started_at,
    verdict: {
      session_name: command?.session_name ?? session_name ?? "",
      result: {
        ...end,
        exit_code: result?.exit_code ?? null,
        command_id: command?.command_id ?? null,
        commands: step + 1,
        lastLine: result?.turn ? "" : lastLineOf(result?.output ?? ""),
        session: "free",
        untouched: false,
        ...(end.state === "succeeded" ? {} : promptEnd(stepAt(task, step), outcomeOf(result))),
      },
    },
  };
}

function outcomeOf(result: Partial<ContextEntry> = {}): Parameters<typeof failureOf>[0] & { readonly output: string } {
  const turn = turnOf(result);
  return {
    outcome: result.outcome ?? "unknown",
    exit_code: result.exit_code ?? null,
    known_by: result.known_by ?? "none",
    output: result.output ?? "",
    ...(turn === undefined ? {} : { turn }),
    ...(result.outcome === "unknown" && result.reason !== undefined ? { why: result.reason } : {}),
  };
}
