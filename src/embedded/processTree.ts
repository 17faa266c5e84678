import { execFileSync } from "node:child_process";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import { isWindows, listProcesses, type ProcessEntry } from "./platform";

/** Rounds of looking and killing: a process may fork between being seen and being killed. */
const rounds = 20;
const betweenRoundsMs = 10;

let latest: { readonly takenAt: number; readonly processes: readonly ProcessEntry[] } | undefined;

/**
 * All processes, as seen at this time (of `performance.now`) or later. Reading the table holds up everybody else, so
 * kills that run at the same time share one.
 */
function processesSince(time: number): readonly ProcessEntry[] {
  if (latest === undefined || latest.takenAt < time) {
    const takenAt = performance.now();
    latest = { takenAt, processes: listProcesses() };
  }
  return latest.processes;
}

/**
 * Everything that belongs to the sessions whose leaders are given: members of the same terminal session, whatever their
 * process group, and descendants that have made sessions of their own.
 */
function membersOf(leaders: readonly number[], all: readonly ProcessEntry[]): number[] {
  const own = all.find((entry) => entry.pid === process.pid)?.session;
  const alive = all.filter((entry) => entry.pid > 1 && entry.pid !== process.pid);
  const sessions = new Set(leaders.map(String));
  for (const entry of alive) if (leaders.includes(entry.pid) && entry.session !== own) sessions.add(entry.session);
  const found = new Set<number>(leaders);
  for (const entry of alive) if (sessions.has(entry.session)) found.add(entry.pid);
  for (let grown = true; grown;) {
    grown = false;
    for (const entry of alive) {
      if (!found.has(entry.pid) && found.has(entry.ppid)) {
        found.add(entry.pid);
        grown = true;
      }
    }
  }
  return alive.filter((entry) => found.has(entry.pid) && !entry.zombie).map((entry) => entry.pid);
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself.
    }
  }
}

/**
 * Ends the sessions of these leaders with SIGKILL and resolves when nothing of them is left (or, after 200 ms, cannot
 * be ended).
 */
export async function killSessions(leaders: readonly number[]): Promise<void> {
  if (leaders.length === 0) return;
  if (isWindows) {
    for (const pid of leaders) {
      try {
        execFileSync("taskkill", ["/T", "/F", "/PID", String(pid)], { stdio: "ignore" });
      } catch {
        // It ended by itself.
      }
    }
    return;
  }
  const seen = new Set(leaders);
  let since = performance.now();
  // Others that are asked for in the same moment get to share the first look.
  await nextTurn();
  for (let round = 0; round < rounds; round++) {
    // Once their parents are dead, members with sessions of their own can only be found by having been seen before.
    const members = membersOf([...seen], processesSince(since));
    if (members.length === 0) return;
    killAll(members);
    since = performance.now();
    for (const pid of members) seen.add(pid);
    await delay(betweenRoundsMs);
  }
}
