import type { Stats } from "node:fs";
import { lstat, readFile, realpath } from "node:fs/promises";
import { endianness } from "node:os";
import { dirname } from "node:path";
import type { PlaceOwner, PlaceOwners } from "../../core/ports/servers";
import { runProgram } from "./runProgram";

/** A place where a program listens for connections to a port of 127.0.0.1. */
export interface Listener {
  readonly uid: number;
  /** It listens on this very address; else on all of the machine's. */
  readonly exact: boolean;
}

const othersMayWrite = 0o022;
const othersMayEnter = 0o077;
const sticky = 0o1000;

/** Who owns sockets and ports of this machine. Windows does not tell. */
export function createPlaceOwners(
  platform: NodeJS.Platform = process.platform,
  uid: number | undefined = process.getuid?.(),
): PlaceOwners {
  return {
    ofSocket: (path) => (uid === undefined ? Promise.resolve("unknown") : ownerOfSocket(path, uid)),
    ofPort: (port) =>
      uid === undefined
        ? Promise.resolve("unknown")
        : platform === "linux"
          ? ownerOfLinuxPort(port, uid)
          : platform === "darwin"
            ? ownerOfMacPort(port, uid)
            : Promise.resolve("unknown"),
  };
}

async function ownerOfSocket(path: string, uid: number): Promise<PlaceOwner> {
  const folder = await realpath(dirname(path)).catch(() => undefined);
  const [own, above, socket] = await Promise.all([
    folder === undefined ? undefined : statsOf(folder),
    folder === undefined ? undefined : statsOf(dirname(folder)),
    statsOf(path),
  ]);
  if (!own || !above || !socket) return "nobody";
  return socket.isSocket() && socket.uid === uid && isClosed(own, above, uid) ? "this_user" : "another_user";
}

/** Nobody else can put something into the folder, or put another one in its place. */
function isClosed(folder: Stats, above: Stats, uid: number): boolean {
  if (folder.uid !== uid) return false;
  if (above.uid === uid && (above.mode & othersMayEnter) === 0) return true;
  const kept = above.uid === uid || above.uid === 0;
  return (
    kept && (folder.mode & othersMayWrite) === 0 && ((above.mode & othersMayWrite) === 0 || (above.mode & sticky) !== 0)
  );
}

function statsOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined);
}

async function ownerOfLinuxPort(port: number, uid: number): Promise<PlaceOwner> {
  const table = (name: string): Promise<string> => readFile(`/proc/net/${name}`, "utf8");
  // A machine without IPv6 has no second table.
  const tables = await Promise.all([table("tcp"), table("tcp6").catch(() => "")]).catch(() => undefined);
  return tables ? ownerOf(listenersIn(tables.join("\n"), port), uid) : "unknown";
}

/** Of two, the one on the very address gets the connection. */
export function ownerOf(listeners: readonly Listener[], uid: number): PlaceOwner {
  const exact = listeners.filter((each) => each.exact);
  const asked = exact.length > 0 ? exact : listeners;
  if (asked.length === 0) return "nobody";
  return asked.every((each) => each.uid === uid) ? "this_user" : "another_user";
}

const listening = "0A";

/**
 * Lines of /proc/net/tcp and tcp6 (proc(5)): number, local address and port in hexadecimal, remote one, state, …, the
 * uid as the eighth. Addresses are words in the machine's byte order.
 */
export function listenersIn(table: string, port: number, order: "LE" | "BE" = endianness()): Listener[] {
  const loopback = order === "LE" ? "0100007F" : "7F000001";
  const mapped = `0000000000000000${order === "LE" ? "FFFF0000" : "0000FFFF"}`;
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , uid = ""] = line.trim().split(/\s+/);
    const [address = "", at] = local.split(":");
    if (state !== listening || at !== hex || !/^\d+$/.test(uid)) return [];
    const exact = address === loopback || address === mapped + loopback;
    const all = /^0+$/.test(address) || address === `${mapped}00000000`;
    return exact || all ? [{ uid: Number(uid), exact }] : [];
  });
}

/**
 * lsof shows a user their own sockets only, so one on all addresses is not enough: another user's on the very address
 * would get the connection and not be seen.
 */
async function ownerOfMacPort(port: number, uid: number): Promise<PlaceOwner> {
  const result = await runProgram("lsof", ["-nP", `-iTCP@127.0.0.1:${port}`, "-sTCP:LISTEN", "-Fu"]);
  if (!result) return "unknown";
  const uids = [...result.stdout.matchAll(/^u(\d+)$/gm)].map(([, each]) => Number(each));
  return ownerOf(
    uids.map((each) => ({ uid: each, exact: true })),
    uid,
  );
}
