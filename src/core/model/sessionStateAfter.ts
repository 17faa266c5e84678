import type { ContextEntry } from "./entry";
import { type Evidence, sessionSeenEvent, stateWrongEvent } from "./entryKinds";
import type { SessionContext } from "./session";
import { isLiving, type SessionState, sessionStates } from "./states";

/** How a command's end is known by its shell, or by the end of all that ran there. */
const endOfAll: readonly string[] = ["mark", "probe", "sentinel", "session_end"] satisfies Evidence[];

/**
 * What a session does after an entry about it, by the record alone. It stands here because the record is reduced below
 * the room that watches sessions; that room asks it too, before it writes what would change nothing.
 */
export function sessionStateAfter(
  session: { readonly state: SessionState; readonly state_kind?: string } & Pick<SessionContext, "denied">,
  entry: Pick<ContextEntry, "kind" | "event" | "state" | "told" | "screen" | "shows" | "outcome" | "known_by">,
): SessionState {
  const before = session.state;
  switch (entry.kind) {
    case "session":
    case "state":
      // What went on meanwhile nobody has seen.
      if (entry.kind === "session" && entry.event === sessionSeenEvent) return afterLook(before);
      return isSessionState(entry.state) ? entry.state : before;
    case "answer":
      return afterLook(before);
    case "note":
      return (isDenied(session, entry) || isDenialTakenBack(session, entry)) && isSessionState(entry.state)
        ? entry.state
        : before;
    case "command":
      return "working";
    case "result":
      // Whoever waited no longer for the end does not know what runs there.
      if (entry.outcome === "still_running" || entry.known_by === "taken") return "working";
      return endsWith(session, entry) ? (entry.outcome === "unknown" ? "unclear" : "idle") : before;
    default:
      return before;
  }
}

/**
 * Whether the state was that of the command that ended. What asks, has a limit or failed is the program that the command
 * started: it ends with the command, but not because it was quiet or shows a prompt of its own.
 */
function endsWith(
  session: { readonly state: SessionState; readonly state_kind?: string },
  { outcome, known_by }: Pick<ContextEntry, "outcome" | "known_by">,
): boolean {
  if (session.state === "working") return true;
  const isOfProgram = ["waiting", "limited", "failed"].includes(session.state) && isLiving(session);
  return isOfProgram && outcome !== "not_sent" && endOfAll.includes(known_by ?? "");
}

/**
 * Whether a person says that the session does something else than was shown: the record need not have known that. Of a
 * wait it says which prompt asked, of others which screen was shown; one that says neither (before it was kept) is a note.
 * Who has denied a wait may say another thing of it.
 */
export function isDenied(
  session: { readonly state: SessionState; readonly state_kind?: string } & Pick<SessionContext, "denied">,
  { event, state, told, screen, shows }: Pick<ContextEntry, "event" | "state" | "told" | "screen" | "shows">,
): boolean {
  if (event !== stateWrongEvent || !isLiving(session) || told === undefined) return false;
  if (told.state === "waiting" || (screen !== undefined && isWaitDenied(session))) return state !== "waiting";
  return shows !== undefined;
}

/** Whether what a person has denied last is that it waits. */
function isWaitDenied({ denied }: Pick<SessionContext, "denied">): boolean {
  return denied !== undefined && denied.shows === undefined;
}

/** Whether a person says that the session waits after all, which one said that it does not. */
export function isDenialTakenBack(
  session: Pick<SessionContext, "denied">,
  { event, state }: Pick<ContextEntry, "event" | "state">,
): boolean {
  return event === stateWrongEvent && state === "waiting" && isWaitDenied(session);
}

/** A person who answers or looks has seen what was done. */
function afterLook(before: SessionState): SessionState {
  return before === "done_unseen" ? "idle" : before;
}

/** A newer version may write states that this one does not know. */
export function isSessionState(state: string | undefined): state is SessionState {
  return state !== undefined && (sessionStates as readonly string[]).includes(state);
}

/** What was told, and by which prompt or screen. What a person says anew of a wait is about that wait. */
export function deniedState(
  { denied }: SessionContext,
  { told, screen, shows }: ContextEntry,
): NonNullable<SessionContext["denied"]> {
  if (denied && denied.shows === undefined && told?.state !== "waiting" && screen !== undefined) return denied;
  return {
    ...(shows === undefined ? {} : { shows }),
    ...(told?.state_kind === undefined ? {} : { state_kind: told.state_kind }),
    ...(screen === undefined ? {} : { screen }),
  };
}
