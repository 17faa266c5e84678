import { hasCode, messageOf, OrchestratorError } from "../model/errors";
import { nothingToDo, type Remedy } from "../model/remedy";
import type { SessionContext } from "../model/session";
import type { ChosenServer, SessionInfo } from "../ports/sessions";
import { isOurs } from "./ownership";
import type { ProjectContext, ServerReference } from "../model/project";
import type { ProjectState } from "../model/projectState";
import type { ContextEntry } from "../model/entry";
import { questionsBySession } from "../model/questionSession";
import { hasEnded, isLiving } from "../model/states";
import { type ServerSign, sessionState, type SessionSignals } from "./sessionState";

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

/** A server that did not answer, or was not asked. */
export interface ServerProblem {
  readonly message: string;
  readonly remedy: Remedy;
  /** Only files name it, and the user has not chosen it: nothing was sent to it. */
  readonly not_chosen: boolean;
}

export interface ServerAnswers {
  /** By what the project remembers (`referenceKey`). */
  readonly views: ReadonlyMap<string, ServerView>;
  /** The same, for each server without an answer. */
  readonly problems: ReadonlyMap<string, ServerProblem>;
}

/** Two projects that remember the same address may still not mean the same server. */
function referenceKey({ address, builtin }: ServerReference): string {
  return `${builtin === true ? "builtin" : ""} ${address}`;
}

/** What kept the server of a project from being asked. */
export function serverProblem({ server }: ProjectContext, { problems }: ServerAnswers): ServerProblem | undefined {
  return server && problems.get(referenceKey(server));
}

/** Asks the servers of these projects, all at once and with a short patience. Never throws. */
export async function askServers(reach: ReachServer, projects: readonly RecordedProject[]): Promise<ServerAnswers> {
  const asked = projects.filter(({ state }) => [...state.sessions.values()].some((session) => isLiving(session.state)));
  const references = new Map(
    asked.flatMap(({ project }) => (project.server ? [[referenceKey(project.server), project.server] as const] : [])),
  );
  const views = new Map<string, ServerView>();
  const problems = new Map<string, ServerProblem>();
  await Promise.all(
    [...references].map(async ([key, reference]) => {
      try {
        const chosen = await reach(reference);
        const list = await chosen.server.list([], AbortSignal.timeout(1500));
        views.set(key, { chosen, live: new Map(list.map((info) => [info.name, info])) });
      } catch (error) {
        const remedy = error instanceof OrchestratorError ? error.remedy : nothingToDo;
        problems.set(key, { message: messageOf(error), remedy, not_chosen: hasCode(error, "server_not_chosen") });
      }
    }),
  );
  return { views, problems };
}

/**
 * The recorded session as it is now, by what else is known of it. The same object where the record says it already.
 */
export function sessionNow(
  session: SessionContext,
  signs: Pick<SessionSignals, "server" | "question">,
  since?: string,
): SessionContext {
  const { state, evidence } = sessionState({
    ...signs,
    recorded: { state: session.state, evidence: session.last_signal },
  });
  if (state === session.state) return session;
  return {
    ...session,
    state,
    // When its server lost it is not known: what was heard last is as near as it gets.
    state_since: since ?? session.updated_at,
    next_action: hasEnded(state) ? "" : session.next_action,
    last_signal: evidence,
  };
}

/** What its server says of the session; undefined where the server was not asked, or did not answer. */
function serverSign(session: SessionContext, view: ServerView | undefined): ServerSign | undefined {
  if (!view) return undefined;
  const live = view.live.get(session.wire_name ?? "");
  if (live && isOurs(session, live, view.chosen.info)) return "there";
  if (session.server_id !== undefined && session.server_id !== view.chosen.info.server_id) return "server_restarted";
  return live ? "name_taken" : "not_there";
}

/** The sessions by their record and their server: one that its server does not have, or has from somebody else, is lost. */
export function trueSessions({ project, state }: RecordedProject, { views }: ServerAnswers): SessionContext[] {
  const view = project.server ? views.get(referenceKey(project.server)) : undefined;
  return [...state.sessions.values()].map((session) => sessionNow(session, { server: serverSign(session, view) }));
}

/** The same sessions as people see them: the ones in which a question is open wait. */
export function withQuestions(sessions: readonly SessionContext[], state: ProjectState): SessionContext[] {
  const questions = questionsBySession(state);
  return sessions.map((session) => {
    const question = questions.get(session.session_name);
    return question ? sessionNow(session, { question: questionSign(question) }, question.ts) : session;
  });
}

export function questionSign({ kind, text }: ContextEntry): NonNullable<SessionSignals["question"]> {
  return { kind: kind === "approval_needed" ? "permission" : "question", text };
}
