import type { SessionState } from "../model/states";

/** What is known of a session, from its marks, its screen and its server. */
export interface SessionSignals {
  /** Absent: no mark of ours was seen yet. */
  readonly marks?: {
    readonly ready: boolean;
    readonly clean: boolean;
    readonly running: boolean;
    readonly continuation: boolean;
  };
  /** A mark is expected: the session was started with the integration. */
  readonly integrated: boolean;
  /** Milliseconds since the last output; null when there was none yet. */
  readonly quietMs: number | null;
  readonly alternateScreen: boolean;
  /** The program ended; the server told the code, or did not. */
  readonly exit?: { readonly code: number | null };
  /** The session is gone and nobody knows how it ended. */
  readonly lost?: boolean;
}

export interface SensedState {
  readonly state: SessionState;
  /** One sentence: why it says so. */
  readonly evidence: string;
}

/**
 * Silence that counts as quiet, where nothing better is known (the server's own idle default, wsh-protocol 4.6, is of
 * this order).
 */
const quietAfterMs = 2000;

/** Fuses the signals, strongest first: the end, marks, then activity. Quiet alone never says more than `unclear`. */
export function sessionState(signals: SessionSignals): SensedState {
  if (signals.exit) {
    const { code } = signals.exit;
    return {
      state: "exited",
      evidence:
        code === null ? "The session ended; its exit code was not told." : `The session ended with exit code ${code}.`,
    };
  }
  if (signals.lost) return { state: "lost", evidence: "The session is gone and nobody knows how it ended." };
  return signals.marks ? fromMarks(signals.marks, signals.alternateScreen) : fromActivity(signals);
}

function fromMarks(marks: NonNullable<SessionSignals["marks"]>, alternateScreen: boolean): SensedState {
  if (marks.running) {
    return {
      state: "working",
      evidence: alternateScreen ? "A full-screen program runs." : "The shell's mark says that a command runs.",
    };
  }
  if (marks.continuation)
    return { state: "unclear", evidence: "The line at the prompt is not finished; the shell asks for more." };
  if (marks.ready && marks.clean)
    return { state: "idle", evidence: "The shell's mark says that its prompt is ready, and nothing is typed there." };
  if (marks.ready) return { state: "idle", evidence: "The prompt is ready, with something typed at it." };
  return { state: "working", evidence: "A command ended and the next prompt is not drawn yet." };
}

function fromActivity(signals: SessionSignals): SensedState {
  const { quietMs } = signals;
  if (signals.alternateScreen) return { state: "working", evidence: "A full-screen program runs." };
  if (signals.integrated && (quietMs === null || quietMs < quietAfterMs))
    return { state: "starting", evidence: "The shell's first prompt has not come yet." };
  if (quietMs === null) return { state: "starting", evidence: "Nothing was printed yet." };
  if (quietMs < quietAfterMs) return { state: "working", evidence: "It prints." };
  const seconds = Math.round(quietMs / 1000);
  return { state: "unclear", evidence: `It has been quiet for ${seconds} s, and no mark says what it does.` };
}
