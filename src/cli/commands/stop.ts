import { stopProject } from "../../core/acts/stopProject";
import { isLiving } from "../../core/model/states";
import { ProjectRecord } from "../../core/record/projectRecord";
import { shellWord } from "../../core/sense/shellWord";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { openProject } from "../projects";

/** Ends the project's run wherever it is; sessions stay. Comes back when it has ended. */
export async function stop(container: Container, name: string): Promise<ExitCode> {
  const { output, interrupts } = container;
  const record = await ProjectRecord.open(await openProject(container, name), container.logger, {
    start: "checkpoint",
  });
  try {
    const { project_id } = record.ledger;
    const stopped = await stopProject(record, await container.acting(), { wait: interrupts.signal });
    if (output.json) output.document("entry" in stopped ? stopped.entry : null);
    else if (stopped.how === "not_running")
      output.line(`${project_id} is ${record.state.status === "stopped" ? "already stopped" : "not running"}.`);
    else {
      const open = [...record.state.sessions.values()].some(isLiving);
      output.line(
        `${project_id} stopped${open ? "; its sessions stay open" : ""}. ` +
          `Resume it with: wsh-orchestrator do ${shellWord(project_id)}`,
      );
    }
    return exitCode.done;
  } finally {
    await record.close();
  }
}
