import { readFile } from "node:fs/promises";
import { runProgram } from "./runProgram";

/**
 * Whether this process is in the foreground of its terminal. One in the background (`&`) is stopped by the system when
 * it changes the terminal or reads from it. True where there is no way to tell.
 */
export async function isForeground(platform: NodeJS.Platform = process.platform): Promise<boolean> {
  if (platform === "win32") return true;
  const groups = platform === "linux" ? await groupsOfStat() : await groupsOfPs();
  return groups === undefined || groups.terminal <= 0 || groups.own === groups.terminal;
}

interface Groups {
  readonly own: number;
  /** The group that has the terminal. */
  readonly terminal: number;
}

/** Fields 5 and 8 of /proc/PID/stat (proc(5)). */
async function groupsOfStat(): Promise<Groups | undefined> {
  try {
    const stat = await readFile("/proc/self/stat", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { own: Number(fields[2]), terminal: Number(fields[5]) };
  } catch {
    return undefined;
  }
}

async function groupsOfPs(): Promise<Groups | undefined> {
  const result = await runProgram("ps", ["-o", "pgid=,tpgid=", "-p", String(process.pid)]);
  const match = /^\s*(\d+)\s+(-?\d+)\s*$/.exec(result?.stdout ?? "");
  return match ? { own: Number(match[1]), terminal: Number(match[2]) } : undefined;
}
