/** What a piece of text means; colours only repeat what the words say. */
export type Tone = "plain" | "strong" | "quiet" | "good" | "bad" | "attention" | "active";

/** A piece of one line, without control characters. */
export interface Piece {
  readonly text: string;
  readonly tone?: Tone;
}
