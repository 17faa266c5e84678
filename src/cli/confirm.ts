import { createInterface } from "node:readline/promises";
import { OrchestratorError } from "../core/model/errors";
import type { Confirm, ConfirmQuestion } from "../core/ports/people";
import type { Output } from "./output";
import { advice } from "../core/model/remedy";

export interface Confirmation {
  readonly question: string;
  /** Why it is asked, and how to do without, where there is no terminal. */
  readonly why: string;
  readonly otherwise: string;
}

/** Asks yes or no on the terminal; anything but yes is no. Throws `usage` where there is no terminal. */
export async function confirm(
  output: Output,
  { question, why, otherwise }: Confirmation,
  signal: AbortSignal,
): Promise<boolean> {
  if (!output.canAsk) throw new OrchestratorError("usage", `${why}, and this is not a terminal.`, advice(otherwise));
  const answer = await readLine(output, `${question} [y/N] `, signal);
  return /^y(es)?$/i.test(answer?.trim() ?? "");
}

/** A line that a person types; undefined where they close the input without one, as by Ctrl-D. */
export async function readLine(output: Output, question: string, signal: AbortSignal): Promise<string | undefined> {
  const lines = createInterface({ input: output.stdin, output: output.stderr });
  const closed = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
  try {
    return await Promise.race([lines.question(question, { signal }), closed]);
  } finally {
    lines.close();
    output.stdin.unref();
  }
}

function fromTerminal(act: ConfirmQuestion["act"]): string {
  return act === "send" ? "Send the text from a terminal." : "Do it from a terminal.";
}

/** A person at a terminal says it beforehand, with --yes; a script cannot. */
export function saidBefore({ canAsk }: Output, yes: boolean): Confirm {
  return ({ act, reason }) => {
    if (yes && canAsk) return Promise.resolve(true);
    throw new OrchestratorError(
      "needs_person",
      `This needs confirmation: ${reason}`,
      advice(
        yes
          ? `--yes is accepted only at a terminal, so that a script cannot confirm by itself. ${fromTerminal(act)}`
          : `${act === "send" ? "Check the text, then confirm it" : "Confirm it"} with --yes at a terminal.`,
      ),
    );
  };
}
