import type { ContextEntry } from "./entry";
import { type SessionState, sessionStates } from "./states";

/**
 * What a session does after an entry about it, by the record alone. It stands here because the record is reduced below
 * the room that watches sessions; that room asks it too, before it writes what would change nothing.
 */
export function sessionStateAfter(
  before: SessionState,
  entry: Pick<ContextEntry, "kind" | "state" | "outcome">,
): SessionState {
  switch (entry.kind) {
    case "session":
    case "state":
      return isSessionState(entry.state) ? entry.state : before;
    case "command":
      return "working";
    case "result":
      // Whoever waited no longer for the end does not know what runs there.
      if (entry.outcome === "still_running") return "working";
      return before !== "working" ? before : entry.outcome === "unknown" ? "unclear" : "idle";
    default:
      return before;
  }
}

/** A newer version may write states that this one does not know. */
export function isSessionState(state: string | undefined): state is SessionState {
  return state !== undefined && (sessionStates as readonly string[]).includes(state);
}
