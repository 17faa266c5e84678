import { readdir, readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import type { ServerPlace, ServerProcess, ServerProcesses } from "../../core/ports/servers";
import { findProcess, processFacts } from "./processFacts";
import { runProgram } from "./runProgram";

/** A tunnel or a proxy that listens may end, and the server behind it lives on: only a wsh itself is remembered. */
const program = "wsh";

/** Windows does not tell who listens. */
export function createServerProcesses(
  platform: NodeJS.Platform = process.platform,
  host: string = hostname(),
): ServerProcesses {
  return {
    async listening(place) {
      const pid = platform === "linux" ? await onLinux(place) : platform === "darwin" ? await onMac(place) : undefined;
      const started_at = pid === undefined ? undefined : (await processFacts(platform).of(pid))?.start;
      return pid === undefined || started_at === undefined ? undefined : { pid, started_at, host };
    },
    // The same number on another machine is another process.
    hasEnded: async (server: ServerProcess) =>
      server.host === host && server.started_at !== "" && (await findProcess(server)) === "gone",
  };
}

async function onLinux(place: ServerPlace): Promise<number | undefined> {
  const inodes = new Set(await ("port" in place ? inodesOfPort(place.port) : inodesOfSocket(place.socket)));
  if (inodes.size === 0) return undefined;
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      if ((await readFile(`/proc/${pid}/comm`, "utf8")).trim() !== program) continue;
      for (const fd of await readdir(`/proc/${pid}/fd`)) {
        const inode = /^socket:\[(\d+)\]$/.exec(await readlink(`/proc/${pid}/fd/${fd}`))?.[1];
        if (inode !== undefined && inodes.has(inode)) return Number(pid);
      }
    } catch {
      // It is another user's, or has ended meanwhile.
    }
  }
  return undefined;
}

async function tableOf(name: string): Promise<string[][]> {
  const text = await readFile(`/proc/net/${name}`, "utf8").catch(() => "");
  return text.split("\n").map((line) => line.trim().split(/\s+/));
}

const listeningState = "0A";

/** /proc/net/tcp and tcp6 (proc(5)): the local address second, the state fourth, the inode tenth. */
async function inodesOfPort(port: number): Promise<string[]> {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = (await Promise.all([tableOf("tcp"), tableOf("tcp6")])).flat();
  return rows.flatMap(([, local = "", , state, , , , , , inode]) =>
    local.endsWith(ending) && state === listeningState && inode !== undefined ? [inode] : [],
  );
}

/** It accepts connections (`__SO_ACCEPTCON`). */
const acceptsFlag = "00010000";

/** /proc/net/unix (proc(5)): the flags fourth, the inode seventh, the path last. */
async function inodesOfSocket(path: string): Promise<string[]> {
  return (await tableOf("unix")).flatMap(([, , , flags, , , inode, ...words]) =>
    flags === acceptsFlag && inode !== undefined && words.join(" ") === path ? [inode] : [],
  );
}

async function onMac(place: ServerPlace): Promise<number | undefined> {
  const what = "port" in place ? ["-nP", `-iTCP:${place.port}`, "-sTCP:LISTEN"] : ["-nP", place.socket];
  const result = await runProgram("lsof", [...what, "-Fpc"]);
  const found = [...(result?.stdout ?? "").matchAll(/^p(\d+)\nc(.*)$/gm)].find(([, , name]) => name === program);
  return found && Number(found[1]);
}
