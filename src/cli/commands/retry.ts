import { requestRetry } from "../../core/people/driverRequests";
import { ProjectRecord } from "../../core/record/projectRecord";
import { parsedPlan } from "../../core/run/plannedRun";
import { untilUndriven } from "../../core/record/lease";
import { OrchestratorError } from "../../core/model/errors";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../exitCodes";
import { openProject } from "../projects";
import { doProject } from "./do";

/** Does a task that did not succeed again, with all that need it: by the driver that there is, else here. */
export async function retryTask(container: Container, name: string, task_id: string): Promise<ExitCode> {
  const { output } = container;
  const ledger = await openProject(container, name);
  const { project_id } = ledger;
  const text = await ledger.readPlan();
  if (text === undefined)
    throw new OrchestratorError(
      "usage",
      `${project_id} has no plan, so none of its tasks can be tried again.`,
      `Give the commands again: wsh-orchestrator do ${project_id} --run COMMAND`,
    );
  const plan = parsedPlan(text, `${ledger.folder}/plan.yaml`);
  const journal = await ProjectRecord.open(ledger, container.logger, { start: "checkpoint" });
  try {
    const taken = new AbortController();
    journal.onEntry((entry) => {
      if (entry.kind === "task" && entry.event === "answered" && entry.task_id === task_id) taken.abort();
    });
    const entry = await requestRetry(journal, plan, task_id, container.actor);
    if (output.json) output.entry(entry);
    if (await isTaken(container, journal, taken.signal)) {
      output.progress(
        `${task_id} is tried again by the driver of ${project_id}. Follow it with: wsh-orchestrator do ${project_id}`,
      );
      return exitCode.done;
    }
  } finally {
    await journal.close();
  }
  if (output.json) output.answerIsComplete();
  return doProject(container, name, {});
}

/** Whether the driver heard of it; false once nobody drives. */
async function isTaken(
  { clock, actor, processes, interrupts }: Container,
  journal: ProjectRecord,
  taken: AbortSignal,
): Promise<boolean> {
  try {
    await untilUndriven(journal, await processes, clock, actor, AbortSignal.any([taken, interrupts.signal]));
    return taken.aborted;
  } catch (error) {
    if (taken.aborted) return true;
    throw error;
  }
}
