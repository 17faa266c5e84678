import { answer } from "../../core/people/escalations";
import { durationText } from "../../core/model/sentences";
import { ProjectRecord } from "../../core/record/projectRecord";
import type { ContextEntry } from "../../core/model/entry";
import { OrchestratorError } from "../../core/model/errors";
import { openEscalations } from "../../core/model/projectState";
import type { Container } from "../container";
import { deadlineWords } from "../../protocol/attentionRows";
import { askedCommand, shortEntryId } from "../../protocol/diary";
import { type ExitCode, exitCode } from "../exitCodes";
import { type ReadProject, readProjects } from "../projects";
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

/**
 * Answers one question; the first answer counts. Throws `entry_not_found`, `ambiguous`, `usage`, `already_answered`.
 */
export async function answerQuestion(container: Container, id: string, words: readonly string[]): Promise<ExitCode> {
  const { output } = container;
  const { project, entry } = findQuestion(await readProjects(container, undefined), id);
  const journal = await ProjectRecord.open(project.ledger, container.logger, { start: "checkpoint" });
  try {
    const given = await answer(journal, entry.id, words.join(" "), container.actor);
    if (output.json) output.entry(given);
    else output.line(`${given.text}.`);
    const lease = journal.state.lease;
    const driven = lease !== undefined && (await (await container.processes).isAlive(lease)) !== false;
    if (!driven)
      output.progress([
        {
          text: `Nobody drives ${project.project.project_id} now; go on with: wsh-orchestrator do ${project.project.project_id}`,
          tone: "quiet",
        },
      ]);
  } finally {
    await journal.close();
  }
  return exitCode.done;
}

/** A question by its whole id, or by an end or a beginning that only one has; open ones go first. */
export function findQuestion(
  projects: readonly ReadProject[],
  id: string,
): { project: ReadProject; entry: ContextEntry } {
  const wanted = id.toUpperCase();
  const all = projects.flatMap((project) =>
    [...project.state.escalations.values()].map((escalation) => ({
      project,
      entry: escalation.entry,
      open: !escalation.answer && !escalation.settled,
    })),
  );
  const exact = all.filter(({ entry }) => entry.id === wanted);
  const matching =
    exact.length > 0 || wanted.length < 4
      ? exact
      : all.filter(({ entry }) => entry.id.endsWith(wanted) || entry.id.startsWith(wanted));
  const open = matching.filter((each) => each.open);
  const candidates = open.length > 0 ? open : matching;
  if (candidates.length > 1)
    throw new OrchestratorError(
      "ambiguous",
      `${id} names several questions: ${candidates.map(({ entry }) => entry.id).join(", ")}.`,
      "Give the whole id.",
    );
  const found = candidates[0];
  if (!found)
    throw new OrchestratorError(
      "entry_not_found",
      `There is no question ${id}.`,
      "List the open ones with: wsh-orchestrator attention",
    );
  return found;
}
