import type { ContextEntry } from "../model/entry";
import { OrchestratorError } from "../model/errors";
import { requestRetry } from "../people/runnerRequests";
import type { OpenRecord } from "../record/projectRecord";
import { parsedPlan } from "../run/readPlan";
import { type Acting, awaitEntry, type Follows, runnerOf, untilTakenUp } from "./acting";

export interface RetryTaskRequest {
  /** Its id in the plan. */
  readonly task: string;
  /** Also one that succeeded. */
  readonly again?: boolean;
  /** Where the recorded plan is, for people. */
  readonly plan_file: string;
  /** Gives up waiting for the process that runs the project. */
  readonly signal: AbortSignal;
}

export interface RetryTaskResult {
  readonly entry: ContextEntry;
  readonly follows: Extract<Follows, "runner_applies_it" | "resume_here">;
}

/**
 * Has a task that did not succeed, or with `again` one that did, done again, with all that need it: by the process that runs the project, which is
 * waited for, else by whoever asks. Throws `usage` for a task that the project does not have or that needs no second
 * try, `plan_invalid`, and the signal's reason.
 */
export async function retryTask(
  record: OpenRecord,
  by: Acting,
  { task, again = false, plan_file, signal }: RetryTaskRequest,
): Promise<RetryTaskResult> {
  const { project_id } = record.ledger;
  const text = await record.ledger.readPlan();
  if (text === undefined)
    throw new OrchestratorError("usage", `${project_id} has no plan, so its tasks cannot be retried.`, {
      kind: "give_commands",
    });
  await record.catchUp();
  const takenUp = awaitEntry(
    record,
    ({ kind, event, task_id }) => kind === "task" && event === "answered" && task_id === task,
  );
  try {
    const plan = await parsedPlan(text, plan_file, by.plans);
    const entry = await requestRetry(record, plan, task, by.actor, again);
    const running = (await runnerOf(record, by)) !== undefined;
    const heard = running && (by.runsHere || (await untilTakenUp(record, by, takenUp, signal)));
    return { entry, follows: heard ? "runner_applies_it" : "resume_here" };
  } finally {
    takenUp.dispose();
  }
}
