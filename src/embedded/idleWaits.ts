import { RequestFailure } from "../adapters/http/requestFailure";
import type { WireIdle } from "../adapters/wsh/wire";
import type { ScreenFormat } from "./screenModel";
import type { Session } from "./session";

export interface IdleWait {
  /** Silence wanted, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxWaitMs: number;
  readonly format: ScreenFormat;
  /** When it is the present generation, something newer must come first. */
  readonly lastGeneration?: number | undefined;
  /** Silence that is over already does not count: as much again is observed. */
  readonly fresh?: boolean | undefined;
}

export type IdleAnswer = Pick<WireIdle, "screen" | "scrollback_lines" | "generation">;

const timedOut = (): RequestFailure =>
  new RequestFailure(408, "idle_timeout", "The terminal did not become quiet in time.");

/**
 * Resolves when the session was quiet for long enough. Throws `idle_timeout`, `session_not_found` as soon as the
 * session ends, or the signal's reason.
 */
export function waitUntilQuiet(session: Session, wait: IdleWait, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const startGeneration = session.generation;
    const needsNewer = wait.fresh !== true && wait.lastGeneration === startGeneration;
    const alreadyQuiet = session.quietMs >= wait.timeoutMs;
    let timer: NodeJS.Timeout | undefined;
    const remaining = (): number => {
      if (needsNewer && session.generation === startGeneration) return Infinity;
      const quiet =
        wait.fresh === true && alreadyQuiet
          ? Math.min(session.quietMs, performance.now() - startedAt)
          : session.quietMs;
      return wait.timeoutMs - quiet;
    };
    const finish = (act: () => void): void => {
      clearTimeout(timer);
      clearTimeout(deadline);
      session.unlisten(listener);
      signal.removeEventListener("abort", aborted);
      act();
    };
    const look = (): void => {
      const left = remaining();
      if (left <= 0) finish(resolve);
      else if (left < Infinity) timer = setTimeout(look, Math.ceil(left));
      else timer = undefined;
    };
    const listener = {
      activity: () => {
        if (timer === undefined) look();
      },
      ended: () => finish(() => reject(new RequestFailure(404, "session_not_found", "The session has ended."))),
    };
    const aborted = (): void => finish(() => reject(signal.reason as Error));
    const deadline = setTimeout(() => finish(() => reject(timedOut())), wait.maxWaitMs);
    session.listen(listener);
    signal.addEventListener("abort", aborted, { once: true });
    if (session.ended) listener.ended();
    else if (signal.aborted) aborted();
    else look();
  });
}

/** Waits as `waitUntilQuiet` and tells what the terminal shows then. */
export async function awaitIdle(session: Session, wait: IdleWait, signal: AbortSignal): Promise<IdleAnswer> {
  await waitUntilQuiet(session, wait, signal);
  const generation = session.generation;
  const screen = await session.currentScreen(wait.format);
  return { screen, scrollback_lines: screen.total_lines, generation };
}

/**
 * The first of several sessions that becomes quiet. A `lastGeneration` belongs to `lastSession` alone. Throws
 * `no_sessions` when there is none, or none any more, and `idle_timeout`.
 */
export async function awaitAnyIdle(
  sessions: readonly Session[],
  wait: IdleWait,
  lastSession: string | undefined,
  signal: AbortSignal,
): Promise<IdleAnswer & { session: string }> {
  const losers = new AbortController();
  const either = AbortSignal.any([signal, losers.signal]);
  const waits = sessions.map(async (session) => {
    const own = session.name === lastSession ? wait : { ...wait, lastGeneration: undefined };
    return { session: session.name, ...(await awaitIdle(session, own, either)) };
  });
  try {
    return await Promise.any(waits);
  } catch (failure) {
    const failures: unknown[] = failure instanceof AggregateError ? failure.errors : [failure];
    const other = failures.find((one) => !(one instanceof RequestFailure && one.code === "session_not_found"));
    throw other instanceof Error ? other : noSessions();
  } finally {
    losers.abort(new Error("another session was first"));
  }
}

export const noSessions = (): RequestFailure =>
  new RequestFailure(404, "no_sessions", "There is no session to wait for.");
