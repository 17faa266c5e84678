import type { Event } from "../base/event";
import type { SessionFinding } from "./sessionState";
import type { ShellSession } from "./shellSession";

/** What a session is known to do. */
export interface FollowedState {
  readonly finding: SessionFinding;
  /** When its terminal was looked at last, by the monotonic clock. */
  readonly seenAt: number;
  /** By the rules of this very program, or by its own word; else by what any program may show. */
  readonly named: boolean;
}

/** What sessions are known to do, for who waits for it. */
export interface SensedStates {
  /** Undefined where nobody follows the session. */
  of(session: ShellSession): FollowedState | undefined;
  /** Fires with a session of which something else was found. */
  readonly onFound: Event<ShellSession>;
}
