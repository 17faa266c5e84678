import { send, type SendResult } from "../../core/acts/send";
import type { CommandReport } from "../../core/command/commandRunner";
import { resultSentence } from "../../core/command/resultSentences";
import { OrchestratorError } from "../../core/model/errors";
import { saidBefore } from "../confirm";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { shortSession } from "../../core/model/names";
import { brief } from "../../core/model/sentences";
import { type HandTyping, leftAtWork, typeByHand } from "../handTyping";
import { advice } from "../../core/model/remedy";

export interface SendOptions {
  /** Commander's name for --no-enter. */
  readonly enter?: boolean;
  readonly wait?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
  /** A signal, or the end of the time, interrupts the command. */
  readonly interrupt?: boolean;
  readonly yes?: boolean;
  /** The text is read from the terminal without echo, or from a pipe. */
  readonly secret?: boolean;
}

export interface SendAnswer {
  readonly command_id: string | null;
  readonly exit_code: number | null;
  readonly output: string;
  /** The command was left running: its end is not known yet. */
  readonly still_running?: true;
}

/** Types into a session. Throws `needs_person` when the policy wants somebody to look first. */
export async function sendText(
  container: Container,
  query: string,
  words: readonly string[],
  options: SendOptions,
): Promise<ExitCode> {
  const enter = options.enter !== false;
  if (options.wait && !enter)
    throw new OrchestratorError("usage", "--wait needs Enter.", advice("Leave out --no-enter or --wait."));
  if (!options.wait && (options.timeout !== undefined || options.interrupt === true))
    throw new OrchestratorError(
      "usage",
      "--timeout and --interrupt are for a command that is waited for.",
      advice("Add --wait, or leave them out."),
    );
  const secret = options.secret === true;
  const hidden = secret ? await import("../secretText") : undefined;
  if (hidden) hidden.requireNoSecret(words);
  else if (words.length === 0)
    throw new OrchestratorError("usage", "There is no text to send.", advice("Give the text after the session."));
  return typeByHand(container, query, options, async (typing) => {
    const { name, target, limit } = typing;
    const text = hidden ? await hidden.readSecret(container, shortSession(name)) : words.join(" ");
    const world = {
      ...typing.world,
      insideSession: await container.insideSession,
      redactor: container.redactor,
      folders: container.folders(target.chosen.info.address),
      confirm: saidBefore(container.output, options.yes === true),
    };
    const busy = (sentence: string): void =>
      container.output.progress([{ text: `${sentence} Waiting for its prompt; Ctrl-C gives up.`, tone: "quiet" }]);
    const wanted = { text, enter, wait: options.wait === true, secret, busy, ...limit.signals };
    const result = await send(target, world, wanted);
    if (result.how === "left") throw stillRuns(container, typing, secret ? undefined : text, result);
    return tell(container, name, result);
  });
}

function tell({ output }: Container, name: string, result: Exclude<SendResult, { how: "left" }>): ExitCode {
  if (result.how === "declined") return exitCode.needsPerson;
  if (result.how === "typed") {
    const { command_id } = result;
    if (output.json) output.document({ command_id, exit_code: null, output: "" } satisfies SendAnswer);
    else output.progress([{ text: `Sent to ${name}.`, tone: "quiet" }]);
    return exitCode.done;
  }
  const { report } = result;
  const { command_id, exit_code } = report;
  if (output.json) output.document({ command_id, exit_code, output: report.output } satisfies SendAnswer);
  else {
    if (report.output !== "") output.line(report.output);
    if (exit_code !== 0) output.progress([{ text: outcomeWords(report), tone: "attention" }]);
  }
  if (exit_code === null) return exitCode.needsPerson;
  return exit_code === 0 ? exitCode.done : exitCode.failed;
}

function stillRuns(
  container: Container,
  typing: HandTyping,
  text: string | undefined,
  { command_id, duration_ms }: Extract<SendResult, { how: "left" }>,
): OrchestratorError {
  const { output } = container;
  if (output.json)
    output.document({ command_id, exit_code: null, output: "", still_running: true } satisfies SendAnswer);
  const what = text === undefined ? "What was sent" : `"${brief(text)}"`;
  return leftAtWork(container, typing, `${what} still runs`, duration_ms);
}

function outcomeWords(report: CommandReport): string {
  const { outcome, known_by, exit_code, why } = report;
  if (outcome === "interrupted" || outcome === "timed_out") return resultSentence(report, report.duration_ms);
  if (exit_code !== null) return `exit code ${exit_code}`;
  if (known_by === "quiet") return "The program waits for input again; what became of the text is not known.";
  if (why !== undefined) return `What became of the text is not known: ${why}.`;
  return outcome === "rejected"
    ? "The shell did not accept the line, so the command did not run."
    : `The exit code is not known: ${outcome.replace("_", " ")}.`;
}
