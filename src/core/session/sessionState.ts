import { agoText, runningTime } from "../model/sentences";
import { endedSentence } from "./sessionEnd";
import { hasEnded, isAtRest, isLiving } from "../model/states";
import type { WaitKind } from "../model/stateKinds";
import type { SensedState } from "../sense/terminalFacts";
import { type DeniedSign, isDeniedState } from "./deniedState";

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
export type ServerSign = "there" | "server_restarted" | "server_ended" | "name_taken" | "not_there";

/** What its terminal says to who only looks: that of a server which was asked, not that of a stream. */
export interface TerminalSign {
  /** When the last output came, in milliseconds since 1970; where its server does not tell it, the last input counts too. */
  readonly heard: number;
  /** Undefined: nobody can tell. */
  readonly atPrompt: boolean | undefined;
  readonly alternateScreen: boolean;
  /** The last line with something on it, for people. */
  readonly line: string;
  /** The program in front, where the server tells and it is no shell. */
  readonly foreground?: string;
  /** What the program does by this one look; absent at a prompt. Ready to be read by people. */
  readonly sensed?: SensedState;
  /** It was silent when it was looked at. */
  readonly settled: boolean;
  /** The record may not know what goes on there. */
  readonly inDoubt: boolean;
  /** It has been silent for so long that people are told. */
  readonly quiet: boolean;
}

/** How a session is over. */
export interface SessionEndSign {
  readonly lost: boolean;
  readonly exit_code: number | null;
  /** The last line that it showed, ready to be read by people. */
  readonly line?: string | undefined;
}

/** All that may be known of a session, as plain data. What nobody has seen is left out. */
export interface SessionSignals {
  /** Its end was seen; `lost`: it is gone and nobody knows how it ended. */
  readonly end?: SessionEndSign;
  readonly server?: ServerSign;
  /** A person is asked there. */
  readonly question?: { readonly kind: WaitKind; readonly text: string };
  readonly stream?: StreamSigns;
  /** Its first prompt should have come by now. */
  readonly overdue?: boolean;
  /** What a sensor found, on its screen and in what programs say of themselves. */
  readonly sensed?: SensedState;
  readonly terminal?: TerminalSign;
  /** What the record has of it. */
  readonly recorded?: SensedState;
  /** What a person said of a state. */
  readonly denied?: DeniedSign;
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
  server_restarted: "Its session server was restarted.",
  server_ended: "Its session server ended.",
  name_taken: "The session server has another session of that name.",
  not_there: "The session server no longer has this session.",
};

/**
 * What a session does, from all that is known of it, strongest first: its end, a question that is open there, a prompt
 * that stands ready, the screen, marks, the record, activity. Quiet alone never says more than `unclear`.
 */
export function sessionState(signals: SessionSignals): SessionFinding {
  const found = foundState(signals);
  return isCorrected(found, signals) && signals.denied ? { ...signals.denied.said, by: "record" } : found;
}

/** What a shell at its prompt, a question and an end say is no guess. */
const mayBeWrong: ReadonlySet<StateSource> = new Set(["screen", "marks", "activity"]);

/** Whether a person said that this is a mistake. */
function isCorrected(found: SessionFinding, { denied, stream, terminal, sensed }: SessionSignals): boolean {
  if (!denied || !mayBeWrong.has(found.by) || stream?.marks?.ready || (!stream && terminal?.atPrompt)) return false;
  const shows = (sensed ?? terminal?.sensed)?.shows;
  return isDeniedState(denied.was, { ...found, ...(shows === undefined ? {} : { shows }) });
}

function foundState(signals: SessionSignals): SessionFinding {
  const over = fromEnd(signals);
  if (over) return over;
  const { question, stream, overdue, sensed, terminal, recorded, listed } = signals;
  if (question && (recorded === undefined || isLiving({ state: recorded.state, state_kind: recorded.kind })))
    return { state: "waiting", kind: question.kind, why: question.text, by: "question" };
  // At a prompt that the marks tell of, nothing else draws. A program that no rule knows may do as it likes.
  if (sensed && !stream?.marks?.ready && isTelling(sensed)) return { ...sensed, by: "screen" };
  if (stream?.marks) return { ...fromMarks(stream.marks, stream.alternateScreen), by: "marks" };
  if (overdue) return { state: "unclear", why: "The shell has not shown its first prompt in time.", by: "activity" };
  if (stream) return { ...fromActivity(stream), by: "activity" };
  if (terminal?.inDoubt && recorded) {
    const seen = seenOnce(terminal);
    if (seen) return { ...seen, by: "screen" };
    const onTerminal = fromTerminal(terminal, recorded);
    if (onTerminal) return { ...onTerminal, by: "activity" };
  }
  if (recorded) return { ...recorded, by: "record" };
  if (listed) return { ...fromList(listed.quietMs), by: "server" };
  return { state: "unclear", why: "Nothing is known about what the session does.", by: "nothing" };
}

