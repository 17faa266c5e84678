/** What a piece of text means; colours only repeat what the words say. */
export type Tone = "plain" | "strong" | "quiet" | "good" | "bad" | "attention" | "active";

/** A piece of one line, without control characters. */
export interface Piece {
  readonly text: string;
  readonly tone?: Tone;
}

/** How a terminal shows it: names of styles that terminals have. */
export const toneStyles = {
  plain: undefined,
  strong: "bold",
  quiet: "dim",
  good: "green",
  bad: "red",
  attention: "yellow",
  active: "cyan",
} as const satisfies Readonly<Record<Tone, string | undefined>>;
