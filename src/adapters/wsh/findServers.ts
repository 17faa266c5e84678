import { lstat, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Clock } from "../../core/ports";
import { detectServer } from "./detectServer";

export interface ServerCandidate {
  readonly address: string;
  readonly server_id: string | null;
  readonly version: string;
  readonly implementation: string;
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
const defaultTcp = ["http://127.0.0.1:8080"];

/**
 * The wsh servers that run on this machine: the default TCP address, and sockets in the user's runtime folder that speak HTTP. What does not
 * answer, wants a token or is something else is left out. A server that is met twice is listed once.
 */
export async function findWshServers(options: FindOptions): Promise<ServerCandidate[]> {
  const { clock, env = process.env, tcpAddresses = defaultTcp, signal } = options;
  const addresses = [...tcpAddresses, ...(await ownSockets(runtimeFolder(env))).map((socket) => `unix:${socket}`)];
  const probed = await Promise.all(addresses.map((address) => probe(address, clock, signal)));
  signal?.throwIfAborted();
  const met = new Set<string>();
  return probed.filter((candidate): candidate is ServerCandidate => {
    if (!candidate || (candidate.server_id !== null && met.has(candidate.server_id))) return false;
    if (candidate.server_id !== null) met.add(candidate.server_id);
    return true;
  });
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
  for (const name of names.filter((each) => each.endsWith(".sock")).sort()) {
    const socket = path.join(folder, name);
    const stat = await lstat(socket).catch(() => undefined);
    if (stat?.isSocket() === true && stat.uid === process.getuid?.()) sockets.push(socket);
  }
  return sockets;
}

async function probe(address: string, clock: Clock, signal: AbortSignal | undefined): Promise<ServerCandidate | undefined> {
  const timeout = new AbortController();
  const timer = clock.after(probeMs, () => timeout.abort(new Error("no answer in time")));
  const abort = (): void => timeout.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const { server_id, version, implementation } = await detectServer({ address, clock, signal: timeout.signal });
    return { address, server_id, version, implementation };
  } catch {
    return undefined;
  } finally {
    timer.dispose();
    signal?.removeEventListener("abort", abort);
  }
}
