import { OrchestratorError } from "../core/model/errors";
import { matchesSession, parseLogicalName, peoplesName, wireName } from "../core/model/names";
import { advice } from "../core/model/remedy";
import type { Container } from "./container";
import { findNamedSession, type NamedSession, sessionAmbiguous, sessionNotFound } from "../core/people/namedSession";
import { type ReachedSession, reachRecorded } from "../core/session/reachedSession";
import { type ReadProject, readProjects } from "./projects";

/** A session that is on its server now. */
export interface FoundSession extends ReachedSession {
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
  const { context, owner } = recorded;
  const own = await reachRecorded(context, owner.project.server, (server) => container.servers.asReference(server));
  if (own) return { ...own, recorded };
  if (query === context.wire_name) return foreignSession(container, projects, query);
  const [{ howEnded }, { sessionOver }] = await Promise.all([
    import("./endedSession"),
    import("../core/session/endedSession"),
  ]);
  throw sessionOver(await howEnded(container, recorded), owner);
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
  const whole = all.map(({ info }) => info.name).filter((name) => matchesSession(query, peoplesName(name), name));
  if (!found && whole.length > 0) throw ofAnotherWorkspace(query, whole.map(peoplesName));
  if (!found)
    throw sessionNotFound(
      query,
      all.map(({ info }) => peoplesName(info.name)),
    );
  return {
    name: peoplesName(found.info.name),
    wire: found.info.name,
    ...found,
    context: undefined,
    recorded: undefined,
  };
}

/** Its short name is not enough. */
function ofAnotherWorkspace(query: string, names: readonly string[]): OrchestratorError {
  return new OrchestratorError(
    "session_not_found",
    `${query} is a session of another workspace.`,
    advice(
      names.length === 1
        ? `Use its whole name: ${names[0] ?? ""}.`
        : `Use the whole name of one of these: ${names.join(", ")}.`,
    ),
  );
}
