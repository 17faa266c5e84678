import { createInterface } from "node:readline/promises";
import { OrchestratorError } from "../core/model/errors";
import type { Output } from "./output";
import { advice } from "../core/model/remedy";

/** Asks yes or no on the terminal; anything but yes is no. Throws `usage` where there is no terminal. */
export async function confirm(output: Output, question: string, signal: AbortSignal): Promise<boolean> {
  if (!output.canAsk)
    throw new OrchestratorError("usage", `${question} There is no terminal to ask on.`, advice("Confirm with --yes."));
  const lines = createInterface({ input: output.stdin, output: output.stderr });
  // Ctrl-D closes the input without an answer.
  const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
    output.stdin.unref();
  }
}
