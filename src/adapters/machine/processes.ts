import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import type { Processes } from "../../core/ports/machine";
import { runProgram } from "./runProgram";

export interface ProcessFact {
  /** When it began, in a form that differs for every process that had this pid. */
  readonly start: string;
  /** It was stopped (SIGSTOP, a debugger): it is there, and nobody knows whether it will ever go on. */
  readonly stopped: boolean;
}

/** Where the system says what a process is; only the Linux form needs no program. */
export interface ProcessFacts {
  /** Undefined when there is no such process. */
  of(pid: number): Promise<ProcessFact | undefined>;
}

/**
 * Fields 3 and 22 of /proc/PID/stat: state, and clock ticks since boot (proc(5)). The boot's id makes the start unique
 * beyond a restart.
 */
async function linuxFact(pid: number): Promise<ProcessFact | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
    ]);
    // The name in parentheses may hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const state = fields[0];
    const ticks = fields[19];
    if (state === "Z" || state === "X" || ticks === undefined) return undefined;
    return { start: `${boot.trim().slice(0, 8)}-${ticks}`, stopped: state === "T" || state === "t" };
  } catch {
    return undefined;
  }
}

async function unixFact(pid: number): Promise<ProcessFact | undefined> {
  const result = await runProgram("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
    env: { LC_ALL: "C", TZ: "UTC" },
  });
  const match = /^\s*(\S+)\s+(.+?)\s*$/.exec(result?.stdout ?? "");
  if (result?.exit_code !== 0 || !match?.[1] || !match[2] || match[1].startsWith("Z")) return undefined;
  return { start: match[2].replace(/\s+/g, " "), stopped: /^t/i.test(match[1]) };
}

async function windowsFact(pid: number): Promise<ProcessFact | undefined> {
  const script = `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`;
  const result = await runProgram("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", script], {
    timeoutMs: 10_000,
  });
  return result?.exit_code === 0 && /^\d+\s*$/.test(result.stdout)
    ? { start: result.stdout.trim(), stopped: false }
    : undefined;
}

export function processFacts(platform: NodeJS.Platform = process.platform): ProcessFacts {
  return { of: platform === "linux" ? linuxFact : platform === "win32" ? windowsFact : unixFact };
}

/** Signal 0 reaches a process that exists; EPERM means that it does, and belongs to somebody else. */
function exists(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Another machine of the same name, or this one before it was started anew: its process numbers mean nothing here. */
function isOtherSystem(one: string, other: string): boolean {
  const [oneBoot, otherBoot] = [one, other].map((start) => /^([0-9a-f]{8})-\d+$/.exec(start)?.[1]);
  return oneBoot !== undefined && otherBoot !== undefined && oneBoot !== otherBoot;
}

/**
 * This process and its neighbours. Where the system tells no start time, a process with the pid counts as the same one.
 */
export async function createProcesses(facts: ProcessFacts = processFacts()): Promise<Processes> {
  const host = hostname();
  const started_at = (await facts.of(process.pid))?.start ?? "";
  return {
    host,
    pid: process.pid,
    started_at,
    async isAlive(other) {
      if (other.host !== host || isOtherSystem(other.started_at, started_at)) return undefined;
      if (!exists(other.pid)) return false;
      if (other.started_at === "") return true;
      const fact = await facts.of(other.pid);
      if (fact === undefined) return started_at === "";
      if (fact.start !== other.started_at) return false;
      return fact.stopped ? undefined : true;
    },
  };
}
