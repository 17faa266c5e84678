import { lstat, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Clock } from "../../core/ports/machine";
import type { ServerInfo } from "../../core/ports/sessions";
import { detectServer } from "./detectServer";

export interface ServerCandidate {
  readonly info: ServerInfo;
  /** It is the one that `$WSH_SERVER_NAME` names. */
  readonly named: boolean;
}

export interface FindOptions {
  readonly clock: Clock;
  /** Default: the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where wsh listens by default. */
  readonly tcpAddresses?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Milliseconds; a live server on this machine answers in one. */
const probeMs = 1_000;
/** Besides, older versions have sockets there that speak no HTTP. */
const socketEnding = ".http.sock";
const defaultTcp = ["http://127.0.0.1:8080"];

/**
 * The wsh servers that run on this machine: sockets in the user's runtime folder that speak HTTP (those of wsh end in
 * `.http.sock`), and the default TCP address. What does not answer, wants a token or is something else is left out. A
 * server that is met twice is listed once.
 */
export async function findWshServers(options: FindOptions): Promise<ServerCandidate[]> {
  const { clock, env = process.env, tcpAddresses = defaultTcp, signal } = options;
  const folder = runtimeFolder(env);
  const addresses = [...(await ownSockets(folder)).map((socket) => `unix:${socket}`), ...tcpAddresses];
  const probed = await Promise.all([...new Set(addresses)].map((address) => probe(address, clock, signal)));
  signal?.throwIfAborted();
  const name = env.WSH_SERVER_NAME ?? "";
  const named = name === "" ? undefined : `unix:${path.join(folder, `${name}${socketEnding}`)}`;
  const met = new Set<string>();
  return probed.flatMap((info) => {
    if (!info || met.has(identityOf(info))) return [];
    met.add(identityOf(info));
    return [{ info, named: info.address === named }];
  });
}

/** Old servers have no id; those are told apart by their address. */
function identityOf({ server_id, address }: ServerInfo): string {
  return server_id ?? address;
}

/** `$XDG_RUNTIME_DIR/wsh`, else `wsh-$USER/wsh` in the folder for temporary files. */
function runtimeFolder(env: Readonly<Record<string, string | undefined>>): string {
  const runtime = env.XDG_RUNTIME_DIR;
  if (runtime !== undefined && runtime !== "") return path.join(runtime, "wsh");
  return path.join(tmpdir(), `wsh-${env.USER ?? "unknown"}`, "wsh");
}

/** Sockets of this user; another one could place a false server in a shared folder. */
async function ownSockets(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const sockets: string[] = [];
  for (const name of names.filter((each) => each.endsWith(socketEnding)).sort()) {
    const socket = path.join(folder, name);
    const stat = await lstat(socket).catch(() => undefined);
    if (stat?.isSocket() === true && stat.uid === process.getuid?.()) sockets.push(socket);
  }
  return sockets;
}

async function probe(address: string, clock: Clock, signal: AbortSignal | undefined): Promise<ServerInfo | undefined> {
  const timeout = new AbortController();
  const timer = clock.after(probeMs, () => timeout.abort(new Error("no answer in time")));
  const abort = (): void => timeout.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await detectServer({ address, clock, signal: timeout.signal });
  } catch {
    return undefined;
  } finally {
    timer.dispose();
    signal?.removeEventListener("abort", abort);
  }
}
