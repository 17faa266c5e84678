import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import type { Processes } from "../../core/ports";
import { runProgram } from "./runProgram";

/** Where the system says when a process began; only the Linux form needs no program. */
export interface ProcessFacts {
  /** The start of a process in a form that differs for every process that had this pid; undefined when there is none. */
  startOf(pid: number): Promise<string | undefined>;
}

/** Field 22 of /proc/PID/stat: clock ticks since boot (proc(5)). The boot's id makes it unique beyond a restart. */
async function linuxStart(pid: number): Promise<string | undefined> {
  try {
    const [stat, boot] = await Promise.all([readFile(`/proc/${pid}/stat`, "utf8"), readFile("/proc/sys/kernel/random/boot_id", "utf8")]);
    // The name in parentheses may hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const state = fields[0];
    const ticks = fields[19];
    if (state === "Z" || state === "X" || ticks === undefined) return undefined;
    return `${boot.trim().slice(0, 8)}-${ticks}`;
  } catch {
    return undefined;
  }
}

async function unixStart(pid: number): Promise<string | undefined> {
  const result = await runProgram("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { env: { LC_ALL: "C", TZ: "UTC" } });
  const match = /^\s*(\S+)\s+(.+?)\s*$/.exec(result?.stdout ?? "");
  if (result?.exit_code !== 0 || !match?.[1] || !match[2] || match[1].startsWith("Z")) return undefined;
  return match[2].replace(/\s+/g, " ");
}

async function windowsStart(pid: number): Promise<string | undefined> {
  const script = `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`;
  const result = await runProgram("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", script], { timeoutMs: 10_000 });
  return result?.exit_code === 0 && /^\d+\s*$/.test(result.stdout) ? result.stdout.trim() : undefined;
}

export function processFacts(platform: NodeJS.Platform = process.platform): ProcessFacts {
  return { startOf: platform === "linux" ? linuxStart : platform === "win32" ? windowsStart : unixStart };
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

/** This process and its neighbours. Where the system tells no start time, a process with the pid counts as the same one. */
export async function createProcesses(facts: ProcessFacts = processFacts()): Promise<Processes> {
  const host = hostname();
  const started_at = (await facts.startOf(process.pid)) ?? "";
  return {
    host,
    pid: process.pid,
    started_at,
    async isAlive(other) {
      if (other.host !== host) return undefined;
      if (!exists(other.pid)) return false;
      if (other.started_at === "") return true;
      const start = await facts.startOf(other.pid);
      if (start === undefined) return started_at === "";
      return start === other.started_at;
    },
  };
}
