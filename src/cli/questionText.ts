import {
  type ContextEntry,
  isAnsweredOnlyThere,
  isAskedInTerminal,
  shortEntryId,
  takesEnter,
} from "../core/model/entry";
import { quietAsksEvent } from "../core/model/entryKinds";
import { shortSession } from "../core/model/names";
import type { SavedAnswer } from "../core/model/savedAnswers";
import { brief } from "../core/model/sentences";
import { shellWord } from "../core/sense/shellWord";
import { asked } from "../protocol/ageText";
import { answersByRisk } from "../core/model/answerOrder";
import { deadlineWords } from "../protocol/deadlineWords";
import { askedCommand } from "../protocol/logLines";
import type { Piece, Tone } from "../protocol/piece";
import { answerMeanings, questionParts, sentenceLines } from "../protocol/question";
import { textWidth } from "../core/base/textWidth";

const widestCommand = 120;

export interface QuestionPlace {
  readonly now: number;
  /** Cells of a line; a longer sentence has several lines, and nothing is cut. */
  readonly columns: number;
  readonly indent: string;
  /** Its project is running, so that an answer is all that is needed. */
  readonly running: boolean;
  /** Also says when it was asked. */
  readonly aged?: boolean;
}

/** An open question: why a person should look, what would run, until when, and how to answer it. */
export function questionText(entry: ContextEntry, place: QuestionPlace): (readonly Piece[])[] {
  const { now, columns, indent, running, aged } = place;
  const inner = `${indent}  `;
  const times = [...(aged === true ? [asked(entry.ts).text(now)] : []), deadlineWords(entry, now) ?? ""];
  const time = times.filter((each) => each !== "").join(" · ");
  return [
    ...reasonText(entry, { columns, indent }),
    ...askedCommand(entry, Infinity, inner, Math.min(columns, widestCommand)),
    ...wrappedText(time, { columns, indent: inner }, entry.deadline === undefined ? "quiet" : "attention"),
    ...wrappedText(answerMeanings(entry).join(" · "), { columns, indent: inner }, "quiet"),
    ...[answerCommand(entry, running), ...placeCommand(entry)]
      .flatMap((command) => commandText(command, columns - inner.length))
      .map((text): readonly Piece[] => [{ text: `${inner}${text}`, tone: "quiet" }]),
  ];
}

/** Why a person should look; what a program asks stands below its session as its screen shows it, line by line. */
function reasonText(
  entry: ContextEntry,
  { columns, indent }: Pick<QuestionPlace, "columns" | "indent">,
): (readonly Piece[])[] {
  const { reason } = questionParts(entry);
  const place = { columns, indent: `${indent}? ` };
  if (!isAskedInTerminal(entry)) return wrappedText(reason, place, "attention");
  const [first = "", ...screen] = reason.trimEnd().split("\n");
  return [
    ...wrappedText(`${shortSession(entry.session_name ?? "")}: ${first}`, place, "attention"),
    ...screen.flatMap((line) => wrappedText(line, { columns, indent: `${indent}    ` }, "plain")),
  ];
}

/** `Answer "retry" for build is saved.` */
export function savedText({ entry, answer }: SavedAnswer): string {
  return `Answer "${brief(answer.answer ?? answer.text)}" for ${entry.task_id ?? entry.project_id} is saved.`;
}

/** A sentence in as many lines as it needs; what follows the first is below it, without the indent's marks. */
export function wrappedText(
  text: string,
  { columns, indent }: Pick<QuestionPlace, "columns" | "indent">,
  tone: Tone,
): (readonly Piece[])[] {
  if (text === "") return [];
  return sentenceLines(text, Math.max(1, columns - indent.length)).map((line, row) => [
    { text: `${row === 0 ? indent : " ".repeat(indent.length)}${line}`, tone },
  ]);
}

/** A command line, as it is where it fits. */
export function commandText(command: string, cells: number): readonly string[] {
  return textWidth(command) <= cells ? [command] : sentenceLines(command, Math.max(1, cells));
}

/**
 * The command that answers it from any terminal, with the answer that sets off least: what stands beside it is to be
 * read, not copied. `running`: an answer resumes nothing.
 */
export function answerCommand(
  entry: Pick<ContextEntry, "id" | "options" | "event" | "answer_form" | "secret_answer"> &
    Partial<Pick<ContextEntry, "session_name" | "interruptible">>,
  running: boolean,
): string {
  const { id, options, secret_answer, session_name, interruptible } = entry;
  if (isAnsweredOnlyThere(entry)) return `wsh-orchestrator attach ${shellWord(session_name ?? "")}`;
  const command = `wsh-orchestrator answer ${shortEntryId(id)}`;
  const [first = "TEXT", ...others] = answersByRisk(options ?? []).map(shellWord);
  const resumes = running || isAskedInTerminal(entry) ? "" : " --resume";
  const or = [
    ...others,
    ...(takesEnter(entry) ? ['"" for Enter alone'] : []),
    ...(interruptible === true ? ["--interrupt for Ctrl-C"] : []),
  ];
  return [
    secret_answer === true ? command : `${command} ${first}${resumes}`,
    ...(or.length > 0 ? [`(or: ${or.join(", ")})`] : []),
  ].join("   ");
}

/** Where what is quiet can be seen, and continued: an editor has no other answer. */
function placeCommand({ event, session_name }: ContextEntry): readonly string[] {
  return event === quietAsksEvent && session_name !== null
    ? [`wsh-orchestrator attach ${shellWord(session_name)}`]
    : [];
}
