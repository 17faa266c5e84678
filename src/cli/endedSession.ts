import type { SessionContext } from "../core/model/session";
import type { NamedSession } from "../core/people/namedSession";
import { endedSession } from "../core/session/endedSession";
import type { Container } from "./container";
import type { ReadProject } from "./projects";
import { terminalLooks } from "./terminalLooks";

/** How a recorded session that is not on its server ended. Never throws. */
export function howEnded(container: Container, { owner, context }: NamedSession<ReadProject>): Promise<SessionContext> {
  return endedSession(owner, context, (server) => container.servers.asReference(server), terminalLooks(container));
}
