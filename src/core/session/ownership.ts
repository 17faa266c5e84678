import { hash64 } from "../base/hash";
import { shortSession } from "../model/names";
import type { SessionContext } from "../model/session";
import type { ServerInfo, SessionInfo } from "../ports/sessions";
import { hasEnded } from "../model/states";

/** Proof of ownership that a server can show to anybody without telling the key. */
export function ownershipTag(key: string): string {
  return `wo-${hash64(key)}`;
}

/** What has become of a session that is not there as it was left. */
const losses = {
  server_restarted: "its session server was restarted",
  other_server: "the project now uses a different session server",
  server_away: "its session server could not be reached",
  name_taken: "another session has its name on the session server",
  not_there: "the session server no longer has it",
} as const;

export type Loss = keyof typeof losses;

/** `builder::1 is lost: its session server was restarted.` */
export function lostSentence(session_name: string, loss: Loss): string {
  return `${shortSession(session_name)} is lost: ${losses[loss]}.`;
}

/** The record says so; a session that has the name now is another one. */
export function isOver(session: SessionContext): boolean {
  return hasEnded(session.state);
}

/**
 * Whether what a server has under the name is the recorded session: the same server, and its ownership tag, or where
 * servers keep no tags the process that was recorded. Names prove nothing: two workspaces may have a project of the
 * same name.
 */
export function isOurs(
  session: SessionContext,
  live: SessionInfo,
  server: Pick<ServerInfo, "server_id" | "capabilities">,
): boolean {
  if (isOver(session) || session.k === undefined || live.name !== session.wire_name) return false;
  if (session.server_id !== undefined && session.server_id !== server.server_id) return false;
  if (server.capabilities.tags) return live.tags.includes(ownershipTag(session.k));
  return session.pid !== undefined && session.pid === live.pid;
}
