import type { ContextEntry } from "../model/entry";
import type { Plan, PlanTask } from "../model/plan";
import type { ProjectState, TaskRecord } from "../model/projectState";
import type { TaskState } from "../model/snapshot";
import { questionAbout } from "./escalations";
import { withDependents } from "./scheduler";
import { type AttemptResult, failureOf, stepsOf } from "./taskRunner";

/** Where a task goes on that an earlier driver left in the middle. */
export interface Resume {
  readonly attempt: number;
  /** The first step that has no success yet. */
  readonly step: number;
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

/**
 * What each task of the plan begins as, by the record: done and unchanged stays done; changed ones and all behind them begin anew;
 * `again` begins everything anew. Call it after every open command has its result.
 */
export function startingPoints(plan: Plan, definitions: ReadonlyMap<string, string>, state: ProjectState, again: boolean): StartingPoint[] {
  const changed = plan.tasks.filter((task) => {
    const definition = state.tasks.get(task.id)?.definition;
    return again || (definition != null && definition !== definitions.get(task.id));
  });
  const fresh = withDependents(plan, changed.map((task) => task.id));
  return plan.tasks.map((task) => {
    const record = state.tasks.get(task.id);
    if (!record) return { task, state: "pending", isNew: true };
    if (fresh.has(task.id)) return { task, state: "pending", isNew: record.state !== "pending" || record.definition !== definitions.get(task.id) };
    return kept(task, record, state);
  });
}

function kept(task: PlanTask, record: TaskRecord, state: ProjectState): StartingPoint {
  const given = (kind: string): string | undefined => {
    const question = questionAbout(state, kind, task.id);
    return question && state.escalations.get(question.id)?.answer?.answer;
  };
  const become = (next: TaskState): StartingPoint => ({ task, state: next, isNew: next !== record.state });
  switch (record.state) {
    case "succeeded":
    case "skipped":
    case "pending":
      return become(record.state);
    case "failed":
      return become(given("error") === "skip" ? "skipped" : "pending");
    case "unknown": {
      const answer = given("blocked");
      if (answer === "done") return afterUnknown(task, record);
      return become(answer === "skip" ? "skipped" : answer === "retry" ? "pending" : "unknown");
    }
    case "blocked":
      // A question about a command of it may still be open: it is neither asked twice nor forgotten.
      if (given("blocked") === "skip") return become("skipped");
      return { task, state: "pending", isNew: questionAbout(state, "approval_needed", task.id) === undefined };
    case "cancelled":
      return become("pending");
    case "ready":
      return { task, state: "pending", isNew: false, resume: { attempt: record.attempts + 1, step: 0 } };
    case "running": {
      const resume = interrupted(task, record);
      return { task, state: "pending", isNew: false, ...(resume ? { resume } : {}) };
    }
  }
}

/** Somebody said that the command of unknown outcome is done: the next step follows, if there is one. */
export function afterUnknown(task: PlanTask, record: Pick<TaskRecord, "command" | "attempts">): StartingPoint {
  const next = (record.command?.step ?? Infinity) + 1;
  if (next >= stepsOf(task).length) return { task, state: "succeeded", isNew: true };
  return { task, state: "pending", isNew: true, resume: { attempt: record.attempts, step: next } };
}

/** Where the attempt stands whose driver ended: its newest command's result decides. */
function interrupted(task: PlanTask, record: TaskRecord): Resume | undefined {
  const { command, result, attempts: attempt } = record;
  if (!command || command.step === undefined) return undefined;
  const step = command.step;
  // Provably not run.
  if (result?.outcome === "not_sent" || result?.outcome === "rejected") return { attempt, step };
  // Interrupted by a stop: the try begins again, as after any stop.
  if (result?.outcome === "interrupted" || result?.outcome === "cancelled") return { attempt, step: 0 };
  const failure = result ? failureOf(outcomeOf(result), stepsOf(task)[step] ?? "", step >= task.run.length) : { state: "unknown" as const, reason: "how it ended is unknown" };
  if (!failure) return { attempt, step: step + 1 };
  return {
    attempt,
    step,
    verdict: {
      session_name: command.session_name ?? "",
      result: { ...failure, exit_code: result?.exit_code ?? null, command_id: command.command_id ?? null, commands: step + 1, lastLine: "", session: "free", untouched: false },
    },
  };
}

function outcomeOf(result: ContextEntry): Parameters<typeof failureOf>[0] {
  return { outcome: result.outcome ?? "unknown", exit_code: result.exit_code ?? null, known_by: result.known_by ?? "none" };
}
