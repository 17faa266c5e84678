import type { Event } from "../base/event";
import type { SessionFinding } from "./sessionState";
import type { ShellSession } from "./shellSession";

/** What sessions are known to do, for who waits for it. */
export interface SensedStates {
  /** Undefined where nobody follows the session. `seenAt`: when its terminal was looked at last, by the monotonic clock. */
  of(session: ShellSession): { readonly finding: SessionFinding; readonly seenAt: number } | undefined;
  /** Fires with a session of which something else was found. */
  readonly onFound: Event<ShellSession>;
}
