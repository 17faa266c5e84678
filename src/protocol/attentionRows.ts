import { brief } from "../core/engine/sentences";
import type { ContextEntry } from "../core/model/entry";
import { openEscalations } from "../core/model/projectState";
import { ageText, spokenAge } from "./ageText";
import { shortSession } from "./diary";
import type { ProjectPicture } from "./projectRows";
import { questionParts } from "./question";

/** An open question, with all that a person needs to answer it. */
export interface Question {
  readonly key: string;
  readonly entry: ContextEntry;
  readonly id: string;
  /** Who asks: the session where there is one, else the task or the project. */
  readonly who: string;
  readonly project: string;
  readonly reason: string;
  readonly command: string | undefined;
  readonly options: readonly string[];
}

export interface AttentionRow extends Question {
  readonly label: string;
  readonly description: string;
  readonly tooltip: readonly string[];
  readonly spoken: string;
}

/** Open questions of all projects, the one that blocks the oldest work first. */
export function openQuestions(pictures: readonly ProjectPicture[]): Question[] {
  return pictures
    .flatMap((picture) => openEscalations(picture.state).map((entry) => questionOf(picture, entry)))
    .sort((one, other) => one.entry.ts.localeCompare(other.entry.ts));
}

function questionOf({ key, project }: Pick<ProjectPicture, "key" | "project">, entry: ContextEntry): Question {
  const who = entry.session_name === null ? (entry.task_id ?? project.name) : shortSession(entry.session_name);
  return { key, entry, id: entry.id, who, project: project.name, ...questionParts(entry), options: entry.options ?? [] };
}

export function attentionRow(question: Question, now: number): AttentionRow {
  const { who, project, reason, command, options, entry } = question;
  return {
    ...question,
    label: `${who} (${project})`,
    description: `${ageText(entry.ts, now)} · ${brief(reason)}`,
    tooltip: [`${who} (${project})`, reason, ...(command === undefined ? [] : [`$ ${command}`]), ...(options.length === 0 ? [] : [`Answer: ${options.join(", ")}`])],
    spoken: `${who} of project ${project} asks: ${reason}${command === undefined ? "" : `; command: ${brief(command)}`}; ${spokenAge(entry.ts, now)}`,
  };
}

/** One sentence for a toast; who asks comes first. */
export function questionSentence({ who, project, reason, command }: Question): string {
  const what = command === undefined ? reason : `${reason} It wants to run: ${brief(command, 200)}`;
  return `${who} (${project}): ${what}`;
}
