import { parseLogicalName, peoplesName } from "../model/names";
import type { SessionContext } from "../model/session";
import type { ChosenServer, SessionInfo } from "../ports/sessions";
import { sessionState } from "./sessionState";

/**
 * A session that no record of this workspace knows, in the form of one that a record has; `project_id` is `-` when its
 * name tells none. `now`: milliseconds since 1970.
 */
export function foreignContext({ info: server }: ChosenServer, info: SessionInfo, now: number): SessionContext {
  const session_name = peoplesName(info.name);
  const parsed = parseLogicalName(session_name);
  const { last_activity_ms } = info;
  const place = info.server === null || info.server === server.hostname ? "" : `, on ${info.server}`;
  return {
    session_name,
    project_id: parsed?.project_id ?? "-",
    agent_id: null,
    role: parsed?.role ?? "",
    state: sessionState({ listed: { quietMs: last_activity_ms } }).state,
    next_action: "",
    // One with a name of ours runs our own start-up line, which says nothing.
    last_signal: `${parsed ? "of another workspace" : "of no project"}${place}${parsed ? "" : `: ${info.command}`}`,
    updated_at: new Date(now - (last_activity_ms ?? 0)).toISOString(),
    wire_name: info.name,
    pid: info.pid,
    ...(server.server_id === null ? {} : { server_id: server.server_id }),
    ours: false,
  };
}
