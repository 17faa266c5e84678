import { actorName } from "../model/actorName";
import type { ContextEntry } from "../model/entry";
import { OrchestratorError } from "../model/errors";
import type { Plan, PlanTask } from "../model/plan";
import { handOverEvent, restartEvent, retryEvent } from "../model/entryKinds";
import type { LeaseRecord } from "../model/projectState";
import { waitsForRun } from "../model/savedAnswers";
import { shortSession } from "../model/names";
import { mayBeRetried } from "../model/states";
import { becauseOf, taskWords } from "../model/taskWords";
import { questionAbout, unansweredApproval } from "./escalations";
import type { OpenRecord } from "../record/projectRecord";
import { firstCause, withDependents } from "../model/dependents";
import { advice, type Remedy } from "../model/remedy";

/** What anybody may ask of a project's runner, wherever it runs: through the record. */
export const stopEvent = "stop_requested";

/** Asks the runner of that lease to stop: it starts nothing new, interrupts what it runs, and saves. */
export function requestStop(record: OpenRecord, lease: LeaseRecord, actor: string): Promise<ContextEntry> {
  const text = `${actorName(actor)} asked ${record.ledger.project_id} to stop.`;
  return record.append(
    { kind: "project", actor, session_name: null, event: stopEvent, text, generation: lease.generation },
    "synced",
  );
}

/** Where a project runs next, as its log says it. */
const nextRunner = {
  background: "now runs in the background, because its window closed",
  nowhere: "is no longer running, because its window closed",
  window: "runs in its window again, because the window is open again",
} as const;

/**
 * Asks the runner of that lease to leave everything as it is, for another one to go on with: what runs in the sessions
 * is not interrupted.
 */
export function requestHandOver(
  record: OpenRecord,
  lease: LeaseRecord,
  actor: string,
  to: keyof typeof nextRunner,
): Promise<ContextEntry> {
  const text = `${record.ledger.project_id} ${nextRunner[to]}.`;
  return record.append(
    { kind: "project", actor, session_name: null, event: handOverEvent, text, generation: lease.generation },
    "synced",
  );
}

/**
 * Asks the project's runner to end a session, with what runs there, and to make one like it. It takes effect with the
 * runner that there is; when that one ends before, with the next one.
 */
export function requestRestart(record: OpenRecord, session_name: string, actor: string): Promise<ContextEntry> {
  return record.append(
    {
      kind: "session",
      actor,
      session_name,
      event: restartEvent,
      text: `${actorName(actor)} asked to restart ${shortSession(session_name)}.`,
    },
    "synced",
  );
}

/**
 * Has a task that did not succeed, or with `alsoSucceeded` one that did, done again, with everything that waits for it; gives the task's entry. It takes
 * effect with the runner that there is, else with the next one. Throws `usage` for a task that the record does not know
 * or that needs no second try.
 */
export async function requestRetry(
  record: OpenRecord,
  plan: Plan,
  task_id: string,
  actor: string,
  alsoSucceeded = false,
): Promise<ContextEntry> {
  const { tasks } = record.state;
  const known = tasks.get(task_id);
  const task = plan.tasks.find((each) => each.id === task_id);
  if (known && !task) throw taskUnknown(record, task_id, known.role);
  if (!known || !task) {
    const ids = plan.tasks.map((each) => each.id).join(", ");
    throw new OrchestratorError(
      "usage",
      `${record.ledger.project_id} has no task ${task_id}.`,
      ids === "" ? { kind: "show_tasks", project: record.ledger.project_id } : advice(`Its tasks: ${ids}.`),
    );
  }
  const isDone = known.state === "succeeded";
  if (!mayBeRetried(known.state) && !(isDone && alsoSucceeded)) {
    const project = record.ledger.project_id;
    const remedy: Remedy = isDone ? { kind: "run_project", project, again: true } : { kind: "follow_project", project };
    throw new OrchestratorError("usage", `${task_id} ${taskWords(known.state)}, so it cannot be retried.`, remedy);
  }
  requireOwnFailure(record, plan, task);
  const asks = isDone ? `run ${task_id} again` : `retry ${task_id}`;
  const again = (id: string, role: string, text: string): Promise<ContextEntry> =>
    record.append(
      {
        kind: "task",
        actor,
        session_name: null,
        event: retryEvent,
        state: "pending",
        text,
        role,
        task_id: id,
        // What succeeded is begun anew, with all its tries.
        ...(isDone ? { attempt: 0 } : {}),
        refs: [{ type: "task", id }],
      },
      "synced",
    );
  const entry = await again(task_id, task.role, `${actorName(actor)} asked to ${asks}.`);
  for (const id of withDependents(plan, [task_id])) {
    const dependent = tasks.get(id);
    if (id !== task_id && dependent && dependent.state !== "pending")
      await again(id, dependent.role, `${id} will run again, because it needs ${task_id}.`);
  }
  return entry;
}

/** Nobody can do a task that the plan does not have. */
export function taskUnknown({ ledger, state }: OpenRecord, task_id: string, role: string): OrchestratorError {
  const project = ledger.project_id;
  const prompted = [...state.sessions.values()].some((session) => session.role === role && session.agent !== undefined);
  return new OrchestratorError(
    "usage",
    `The plan of ${project} no longer has ${task_id}, so what it does is unknown.`,
    {
      kind: "assign_task",
      project,
      role,
      prompted,
    },
  );
}

/** What only waits is not tried again: the one that it waits for is what needs a person. */
function requireOwnFailure({ state, ledger }: OpenRecord, plan: Plan, task: PlanTask): void {
  if (state.tasks.get(task.id)?.state !== "blocked") return;
  const unanswered = unansweredApproval(state, task.id)?.entry;
  if (unanswered) {
    throw new OrchestratorError("usage", `${task.id} needs an answer first.`, {
      kind: "answer_question",
      entry_id: unanswered.id,
      options: unanswered.options ?? [],
    });
  }
  const question = questionAbout(state, "approval_needed", task.id);
  // Once something came of the answer, what blocks the task is another thing.
  if (question && waitsForRun(state, question)) {
    throw new OrchestratorError(
      "usage",
      `The question about ${task.id} is answered; the task continues when ${ledger.project_id} runs.`,
      {
        kind: "run_project",
        project: ledger.project_id,
      },
    );
  }
  const cause = firstCause(task.id, (id) =>
    plan.tasks.find((each) => each.id === id)?.needs.find((need) => state.tasks.get(need)?.state !== "succeeded"),
  );
  if (cause !== task.id) {
    throw new OrchestratorError(
      "usage",
      `${task.id} is blocked${becauseOf(cause, state.tasks.get(cause)?.state ?? "pending")}.`,
      { kind: "retry_task", project: ledger.project_id, task: cause },
    );
  }
}
