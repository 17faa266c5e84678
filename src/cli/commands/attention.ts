import { answerQuestion } from "../../core/acts/answerQuestion";
import { namedQuestion } from "../../core/people/namedQuestion";
import { ProjectRecord } from "../../core/record/projectRecord";
import { openEscalations } from "../../core/model/projectState";
import type { Container } from "../container";
import { ageText } from "../../protocol/ageText";
import { shellWord } from "../../core/sense/shellWord";
import { questionText } from "../questionText";
import { type ExitCode, exitCode } from "../exitCodes";
import { readProjects } from "../projects";
import { doProject } from "./do";

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
  if (entries.length === 0) output.line("Nothing needs your answer.");
  const now = clock.now();
  for (const entry of entries) {
    output.whole([
      { text: entry.project_id, tone: "strong" },
      { text: `  ${ageText(entry.ts, now)}`, tone: "quiet" },
    ]);
    for (const line of questionText(entry, { now, columns: output.columns, indent: "  " })) output.whole(line);
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
          text: `Answer saved. ${project_id} is not running. Resume it with: wsh-orchestrator do ${shellWord(project_id)}`,
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
