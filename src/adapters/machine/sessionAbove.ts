import { readFile } from "node:fs/promises";
import { sessionVariable } from "../../core/session/sessionSpec";
import { processFacts } from "./processFacts";
import { runProgram } from "./runProgram";

/** A process above this one, as far as the system tells. */
export interface ProcessAbove {
  readonly pid: number;
  /** Its environment, in one text; empty where it cannot be read. */
  readonly environment: string;
  /** Its command line, with blanks between the words; empty where it cannot be read. */
  readonly command: string;
}

/** Deeper than any chain of shells and terminals. */
const deepest = 100;
const unnamed = "of this terminal";

/** How a session server of ours was started: by a launcher, or by hand in a terminal. Its runtime folder may be any. */
const serverCommand =
  /\bserver\.js run --socket .+ --discovery |^\S*\bnode\S* (?:-\S+ )*[^-\s]\S* (?:\S+ )*?wsh-server run(?: |$)/;

/**
 * The session of ours that this process runs below: its logical name, where the environment of this process or of one
 * above it says it, else words for it when a session server of ours is above: `server`, or one by its command line. A
 * program that cuts itself off from the processes above it, and clears its environment, is not found out.
 */
export function sessionAbove(
  env: Readonly<Record<string, string | undefined>>,
  server: number | undefined,
  above: readonly ProcessAbove[],
): string | undefined {
  const own = env[sessionVariable];
  if (own !== undefined && own !== "") return own;
  for (const { environment } of above) {
    const name = new RegExp(`(?:^|[\\0\\s])${sessionVariable}=([^\\0\\s]+)`).exec(environment)?.[1];
    if (name !== undefined) return name;
  }
  return above.some(({ pid, command }) => pid === server || serverCommand.test(command)) ? unnamed : undefined;
}

/** The nearest first: parents, and who leads their terminal sessions, which stays when a parent ends. */
export async function processesAbove(platform: NodeJS.Platform = process.platform): Promise<ProcessAbove[]> {
  if (platform === "win32") return [];
  return platform === "linux" ? linuxAbove() : unixAbove();
}

async function linuxAbove(): Promise<ProcessAbove[]> {
  const facts = processFacts("linux");
  const found = new Set<number>();
  const left = [process.pid];
  for (let pid = left.shift(); pid !== undefined && found.size < deepest; pid = left.shift()) {
    if (pid <= 1 || found.has(pid)) continue;
    found.add(pid);
    const place = (await facts.of(pid))?.place;
    if (place) left.push(place.parent, place.session);
  }
  return Promise.all(
    [...found].map(async (pid) => ({
      pid,
      environment: await factOf(pid, "environ"),
      command: (await factOf(pid, "cmdline")).replaceAll("\0", " "),
    })),
  );
}

/** Other users' processes do not say them. */
async function factOf(pid: number, name: "environ" | "cmdline"): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, "latin1").catch(() => "");
}

async function unixAbove(): Promise<ProcessAbove[]> {
  const all = await runProgram("ps", ["-axo", "pid=,ppid="]);
  const parents = new Map(
    (all?.stdout ?? "").split("\n").map((line) => {
      const [pid, parent] = line.trim().split(/\s+/).map(Number);
      return [pid ?? 0, parent ?? 0];
    }),
  );
  const pids: number[] = [];
  for (
    let pid: number | undefined = process.pid;
    pid !== undefined && pid > 1 && pids.length < deepest;
    pid = parents.get(pid)
  )
    pids.push(pid);
  // Behind the command each of them shows its environment, where the system lets this user see it.
  const shown = await runProgram("ps", ["-wwEo", "pid=,command=", "-p", pids.join(",")]);
  const lines = new Map((shown?.stdout ?? "").split("\n").map((line) => [Number.parseInt(line, 10), line] as const));
  return pids.map((pid) => {
    const line = lines.get(pid) ?? "";
    return { pid, environment: line, command: line.replace(/^\s*\d+ /, "") };
  });
}
