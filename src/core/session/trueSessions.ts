import { forEachOf } from "../base/async";
import { hasCode, messageOf, OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import { brief, listed } from "../model/sentences";
import { nothingToDo, type Remedy } from "../model/remedy";
import type { SessionContext } from "../model/session";
import type { ChosenServer, SessionInfo } from "../ports/sessions";
import { isOurs } from "./ownership";
import type { ProjectContext, ServerReference } from "../model/project";
import type { ProjectState } from "../model/projectState";
import { type ContextEntry, isAskedInTerminal } from "../model/entry";
import { questionsBySession } from "../model/questionSession";
import { hasEnded, isAtRest, isLiving, type SessionState } from "../model/states";
import { deniedSign } from "./deniedState";
import { recordedState } from "./recordedState";
import type { SessionLooks } from "./sessionLooks";
import {
  type ServerSign,
  sessionState,
  type SessionEndSign,
  type SessionSignals,
  type TerminalSign,
} from "./sessionState";

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
  /** What the terminals of sessions of ours say, by wire name; only of those whose record does not say enough. */
  readonly terminals: ReadonlyMap<string, TerminalSign>;
  /** How sessions ended that were there when their record was written, by wire name. */
  readonly ends: ReadonlyMap<string, SessionEndSign>;
}

/** A server that did not answer, or was not asked. */
export interface ServerProblem {
  readonly message: string;
  readonly remedy: Remedy;
  /** Only files name it, and the user has not chosen it: nothing was sent to it. */
  readonly not_chosen: boolean;
  /** It has ended, and its sessions with it. */
  readonly ended: boolean;
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

/** What kept the server of a project from being asked; of one that ended, what the project has lost with it. */
export function serverProblem(
  { project, state }: RecordedProject,
  { problems }: ServerAnswers,
): ServerProblem | undefined {
  const { server, name, project_id } = project;
  const problem = server && problems.get(referenceKey(server));
  if (!problem?.ended) return problem;
  const lost = [...state.sessions.values()].filter((session) => isLiving(session));
  if (lost.length === 0) return undefined;
  const commands = [...state.openCommands.values()].map(({ input }) =>
    input === undefined ? "hidden input" : `"${brief(input, 60)}"`,
  );
  const what = commands.length === 0 ? "" : `, while ${listed(commands)} ran`;
  const sessions = listed(lost.map((session) => shortSession(session.session_name)));
  return {
    ...problem,
    message: `${name}: ${problem.message} Lost: ${sessions}${what}. The log is kept.`,
    remedy: {
      kind: "run_project",
      project: project_id,
      again: state.status === "done",
      ...(problem.remedy.kind === "resume_projects" && problem.remedy.server !== undefined
        ? { server: problem.remedy.server }
        : {}),
    },
  };
}

/** A terminal that does not answer soon is left out. */
const lookPatienceMs = 1500;
/** So many terminals are looked at side by side: a request takes its time to be sent, and this process has other work. */
const looksAtOnce = 16;

/**
 * Asks the servers of these projects, all at once and with a short patience, and with `looks` the terminals whose
 * record does not say enough. Never throws.
 */
export async function askServers(
  reach: ReachServer,
  projects: readonly RecordedProject[],
  looks?: SessionLooks,
): Promise<ServerAnswers> {
  const asked = projects.filter(({ state }) => [...state.sessions.values()].some((session) => isLiving(session)));
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
        const live = new Map(list.map((info) => [info.name, info]));
        const here = asked.filter(({ project }) => project.server && referenceKey(project.server) === key);
        const [terminals, ends] = looks
          ? await Promise.all([lookAtTerminals(looks, chosen, live, here), askForEnds(looks, chosen, live, here)])
          : [new Map<string, TerminalSign>(), new Map<string, SessionEndSign>()];
        views.set(key, { chosen, live, terminals, ends });
      } catch (error) {
        const remedy = error instanceof OrchestratorError ? error.remedy : nothingToDo;
        problems.set(key, {
          message: messageOf(error),
          remedy,
          not_chosen: hasCode(error, "server_not_chosen"),
          ended: hasServerEnded(error),
        });
      }
    }),
  );
  return { views, problems };
}

/** What reaching a server threw says that it has ended, and its sessions with it: they do not come back. */
export function hasServerEnded(error: unknown): boolean {
  return error instanceof OrchestratorError && error.remedy.kind === "resume_projects";
}

async function lookAtTerminals(
  looks: SessionLooks,
  { server, info: serverInfo }: ChosenServer,
  live: ServerView["live"],
  projects: readonly RecordedProject[],
): Promise<Map<string, TerminalSign>> {
  const signs = new Map<string, TerminalSign>();
  const sessions = projects.flatMap(({ state }) => [...state.sessions.values()].map((session) => ({ session, state })));
  const patience = AbortSignal.timeout(lookPatienceMs);
  const all = forEachOf(sessions, looksAtOnce, async ({ session, state }) => {
    const info = live.get(session.wire_name ?? "");
    if (patience.aborted || !info || !isOurs(session, info, serverInfo)) return;
    const sign = await looks.of(server, session, info, state);
    if (sign) signs.set(info.name, sign);
  });
  await Promise.race([all, aborted(patience)]);
  return new Map(signs);
}

