import { readFile } from "node:fs/promises";
import { runProgram } from "./runProgram";

export interface ProcessFact {
  /** When it began, in a form that differs for every process that had this pid and is the same in every time zone. */
  readonly start: string;
  /** It was stopped (SIGSTOP, a debugger): it is there, and nobody knows whether it will ever go on. */
  readonly stopped: boolean;
  /** Its place among processes and terminals; undefined on Windows. */
  readonly place: ProcessPlace | undefined;
}

export interface ProcessPlace {
  readonly parent: number;
  readonly group: number;
  /** Who leads its terminal session; 0 where the system does not say. */
  readonly session: number;
  /** The group in the foreground of its terminal; not above 0 when it has no terminal. */
  readonly foreground: number;
}

/** Where the system says what a process is; only the Linux form needs no program. */
export interface ProcessFacts {
  /** Undefined when there is no such process. One that has ended and waits for its parent to look is none. */
  of(pid: number): Promise<ProcessFact | undefined>;
}

/**
 * Fields 3 (state), 4, 5, 6, 8 and 22 (clock ticks since boot) of /proc/PID/stat (proc(5)). The boot's id makes the start
 * unique beyond a restart.
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
    return {
      start: `${boot.trim().slice(0, 8)}-${ticks}`,
      stopped: state === "T" || state === "t",
      place: {
        parent: Number(fields[1]),
        group: Number(fields[2]),
        session: Number(fields[3]),
        foreground: Number(fields[5]),
      },
    };
  } catch {
    return undefined;
  }
}

async function unixFact(pid: number): Promise<ProcessFact | undefined> {
  const result = await runProgram("ps", ["-o", "stat=,ppid=,pgid=,tpgid=,lstart=", "-p", String(pid)], {
    // Else `lstart` is in the time zone and the language of whoever asks.
    env: { LC_ALL: "C", TZ: "UTC" },
  });
  const match = /^\s*(\S+)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+(.+?)\s*$/.exec(result?.stdout ?? "");
  const [, state = "Z", parent, group, foreground, start = ""] = match ?? [];
  if (result?.exit_code !== 0 || state.startsWith("Z")) return undefined;
  return {
    start: start.replace(/\s+/g, " "),
    stopped: /^t/i.test(state),
    place: { parent: Number(parent), group: Number(group), session: 0, foreground: Number(foreground) },
  };
}

async function windowsFact(pid: number): Promise<ProcessFact | undefined> {
  const script = `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`;
  const result = await runProgram("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", script], {
    timeoutMs: 10_000,
  });
  return result?.exit_code === 0 && /^\d+\s*$/.test(result.stdout)
    ? { start: result.stdout.trim(), stopped: false, place: undefined }
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

/**
 * Whether a start that was written down is this one. Older discovery files hold `boot.ticks` on Linux, and elsewhere
 * what `ps` says in the time zone of the server.
 */
function isSameStart(written: string, start: string): boolean {
  if (written === start || written.replace(".", "-") === start) return true;
  return /^[A-Z][a-z]{2} /.test(start) && Date.parse(written) === Date.parse(`${start} UTC`);
}

/**
 * What became of the process that had this pid and began then; a reused pid counts as gone. Where the system tells no
 * start time, a process with the pid counts as the same one.
 */
export async function findProcess(
  { pid, started_at }: { readonly pid: number; readonly started_at: string },
  facts: ProcessFacts = processFacts(),
): Promise<"running" | "stopped" | "gone"> {
  if (!exists(pid)) return "gone";
  if (started_at === "") return "running";
  const fact = await facts.of(pid);
  if (fact === undefined) return (await facts.of(process.pid)) === undefined ? "running" : "gone";
  if (!isSameStart(started_at, fact.start)) return "gone";
  return fact.stopped ? "stopped" : "running";
}

/** When this process began; empty where the system does not say. */
export async function ownStart(facts: ProcessFacts = processFacts()): Promise<string> {
  return (await facts.of(process.pid))?.start ?? "";
}

/** Deeper than any chain of shells and terminals. */
const deepest = 100;

/** Whether this process was started by that one, directly or through others. False where there is no way to tell. */
export async function isAncestor(pid: number, facts: ProcessFacts = processFacts()): Promise<boolean> {
  let each: number | undefined = process.pid;
  for (let depth = 0; each !== undefined && each > 1 && depth < deepest; depth++) {
    if (each === pid) return true;
    each = (await facts.of(each))?.place?.parent;
  }
  return false;
}

/**
 * Whether this process is in the foreground of its terminal. One in the background (`&`) is stopped by the system when
 * it changes the terminal or reads from it. True where there is no way to tell.
 */
export async function isForeground(facts: ProcessFacts = processFacts()): Promise<boolean> {
  const place = (await facts.of(process.pid))?.place;
  return place === undefined || place.foreground <= 0 || place.group === place.foreground;
}
