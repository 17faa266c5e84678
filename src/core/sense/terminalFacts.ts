import type { Confidence, StateEvidence, StateKind } from "../model/stateKinds";
import type { SessionState } from "../model/states";
import type { ProgramStatus } from "./programStatus";

/** What is known of a terminal at one moment. What nobody can tell is left out. */
export interface TerminalFacts {
  /** Top to bottom, plain, without trailing blanks. */
  readonly lines: readonly string[];
  readonly cols: number;
  /** When it was looked at, in milliseconds since 1970. */
  readonly at?: number;
  /** Zero-based, in cells. */
  readonly cursor: { readonly row: number; readonly col: number; readonly visible: boolean };
  readonly alternate: boolean;
  /** Lines that have left the screen at its top and are kept. */
  readonly scrolled?: number;
  /** As the program set it last. */
  readonly title?: string;
  /** The program that was started there, by its name: `claude`. */
  readonly started?: string;
  /** The program in front. */
  readonly foreground?: string;
  /** Its shell tells that a command runs, or a program runs there without a shell. */
  readonly running?: boolean;
  /** The terminal shows what is typed (termios). */
  readonly echo?: boolean;
  /** The terminal gives what is typed line by line (termios). */
  readonly canonical?: boolean;
  /** How often Enter was typed there. */
  readonly entered?: number;
  /** Told where a rule holds but for these two, which are not known, and which somebody could be asked for. */
  readonly onUnknownMode?: () => void;
  /** A program that reports mouse events has switched them on. */
  readonly mouse?: boolean;
  /** Who reads there has switched bracketed paste on, as line editors do while a line is typed. */
  readonly paste?: boolean;
  /** What programs there said of themselves (OSC 7501), roots before their children. */
  readonly statuses?: readonly ProgramStatus[];
  /** Progress of OSC 9;4: shown without an end or up to a part, an error, a pause, or removed. */
  readonly progress?: "busy" | "error" | "paused" | "none";
  /** It has ended; its exit code, null when nobody knows it. */
  readonly ended?: { readonly exit_code: number | null };
}

/** What a terminal does at one moment, and why that is known. */
export interface Sensed {
  readonly state: SessionState;
  readonly kind?: StateKind;
  readonly program?: { readonly name: string; readonly version?: string | undefined };
  readonly confidence: Confidence;
  readonly evidence: readonly StateEvidence[];
  /** What the program said as the time when a limit ends, in its own words. */
  readonly until?: string;
}

/** What a session does, as it is told and kept. */
export interface SensedState extends Partial<Pick<Sensed, "kind" | "program" | "confidence" | "evidence" | "until">> {
  readonly state: SessionState;
  /** One sentence: why it says so. */
  readonly why: string;
  /** Which prompt it waits at (`AskedPrompt.fingerprint`); absent where none is known. */
  readonly asks?: string;
  /** Which screen it was found by (`screenFingerprint`), where a person has said something of that. */
  readonly shows?: string;
}
