import { remedyText } from "./remedyText";
import { LaunchError } from "../embedded/launchError";
import { advice } from "../core/model/remedy";
import { messageOf, OrchestratorError } from "../core/model/errors";
import { type ExitCode, exitCodeOf } from "../protocol/exitCodes";
import type { Output } from "./output";

/** Any thrown thing as an error that people can act on. */
export function asOrchestratorError(error: unknown): OrchestratorError {
  if (error instanceof OrchestratorError) return error;
  if (error instanceof LaunchError)
    return new OrchestratorError("server_unreachable", error.message, advice(error.next), { cause: error });
  return new OrchestratorError(
    "internal",
    `Something unexpected went wrong: ${messageOf(error)}`,
    { kind: "report_fault" },
    { cause: error },
  );
}

/** Prints one sentence and what to do next on stderr, and tells the exit code. */
export function reportFailure(error: unknown, output: Output, verbose: boolean): ExitCode {
  const known = asOrchestratorError(error);
  const next = remedyText(known.remedy);
  if (output.json) {
    output.error(JSON.stringify({ error: { code: known.code, message: known.message, next } }));
  } else {
    output.error([{ text: "Error: ", tone: "bad" }, { text: known.message }]);
    if (next !== "") output.error([{ text: next, tone: "quiet" }]);
  }
  if (verbose) {
    const cause = known.cause instanceof Error ? known.cause : known.code === "internal" ? undefined : known;
    if (cause?.stack !== undefined) output.error(cause.stack);
  }
  return exitCodeOf(known.code);
}

/** One line on stderr about what was left out; the command continues. */
export function reportWarning({ code, message, remedy }: OrchestratorError, output: Output): void {
  const next = remedyText(remedy);
  if (output.json) output.error(JSON.stringify({ warning: { code, message, next } }));
  else output.error([{ text: `${message} ${next}`.replace(/\n/g, " "), tone: "attention" }]);
}
