import { buffer } from "node:stream/consumers";
import { OrchestratorError } from "../../core/model/errors";
import { advice } from "../../core/model/remedy";
import { posixShell, type PolicyDecision, type Verdict } from "../../core/ports/safety";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";

export interface GateOptions {
  readonly stdin?: boolean;
}

const codes: Readonly<Record<Verdict, ExitCode>> = {
  allow: exitCode.done,
  ask: exitCode.needsPerson,
  deny: exitCode.failed,
};

/** Says what the policy makes of a command. Nothing is typed. Throws `usage` without one, and for text that is not UTF-8. */
export async function judgeCommand(
  container: Container,
  words: readonly string[],
  { stdin }: GateOptions,
): Promise<ExitCode> {
  const { output, env } = container;
  if ((stdin === true) === words.length > 0)
    throw new OrchestratorError(
      "usage",
      stdin ? "The command is given twice." : "There is no command to judge.",
      advice("Give the command, or have it read from standard input."),
    );
  const command = stdin ? await inputText(output.stdin) : words.join(" ");
  const policy = await container.policy();
  const shell = env.SHELL === undefined || env.SHELL === "" ? posixShell : env.SHELL;
  const { verdict, rule, reason } = policy.decide(command, { shell, cwd: container.workspace });
  if (output.json) output.document({ verdict, rule, reason });
  else output.line(sentenceOf({ verdict, rule, reason }));
  return codes[verdict];
}

async function inputText(stdin: NodeJS.ReadableStream): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await buffer(stdin));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new OrchestratorError("usage", "The text is not UTF-8.", advice("Convert the text to UTF-8."), {
      cause: error,
    });
  }
}

function sentenceOf({ verdict, reason }: PolicyDecision): string {
  switch (verdict) {
    case "allow":
      return "Allowed: it runs at once.";
    case "ask":
      return `Needs your answer: ${reason}`;
    case "deny":
      return `Forbidden: ${reason}`;
  }
}
