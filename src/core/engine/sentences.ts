import type { StopMeans } from "../model/entry";
import type { ServerCapabilities } from "../ports";
import type { CommandEnd } from "./shellSession";

const shownLength = 120;

/** One line of at most 120 characters, cut on a character. */
export function brief(text: string, length = shownLength): string {
  const line = text.replace(/\s+/g, " ").trim();
  const characters = Array.from(line);
  return characters.length <= length ? line : `${characters.slice(0, length - 1).join("")}…`;
}

/** `340 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1).replace(/\.0$/, "")} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) {
    const seconds = Math.round((ms % 60_000) / 1000);
    return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
  }
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `14:03:59`, in the reader's time zone. */
export function clockTime(ts: string): string {
  const date = new Date(ts);
  if (Number.isNaN(date.getTime())) return "--:--:--";
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

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

/** What a server cannot do, and what that means for people; empty when it can do everything. */
export function lacksSentence(capabilities: ServerCapabilities): string {
  const lacks = [
    capabilities.resize ? "" : "resize terminals, so after a crash you are asked what became of a command",
    capabilities.tags ? "" : "tag sessions, so they are known by their process alone",
    capabilities.restarts ? "" : "say that it was started anew, which shows in its sessions alone",
    capabilities.wholeOutput ? "" : "keep up with more than 200 kB of output at once",
    capabilities.exitCodes ? "" : "tell the exit code of a session that ended by itself",
  ].filter((each) => each !== "");
  return lacks.length === 0 ? "" : `It cannot ${lacks.join("; ")}.`;
}
