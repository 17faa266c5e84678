import { messageOf } from "../core/model/errors";
import type { SessionContext } from "../core/model/session";
import type { SessionInfo } from "../core/ports";
import type { Container } from "./container";
import { isOurs } from "../core/engine/ownership";
import type { ReadProject } from "./projects";
import type { ChosenServer } from "./serverChoice";

/** What the servers say about the sessions of some projects. */
export interface ServerView {
  readonly chosen: ChosenServer;
  readonly live: readonly SessionInfo[];
}

export interface LiveSessions {
  /** By the address that the project remembers. */
  readonly views: ReadonlyMap<string, ServerView>;
  /** One sentence for each server that did not answer. */
  readonly problems: readonly string[];
}

const gone: readonly string[] = ["exited", "lost", "failed"];

/** Asks the servers of these projects, all at once and with a short patience. Never throws. */
export async function askServers(container: Container, projects: readonly ReadProject[]): Promise<LiveSessions> {
  const asked = projects.filter(({ state }) => [...state.sessions.values()].some((session) => !gone.includes(session.state)));
  const references = new Map(asked.flatMap(({ project }) => (project.server ? [[project.server.address, project.server] as const] : [])));
  const views = new Map<string, ServerView>();
  const problems = new Set<string>();
  await Promise.all(
    [...references].map(async ([address, reference]) => {
      try {
        const chosen = await container.servers.asReference(reference);
        views.set(address, { chosen, live: await chosen.server.list([], AbortSignal.timeout(1500)) });
      } catch (error) {
        problems.add(messageOf(error));
      }
    }),
  );
  return { views, problems: [...problems] };
}

/** The recorded session as it is now: one that its server does not have, or has from somebody else, is lost. */
export function trueState(session: SessionContext, view: ServerView | undefined): SessionContext {
  if (!view || gone.includes(session.state)) return session;
  const live = view.live.find((info) => info.name === session.wire_name);
  if (live && isOurs(session, live, view.chosen.info)) return session;
  const sameServer = session.server_id === undefined || session.server_id === view.chosen.info.server_id;
  const why = !sameServer ? "Its server was started anew." : live ? "Its server has somebody else's session of that name." : "Its server does not have it any more.";
  return { ...session, state: "lost", next_action: "", last_signal: why };
}

export function trueSessions({ project, state }: ReadProject, { views }: LiveSessions): SessionContext[] {
  const view = project.server ? views.get(project.server.address) : undefined;
  return [...state.sessions.values()].map((session) => trueState(session, view));
}
