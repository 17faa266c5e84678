import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { sessionVariable } from "../../core/session/sessionSpec";
import { stripControlCharacters } from "../../core/safety/controlCharacters";
import { endGroup } from "./processGroup";

export interface ShellTrial {
  /** It ran a command and ended. */
  readonly works: boolean;
  /** Null: it did not end in time, was ended by a signal, or could not be started. */
  readonly exit_code: number | null;
  /** It had to be ended. */
  readonly hangs: boolean;
  /** The newest line that it printed, or why it could not be started; may be empty. */
  readonly lastLine: string;
}

const trialMs = 5_000;
/** What interactive shells say of having no terminal here. */
const lacks = /job control|cannot set terminal process group|can't find terminal/;
const mostOutput = 64 * 1024;

/**
 * Starts a shell as sessions do, interactive and with its start-up files, in a group of its own and without a terminal,
 * has it print a word, and ends whatever is left of it.
 */
export function tryShell(
  shell: string,
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs = trialMs,
): Promise<ShellTrial> {
  const mark = randomUUID();
  return new Promise((resolve) => {
    const child = spawn(shell, ["-i", "-c", `echo ${mark}`], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...env, [sessionVariable]: "doctor" },
    });
    let output = "";
    let hangs = false;
    const add = (part: Buffer): void => {
      if (output.length < mostOutput) output += part.toString();
    };
    child.stdout.on("data", add);
    child.stderr.on("data", add);
    const timer = setTimeout(() => {
      hangs = true;
      endGroup(child);
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeoutMs);
    const done = (exit_code: number | null, problem = ""): void => {
      clearTimeout(timer);
      endGroup(child);
      const lines = stripControlCharacters(output.replace(/\r/g, "\n")).split("\n");
      const said = lines
        .map((line) => line.trim())
        .findLast((line) => line !== "" && line !== mark && !lacks.test(line));
      const lastLine = problem === "" ? (said ?? "") : problem;
      resolve({ works: !hangs && output.includes(mark), exit_code, hangs, lastLine });
    };
    child.once("error", (error) => done(null, error.message));
    child.once("close", (code) => done(code));
  });
}
