import { send, type SendResult } from "../../core/acts/send";
import type { CommandReport } from "../../core/command/commandRunner";
import { OrchestratorError } from "../../core/model/errors";
import type { Confirm } from "../../core/ports/people";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../exitCodes";
import { findSession } from "../sessionLookup";
import { shortSession } from "../../core/model/names";
import { readSecret } from "../secretText";
import { recordOf, typingTarget } from "../sessionRecord";
import { advice } from "../../core/model/remedy";

export interface SendOptions {
  /** Commander's name for --no-enter. */
  readonly enter?: boolean;
  readonly wait?: boolean;
  readonly yes?: boolean;
  /** The text is read from the terminal without echo, or from a pipe. */
  readonly secret?: boolean;
}

export interface SendAnswer {
  readonly command_id: string | null;
  readonly exit_code: number | null;
  readonly output: string;
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
  const { interrupts, clock, ids, actor, redactor } = container;
  const secret = options.secret === true;
  requireText(words, secret);
  const found = await findSession(container, query);
  const target = await typingTarget(container, found);
  const record = await recordOf(container, found);
  interrupts.busy = options.wait === true;
  try {
    const text = secret ? await readSecret(container, shortSession(found.name)) : words.join(" ");
    const world = {
      record,
      policy: await container.policy(),
      clock,
      ids,
      actor,
      insideSession: await container.insideSession,
      redactor,
      folders: container.folders(target.chosen.info.address),
      workspace: container.workspace,
      confirm: saidBefore(container, options),
    };
    const { signal } = interrupts;
    const result = await send(target, world, { text, enter, wait: options.wait === true, secret, signal });
    return tell(container, found.name, result);
  } finally {
    interrupts.busy = false;
    await record.close();
  }
}

/** Throws `usage`. Arguments are seen by other users (ps) and kept in histories. */
function requireText(words: readonly string[], secret: boolean): void {
  if (secret && words.length > 0)
    throw new OrchestratorError(
      "usage",
      "A secret is never an argument: other users and the history of the shell would see it.",
      advice("Leave the text out: it is asked for, without being shown, or read from a pipe."),
    );
  if (!secret && words.length === 0)
    throw new OrchestratorError("usage", "There is no text to send.", advice("Give the text after the session."));
}

/** A person at a terminal says it beforehand, with --yes; a script cannot. */
function saidBefore({ output }: Container, { yes }: SendOptions): Confirm {
  return ({ reason }) => {
    if (yes && output.canAsk) return Promise.resolve(true);
    throw new OrchestratorError(
      "needs_person",
      `This needs confirmation: ${reason}`,
      advice(
        yes
          ? "--yes is accepted only at a terminal, so that a script cannot confirm by itself. Send the text from a terminal."
          : "Check the text, then confirm it with --yes at a terminal.",
      ),
    );
  };
}

function tell({ output, interrupts }: Container, name: string, result: SendResult): ExitCode {
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
    if (exit_code !== 0)
      output.progress([
        { text: exit_code === null ? outcomeWords(report) : `exit code ${exit_code}`, tone: "attention" },
      ]);
  }
  if (interrupts.signal.aborted) return exitCode.interrupted;
  if (exit_code === null) return exitCode.needsPerson;
  return exit_code === 0 ? exitCode.done : exitCode.failed;
}

function outcomeWords({ outcome, known_by, why }: CommandReport): string {
  if (known_by === "quiet") return "The program waits for input again; what became of the text is not known.";
  if (why !== undefined) return `What became of the text is not known: ${why}.`;
  return outcome === "rejected"
    ? "The shell did not accept the line, so the command did not run."
    : `The exit code is not known: ${outcome.replace("_", " ")}.`;
}
