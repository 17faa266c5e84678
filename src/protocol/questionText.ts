import type { Escalation } from "../core/model/projectState";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import { deadlineWords, questionOf, waitWords } from "./attentionRows";
import { clockTime } from "../core/model/sentences";
import type { ProjectPicture } from "./projectRows";

/**
 * All of a question, and what has become of it, as a page to read: nothing is cut, and nothing in it can reorder or
 * hide text.
 */
export function questionText(picture: ProjectPicture, escalation: Escalation, now: number): string {
  const { entry } = escalation;
  const { who, project, reason, command, options, session } = questionOf(picture, entry);
  const time = deadlineWords(entry, now);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Project", project],
    ["Folder", picture.project.default_cwd],
    ["Task", entry.task_id],
    ["Session", session],
    ["Asked by", entry.actor],
    ["Rule", entry.rule],
    ["Answers", options.length === 0 ? "any text" : options.join(", ")],
    ["Time", time],
    ["Entry", entry.id],
  ];
  const lines = [
    `${who} (${project})`,
    "",
    reason,
    ...(command === undefined ? [] : ["", "It wants to run:", "", ...command.split("\n").map((line) => `    ${line}`)]),
    ...(entry.text === reason ? [] : ["", entry.text]),
    "",
    ...facts.flatMap(([name, value]) =>
      value === undefined || value === "" ? [] : [`${`${name}:`.padEnd(10)}${value}`],
    ),
    "",
    ...lifeLines(picture, escalation),
  ];
  return stripControlCharacters(`${lines.join("\n")}\n`);
}

/** Raised, told, seen, answered, taken up: each with its time. */
function lifeLines(picture: ProjectPicture, { entry, told, seen, answer, applied, settled }: Escalation): string[] {
  return [
    `${clockTime(entry.ts)}  asked`,
    ...[told, seen, answer].flatMap((each) => (each ? [`${clockTime(each.ts)}  ${each.text}`] : [])),
    ...(applied ? [`${clockTime(applied.ts)}  ${applied.text}`] : []),
    ...(answer && !applied && !settled ? [`${" ".repeat(10)}${waitWords(picture)}`] : []),
    ...(!answer && settled ? [`${" ".repeat(10)}No longer a question: the task has gone on.`] : []),
  ];
}
