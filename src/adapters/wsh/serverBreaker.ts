import {
  BrokenCircuitError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  handleWhen,
  type IBreaker,
} from "cockatiel";
import type { Clock } from "../../core/ports/machine";
import { AttemptFailure } from "./attemptFailure";

/**
 * So many attempts in a row without any answer, more than one call makes, and for so long: a break of all connections
 * at once is no outage.
 */
const failuresToOpen = 5;
const failingMs = 500;
/**
 * How long nothing is tried after a failed probe; half a second more is not noticed by people, and a server is back
 * before they look.
 */
const openMs = 500;

/**
 * Keeps requests from a server that is away: an attempt fails at once, without a connection, and one probe at a time
 * finds out that it is back; calls go on asking for as long as their policy says, since it may be back at any moment.
 * Only attempts that got no answer count; any answer, also a refusal, says that the server is there.
 */
export class ServerBreaker {
  #policy: CircuitBreakerPolicy;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #probe: () => Promise<void>;
  readonly #away: () => AttemptFailure;
  #probing: Promise<void> | undefined;

  /** `probe` asks the server once; `away` is what requests fail with meanwhile. */
  constructor(clock: Pick<Clock, "monotonic">, probe: () => Promise<void>, away: () => AttemptFailure) {
    this.#clock = clock;
    this.#policy = closedPolicy(clock);
    this.#probe = probe;
    this.#away = away;
  }

  /** It has answered somebody else: nothing is kept from it any more. */
  heard(): void {
    if (this.#policy.state !== CircuitState.Closed) this.#policy = closedPolicy(this.#clock);
  }

  /**
   * Resolves when the server was there a moment ago, as far as anybody knows. Fails with `away`, or as the probe did.
   */
  async ready(): Promise<void> {
    if (this.#policy.state === CircuitState.Closed) return;
    this.#probing ??= this.#guarded(this.#probe).finally(() => (this.#probing = undefined));
    await this.#probing;
  }

  /** One attempt that counts. Fails as `ready` does, before anything was tried. */
  async run<T>(attempt: () => Promise<T>): Promise<T> {
    await this.ready();
    const answered = await this.#guarded(() => answerOf(attempt));
    if ("failure" in answered) throw answered.failure;
    return answered.value;
  }

  async #guarded<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      return await this.#policy.execute(attempt);
    } catch (error) {
      throw error instanceof BrokenCircuitError ? this.#away() : error;
    }
  }
}

function closedPolicy(clock: Pick<Clock, "monotonic">): CircuitBreakerPolicy {
  return circuitBreaker(handleWhen(gotNoAnswer), { halfOpenAfter: openMs, breaker: new LastingFailure(clock) });
}

/** A server that refuses has answered. */
async function answerOf<T>(
  attempt: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly failure: AttemptFailure }> {
  try {
    return { value: await attempt() };
  } catch (error) {
    if (!(error instanceof AttemptFailure) || gotNoAnswer(error)) throw error;
    return { failure: error };
  }
}

function gotNoAnswer(error: Error): boolean {
  return error instanceof AttemptFailure && (error.kind === "refused" || error.kind === "broken");
}

class LastingFailure implements IBreaker {
  state: unknown;
  readonly #clock: Pick<Clock, "monotonic">;
  #failures = 0;
  #since = 0;

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  success(): void {
    this.#failures = 0;
  }

  failure(state: CircuitState): boolean {
    const now = this.#clock.monotonic();
    if (this.#failures++ === 0) this.#since = now;
    return state === CircuitState.HalfOpen || (this.#failures >= failuresToOpen && now - this.#since >= failingMs);
  }
}
