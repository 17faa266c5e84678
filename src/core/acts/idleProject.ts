import { OrchestratorError } from "../model/errors";
import type { OpenRecord } from "../record/projectRecord";
import { type Acting, runnerOf } from "./acting";

/** Throws `driven_elsewhere` while a process runs the project: what is done to all of it would be done under its hands. */
export async function requireNotRunning(
  record: Pick<OpenRecord, "state" | "catchUp" | "ledger">,
  by: Pick<Acting, "processes" | "runsHere">,
): Promise<void> {
  const runner = await runnerOf(record, by);
  if (runner === undefined) return;
  const { project_id } = record.ledger;
  throw new OrchestratorError("driven_elsewhere", `${project_id} is running in ${runner}.`, {
    kind: "follow_or_stop",
    project: project_id,
  });
}
