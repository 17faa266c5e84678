import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { processFacts } from "../adapters/machine/processFacts";
import { runProgram } from "../adapters/machine/runProgram";

/** A session server of this user that runs, by what the system says of its process. */
export interface LivingServer {
  readonly pid: number;
  /** As the process facts say it. */
  readonly started_at: string;
  /** The running `server.js`. */
  readonly program: string;
  readonly socket: string;
  /** The folder of its discovery file. */
  readonly runtime: string;
  /** It makes its socket anew when it is told to (SIGUSR2); the signal would end an older one. */
  readonly returns: boolean;
}

/** What tells a server to look after its socket at once. */
export const returnSignal = "SIGUSR2";
/** On its command line: it knows that signal. */
export const keepPlaceFlag = "--keep-place";

type ServerArguments = Pick<LivingServer, "program" | "socket" | "runtime" | "returns">;

/** The arguments that the launcher gives a server, as the system tells them: one by one. */
export function serverOfArguments(args: readonly string[], copies: string): ServerArguments | undefined {
  const [, program = "", run, socketFlag, socket = "", discoveryFlag, runtime = "", ...more] = args;
  const launched = run === "run" && socketFlag === "--socket" && discoveryFlag === "--discovery";
  if (!launched || !program.startsWith(`${copies}/`)) return undefined;
  return { program, socket, runtime, returns: more.includes(keepPlaceFlag) };
}

/** The same from a line of `ps`, which joins them with blanks that paths may hold too. */
export function serverOfLine(line: string, copies: string): (ServerArguments & { readonly pid: number }) | undefined {
  const match = /^\s*(\d+) (.*) run --socket (.*) --discovery (.*?)((?: --[a-z-]+)*)\s*$/.exec(line);
  const [, pid, called = "", socket = "", runtime = "", flags = ""] = match ?? [];
  const at = called.lastIndexOf(`${copies}/`);
  if (pid === undefined || at < 0) return undefined;
  return { pid: Number(pid), program: called.slice(at), socket, runtime, returns: flags.includes(keepPlaceFlag) };
}

/**
 * All servers of this user that were launched from this data folder, oldest first, whether they can be reached or not.
 * Empty on Windows, where a server cannot lose its pipe.
 */
export async function livingServers(data: string): Promise<LivingServer[]> {
  const copies = join(data, "server");
  const found =
    process.platform === "linux" ? await fromProc(copies) : process.platform === "win32" ? [] : await fromPs(copies);
  const facts = processFacts();
  const living = await Promise.all(
    found.map(async (server) => ({ ...server, started_at: (await facts.of(server.pid))?.start ?? "" })),
  );
  return living.filter(({ started_at }) => started_at !== "").sort((one, other) => one.pid - other.pid);
}

async function fromProc(copies: string): Promise<(ServerArguments & { readonly pid: number })[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const args = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
        const server = serverOfArguments(args, copies);
        return server && (await stat(`/proc/${pid}`)).uid === process.getuid?.()
          ? [{ ...server, pid: Number(pid) }]
          : [];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    }),
  );
  return found.flat();
}

async function fromPs(copies: string): Promise<(ServerArguments & { readonly pid: number })[]> {
  const result = await runProgram("ps", ["-ww", "-U", String(process.getuid?.() ?? ""), "-o", "pid=,command="]);
  return (result?.stdout ?? "").split("\n").flatMap((line) => serverOfLine(line, copies) ?? []);
}

/** How many processes it has started that still run: each is a session. Undefined where the system does not say. */
export async function sessionsOf({ pid }: Pick<LivingServer, "pid">): Promise<number | undefined> {
  const result = await runProgram("ps", ["-A", "-o", "ppid=,stat="]);
  const rows = (result?.stdout ?? "").split("\n").map((row) => row.trim().split(/\s+/));
  return result && rows.filter(([parent, state = "Z"]) => parent === String(pid) && !state.startsWith("Z")).length;
}

/** When the process began, in milliseconds since 1970; undefined where the system does not say. */
export async function startOf({ started_at }: Pick<LivingServer, "started_at">): Promise<number | undefined> {
  if (process.platform !== "linux") {
    const parsed = Date.parse(`${started_at} UTC`);
    return Number.isNaN(parsed) ? undefined : parsed;
  }
  // Clock ticks since the machine started, 100 a second (proc(5)), behind the first digits of the boot's id.
  const ticks = Number(started_at.split("-").at(-1));
  const booted = /^btime (\d+)$/m.exec(await readFile("/proc/stat", "utf8").catch(() => ""))?.[1];
  return booted === undefined || Number.isNaN(ticks) ? undefined : Number(booted) * 1000 + ticks * 10;
}
