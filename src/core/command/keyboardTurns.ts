import { eitherOf } from "../base/async";
import type { StopRequest } from "./commandStop";

/** Whose turn it is to type in the sessions of a run. */
export interface KeyboardTurns {
  /** Resolves once no person has the keyboard of the session. Rejects with the signal's reason. */
  free(session_name: string, signal: AbortSignal | undefined): Promise<void>;
  /** As the record is known at this moment. */
  isHeld(session_name: string): boolean;
  /** How long that was waited for in the session by now, in milliseconds. */
  waitedMs(session_name: string): number;
}

/** A person has taken the keyboard between the look and the first key: nothing was typed. */
export class KeyboardTaken extends Error {}

/** Waits until no person has the keyboard of the session. Rejects with the reason of who no longer wants to type. */
export async function untilFree(
  keyboards: KeyboardTurns | undefined,
  { session, signal, leave }: Pick<StopRequest, "session" | "signal" | "leave">,
): Promise<void> {
  await keyboards?.free(session.identity.name, eitherOf(signal, leave));
}

/** Does the work, which throws `KeyboardTaken` where a person was faster: they go first, and it is done anew. */
export async function inTurn<T>(
  keyboards: KeyboardTurns | undefined,
  request: Pick<StopRequest, "session" | "signal" | "leave">,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    await untilFree(keyboards, request);
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof KeyboardTaken)) throw error;
    }
  }
}
