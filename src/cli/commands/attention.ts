import { byCodeUnits } from "../../core/base/textOrder";
import { requirePerson } from "../../core/acts/acting";
import { answerQuestion } from "../../core/acts/answerQuestion";
import { askInSession } from "../../core/acts/askInSession";
import { namedQuestion } from "../../core/people/namedQuestion";
import { namedSession } from "../../core/people/namedSession";
import { ProjectRecord } from "../../core/record/projectRecord";
import { type ContextEntry, isAnsweredOnlyThere, takesEnter } from "../../core/model/entry";
import { OrchestratorError } from "../../core/model/errors";
import { advice } from "../../core/model/remedy";
import { shortSession } from "../../core/model/names";
import { isLiving } from "../../core/model/states";
import { openEscalations } from "../../core/model/projectState";
import { savedAnswers } from "../../core/model/savedAnswers";
import { saidBefore } from "../confirm";
import type { Container } from "../container";
import { shellWord } from "../../core/sense/shellWord";
import { questionText, savedText } from "../questionText";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { isRunning, runnerOf } from "../projectRunner";
import { projectTitle, type ReadProject, readProjects } from "../projects";

/** Open questions of one or all projects, the one that blocks the oldest work first, then answers that wait for a run. */
export async function listAttention(container: Container, name: string | undefined): Promise<ExitCode> {
  const { output, clock } = container;
  const read = await readProjects(container, name);
  // What was put away asks nobody, unless it is named.
  const projects = name === undefined ? read.filter(({ state }) => !state.archived) : read;
  const asked = projects
    .flatMap((owner) => openEscalations(owner.state).map((entry) => ({ owner, entry })))
    .sort((one, other) => byCodeUnits(one.entry.ts, other.entry.ts));
  if (output.json) {
    output.document(asked.map(({ entry }) => entry));
    return exitCode.done;
  }
  const now = clock.now();
  const waiting = await waitingLines(container, projects, now);
  if (asked.length === 0) output.line(waiting.length === 0 ? "Nothing needs your answer." : "No question is open.");
  for (const owner of new Set(asked.map((each) => each.owner))) {
    const running = isRunning(await runnerOf(container, owner.state.lease));
    output.whole([{ text: projectTitle(owner.project), tone: "strong" }]);
    for (const { entry } of asked.filter((each) => each.owner === owner))
      for (const line of questionText(entry, { now, columns: output.columns, indent: "  ", running, aged: true }))
        output.whole(line);
  }
  for (const { project, state } of projects) {
    if (isRunning(await runnerOf(container, state.lease))) continue;
    for (const saved of savedAnswers(state))
      output.line(`${savedText(saved)} Resume it with: wsh-orchestrator do ${shellWord(project.project_id)}`);
  }
  for (const line of waiting) output.line(line);
  return exitCode.done;
}

/** Sessions that need somebody without a question, and how to look at them. */
async function waitingLines(container: Container, projects: readonly ReadProject[], now: number): Promise<string[]> {
  const mayNeed = projects.some(({ state }) =>
    [...state.sessions.values()].some(
      (session) => isLiving(session) && (session.state !== "idle" || session.denied !== undefined),
    ),
  );
  if (!mayNeed) return [];
  const [{ howToSee, needsHere }, { needSentence }] = await Promise.all([
    import("../needsHere"),
    import("../../protocol/needText"),
  ]);
  return (await needsHere(container, projects)).flatMap((need) =>
    need.kind === "session" ? [`${needSentence(need, now)}\n  ${howToSee(need)}`] : [],
  );
}

export interface AttentionOptions {
  readonly next?: boolean;
  readonly seen?: boolean;
}

export interface AnswerOptions {
  /** Ctrl-C is typed in place of an answer. */
  readonly interrupt?: boolean;
  /** Runs the project where nothing does. */
  readonly resume?: boolean;
  /** Words that the policy asks about are typed. */
  readonly yes?: boolean;
}

