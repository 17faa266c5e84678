import type { EntryDraft } from "../model/entry";
import type { CommandEnd } from "../session/commandEnds";
import type { ScreenPattern } from "../model/screenPattern";
import type { StopRequest } from "./commandStop";

/** What is typed, where, and until when. */
export interface TypingRequest extends StopRequest {
  readonly text: string;
  /** How long somebody is given to finish what stands on the line (default: not at all). */
  readonly draftMs?: number;
  /** It is done when its screen shows this; it may go on running then. */
  readonly until?: ScreenPattern;
  /** A person types it, who has looked: a program's screen is not judged, before the text and before its Enter. */
  readonly byHand?: boolean;
  /** The fingerprint of a program's screen that a person has seen and wants it typed at. */
  readonly passed?: string;
}

/** What is needed of it to know when it has shown what is waited for. */
export type Watched = Pick<TypingRequest, "session" | "until" | "text">;

/** Makes it durable that this is typed now, before the first byte leaves; gives its command_id. */
export type Intend = (prompt: Pick<EntryDraft, "k" | "n" | "typed_as" | "end_id">) => Promise<string>;

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
