import { openForTyping, type TypingTarget, type TypingWorld } from "../command/sessionTyping";
import type { ContextEntry } from "../model/entry";
import { hasCode, messageOf, OrchestratorError } from "../model/errors";
import type { Plan } from "../model/plan";
import type { SessionContext } from "../model/session";
import { isAtRest } from "../model/states";
import { type HandoffShowing, showHandoff } from "../people/handoffShowing";
import { namedSession } from "../people/namedSession";
import type { Logger } from "../ports/machine";
import { isOver } from "../session/ownership";
import { type ReachedSession, startedRole } from "../session/reachedSession";
import { type Acting, runnerOf } from "./acting";
import { advice } from "../model/remedy";

export interface HandOverRequest {
  /** The session that it comes from: its name, or an unambiguous end of it. */
  readonly from: string;
  /** A role of the plan or of a session, or a session. */
  readonly to: string;
  readonly text: string;
}

export interface HandOverWorld extends TypingWorld, Pick<Acting, "actor" | "processes" | "runsHere"> {
  readonly logger: Logger;
  /** As it stands in the record; undefined when there is none. */
  readonly plan: Plan | undefined;
  /** The folder of the project. */
  readonly cwd: string;
  /** The session on its server; undefined when it is gone. */
  readonly reach: (session: SessionContext) => Promise<ReachedSession | undefined>;
}

export interface HandOverResult {
  readonly note: ContextEntry;
  /** The role or session that it is for, by its whole name. */
  readonly to: string;
  /** `not_now`: it is shown before the next task there. */
  readonly showing: HandoffShowing;
  /** Where it is shown. */
  readonly session_name: string | undefined;
}

/**
 * Writes a handoff note from one session for a role or another session, and shows it there at once when it stands at its clean
 * prompt and nobody runs the project; whoever runs it shows it before the next task. Throws `usage` for an empty note,
 * `session_not_found`, `role_not_found` and `ambiguous`.
 */
export async function handOver(world: HandOverWorld, request: HandOverRequest): Promise<HandOverResult> {
  const { record, actor } = world;
  const text = request.text.trim();
  if (text === "")
    throw new OrchestratorError("usage", "The handoff note is empty.", advice("Write what the receiver should know."));
  const from = namedSession([record], request.from).context;
  const to = receiverOf(request.to, world);
  const { session_name, role } = from;
  const refs = [{ type: "session", id: session_name }];
  const note = await record.append({ kind: "handoff", actor, session_name, text, role, to, refs }, "synced");
  const receivers = [...record.state.sessions.values()].filter(
    (session) => (session.session_name === to || session.role === to) && !isOver(session),
  );
  // Who wrote it knows it; of several of one role the others are to be told.
  const shownTo = to === session_name ? receivers : receivers.filter((other) => other.session_name !== session_name);
  const shownIn = (await runnerOf(record, world)) === undefined ? await firstShown(shownTo, note, world) : undefined;
  if (shownIn !== undefined) return { note, to, showing: "shown", session_name: shownIn };
  const showing = isForProgram(to, receivers, world) ? "cannot_be_shown" : "not_now";
  return { note, to, showing, session_name: undefined };
}

/** Roles and sessions that a note may be for, roles first. */
export function receiversOf({ record, plan }: Pick<HandOverWorld, "record" | "plan">): {
  readonly roles: string[];
  readonly sessions: string[];
} {
  const sessions = [...record.state.sessions.values()];
  const roles = new Set([...(plan?.roles.map((role) => role.name) ?? []), ...sessions.map((session) => session.role)]);
  return { roles: [...roles], sessions: sessions.map((session) => session.session_name) };
}

function receiverOf(query: string, world: HandOverWorld): string {
  const { roles, sessions } = receiversOf(world);
  if (roles.includes(query)) return query;
  try {
    return namedSession([world.record], query).context.session_name;
  } catch (error) {
    if (!hasCode(error, "session_not_found")) throw error;
    throw new OrchestratorError(
      "role_not_found",
      `${world.record.ledger.project_id} has no role or session ${query}.`,
      roles.length === 0 ? { kind: "choose_session", known: sessions } : advice(`Its roles: ${roles.join(", ")}.`),
      { cause: error },
    );
  }
}

/** The first of them that takes it; the note is on the disk, so what is in the way of showing it is only logged. */
async function firstShown(
  receivers: readonly SessionContext[],
  note: ContextEntry,
  world: HandOverWorld,
): Promise<string | undefined> {
  // Of one of which nobody knows what it does, its prompt tells.
  for (const session of receivers.filter(({ state }) => isAtRest(state) || state === "unclear")) {
    try {
      const reached = await world.reach(session);
      const role = startedRole(session, world.plan);
      const target = reached && { ...reached, role: () => Promise.resolve(role), cwd: world.cwd };
      if (target && (await isShown(target, note, world))) return session.session_name;
    } catch (error) {
      world.logger.warn(
        `The handoff note ${note.id} could not be shown in ${session.session_name}: ${messageOf(error)}`,
      );
    }
  }
  return undefined;
}

async function isShown(target: TypingTarget, note: ContextEntry, world: HandOverWorld): Promise<boolean> {
  const typing = await openForTyping(target, world);
  try {
    const { session, mode, runner } = typing;
    // Nobody waits here for a prompt that others use.
    if (mode === "marks" && !session.atCleanPrompt) return false;
    const role = target.context?.role ?? "";
    const { actor, cwd, record } = world;
    return (await showHandoff(record, runner, note, { session, mode, role, cwd, actor })) === "shown";
  } finally {
    typing.dispose();
  }
}

/** Only programs could receive it, which take no notes. */
function isForProgram(to: string, receivers: readonly SessionContext[], { plan }: HandOverWorld): boolean {
  if (receivers.length > 0) return receivers.every(({ mode }) => mode === "program");
  const role = plan?.roles.find(({ name }) => name === to);
  return role?.program !== undefined || role?.agent !== undefined;
}