/** Only a server that has run since then can know. */
async function askForEnds(
  looks: SessionLooks,
  { server, info }: ChosenServer,
  live: ServerView["live"],
  projects: readonly RecordedProject[],
): Promise<Map<string, SessionEndSign>> {
  const ends = new Map<string, SessionEndSign>();
  const gone = projects
    .flatMap(({ state }) => [...state.sessions.values()])
    .filter((session) => isLiving(session) && session.server_id !== undefined && session.server_id === info.server_id)
    .flatMap(({ wire_name }) => (wire_name === undefined || live.has(wire_name) ? [] : [wire_name]));
  const signal = AbortSignal.timeout(lookPatienceMs);
  await Promise.all(
    gone.map(async (wire) => {
      const end = await looks.end(server, wire, signal);
      if (end) ends.set(wire, end);
    }),
  );
  return ends;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/**
 * The recorded session as it is now, by what else is known of it. The same object where the record says it already.
 */
export function sessionNow(
  session: SessionContext,
  signs: Pick<SessionSignals, "server" | "question" | "terminal" | "end">,
  since?: string,
): SessionContext {
  const { state, why, kind, program, confidence, evidence, until } = sessionState({
    ...signs,
    ...deniedSign(session),
    recorded: recordedState(session),
  });
  const quiet = quietOf(signs.terminal, state);
  if (state === session.state && kind === session.state_kind) return quiet ? { ...session, ...quiet } : session;
  return {
    ...session,
    state,
    state_kind: kind,
    program,
    confidence,
    evidence,
    until,
    state_since: since ?? seenSince(signs.terminal, state) ?? session.updated_at,
    next_action: hasEnded(state) || isAtRest(state) ? "" : session.next_action,
    last_signal: why,
    ...quiet,
  };
}

/**
 * Since when it is in a state that its terminal shows and no entry tells: what stands still does so since its last output.
 * Since when something works there, or is gone, nobody knows; then what was written last is as near as it gets.
 */
function seenSince(terminal: TerminalSign | undefined, state: SessionState): string | undefined {
  if (!terminal || state === "working" || state === "starting" || !isLiving({ state })) return undefined;
  return new Date(terminal.heard).toISOString();
}

/** Since when a session that is at work has printed nothing, and what stands there, once it is worth a word. */
function quietOf(
  terminal: TerminalSign | undefined,
  state: SessionState,
): Pick<SessionContext, "quiet_since" | "last_line"> | undefined {
  if (!terminal?.quiet || !isLiving({ state }) || isAtRest(state) || state === "waiting") return undefined;
  return { quiet_since: new Date(terminal.heard).toISOString(), last_line: terminal.line };
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
export function trueSessions(
  { project, state }: RecordedProject,
  { views, problems }: ServerAnswers,
): SessionContext[] {
  const view = project.server ? views.get(referenceKey(project.server)) : undefined;
  const ended = project.server !== undefined && problems.get(referenceKey(project.server))?.ended === true;
  return [...state.sessions.values()].map((session) => {
    const server = ended ? "server_ended" : serverSign(session, view);
    const terminal = server === "there" ? view?.terminals.get(session.wire_name ?? "") : undefined;
    const end = server === "not_there" && isLiving(session) ? view?.ends.get(session.wire_name ?? "") : undefined;
    return sessionNow(session, { server, ...(terminal ? { terminal } : {}), ...(end ? { end } : {}) });
  });
}

/** The same sessions as people see them: the ones in which a question is open wait. */
export function withQuestions(sessions: readonly SessionContext[], state: ProjectState): SessionContext[] {
  const questions = questionsBySession(state);
  return sessions.map((session) => {
    const question = questions.get(session.session_name);
    // What its program asks is its state already, and says more.
    return question && !isAskedInTerminal(question)
      ? sessionNow(session, { question: questionSign(question) }, question.ts)
      : session;
  });
}

export function questionSign({ kind, text }: ContextEntry): NonNullable<SessionSignals["question"]> {
  return { kind: kind === "approval_needed" ? "permission" : "question", text };
}

/** Whether a session that was asked about looks as it did before. */
export function isShownAlike(one: SessionContext, other: SessionContext | undefined): boolean {
  return (["state", "state_kind", "last_signal", "quiet_since", "last_line"] as const).every(
    (field) => one[field] === other?.[field],
  );
}

/** A clock or a spinner on its screen is no new state: it is what it was since then. */
export function sinceBefore(session: SessionContext, before: ReadonlyMap<string, SessionContext>): SessionContext {
  const known = before.get(session.session_name);
  const { state, state_kind } = session;
  if (known?.state !== state || known.state_kind !== state_kind || known.state_since === undefined) return session;
  return { ...session, state_since: known.state_since };
}
