import { type ContextEntry, isAskedInTerminal } from "../model/entry";
import type { ProjectState } from "../model/projectState";
import { questionsBySession } from "../model/questionSession";
import type { SessionContext } from "../model/session";
import { isLiving } from "../model/states";
import { questionSign } from "./trueSessions";
import { recordedState } from "./recordedState";
import type { OpenSession } from "./openSession";
import { type SessionFinding, sessionState, type SessionSignals } from "./sessionState";

/** What a session does right now, for a live picture. */
export interface LiveSession {
  readonly name: string;
  readonly role: string;
  /** Or prompt, by `typed_as`, that is under way. */
  readonly command: Pick<ContextEntry, "input" | "typed_as"> | undefined;
  /** What the session does by all signs, and why that is known. */
  readonly sensed: SessionFinding;
  /** Milliseconds since its command was sent. */
  readonly runsFor: number;
  readonly lastLine: string;
  /** Milliseconds since the last output; null where nobody here knows. */
  readonly silentMs: number | null;
}

/**
 * The sessions of whoever runs the project, as `sense` finds them with the question that is open there. `now`:
 * milliseconds since 1970.
 */
export function liveSessions(
  sessions: readonly OpenSession[],
  state: ProjectState,
  now: number,
  sense: (session: OpenSession, asked: Pick<SessionSignals, "question">) => SessionFinding,
): LiveSession[] {
  const questions = questionsBySession(state);
  return sessions.map((session) => ({
    name: session.name,
    role: session.role.name,
    ...commandOf(state, session.name, now),
    sensed: sense(session, asked(questions.get(session.name))),
    lastLine: session.shell.lastLine,
    silentMs: session.shell.silence.withoutNewsMs,
  }));
}

/**
 * The living sessions of a project that another process runs: nobody here reads their output. `told`: what their server
 * says of those that are quiet, by name.
 */
export function recordedSessions(
  state: ProjectState,
  now: number,
  told: ReadonlyMap<string, Pick<SessionContext, "quiet_since" | "last_line">> = new Map(),
): LiveSession[] {
  const questions = questionsBySession(state);
  return [...state.sessions.values()]
    .filter((session) => isLiving(session))
    .map((session) => ({
      name: session.session_name,
      role: session.role,
      ...commandOf(state, session.session_name, now),
      sensed: sessionState({ recorded: recordedState(session), ...asked(questions.get(session.session_name)) }),
      lastLine: told.get(session.session_name)?.last_line ?? "",
      silentMs: silenceSince(told.get(session.session_name)?.quiet_since, now),
    }));
}

function silenceSince(since: string | undefined, now: number): number | null {
  return since === undefined ? null : Math.max(0, now - Date.parse(since));
}

function asked(question: ContextEntry | undefined): Pick<SessionSignals, "question"> {
  // What its program asks is seen there, and says more.
  return question && !isAskedInTerminal(question) ? { question: questionSign(question) } : {};
}

function commandOf(
  { openCommands }: ProjectState,
  session_name: string,
  now: number,
): Pick<LiveSession, "command" | "runsFor"> {
  const command = [...openCommands.values()].findLast((entry) => entry.session_name === session_name);
  return { command, runsFor: command ? Math.max(0, now - Date.parse(command.ts)) : 0 };
}
