import { hasEnded, isLiving } from "../model/states";
import { looksLikePrompt } from "../sense/plainPrompt";
import {
  type ScreenRule,
  screenRules,
  type SeenScreen,
  type SensedState,
  senseScreen,
  type WaitKind,
} from "../sense/screenRules";

/** What the marks of its shell say. */
export interface MarkSigns {
  readonly ready: boolean;
  readonly clean: boolean;
  readonly running: boolean;
  readonly continuation: boolean;
}

/** What the output of a session says to whoever reads it. */
export interface StreamSigns {
  /** Absent: no mark of ours was seen yet. */
  readonly marks?: MarkSigns;
  /** A mark is expected: the session was started with the integration. */
  readonly integrated: boolean;
  /** Milliseconds since the last output; null when there was none yet. */
  readonly quietMs: number | null;
  readonly alternateScreen: boolean;
}

/** What its server says about a session that the record has: that it is there, or why it is not. */
export type ServerSign = "there" | "server_restarted" | "name_taken" | "not_there";

/** All that may be known of a session, as plain data. What nobody has seen is left out. */
export interface SessionSignals {
  /** Its end was seen; `lost`: it is gone and nobody knows how it ended. */
  readonly end?: { readonly lost: boolean; readonly exit_code: number | null };
  readonly server?: ServerSign;
  /** A person is asked there. */
  readonly question?: { readonly kind: WaitKind; readonly text: string };
  readonly stream?: StreamSigns;
  /** Its first prompt should have come by now. */
  readonly overdue?: boolean;
  readonly screen?: SeenScreen;
  /** What the record has of it. */
  readonly recorded?: SensedState;
  /** What a server lists of a session that no record has: milliseconds since it was used, null when it does not tell. */
  readonly listed?: { readonly quietMs: number | null };
}

/** What a state follows from. */
export type StateSource = "end" | "server" | "question" | "screen" | "marks" | "activity" | "record" | "nothing";

export interface SessionFinding extends SensedState {
  readonly by: StateSource;
}

/**
 * Silence that counts as quiet, where nothing better is known (the server's own idle default, wsh-protocol 4.6, is of
 * this order).
 */
export const quietAfterMs = 2000;

const whyLost: Readonly<Record<Exclude<ServerSign, "there">, string>> = {
  server_restarted: "Its server was started anew.",
  name_taken: "Its server has somebody else's session of that name.",
  not_there: "Its server does not have it any more.",
};

/**
 * What a session does, from all that is known of it, strongest first: its end, a question that is open there, a prompt
 * that stands ready, the screen, marks, the record, activity. Quiet alone never says more than `unclear`.
 */
export function sessionState(signals: SessionSignals, rules: readonly ScreenRule[] = screenRules): SessionFinding {
  const over = fromEnd(signals);
  if (over) return over;
  const { question, stream, overdue, screen, recorded, listed } = signals;
  if (question && (recorded === undefined || isLiving(recorded.state)))
    return { state: "waiting", kind: question.kind, evidence: question.text, by: "question" };
  // At a prompt that the marks tell of, nothing else draws.
  const onScreen = screen && !stream?.marks?.ready ? senseScreen(screen, rules) : undefined;
  if (onScreen) return { ...onScreen, by: "screen" };
  if (stream?.marks) return { ...fromMarks(stream.marks, stream.alternateScreen), by: "marks" };
  if (overdue) return { state: "unclear", evidence: "The shell's first prompt is overdue.", by: "activity" };
  if (stream) return { ...fromActivity(stream, screen), by: "activity" };
  if (recorded) return { ...recorded, by: "record" };
  if (listed) return { ...fromList(listed.quietMs), by: "server" };
  return { state: "unclear", evidence: "Nobody has seen what it does.", by: "nothing" };
}

/** What is known about a session that is over; undefined for one that may live. */
function fromEnd({ end, server, recorded }: SessionSignals): SessionFinding | undefined {
  if (end?.lost) return { state: "lost", evidence: "The session is gone and nobody knows how it ended.", by: "end" };
  if (end) {
    const code = end.exit_code;
    return {
      state: "exited",
      evidence:
        code === null ? "The session ended; its exit code was not told." : `The session ended with exit code ${code}.`,
      by: "end",
    };
  }
  if (recorded && hasEnded(recorded.state)) return { ...recorded, by: "record" };
  if (server === undefined || server === "there" || recorded?.state === "failed") return undefined;
  return { state: "lost", evidence: whyLost[server], by: "server" };
}

function fromMarks(marks: MarkSigns, alternateScreen: boolean): SensedState {
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

function fromActivity(
  { integrated, quietMs, alternateScreen }: StreamSigns,
  screen: SeenScreen | undefined,
): SensedState {
  if (alternateScreen) return { state: "working", evidence: "A full-screen program runs." };
  if (integrated && (quietMs === null || quietMs < quietAfterMs))
    return { state: "starting", evidence: "The shell's first prompt has not come yet." };
  if (quietMs === null) return { state: "starting", evidence: "Nothing was printed yet." };
  if (quietMs < quietAfterMs) return { state: "working", evidence: "It prints." };
  const quiet = `It has been quiet for ${Math.round(quietMs / 1000)} s`;
  return screen && looksLikePrompt(screen)
    ? { state: "idle", evidence: `${quiet}, and its screen shows a prompt.` }
    : { state: "unclear", evidence: `${quiet}, and no mark says what it does.` };
}

function fromList(quietMs: number | null): SensedState {
  if (quietMs === null) return { state: "unclear", evidence: "Its server does not say when it was used last." };
  return quietMs < quietAfterMs
    ? { state: "working", evidence: "It was used just now." }
    : { state: "unclear", evidence: `It was used ${Math.round(quietMs / 1000)} s ago, and no mark says what it does.` };
}
