import type { EntryDraft } from "../model/entry";
import type { CommandEnd } from "../session/commandEnds";
import type { ScreenPattern } from "../model/screenPattern";
import type { WantedState } from "../model/wantedState";
import type { LocalPorts } from "../ports/machine";
import type { SensedStates } from "../session/sensedStates";
import type { StopRequest } from "./commandStop";
import type { TypedAgent } from "./typedAgent";

/** What a command is waited for beside its end. */
export type Until =
  | { readonly by: "screen"; readonly pattern: ScreenPattern }
  | { readonly by: "port"; readonly port: number; readonly ports: LocalPorts }
  | { readonly by: "state"; readonly wanted: WantedState; readonly states: SensedStates };

/** How the end of a command is known that is none: what it was waited for holds. */
export function heldBy(until: Until): Pick<CommandEnd, "known_by" | "port"> {
  return until.by === "port" ? { known_by: "port", port: until.port } : { known_by: until.by };
}

/** Looks whether that holds. */
export interface UntilCondition {
  /** Resolves once it holds; never otherwise. Rejects with the signal's reason. */
  holds(stop: AbortSignal): Promise<void>;
  /** Whether it holds, or has held, of a command that has ended with code 0. */
  heldAtEnd(end: CommandEnd): Promise<boolean>;
}

/** What is typed, where, and until when. */
export interface TypingRequest extends StopRequest {
  readonly text: string;
  /** How long somebody is given to finish what stands on the line (default: not at all). */
  readonly draftMs?: number;
  /** It is done when this holds; it may go on running then. */
  readonly until?: Until;
  /** A person types it, who has looked: a program's screen is not judged, before the text and before its Enter. */
  readonly byHand?: boolean;
  /** The fingerprint of a program's screen that a person has seen and wants it typed at. */
  readonly passed?: string;
  /** The coding agent that it is a prompt for. */
  readonly agent?: TypedAgent;
  /** Of a prompt: it is over once the agent has taken it, and is at work on it. */
  readonly onlyTaken?: boolean;
  /** Of a prompt: a person says that it was taken already. Nothing is typed; its turn is followed. */
  readonly taken?: boolean;
}

/** What is needed of it to know when what is waited for holds. */
export interface Watched extends Pick<TypingRequest, "session" | "text"> {
  readonly until?: Until | undefined;
}

/** Makes it durable that this is typed now, before the first byte leaves; gives its command_id. */
export type Intend = (prompt: TypedPrompt) => Promise<string>;

/** How a command is typed, as its entry says it. */
export type TypedPrompt = Pick<
  EntryDraft,
  "k" | "n" | "typed_as" | "typed" | "times_shown" | "entered" | "screen" | "end_id"
>;

export interface Typed {
  readonly command_id: string;
  readonly end: CommandEnd;
  readonly duration_ms: number;
  /** False: this session can type nothing more. */
  readonly usable: boolean;
}

/** Nobody wants it typed any more. */
export function isOver({ signal, leave }: StopRequest): boolean {
  return signal?.aborted === true || leave?.aborted === true;
}

export const notSent: CommandEnd = { outcome: "not_sent", exit_code: null, known_by: "none", output: undefined };
