import { setMaxListeners } from "node:events";
import { DelegateBackoff, decorrelatedJitterGenerator, handleWhen, retry } from "cockatiel";
import { abortable } from "../../core/base/async";
import type { Clock } from "../../core/ports/machine";
import { AttemptFailure, type FailureKind } from "./attemptFailure";

/** When and how often a request is repeated, as data. Times in milliseconds. */
export interface RetryPolicy {
  /** All attempts, the first one included. */
  readonly attempts: number;
  /** No attempt starts later than this after the first one. */
  readonly budgetMs: number;
  /** First delay of decorrelated jitter, about; later ones grow. */
  readonly baseMs: number;
  readonly capMs: number;
  /** The failures after which another attempt is allowed. */
  readonly after: readonly FailureKind[];
}

/** Base 100 ms and cap 2 s: measured best for one desk's clients after a server's restart (durability, section 7). */
const schedule = { attempts: 4, budgetMs: 2_000, baseMs: 100, capMs: 2_000 };

export const retryPolicies = {
  /** GET, DELETE (404 is success), tags, detach, resize: repeating changes nothing. */
  repeatable: { ...schedule, after: ["refused", "broken", "busy"] },
  /**
   * Create with a name: a second one is told by 409. A full server is not asked again, since wsh leaves a process for
   * each refusal.
   */
  create: { ...schedule, after: ["refused", "broken", "busy"] },
  /** Input and renaming: never again once bytes may have left. */
  unrepeatable: { ...schedule, after: ["refused"] },
  once: { ...schedule, attempts: 1, after: [] },
} as const satisfies Record<string, RetryPolicy>;

/**
 * Before a socket is made again; capped so that everything is as before two seconds after a server is back (durability,
 * R17).
 */
export const socketDelays = { baseMs: 100, capMs: 1_000 };

type JitterState = ReturnType<typeof decorrelatedJitterGenerator>[1];

/** Delays of decorrelated jitter, one after the other, in whole milliseconds. */
export class JitterDelays {
  readonly #options: Parameters<typeof decorrelatedJitterGenerator>[1];
  #state: JitterState | undefined;

  constructor(baseMs: number, capMs: number) {
    this.#options = { generator: decorrelatedJitterGenerator, initialDelay: baseMs, maxDelay: capMs, exponent: 2 };
  }

  next(): number {
    const [delay, state] = decorrelatedJitterGenerator(this.#state, this.#options);
    this.#state = state;
    return Math.round(delay);
  }

  reset(): void {
    this.#state = undefined;
  }
}

/**
 * Runs `attempt` until it succeeds or the policy ends. Throws the error of the last attempt (never the AttemptFailure
 * around it), or the signal's reason as soon as it is aborted.
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  clock: Pick<Clock, "monotonic">,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  // One signal may guard any number of calls at a time; node's warning of a leak above ten would be wrong.
  if (signal) setMaxListeners(0, signal);
  const started = clock.monotonic();
  const left = (): number => policy.budgetMs - (clock.monotonic() - started);
  const allowed = (error: Error): boolean =>
    error instanceof AttemptFailure && policy.after.includes(error.kind) && left() > error.retryAfterMs;
  const jitter = new JitterDelays(policy.baseMs, policy.capMs);
  const runner = retry(handleWhen(allowed), {
    maxAttempts: policy.attempts - 1,
    backoff: new DelegateBackoff((context) => {
      const asked =
        "error" in context.result && context.result.error instanceof AttemptFailure
          ? context.result.error.retryAfterMs
          : 0;
      return Math.max(0, Math.min(Math.max(jitter.next(), asked), left()));
    }),
  });
  try {
    const guarded = async (): Promise<T> => {
      signal?.throwIfAborted();
      return attempt();
    };
    return await abortable(runner.execute(guarded, signal), signal);
  } catch (error) {
    throw error instanceof AttemptFailure ? error.error : error;
  }
}
