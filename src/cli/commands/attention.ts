import { answerQuestion } from "../../core/acts/answerQuestion";
import { namedQuestion } from "../../core/people/namedQuestion";
import { durationText } from "../../core/model/sentences";
import { ProjectRecord } from "../../core/record/projectRecord";
import { openEscalations } from "../../core/model/projectState";
import type { Container } from "../container";
import { deadlineWords } from "../../protocol/attentionRows";
import { askedCommand, shortEntryId } from "../../protocol/logLines";
import { type ExitCode, exitCode } from "../exitCodes";
import { readProjects } from "../projects";
import { doProject } from "./do";
import { questionParts } from "../../protocol/question";

/** A command that is longer is cut in the middle. */
const mostLines = 40;

/** Open questions of one or all projects, the one that blocks the oldest work first. */
export async function listAttention(container: Container, name: string | undefined): Promise<ExitCode> {
  const { output, clock } = container;
  const projects = await readProjects(container, name);
  const entries = projects
    .flatMap(({ state }) => openEscalations(state))
    .sort((one, other) => one.ts.localeCompare(other.ts));
  if (output.json) {
    output.document(entries);
    return exitCode.done;
  }
  if (entries.length === 0) output.line("Nothing waits for you.");
  for (const entry of entries) {
    const ago = durationText(Math.max(0, Math.floor((clock.now() - Date.parse(entry.ts)) / 1000) * 1000));
    output.whole([
      { text: entry.project_id, tone: "strong" },
      { text: `  ${ago} ago  `, tone: "quiet" },
      { text: questionParts(entry).reason, tone: "attention" },
    ]);
    for (const line of askedCommand(entry, mostLines, "  ")) output.whole(line);
    const time = deadlineWords(entry, clock.now());
    if (time !== undefined) output.whole([{ text: `  ${time}`, tone: "attention" }]);
    output.pieces([
      {
        text: `  wsh-orchestrator answer ${shortEntryId(entry.id)} ${entry.options?.join("|") ?? "TEXT"}`,
        tone: "quiet",
      },
    ]);
  }
  return exitCode.done;
}

export interface AnswerOptions {
  /** Runs the project where nothing does. */
  readonly resume?: boolean;
}

/**
 * Answers one question; the first answer counts. Throws `entry_not_found`, `ambiguous`, `usage`, `already_answered`,
 * and with `resume` as `do`.
 */
export async function answerOne(
  container: Container,
  id: string,
  words: readonly string[],
  options: AnswerOptions,
): Promise<ExitCode> {
  const { output } = container;
  const { owner, entry } = namedQuestion(await readProjects(container, undefined), id);
  const { project_id } = owner.project;
  const record = await ProjectRecord.open(owner.ledger, container.logger, { start: "checkpoint" });
  try {
    const resume = options.resume === true;
    const given = await answerQuestion(record, await container.acting(), {
      question: entry.id,
      text: words.join(" "),
      resume: resume ? "yes" : "no",
      ...(resume ? { wait: container.interrupts.signal } : {}),
    });
    if (output.json) output.entry(given.entry);
    else output.line(given.entry.text);
    if (given.follows === "saved_not_running")
      output.progress([
        {
          text: `The answer is saved. ${project_id} is not running; resume it with: wsh-orchestrator do ${project_id}`,
          tone: "quiet",
        },
      ]);
    if (given.follows !== "resume_here") return exitCode.done;
  } finally {
    await record.close();
  }
  if (output.json) output.answerIsComplete();
  return doProject(container, project_id, {});
}
