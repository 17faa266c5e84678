import * as l10n from "@vscode/l10n";
import { OrchestratorError } from "../core/model/errors";
import type { SessionContext } from "../core/model/session";
import type { SessionEnd } from "../core/ports/sessions";
import { endedSession, sessionOver } from "../core/session/endedSession";
import { type ReachedSession as ReachedByServer, reachRecorded } from "../core/session/reachedSession";
import type { ViewingWorld } from "./viewingWorld";
import type { FollowedProject, WorkspaceRecords } from "./workspaceRecords";

/** A recorded session that is on its server now. */
export interface ReachedSession extends ReachedByServer {
  readonly followed: FollowedProject;
  readonly context: SessionContext;
}

/** The recorded session of that logical name; `key` where two folders have a project of one name. */
export function recordedSession(
  records: WorkspaceRecords,
  name: string,
  key?: string,
): { followed: FollowedProject; context: SessionContext } | undefined {
  for (const followed of records.all()) {
    const context = followed.record.state.sessions.get(name);
    if (context && (key === undefined || key === followed.key)) return { followed, context };
  }
  return undefined;
}

/**
 * Finds the session on its server, provided that it is provably ours. Throws `session_not_found`, `needs_person` where
 * nothing is trusted (the record of a stranger's repository names the server), and what reaching the server throws.
 */
export async function reachSession(
  world: ViewingWorld,
  records: WorkspaceRecords,
  name: string,
  key?: string,
): Promise<ReachedSession> {
  const recorded = recordedSession(records, name, key);
  if (!recorded)
    throw new OrchestratorError("session_not_found", l10n.t("There is no session {0} in this workspace.", name), {
      kind: "choose_session",
      known: records.all().flatMap(({ record }) => [...record.state.sessions.keys()]),
    });
  world.requireTrust();
  const { followed, context } = recorded;
  const reached = await reachRecorded(context, followed.project.server, (server) => world.servers.asReference(server));
  if (reached) return { ...reached, followed };
  const known = { project: followed.project, state: followed.record.state };
  throw sessionOver(
    await endedSession(known, context, (server) => world.servers.asReference(server), records.looks),
    known,
  );
}

/** For people. */
export function sessionEndSentence({ exit_code }: Pick<SessionEnd, "exit_code">): string {
  return exit_code === null ? l10n.t("The session ended.") : l10n.t("The session ended (exit code {0}).", exit_code);
}
