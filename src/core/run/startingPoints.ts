import type { ContextEntry } from "../model/entry";
import type { Plan, PlanTask } from "../model/plan";
import type { ProjectState, TaskRecord } from "../model/projectState";
import type { TaskState } from "../model/states";
import { questionAbout } from "../people/escalations";
import { withDependents } from "../model/dependents";
import { type AttemptResult, failureOf, lastLineOf, stepsOf } from "./taskRunner";

/** Where a task goes on that an earlier driver left in the middle. */
export interface Resume {
  readonly attempt: number;
  /** The first step that has no success yet. */
  readonly step: number;
  /** When the attempt began, ISO 8601. */
  readonly started_at?: string | null;
  /** The attempt is over already; only its consequences are missing. */
  readonly verdict?: { readonly result: AttemptResult; readonly session_name: string };
}

export interface StartingPoint {
  readonly task: PlanTask;
  readonly state: TaskState;
  readonly resume?: Resume;
  /** The record does not say so yet. */
  readonly isNew: boolean;
}

export interface StartingOptions {
  /** Everything begins anew. */
  readonly again: boolean;
  /**
   * An earlier driver did not come to the end: its run goes on. What has failed in it has failed; a person was told.
   */
  readonly goesOn: boolean;
}

/**
 * What each task of the plan begins as, by the record: done and unchanged stays done; changed ones and all behind them
 * begin anew; failed ones too, unless an earlier run goes on. Call it after every open command has its result.
 */
export function startingPoints(
  plan: Plan,
  definitions: ReadonlyMap<string, string>,
  state: ProjectState,
  { again, goesOn }: StartingOptions,
): StartingPoint[] {
  const changed = plan.tasks.filter((task) => {
    const definition = state.tasks.get(task.id)?.definition;
    return again || (definition != null && definition !== definitions.get(task.id));
  });
  const fresh = withDependents(
    plan,
    changed.map((task) => task.id),
  );
  return plan.tasks.map((task) => {
    const record = state.tasks.get(task.id);
    if (!record) return { task, state: "pending", isNew: true };
    if (fresh.has(task.id))
      return {
        task,
        state: "pending",
        isNew: record.state !== "pending" || record.from_step > 0 || record.definition !== definitions.get(task.id),
      };
    return kept(task, record, state, goesOn);
  });
}

function kept(task: PlanTask, record: TaskRecord, state: ProjectState, goesOn: boolean): StartingPoint {
  const given = (kind: string): string | undefined => {
    const question = questionAbout(state, kind, task.id);
    return question && state.escalations.get(question.id)?.answer?.answer;
  };
  const become = (next: TaskState): StartingPoint => ({ task, state: next, isNew: next !== record.state });
  switch (record.state) {
    case "succeeded":
    case "skipped":
      return become(record.state);
    case "pending":
      return { ...become("pending"), ...goingOn(record) };
    case "failed": {
      const answer = given("error");
      if (answer === "skip") return become("skipped");
      if (!goesOn || answer === "retry") return become("pending");
      if (isOpen(state, "error", task.id)) return become("failed");
      // The driver ended before it could tell.
      return {
        task,
        state: "pending",
        isNew: false,
        resume: verdict(record, record.result, { state: "failed", reason: record.reason }),
      };
    }
    case "unknown": {
      // The driver ended before it could ask.
      if (!questionAbout(state, "blocked", task.id))
        return { task, state: "pending", isNew: false, resume: verdict(record, record.result, lostEnd) };
      const answer = given("blocked");
      if (answer === "done") return afterUnknown(task, record);
      return become(answer === "skip" ? "skipped" : answer === "retry" ? "pending" : "unknown");
    }
    case "blocked":
      // A question about a command of it may still be open: it is neither asked twice nor forgotten.
      if (given("blocked") === "skip") return become("skipped");
      if (goesOn && given("blocked") === undefined && isOpen(state, "blocked", task.id)) return become("blocked");
      return {
        task,
        state: "pending",
        isNew: questionAbout(state, "approval_needed", task.id) === undefined,
        ...goingOn(record),
      };
    case "cancelled":
      return become("pending");
    case "ready":
      return { task, state: "pending", isNew: false, resume: { attempt: record.attempts + 1, step: 0 } };
    case "running": {
      return { task, state: "pending", isNew: false, resume: interrupted(task, record) };
    }
  }
}

/** Whether a person was told, and nothing came of it yet. */
function isOpen(state: ProjectState, kind: string, task_id: string): boolean {
  const question = questionAbout(state, kind, task_id);
  return question !== undefined && state.escalations.get(question.id)?.settled === false;
}

/** Somebody said that the command of unknown outcome is done: the next step follows, if there is one. */
export function afterUnknown(task: PlanTask, record: Pick<TaskRecord, "command" | "attempts">): StartingPoint {
  const next = (record.command?.step ?? Infinity) + 1;
  if (next >= stepsOf(task).length) return { task, state: "succeeded", isNew: true };
  return { task, state: "pending", isNew: true, resume: { attempt: record.attempts, step: next } };
}

const lostEnd = { state: "unknown", reason: "how it ended is unknown" } as const;

/** A try that was waiting to go on in its middle. */
function goingOn({ attempts: attempt, from_step: step, started_at }: TaskRecord): Pick<StartingPoint, "resume"> {
  return step > 0 ? { resume: { attempt, step, started_at } } : {};
}

/** Where the attempt stands whose driver ended: its newest command's result decides. */
function interrupted(task: PlanTask, record: TaskRecord): Resume {
  const { command, result, attempts: attempt, from_step, started_at } = record;
  const step = command?.step ?? -1;
  // Nothing of what was to come next is typed yet.
  if (step < from_step) return { attempt, step: from_step, started_at };
  // Provably not run.
  if (result?.outcome === "not_sent" || result?.outcome === "rejected") return { attempt, step, started_at };
  // Interrupted by a stop: the try begins again, as after any stop.
  if (result?.outcome === "interrupted" || result?.outcome === "cancelled") return { attempt, step: 0 };
  const failure = result ? failureOf(outcomeOf(result), stepsOf(task)[step] ?? "", step >= task.run.length) : lostEnd;
  if (failure) return verdict(record, result, failure);
  const next = step + 1;
  return next < stepsOf(task).length
    ? { attempt, step: next, started_at }
    : verdict(record, result, { state: "succeeded", reason: "" });
}

/** The attempt is over; what follows from that is not written yet. */
function verdict(
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
        lastLine: lastLineOf(result?.output ?? ""),
        session: "free",
        untouched: false,
      },
    },
  };
}

function outcomeOf(result: ContextEntry): Parameters<typeof failureOf>[0] {
  return {
    outcome: result.outcome ?? "unknown",
    exit_code: result.exit_code ?? null,
    known_by: result.known_by ?? "none",
  };
}
