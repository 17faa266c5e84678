import type { Evidence, StopMeans } from "../model/entryKinds";
import { brief, durationText } from "../model/sentences";
import type { CommandEnd } from "../session/commandEnds";

/**
 * `who`: the task, or the person as people call them. `input`: undefined where nobody is to see it. `isTaken`: it is a prompt
 * that was sent before.
 */
export function commandSentence(input: string | undefined, who: string, isTaken = false): string {
  if (isTaken) return `${who} follows the prompt that its agent has taken.`;
  return input === undefined ? `${who} sent hidden input.` : `${who}: ${brief(input)}`;
}

const stopped: Readonly<Record<StopMeans, string>> = {
  withdrawn: " before the shell accepted the command; it did not run",
  ctrl_c: " with Ctrl-C",
  ctrl_backslash: " with Ctrl-\\, because Ctrl-C did not end it",
  session_end: " by ending the session, because Ctrl-C and Ctrl-\\ did not end it",
};

/** Whether a command is known by what it was waited for. */
export function isHeld(known_by: Evidence): boolean {
  return known_by === "screen" || known_by === "port" || known_by === "state";
}

function heldSentence({ known_by, port }: Pick<CommandEnd, "known_by" | "port">): string {
  if (known_by === "port") return `Port ${port} was open`;
  return known_by === "state"
    ? "Its session was in the state that was waited for"
    : "Its screen showed what it was waited for";
}

export function resultSentence(
  end: Pick<CommandEnd, "outcome" | "exit_code" | "known_by" | "port" | "means" | "unfinished" | "why" | "turn">,
  duration_ms: number,
  /** What was typed. */
  what: "command" | "prompt" = "command",
): string {
  const by = end.means === undefined ? "" : stopped[end.means];
  const after = `after ${durationText(duration_ms)}`;
  switch (end.outcome) {
    case "still_running":
      return `${heldSentence(end)} ${after}; the command is still running.`;
    case "exited":
      if (end.turn) return `The turn ended ${after}: ${end.turn.why}`;
      if (isHeld(end.known_by) && end.exit_code === null) return `${heldSentence(end)} ${after}.`;
      if (end.known_by === "rest") return `The program is done with it, and waits for input again, ${after}.`;
      if (end.known_by === "quiet") return `The program waits for input again ${after}; it has no exit code.`;
      if (end.exit_code === 0) return `Succeeded ${after}.`;
      return `Failed ${after} with ${end.exit_code === null ? "an unknown exit code" : `exit code ${end.exit_code}`}.`;
    case "rejected":
      return end.unfinished
        ? "The command is incomplete: the shell asked for more input, so nothing ran."
        : "The shell did not accept the command; it did not run.";
    case "interrupted":
      return `Interrupted ${after}${by}.`;
    case "suspended":
      return `Suspended ${after}; it is now a stopped job in its session.`;
    case "timed_out":
      return `Timed out ${after} and was interrupted${by}.`;
    case "cancelled":
      return "Cancelled before it ran.";
    case "session_ended":
      return `The session ended ${after}${end.exit_code === null ? "" : ` with exit code ${end.exit_code}`}.`;
    case "not_sent":
      return "Not sent; it did not run.";
    case "unknown":
      if (end.known_by === "taken") return `The agent has taken it ${after}, and is at work on it.`;
      return `The outcome of the ${what} is unknown: ${end.why ?? "its end was not seen"}.`;
  }
}
