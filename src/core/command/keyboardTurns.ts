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
