import { retryTask } from "../../core/acts/retryTask";
import { ProjectRecord } from "../../core/record/projectRecord";
import { shellWord } from "../../core/sense/shellWord";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { openProject } from "../projects";
import { doProject } from "./do";

export interface RetryOptions {
  readonly again?: boolean;
}

/** Does a task that did not succeed again, with all that need it: by the process that runs the project, else here. */
export async function retry(
  container: Container,
  name: string,
  task: string,
  { again = false }: RetryOptions,
): Promise<ExitCode> {
  const { output, interrupts } = container;
  const ledger = await openProject(container, name);
  const { project_id } = ledger;
  const record = await ProjectRecord.open(ledger, container.logger, { start: "checkpoint" });
  try {
    const retried = await retryTask(record, await container.acting(), {
      task,
      again,
      plan_file: `${container.store.folderOf(project_id)}/plan.yaml`,
      signal: interrupts.signal,
    });
    if (output.json) output.entry(retried.entry);
    if (retried.follows === "runner_applies_it") {
      output.progress(
        `${task} will be retried by the process that runs ${project_id}. Follow it with: wsh-orchestrator do ${shellWord(project_id)}`,
      );
      return exitCode.done;
    }
  } finally {
    await record.close();
  }
  if (output.json) output.answerIsComplete();
  return doProject(container, name, {});
}
