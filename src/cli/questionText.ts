import type { ContextEntry } from "../core/model/entry";
import { deadlineWords } from "../protocol/attentionRows";
import { askedCommand, shortEntryId } from "../protocol/logLines";
import type { Piece, Tone } from "../protocol/piece";
import { questionParts, sentenceLines } from "../protocol/question";

/** A command that is longer is cut in the middle. */
const mostLines = 40;
const widestCommand = 120;

export interface QuestionPlace {
  readonly now: number;
  /** Cells of a line; a longer sentence has several lines, and nothing is cut. */
  readonly columns: number;
  readonly indent: string;
}

/** An open question: why a person should look, what would run, until when, and how to answer it. */
export function questionText(entry: ContextEntry, { now, columns, indent }: QuestionPlace): (readonly Piece[])[] {
  const inner = `${indent}  `;
  const time = deadlineWords(entry, now);
  return [
    ...wrappedText(questionParts(entry).reason, { columns, indent: `${indent}? ` }, "attention"),
    ...askedCommand(entry, mostLines, inner, Math.min(columns, widestCommand)),
    ...(time === undefined ? [] : wrappedText(time, { columns, indent: inner }, "attention")),
    ...wrappedText(answerCommand(entry), { columns, indent: inner }, "quiet"),
  ];
}

/** A sentence in as many lines as it needs; what follows the first is below it, without the indent's marks. */
export function wrappedText(
  text: string,
  { columns, indent }: Pick<QuestionPlace, "columns" | "indent">,
  tone: Tone,
): (readonly Piece[])[] {
  return sentenceLines(text, Math.max(1, columns - indent.length)).map((line, row) => [
    { text: `${row === 0 ? indent : " ".repeat(indent.length)}${line}`, tone },
  ]);
}

/** The command that answers it from any terminal. */
export function answerCommand({ id, options }: ContextEntry): string {
  return `wsh-orchestrator answer ${shortEntryId(id)} ${options?.length ? options.join("|") : "TEXT"}`;
}