/** What is known about a session that is over; undefined for one that may live. */
function fromEnd({ end, server, recorded }: SessionSignals): SessionFinding | undefined {
  if (end?.lost) return { state: "lost", why: "The session is lost; how it ended is unknown.", by: "end" };
  if (end) return { state: "exited", why: endedSentence("The session", end.exit_code, end.line ?? ""), by: "end" };
  if (recorded && hasEnded(recorded.state)) return { ...recorded, by: "record" };
  if (server === undefined || server === "there" || (recorded?.state === "failed" && recorded.kind === "start"))
    return undefined;
  return { state: "lost", why: whyLost[server], by: "server" };
}

function fromMarks(marks: MarkSigns, alternateScreen: boolean): SensedState {
  if (marks.running) {
    return {
      state: "working",
      why: alternateScreen ? "A full-screen program is running." : "The shell reports that a command is running.",
    };
  }
  if (marks.continuation)
    return { state: "unclear", why: "The command at the prompt is incomplete; the shell asks for more input." };
  if (marks.ready && marks.clean) return { state: "idle", why: "The shell is at its prompt." };
  if (marks.ready) return { state: "idle", why: "The shell is at its prompt, with unsent text." };
  return { state: "working", why: "A command ended; the next prompt has not appeared yet." };
}

function fromActivity({ integrated, quietMs, alternateScreen }: StreamSigns): SensedState {
  if (alternateScreen) return { state: "working", why: "A full-screen program is running." };
  if (integrated && (quietMs === null || quietMs < quietAfterMs))
    return { state: "starting", why: "The shell has not shown its first prompt yet." };
  if (quietMs === null) return { state: "starting", why: "The session has printed nothing yet." };
  if (quietMs < quietAfterMs) return { state: "working", why: "The session is printing output." };
  const quiet = `The session has been quiet for ${runningTime(quietMs)}`;
  return { state: "unclear", why: `${quiet}, and nothing on its screen tells what it does.` };
}

/**
 * A screen that no rule knows says something of a known program only: that nobody knows what it does. One that shows how a
 * program ended says nothing of its session, which is there.
 */
function isTelling({ state, program }: SensedState): boolean {
  return !hasEnded(state) && (state !== "unclear" || program !== undefined);
}

/** One look says less than following does: what is still being drawn may be half of something else. */
function seenOnce({ atPrompt, sensed, settled }: TerminalSign): SensedState | undefined {
  if (atPrompt || !sensed || !isTelling(sensed)) return undefined;
  return settled || sensed.confidence === "high" ? sensed : undefined;
}

/** What goes on in a terminal whose record may not know it; undefined where the record knows as much. */
function fromTerminal(
  { atPrompt, settled, alternateScreen, foreground }: TerminalSign,
  recorded: SensedState,
): SensedState | undefined {
  if (atPrompt) return isAtRest(recorded.state) ? undefined : { state: "idle", why: "The shell is at its prompt." };
  if (alternateScreen) return { state: "working", why: "A full-screen program is running." };
  if (atPrompt === false)
    return {
      state: "working",
      why: foreground === undefined ? "A command is running." : `${foreground} is running.`,
    };
  return settled ? undefined : { state: "working", why: "The session is printing output." };
}

function fromList(quietMs: number | null): SensedState {
  if (quietMs === null)
    return { state: "unclear", why: "The session server does not say when the session was last used." };
  return quietMs < quietAfterMs
    ? { state: "working", why: "The session was used just now." }
    : {
        state: "unclear",
        why: `The session was last used ${agoText(quietMs)}; nothing else tells what it does.`,
      };
}
