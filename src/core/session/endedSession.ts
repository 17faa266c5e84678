import { OrchestratorError } from "../model/errors";
import type { SessionContext } from "../model/session";
import { isLiving } from "../model/states";
import type { SessionLooks } from "./sessionLooks";
import { askServers, type ReachServer, type RecordedProject, trueSessions } from "./trueSessions";

/**
 * A recorded session that was not reached, as it is now: how it ended by the record, else by its server, else why it is
 * lost. Never throws.
 */
export async function endedSession(
  { project, state }: RecordedProject,
  session: SessionContext,
  reach: ReachServer,
  looks: SessionLooks,
): Promise<SessionContext> {
  const only = { project, state: { ...state, sessions: new Map([[session.session_name, session]]) } };
  const [now = session] = trueSessions(only, await askServers(reach, [only], looks));
  return now;
}

/** One that its server has lost, to who saw it live at `seen` (milliseconds since 1970): then, or later. */
export function lostSince(session: SessionContext, seen: number | undefined): SessionContext {
  if (seen === undefined || isLiving(session)) return session;
  const since = Math.max(seen, Date.parse(session.state_since ?? session.updated_at));
  return { ...session, state_since: new Date(since).toISOString() };
}

/** For who wanted to do something with that session: how it ended, and what to do. */
export function sessionOver(
  { session_name, state, last_signal, role, agent }: SessionContext,
  { project, state: { status } }: RecordedProject,
): OrchestratorError {
  const how = last_signal.replace(/^(?:The|Its) /, (word) => word.toLowerCase());
  return new OrchestratorError(
    "session_not_found",
    state === "failed" ? last_signal : `${session_name} no longer exists: ${how} Its log is kept.`,
    {
      kind: "replace_session",
      project: project.project_id,
      session: session_name,
      role,
      resumes: status !== "done",
      prompted: agent !== undefined,
    },
  );
}
