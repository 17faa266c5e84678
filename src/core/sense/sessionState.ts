import type { SessionState } from "../model/session";

/** What is known of a session, from its marks, its screen and its server. */
export interface SessionSignals {
  /** Absent: no mark of ours was ever seen. */
  readonly marks?: { readonly ready: boolean; readonly clean: boolean; readonly running: boolean; readonly continuation: boolean };
  /** Milliseconds since the last output; null when there was none yet. */
  readonly quietMs: number | null;
  readonly alternateScreen: boolean;
  /** The program ended; the server told the code, or not. */
  readonly exit?: { readonly code: number | null };
  /** The server or the session is gone and nobody knows how it ended. */
  readonly lost?: boolean;
  /** A mark is expected (the session was started with the integration). */
  readonly integrated: boolean;
}

export interface SensedState {
  readonly state: SessionState;
  /** One sentence: why it says so. */
  readonly evidence: string;
}

/** Fuses the signals, strongest first: the end, marks, then quiet. */
export function sessionState(_signals: SessionSignals): SensedState {
  return { state: "starting", evidence: "" };
}
