import type { StopMeans } from "../model/entryKinds";
import { brief, durationText } from "../model/sentences";
import type { CommandEnd } from "../session/commandEnds";

export function commandSentence(input: string, task_id: string | undefined): string {
  return task_id === undefined ? `Runs: ${brief(input)}` : `Runs for ${task_id}: ${brief(input)}`;
}

const stopped: Readonly<Record<StopMeans, string>> = {
  withdrawn: " before the shell took its line; it did not run",
  ctrl_c: " by Ctrl-C",
  ctrl_backslash: " by Ctrl-\\, because Ctrl-C did not end it",
  session_end: " by ending its session, because Ctrl-C and Ctrl-\\ did not end it",
};

export function resultSentence(
  end: Pick<CommandEnd, "outcome" | "exit_code" | "known_by" | "means" | "unfinished">,
  duration_ms: number,
): string {
  const by = end.means === undefined ? "" : stopped[end.means];
  const after = `after ${durationText(duration_ms)}`;
  switch (end.outcome) {
    case "exited":
      if (end.known_by === "quiet") return `Went quiet ${after}; there is no exit code.`;
      return end.exit_code === 0 ? `Done ${after}.` : `Failed with exit code ${end.exit_code ?? "unknown"} ${after}.`;
    case "rejected":
      return end.unfinished
        ? "The line is not finished, and the shell asked for more; it did not run."
        : "The shell did not take the line; it did not run.";
    case "interrupted":
      return `Interrupted ${after}${by}.`;
    case "suspended":
      return `Suspended ${after}; it is a stopped job of its session now.`;
    case "timed_out":
      return `Ran out of time ${after} and was interrupted${by}.`;
    case "cancelled":
      return "Cancelled before it ran.";
    case "session_ended":
      return `The session ended with code ${end.exit_code ?? "unknown"} ${after}.`;
    case "not_sent":
      return "Was not typed; it did not run.";
    case "unknown":
      return "How it ended is unknown.";
  }
}
