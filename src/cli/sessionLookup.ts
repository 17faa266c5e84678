import { sessionSize } from "../core/session/sessionSpec";
import { OrchestratorError } from "../core/model/errors";
import { parseLogicalName, peoplesName, wireName } from "../core/model/names";
import type { ChosenServer, SessionInfo } from "../core/ports/sessions";
import type { Container } from "./container";
import { findNamedSession, type NamedSession, sessionAmbiguous, sessionNotFound } from "../core/people/namedSession";
import { isOurs, isOver } from "../core/session/ownership";
import { type ReadProject, readProjects } from "./projects";

/** A session that is on its server now. */
export interface FoundSession {
  /** Logical where there is one, else the wire name. */
  readonly name: string;
  readonly wire: string;
  readonly chosen: ChosenServer;
  readonly info: SessionInfo;
  /** The record that knows it; undefined for a session that is not this workspace's, whatever its name. */
  readonly recorded: NamedSession<ReadProject> | undefined;
}

/**
 * Finds a session of the workspace's projects, provided that the living one is provably ours, or by its full name any
 * session of a server that runs. A name that our record had is not enough for a stranger's session: its wire name is.
 * Throws `session_not_found`, `ambiguous`, and what reaching a server throws.
 */
export async function findSession(container: Container, query: string): Promise<FoundSession> {
  const projects = await readProjects(container, undefined);
  const recorded = findNamedSession(projects, query);
  if (!recorded) return foreignSession(container, projects, query);
  const own = await ownSession(container, recorded);
  if (own) return own;
  const { context } = recorded;
  if (query === context.wire_name) return foreignSession(container, projects, query);
  throw new OrchestratorError(
    "session_not_found",
    `${context.session_name} of this workspace is not on its server any more.`,
    `Its record stays: wsh-orchestrator log ${recorded.owner.project.project_id} --session ${context.session_name}`,
  );
}

/** The recorded session as it is on its server; undefined when it is gone, or when somebody else's has its name. */
async function ownSession(
  container: Container,
  recorded: NamedSession<ReadProject>,
): Promise<FoundSession | undefined> {
  const { context, owner } = recorded;
  if (isOver(context) || !owner.project.server || context.wire_name === undefined) return undefined;
  const chosen = await container.servers.asReference(owner.project.server);
  const info = await chosen.server.get(context.wire_name);
  return info && isOurs(context, info, chosen.info)
    ? { name: context.session_name, wire: info.name, chosen, info, recorded }
    : undefined;
}

/** By its full name only, because a session that is not ours must not be met by a short one. */
async function foreignSession(
  container: Container,
  projects: readonly ReadProject[],
  query: string,
): Promise<FoundSession> {
  const servers = await container.servers.running(
    projects.flatMap(({ project }) => (project.server ? [project.server] : [])),
  );
  const parsed = parseLogicalName(query);
  const wanted = parsed ? wireName(parsed) : query;
  const all = (
    await Promise.all(servers.map(async (chosen) => (await chosen.server.list()).map((info) => ({ chosen, info }))))
  ).flat();
  // Those of another server behind this one are listed only: most of what can be done with a session reaches this one's
  // of the same name.
  const matching = all.filter(
    ({ chosen, info }) => info.name === wanted && (info.server === null || info.server === chosen.info.hostname),
  );
  if (matching.length > 1)
    throw sessionAmbiguous(
      query,
      matching.map(({ chosen, info }) => `${peoplesName(info.name)} (${chosen.info.address})`),
    );
  const found = matching[0];
  if (!found)
    throw sessionNotFound(
      query,
      all.map(({ info }) => peoplesName(info.name)),
    );
  return { name: peoplesName(found.info.name), wire: found.info.name, ...found, recorded: undefined };
}

/**
 * The size that a session has by itself. The engine's all have one; what they have at the moment may be that of a
 * terminal, or a probe's.
 */
export function ownSize({ recorded, info }: FoundSession): { rows: number; cols: number } {
  return recorded?.context.k === undefined ? { rows: info.rows, cols: info.cols } : sessionSize;
}
