import { type Disposable, DisposableStore } from "../base/lifecycle";
import { abortable, deferred } from "../base/async";
import { isWanted, type WantedState } from "../model/wantedState";
import type { Clock } from "../ports/machine";
import type { SensedStates } from "../session/sensedStates";
import type { ShellSession } from "../session/shellSession";
import type { UntilCondition } from "./typingRequest";

/**
 * A state that stood there before may be that of what ran before: it counts once the session was in another one, or once
 * its terminal rests for so long and was looked at since.
 */
const restMs = 1500;
/** A look at a terminal that has come to rest is done within this time. */
const lookMs = 300;

/** Follows a command until its session is in a state. */
export class StateUntil implements UntilCondition {
  /** It was seen in another state since then. */
  #changed = false;

  constructor(
    private readonly session: ShellSession,
    private readonly wanted: { readonly wanted: WantedState; readonly states: SensedStates },
    private readonly clock: Pick<Clock, "after" | "monotonic">,
  ) {}

  async holds(stop: AbortSignal): Promise<void> {
    const { session, clock } = this;
    const { states } = this.wanted;
    const since = clock.monotonic();
    const held = deferred<undefined>();
    const store = new DisposableStore();
    let timer: Disposable | undefined;
    const look = (): void => {
      timer?.dispose();
      const left = this.#left(since);
      if (left === 0) held.resolve(undefined);
      else if (left !== undefined) timer = clock.after(left, look);
    };
    store.add(states.onFound((each) => each === session && look()));
    store.add(session.onActivity(look));
    look();
    try {
      await abortable(held.promise, stop);
    } finally {
      timer?.dispose();
      store.dispose();
    }
  }

  /** What runs no more is in no state. */
  heldAtEnd(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** Milliseconds until it is to be looked at again; 0: it holds; undefined: something has to happen first. */
  #left(since: number): number | undefined {
    const { session, clock } = this;
    const found = this.wanted.states.of(session);
    if (!found) return undefined;
    if (!isWanted(this.wanted.wanted, found.finding)) {
      this.#changed = true;
      return undefined;
    }
    if (this.#changed) return 0;
    const now = clock.monotonic();
    const rested = Math.min(session.quietMs ?? Infinity, now - since);
    if (rested < restMs) return restMs - rested;
    return found.seenAt >= now - (session.quietMs ?? Infinity) && found.seenAt >= since ? 0 : lookMs;
  }
}
