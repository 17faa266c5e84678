import type { ContextEntry } from "../core/model/entry";
import { answersByRisk, letsRun } from "../core/model/answerOrder";
import { linesNeeded, type QuestionParts } from "./question";
import { textWidth } from "../core/base/textWidth";

/** A question and its answers, as far as it matters where they can be shown. */
interface Answerable extends Omit<QuestionParts, "mark"> {
  readonly entry: Pick<ContextEntry, "kind">;
  readonly options: readonly string[];
}

/** A message shows a reason of this many characters whole. */
const messageReason = 300;

/**
 * The answers that a message may offer, which has one line: none that lets a held-back command run, and none at all
 * where the line has no room for what is asked.
 */
export function answersInMessage({ entry, reason, options }: Answerable): readonly string[] {
  const harmless = answersByRisk(options).filter((option) => !letsRun(entry, option));
  return entry.kind === "approval_needed" || isLine(reason) ? harmless : [];
}

/** Whether one line of a message, or of a box to type into, shows all of it. */
export function isLine(text: string): boolean {
  return text.length <= messageReason && !/\n\s*\S/.test(text);
}

/** A dialog shows this much without scrolling; the desktop's own dialogs cannot scroll. */
const dialogLines = 16;
const dialogCells = 72;
const dialogAnswers = 3;
const widestAnswer = 24;

/** What a dialog says below its first line: the reason, then all of the command. */
export function dialogText({ reason, command }: Omit<QuestionParts, "mark">): string {
  return command === undefined ? reason : `${reason}\n\n${command}`;
}

/** Whether a dialog can show all of the question and of its answers. */
export function fitsDialog(question: Answerable): boolean {
  const { options } = question;
  return (
    options.length <= dialogAnswers &&
    options.every((option) => textWidth(option) <= widestAnswer) &&
    isShort(dialogText(question))
  );
}

/** Whether a dialog can show all of a text. */
export function isShort(text: string): boolean {
  return text.length <= dialogLines * dialogCells && linesNeeded(text, dialogCells) <= dialogLines;
}
