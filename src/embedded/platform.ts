import { execFileSync } from "node:child_process";
import { accessSync, constants, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";

/** What differs between operating systems. */

export interface ProcessEntry {
  readonly pid: number;
  readonly ppid: number;
  /** Session id on Linux; elsewhere the name of the controlling terminal. */
  readonly session: string;
  readonly zombie: boolean;
}

export const isWindows = process.platform === "win32";

function linuxProcess(pid: string): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in parentheses may hold blanks and parentheses itself, so the fields are counted from its end.
    const [state, ppid, , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { pid: Number(pid), ppid: Number(ppid), session: session ?? "", zombie: state === "Z" || state === "X" };
  } catch {
    return undefined;
  }
}

/** All processes that can be seen; those that end meanwhile are left out. */
export function listProcesses(): ProcessEntry[] {
  if (process.platform === "linux") {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(linuxProcess)
      .filter((entry) => entry !== undefined);
  }
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,tty=,stat="], { encoding: "utf8" });
  return table.split("\n").flatMap((line) => {
    const [pid, ppid, tty, state] = line.trim().split(/\s+/);
    if (!pid || !ppid || !tty) return [];
    const own = tty === "??" || tty === "?" ? `none-${pid}` : tty;
    return [{ pid: Number(pid), ppid: Number(ppid), session: own, zombie: state?.startsWith("Z") ?? false }];
  });
}

export function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Where a session starts: the wanted directory, else the home directory, as wsh does. Undefined when there is neither.
 */
export function workingDirectory(wanted: string | undefined): string | undefined {
  if (wanted !== undefined && wanted !== "" && isDirectory(wanted)) return wanted;
  const home = process.env.HOME ?? homedir();
  return isDirectory(home) ? home : undefined;
}

export interface ShellCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** As shown in SessionInfo. */
  readonly shown: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `/bin/sh -ic <command>`, or the shell that the session's environment names, interactive but no login shell. */
export function shellCommand(command: string | undefined, env: Environment): ShellCommand {
  if (isWindows) {
    const shell = env.ComSpec ?? process.env.ComSpec ?? "cmd.exe";
    return { file: shell, args: command === undefined ? [] : ["/d", "/s", "/c", command], shown: command ?? shell };
  }
  if (command !== undefined) return { file: "/bin/sh", args: ["-ic", command], shown: command };
  const shell = env.SHELL ?? "/bin/sh";
  return { file: shell, args: ["-i"], shown: shell };
}

/** Whether a program can be started by this path, or by this name with the session's PATH. */
export function isExecutable(file: string, env: Environment): boolean {
  if (isWindows) return true;
  const candidates =
    isAbsolute(file) || file.includes("/")
      ? [file]
      : (env.PATH ?? "").split(delimiter).map((folder) => join(folder, file));
  return candidates.some((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}

/** The shell of the password file, for sessions of a server that was started without SHELL. */
export function loginShell(): string {
  try {
    return userInfo().shell ?? "/bin/sh";
  } catch {
    return "/bin/sh";
  }
}
