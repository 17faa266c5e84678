import type { Plan, PlanRole } from "../model/plan";
import type { ServerReference } from "../model/project";
import type { SessionContext } from "../model/session";
import type { ChosenServer, SessionInfo } from "../ports/sessions";
import type { ReachServer } from "./trueSessions";
import { isOurs, isOver } from "./ownership";
import { recordedSize, type SessionSize } from "./sessionSize";
import { roleDefinition } from "./sessionSpec";

/** A session that is on its server now. */
export interface ReachedSession {
  /** Logical where there is one, else the wire name. */
  readonly name: string;
  readonly wire: string;
  readonly chosen: ChosenServer;
  readonly info: SessionInfo;
  /** What the record says of it; undefined for a session that is not this workspace's, whatever its name. */
  readonly context: SessionContext | undefined;
}

/**
 * The recorded session as it is on its server; undefined when it is gone, or when somebody else's has its name. Throws
 * what reaching the server throws.
 */
export async function reachRecorded(
  context: SessionContext,
  reference: ServerReference | undefined,
  reach: ReachServer,
): Promise<(ReachedSession & { readonly context: SessionContext }) | undefined> {
  const { wire_name, session_name: name } = context;
  if (isOver(context) || !reference || wire_name === undefined) return undefined;
  const chosen = await reach(reference);
  const info = await chosen.server.get(wire_name);
  return info && isOurs(context, info, chosen.info) ? { name, wire: info.name, chosen, info, context } : undefined;
}

/**
 * The size that a session has by itself. Of the engine's it is recorded; what they have at the moment may be that of a
 * terminal, or a probe's.
 */
export function ownSize({ context, info }: Pick<ReachedSession, "context" | "info">): SessionSize {
  return context?.k === undefined ? { rows: info.rows, cols: info.cols } : recordedSize(context);
}

/** The role that a session was started as; undefined where the plan has none or another one by now. */
export function startedRole({ role, definition }: SessionContext, plan: Plan | undefined): PlanRole | undefined {
  const found = plan?.roles.find((each) => each.name === role);
  return found && (definition === undefined || definition === roleDefinition(found)) ? found : undefined;
}
