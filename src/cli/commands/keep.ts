import { archiveProject } from "../../core/acts/archiveProject";
import { endSessions } from "../../core/acts/endSessions";
import { removeProject } from "../../core/acts/removeProject";
import { renameProject } from "../../core/acts/renameProject";
import { shortSession } from "../../core/model/names";
import { listed, plural } from "../../core/model/sentences";
import { ProjectRecord } from "../../core/record/projectRecord";
import { shellWord } from "../../core/sense/shellWord";
import { reachRecorded } from "../../core/session/reachedSession";
import { confirm } from "../confirm";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { openProject } from "../projects";

export interface KeepOptions {
  readonly yes?: boolean;
}

export interface ArchiveOptions {
  readonly undo?: boolean;
}

async function withRecord(
  container: Container,
  name: string,
  act: (record: ProjectRecord) => Promise<ExitCode>,
): Promise<ExitCode> {
  const record = await ProjectRecord.open(await openProject(container, name), container.logger, {
    start: "checkpoint",
  });
  try {
    return await act(record);
  } finally {
    await record.close();
  }
}

/** Puts a project away, or takes it back. */
export function archive(container: Container, name: string, { undo = false }: ArchiveOptions): Promise<ExitCode> {
  const { output } = container;
  return withRecord(container, name, async (record) => {
    const { entry } = await archiveProject(record, await container.acting(), !undo);
    const { project_id } = record.ledger;
    if (output.json) output.document(entry ?? null);
    else if (undo) output.line(entry ? `${project_id} is out of the archive.` : `${project_id} is not archived.`);
    else {
      output.line(entry ? `${project_id} is archived.` : `${project_id} is archived already.`);
      output.progress([
        { text: `Take it back with: wsh-orchestrator archive ${shellWord(project_id)} --undo`, tone: "quiet" },
      ]);
    }
    return exitCode.done;
  });
}

/** Gives a project another name for people; its id stays. */
export function rename(container: Container, project: string, wanted: string): Promise<ExitCode> {
  const { output } = container;
  return withRecord(container, project, async (record) => {
    const { entry, name } = await renameProject(record, container, wanted);
    const { project_id } = record.ledger;
    if (output.json) output.document(entry ?? null);
    else
      output.line(
        entry
          ? `${project_id} is now called ${name}. Its id stays ${project_id}.`
          : `${project_id} is called ${name} already.`,
      );
    return exitCode.done;
  });
}

/** Ends all sessions of a project that is not running. */
export function end(container: Container, project: string, { yes = false }: KeepOptions): Promise<ExitCode> {
  const { output, interrupts, servers } = container;
  return withRecord(container, project, async (record) => {
    const { project_id } = record.ledger;
    const { server } = await record.ledger.readProject();
    const result = await endSessions({
      ...(await container.acting()),
      record,
      reach: (session) => reachRecorded(session, server, (reference) => servers.asReference(reference)),
      confirm: (sessions) =>
        yes
          ? Promise.resolve(true)
          : confirm(
              output,
              {
                question: `End ${listed(sessions.map(shortSession))} of ${project_id}, and what runs there?`,
                why: "end asks before it ends sessions",
                otherwise: `Use --yes to end ${plural(sessions.length, "session")} of ${project_id} without being asked.`,
              },
              interrupts.signal,
            ),
    });
    if (result.how === "declined") {
      output.progress("No session was ended.");
      return exitCode.needsPerson;
    }
    if (output.json) output.document({ ended: result.ended, gone: result.gone });
    else if (result.ended.length === 0) output.line(`${project_id} has no open sessions.`);
    else output.line(`${plural(result.ended.length, "session")} of ${project_id} ended.`);
    return exitCode.done;
  });
}

/** Takes a project out of the workspace; its folder stays on the disk, where this says. */
export async function remove(container: Container, project: string, { yes = false }: KeepOptions): Promise<ExitCode> {
  const { output, interrupts, store, clock } = container;
  const record = await ProjectRecord.open(await openProject(container, project), container.logger, {
    start: "checkpoint",
  });
  const { project_id } = record.ledger;
  let place = "";
  try {
    const { how } = await removeProject({
      ...(await container.acting()),
      record,
      confirm: () =>
        yes
          ? Promise.resolve(true)
          : confirm(
              output,
              {
                question: `Remove ${project_id} with its log and plan from this workspace?`,
                why: "remove asks before it removes a project",
                otherwise: `Use --yes to remove ${project_id} without being asked.`,
              },
              interrupts.signal,
            ),
      moveAway: async () => {
        await record.close();
        place = await store.moveAway(project_id, clock.now());
      },
    });
    if (how === "declined") {
      output.progress(`${project_id} was not removed.`);
      return exitCode.needsPerson;
    }
  } finally {
    if (place === "") await record.close();
  }
  if (output.json) output.document({ project_id, moved_to: place });
  else output.line(`${project_id} is removed. Its log and plan are in ${place}`);
  return exitCode.done;
}
