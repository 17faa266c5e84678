import { OrchestratorError } from "../model/errors";
import { lastOutput } from "../model/commandOutput";
import { shortSession } from "../model/names";
import type { AgentProfile } from "../model/agentProfile";
import { advice, type Remedy } from "../model/remedy";
import { brief } from "../model/sentences";
import { sessionVariable } from "./sessionSpec";

/** What a session was to run. */
export interface StartedProgram {
  readonly kind: "shell" | "program";
  /** As it was asked for; undefined: the shell of whoever asks, whatever that is. */
  readonly text: string | undefined;
  /** The coding agent that it is. */
  readonly agent?: Pick<AgentProfile, "title" | "install">;
}

/** How what was started ended, as far as the server tells. */
export interface StartEnd {
  readonly exit_code: number | null;
  /** What it printed last, oldest first. */
  readonly lines: readonly string[];
}

/** Of `exec` in a shell (POSIX, 2.8.2). */
const notFound = 127;
const notExecutable = 126;
/** The last lines tell why, and the whole is one sentence. */
const shownLines = 3;
const shownLength = 240;

/** Keeps a line of a start-up file from taking a session over; the variable is set in each session. */
export const startupGuard = `[ -n "$${sessionVariable}" ] ||`;

const guard = `in it, put ${startupGuard} in front of what ends or replaces the shell`;
const otherShell = "name another shell for the role in the plan (shell: sh)";

/** Why a session of that name could not begin, and what to do: `session_not_ready`. */
export function failedStart(name: string, program: StartedProgram, { exit_code, lines }: StartEnd): OrchestratorError {
  const what = nameOf(name, program);
  const when = program.kind === "shell" ? "ended before its first prompt" : "ended as soon as it was started";
  const code = exit_code === null ? "" : ` with exit code ${exit_code}`;
  const said = lastOutput(brief(lines.slice(-shownLines).join(" / "), shownLength), shownLength);
  return new OrchestratorError(
    "session_not_ready",
    `${what} ${when}${code}${meaning(exit_code)}.${said}`,
    remedyOf(program, exit_code),
  );
}

function nameOf(name: string, { kind, text, agent }: StartedProgram): string {
  if (agent) return `${agent.title} in ${shortSession(name)}${text === undefined ? "" : ` (${brief(text, 80)})`}`;
  return `The ${kind} of ${shortSession(name)}${text === undefined ? "" : ` (${brief(text, 80)})`}`;
}

function meaning(exit_code: number | null): string {
  if (exit_code === notFound) return ": there is no such program";
  return exit_code === notExecutable ? ": it cannot be executed" : "";
}

/** Login shells of accounts that nobody is to work in. */
const closedShells = /(?:^|\/)(?:nologin|false|true)$/;

function remedyOf({ kind, text, agent }: StartedProgram, exit_code: number | null): Remedy {
  if (agent && exit_code === notFound) return { kind: "install_agent", ...agent };
  if (agent) return advice("Run it in a terminal to see what it needs, or name another agent for the role.");
  const other = kind === "program" ? "correct the program of the role in the plan" : otherShell;
  if (kind === "shell" && closedShells.test(text ?? ""))
    return advice(`It is for accounts without a shell: set SHELL to another one, or ${other}.`);
  if (exit_code === notFound)
    return advice(
      `Install it, or put its folder into PATH${kind === "shell" ? ", set SHELL to another one" : ""}, or ${other}.`,
    );
  if (exit_code === notExecutable)
    return advice(`Make it executable${kind === "shell" ? ", set SHELL to another one" : ""}, or ${other}.`);
  if (kind === "program") return advice(`Run it in a terminal to see what it needs, or ${other}.`);
  return advice(`Check its start-up file: ${guard}. Or ${other}.`);
}

/** What shows a shell in a terminal of its own, where a prompt says nothing of the session's shell. */
const multiplexers = /^(?:tmux|screen|zellij|byobu|dtach|abduco)\b/i;

export function isMultiplexer(program: string): boolean {
  return multiplexers.test(program);
}

/**
 * Why a session cannot be used whose shell showed no prompt: `session_not_ready`. `within`: how long that was waited
 * for, for people; absent: what stands in front of it will not let one through.
 */
export function noPrompt(
  name: string,
  program: StartedProgram,
  { within, shows, foreground }: { within?: string; shows: string; foreground: string | undefined },
): OrchestratorError {
  const front = foreground === undefined ? "" : `: ${brief(foreground, 40)} runs in front of it`;
  const when = within === undefined ? "shows no prompt" : `did not show a prompt within ${within}`;
  return new OrchestratorError(
    "session_not_ready",
    `${nameOf(name, program)} ${when}${front}.${lastOutput(brief(shows, shownLength), shownLength)}`,
    advice(
      foreground === undefined
        ? `Check what its start-up file waits for, or ${otherShell}.`
        : `If a start-up file starts that: ${guard}, or ${otherShell}.`,
    ),
  );
}

/** A shell that shows no prompt for long. `foreground`: the program in front of it, where that is known. */
export function slowStart(name: string, shows: string, foreground: string | undefined): string {
  const begins = `The shell of ${shortSession(name)} has not shown a prompt yet`;
  const front = foreground === undefined ? "." : `: ${brief(foreground, 40)} runs in front of it.`;
  const then = foreground === undefined ? "" : ` If a start-up file starts that: ${guard}, or ${otherShell}.`;
  return `${begins}${front}${lastOutput(shows)}${then}`;
}
