import type { OrchestratorError } from "../../core/model/errors";

/**
 * How far a failed attempt came, which decides whether it may be repeated: `refused`: no connection, so provably
 * nothing arrived; `broken`: the connection ended after bytes may have left, nobody knows; `busy`: the server answered
 * that it cannot now; `final`: it answered, and asking again changes nothing.
 */
export type FailureKind = "refused" | "broken" | "busy" | "final";

/** One failed attempt with the error that callers get when there is no other attempt. */
export class AttemptFailure extends Error {
  override readonly name = "AttemptFailure";

  constructor(
    readonly kind: FailureKind,
    readonly error: OrchestratorError,
    /** Milliseconds that the server asked to wait before the next attempt. */
    readonly retryAfterMs = 0,
  ) {
    super(error.message, { cause: error });
  }
}
