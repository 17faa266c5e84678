import { messageOf } from "../model/errors";
import type { SessionContext } from "../model/session";
import type { ChosenServer, SessionInfo } from "../ports/sessions";
import { isOurs } from "./ownership";
import type { ProjectContext, ServerReference } from "../model/project";
import type { ProjectState } from "../model/projectState";

/** A project with what its record says. */
export interface RecordedProject {
  readonly project: ProjectContext;
  readonly state: ProjectState;
}

/** Reaches a server that runs already; nothing is started. */
export type ReachServer = (reference: ServerReference) => Promise<ChosenServer>;

/** What the servers say about the sessions of some projects. */
export interface ServerView {
  readonly chosen: ChosenServer;
  /** By wire name. */
  readonly live: ReadonlyMap<string, SessionInfo>;
}

export interface LiveSessions {
  /** By the address that the project remembers. */
  readonly views: ReadonlyMap<string, ServerView>;
  /** One sentence for each server that did not answer. */
  readonly problems: readonly string[];
}

const gone: readonly string[] = ["exited", "lost", "failed"];

/** Asks the servers of these projects, all at once and with a short patience. Never throws. */
export async function askServers(reach: ReachServer, projects: readonly RecordedProject[]): Promise<LiveSessions> {
  const asked = projects.filter(({ state }) =>
    [...state.sessions.values()].some((session) => !gone.includes(session.state)),
  );
  const references = new Map(
    asked.flatMap(({ project }) => (project.server ? [[project.server.address, project.server] as const] : [])),
  );
  const views = new Map<string, ServerView>();
  const problems = new Set<string>();
  await Promise.all(
    [...references].map(async ([address, reference]) => {
      try {
        const chosen = await reach(reference);
        const list = await chosen.server.list([], AbortSignal.timeout(1500));
        views.set(address, { chosen, live: new Map(list.map((info) => [info.name, info])) });
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
  const live = view.live.get(session.wire_name ?? "");
  if (live && isOurs(session, live, view.chosen.info)) return session;
  const sameServer = session.server_id === undefined || session.server_id === view.chosen.info.server_id;
  const why = !sameServer
    ? "Its server was started anew."
    : live
      ? "Its server has somebody else's session of that name."
      : "Its server does not have it any more.";
  return { ...session, state: "lost", next_action: "", last_signal: why };
}

export function trueSessions({ project, state }: RecordedProject, { views }: LiveSessions): SessionContext[] {
  const view = project.server ? views.get(project.server.address) : undefined;
  return [...state.sessions.values()].map((session) => trueState(session, view));
}
