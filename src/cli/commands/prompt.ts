import { prompt, type PromptResult } from "../../core/acts/prompt";
import type { CommandReport } from "../../core/command/commandRunner";
import { OrchestratorError } from "../../core/model/errors";
import { shortSession } from "../../core/model/names";
import type { AgentStep } from "../../core/sense/agentAnswer";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { givenPrompt } from "../givenPrompt";
import { type HandTyping, leftAtWork, typeByHand } from "../handTyping";
import { advice } from "../../core/model/remedy";

export interface PromptOptions {
  readonly file?: string;
  readonly wait?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
  /** A signal, or the end of the time, interrupts the agent. */
  readonly interrupt?: boolean;
  readonly whenIdle?: boolean;
}

export interface PromptAnswer {
  readonly command_id: string | null;
  /** As people write it. */
  readonly agent: string;
  /** `taken`: it is at work on it; `done`, `stopped` (before it was done), `ended` (the agent has) and `unknown` with --wait. */
  readonly outcome: "taken" | "done" | "stopped" | "ended" | "unknown";
  /** The last that the agent said: its answer. Empty unless it is done. */
  readonly output: string;
  /** All that it said and did since the prompt, in order, as its screen still shows it; also of an unknown outcome. */
  readonly parts: readonly AgentStep[];
  /** The agent was left at work. */
  readonly still_running?: true;
}

/** Gives the agent in a session a prompt. Throws as the act. */
export async function promptAgent(
  container: Container,
  query: string,
  words: readonly string[],
  options: PromptOptions,
): Promise<ExitCode> {
  const wait = options.wait === true;
  const whenIdle = options.whenIdle === true;
  if (!wait && options.interrupt === true)
    throw new OrchestratorError(
      "usage",
      "--interrupt is for a prompt that is waited for.",
      advice("Add --wait, or leave it out."),
    );
  if (!wait && !whenIdle && options.timeout !== undefined)
    throw new OrchestratorError(
      "usage",
      "--timeout is for a prompt that is waited for.",
      advice("Add --wait or --when-idle, or leave it out."),
    );
  const text = await givenPrompt(container, words, options.file);
  return typeByHand(container, query, { ...options, wait: true }, async (typing) => {
    const world = { ...typing.world, agents: () => container.ownAgents.catalog() };
    const busy = (sentence: string): void =>
      container.output.progress([{ text: `${sentence} Waiting until it is done; Ctrl-C gives up.`, tone: "quiet" }]);
    const result = await prompt(typing.target, world, { text, wait, whenIdle, busy, ...typing.limit.signals });
    if (result.how === "left") throw stillWorks(container, typing, result);
    return tell(container, typing.name, result, wait);
  });
}

function tell(
  { output }: Container,
  session: string,
  result: Exclude<PromptResult, { how: "left" }>,
  wait: boolean,
): ExitCode {
  const { report, title } = result;
  const outcome = outcomeOf(report);
  const { command_id, steps: parts = [] } = report;
  const answer = outcome === "done" ? report.output : "";
  if (output.json) output.document({ command_id, agent: title, outcome, output: answer, parts } satisfies PromptAnswer);
  else if (outcome === "taken" && !wait)
    output.progress([{ text: `${title} in ${shortSession(session)} has taken the prompt.`, tone: "quiet" }]);
  else if (outcome === "done") output.line(answer);
  else output.progress([{ text: words(title, session, report), tone: "attention" }]);
  if (outcome === "done" || outcome === "taken") return exitCode.done;
  return outcome === "ended" ? exitCode.failed : exitCode.needsPerson;
}

function outcomeOf({ outcome, known_by, turn }: CommandReport): PromptAnswer["outcome"] {
  if (known_by === "taken") return "taken";
  if (turn) return "stopped";
  if (outcome === "exited") return "done";
  return outcome === "session_ended" ? "ended" : "unknown";
}

function words(title: string, session: string, { outcome, why, turn }: CommandReport): string {
  const where = shortSession(session);
  if (turn && outcome === "exited") return turn.why;
  if (outcome === "session_ended") return `${title} has ended in ${where} before it was done.`;
  if (outcome === "interrupted" || outcome === "timed_out") return `${title} was interrupted in ${where}.`;
  return `What became of the prompt is not known: ${why ?? "its end was not seen"}.`;
}

function stillWorks(
  container: Container,
  typing: HandTyping,
  { command_id, title, duration_ms }: Extract<PromptResult, { how: "left" }>,
): OrchestratorError {
  const { output } = container;
  if (output.json)
    output.document({
      command_id,
      agent: title,
      outcome: "unknown",
      output: "",
      parts: [],
      still_running: true,
    } satisfies PromptAnswer);
  return leftAtWork(container, typing, `${title} is still at work`, duration_ms);
}
