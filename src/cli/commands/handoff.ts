import { handOver as handOverNote, type HandOverResult } from "../../core/acts/handOver";
import { ProjectRecord } from "../../core/record/projectRecord";
import { readablePlan } from "../../core/run/readPlan";
import { reachRecorded } from "../../core/session/reachedSession";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { openProject } from "../projects";

export interface HandoffOptions {
  readonly from: string;
  readonly to: string;
}

/** Appends a handoff note, which its receiver is shown at once or before its next task. */
export async function handOver(
  container: Container,
  name: string,
  text: string,
  options: HandoffOptions,
): Promise<ExitCode> {
  const { output, ids, logger, servers } = container;
  const ledger = await openProject(container, name);
  const project = await ledger.readProject();
  const plan = await readablePlan(await ledger.readPlan(), container.plans);
  const record = await ProjectRecord.open(ledger, logger, { start: "checkpoint" });
  try {
    const result = await handOverNote(
      {
        record,
        plan,
        policy: await container.policy(),
        ...(await container.acting()),
        ids,
        logger,
        cwd: project.default_cwd,
        reach: (session) => reachRecorded(session, project.server, (server) => servers.asReference(server)),
      },
      { ...options, text },
    );
    if (output.json) output.entry(result.note);
    else output.line(sentence(result));
    return exitCode.done;
  } finally {
    await record.close();
  }
}

function sentence({ showing, to, session_name }: HandOverResult): string {
  if (showing === "shown") return `Shown to ${session_name ?? to}.`;
  if (showing === "not_now") return `Saved. ${to} gets the note before its next task.`;
  return `Saved in the log only: ${to} runs a program, not a shell, so the note cannot be shown there.`;
}
