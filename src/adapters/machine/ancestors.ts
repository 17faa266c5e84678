import { readFile } from "node:fs/promises";
import { runProgram } from "./runProgram";

/** Deeper than any chain of shells and terminals. */
const deepest = 100;

/** Whether this process was started by that one, directly or through others. False where there is no way to tell. */
export async function isAncestor(pid: number, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  if (platform === "win32") return false;
  let each: number | undefined = process.pid;
  for (let depth = 0; each !== undefined && each > 1 && depth < deepest; depth++) {
    if (each === pid) return true;
    each = platform === "linux" ? await parentByStat(each) : await parentByPs(each);
  }
  return false;
}

/** Field 4 of /proc/PID/stat (proc(5)). */
async function parentByStat(pid: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

async function parentByPs(pid: number): Promise<number | undefined> {
  const result = await runProgram("ps", ["-o", "ppid=", "-p", String(pid)]);
  const parent = Number(result?.stdout.trim());
  return result?.exit_code === 0 && Number.isInteger(parent) ? parent : undefined;
}
