import { abortable, deferred } from "../base/async";
import type { Event } from "../base/event";
import { DisposableStore } from "../base/lifecycle";
import type { Clock } from "../ports/machine";
import type { LimitTime } from "./sessionLimit";
import type { SessionFinding } from "./sessionState";
import type { ShellSession } from "./shellSession";

/** The time by the clock is looked at as often. */
const longestWaitMs = 60_000;

/** What a session is known to do. */
export interface FollowedState {
  readonly finding: SessionFinding;
  /** When its terminal was looked at last, by the monotonic clock. */
  readonly seenAt: number;
  /** By the rules of this very program, or by its own word; else by what any program may show. */
  readonly named: boolean;
  /** The limit that its program has reached. */
  readonly limit: LimitTime;
}

/** What sessions are known to do, for who waits for it. */
export interface SensedStates {
  /** Undefined where nobody follows the session. */
  of(session: ShellSession): FollowedState | undefined;
  /** Fires with a session of which something else was found. */
  readonly onFound: Event<ShellSession>;
}

/** The limit of the program in that session, as far as it is followed whenever that is asked. */
export function limitOf(states: SensedStates, session: ShellSession): LimitTime {
  const now = (): LimitTime | undefined => states.of(session)?.limit;
  return {
    get end() {
      return now()?.end;
    },
    get leftMs() {
      return now()?.leftMs ?? 0;
    },
    get lastedMs() {
      return now()?.lastedMs ?? 0;
    },
  };
}

/** Waits until the program in that session has no limit whose end is known, or the session is over. */
export async function limitOver(
  states: SensedStates,
  session: ShellSession,
  clock: Pick<Clock, "after">,
  signal: AbortSignal,
): Promise<void> {
  const limit = limitOf(states, session);
  while (limit.leftMs > 0 && !session.over && !signal.aborted) {
    const changed = deferred<undefined>();
    const store = new DisposableStore();
    store.add(states.onFound((each) => each === session && changed.resolve(undefined)));
    store.add(session.onActivity(() => changed.resolve(undefined)));
    // A machine that sleeps holds its timers back.
    store.add(clock.after(Math.min(limit.leftMs, longestWaitMs), () => changed.resolve(undefined)));
    await abortable(changed.promise, signal)
      .catch(() => undefined)
      .finally(() => store.dispose());
  }
}