/** The words, or a secret that is asked for. Throws `usage`. */
async function givenText(container: Container, entry: ContextEntry, words: readonly string[]): Promise<string> {
  const { id, options = [], secret_answer, session_name } = entry;
  if (secret_answer === true) {
    const { readSecret, requireNoSecret } = await import("../secretText");
    requireNoSecret(words);
    return readSecret(container, shortSession(session_name ?? ""));
  }
  if (words.length === 0 && !isAnsweredOnlyThere(entry))
    throw new OrchestratorError("usage", "The answer is missing.", {
      kind: "answer_question",
      entry_id: id,
      options,
      ...(takesEnter(entry) ? { takes_enter: true } : {}),
    });
  return words.join(" ");
}

/** What a session asks was not asked anybody before, or was left to be read: shows it, and reads the answer from a terminal. */
async function answerShown(container: Container, entry: ContextEntry): Promise<readonly string[] | undefined> {
  const { output, clock, interrupts } = container;
  if (output.json) output.entry(entry);
  else
    for (const line of questionText(entry, { now: clock.now(), columns: output.columns, indent: "", running: true }))
      output.whole(line);
  if (!output.canAsk || isAnsweredOnlyThere(entry)) return undefined;
  if (entry.secret_answer === true) return [];
  const { readLine } = await import("../confirm");
  const answer = await readLine(output, "Answer: ", interrupts.signal);
  return answer === undefined ? undefined : [answer];
}

/**
 * Answers one question; the first answer counts. What a session asks is answered by its name, too, once it was shown:
 * nobody answers what they have not read. Throws `entry_not_found`, `session_not_found`, `ambiguous`, `usage`,
 * `already_answered`, and with `resume` as `do`.
 */
export async function answerOne(
  container: Container,
  id: string,
  words: readonly string[],
  options: AnswerOptions,
): Promise<ExitCode> {
  const { output } = container;
  const by = await container.acting();
  requirePerson(by);
  if (options.interrupt === true && words.length > 0)
    throw new OrchestratorError(
      "usage",
      "--interrupt stands in place of an answer.",
      advice("Leave out the answer, or --interrupt."),
    );
  const projects = await readProjects(container, undefined);
  const isSession = /[:.]/.test(id);
  const { owner, ...named } = isSession ? namedSession(projects, id) : namedQuestion(projects, id);
  const { project_id } = owner.project;
  const record = await ProjectRecord.resume(owner.ledger, container.logger, owner);
  const terminals = container.terminals(saidBefore(output, options.yes === true));
  try {
    const resume = options.resume === true;
    const known = new Set(owner.state.escalations.keys());
    const entry =
      "entry" in named
        ? named.entry
        : await askInSession(record, by, named.context.session_name, terminals, owner.project.server);
    const isGiven = words.length > 0 || options.interrupt === true;
    const isToBeShown = isSession && (!known.has(entry.id) || (!isGiven && output.canAsk));
    const shown = isToBeShown ? await answerShown(container, entry) : words;
    if (!shown || (!known.has(entry.id) && isGiven)) {
      output.progress([{ text: "Nothing was typed: read what it asks, then answer that.", tone: "attention" }]);
      return exitCode.needsPerson;
    }
    const given = await answerQuestion(record, by, {
      question: entry.id,
      ...(options.interrupt === true ? { interrupt: true } : { text: await givenText(container, entry, shown) }),
      resume: resume ? "yes" : "no",
      terminals,
      ...(resume ? { wait: container.interrupts.signal } : {}),
    });
    if (!given) return exitCode.needsPerson;
    if (output.json) output.entry(given.entry);
    else output.line(given.entry.text);
    if (!given.counts)
      output.progress([
        {
          text: "The question was not asked by you on this machine, so the command is asked about again before it runs.",
          tone: "attention",
        },
      ]);
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
  const { doProject } = await import("./do");
  return doProject(container, project_id, {});
}
