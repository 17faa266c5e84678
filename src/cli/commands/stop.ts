import { requestStop } from "../../core/people/driverRequests";
import { ProjectRecord } from "../../core/record/projectRecord";
import { driverName, untilUndriven } from "../../core/record/lease";
import { OrchestratorError } from "../../core/model/errors";
import type { LeaseRecord } from "../../core/model/projectState";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../exitCodes";
import { openProject } from "../projects";

/** A driver interrupts what it runs, with stronger means every few seconds, before it ends. */
const patienceMs = 30_000;

/** Ends the project's driver wherever it runs; sessions stay. Comes back when it has ended. */
export async function stopProject(container: Container, name: string): Promise<ExitCode> {
  const { output } = container;
  const journal = await ProjectRecord.open(await openProject(container, name), container.logger, {
    start: "checkpoint",
  });
  try {
    const { project_id } = journal.ledger;
    const processes = await container.processes;
    const { lease } = journal.state;
    if (!lease || (await processes.isAlive(lease)) === false) {
      if (output.json) output.document(null);
      else output.line(`Nobody drives ${project_id}; there is nothing to stop.`);
      return exitCode.done;
    }
    const entry = await requestStop(journal, lease, container.actor);
    await untilGone(container, journal, lease);
    if (output.json) output.entry(entry);
    else output.line(`${project_id} was stopped; its sessions stay. Go on with: wsh-orchestrator do ${project_id}`);
    return exitCode.done;
  } finally {
    await journal.close();
  }
}

async function untilGone(container: Container, journal: ProjectRecord, lease: LeaseRecord): Promise<void> {
  const processes = await container.processes;
  const late = AbortSignal.timeout(patienceMs);
  try {
    await untilUndriven(
      journal,
      processes,
      container.clock,
      container.actor,
      AbortSignal.any([late, container.interrupts.signal]),
    );
  } catch (error) {
    if (!late.aborted) throw error;
    const who = driverName(lease, processes.host);
    throw new OrchestratorError(
      "timeout",
      `The driver (${who}) has not stopped yet.`,
      `It was asked to and may still do so; see: wsh-orchestrator status ${journal.ledger.project_id}. If it hangs, end that process.`,
      { cause: error },
    );
  }
}
