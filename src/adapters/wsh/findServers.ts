import { readdir } from "node:fs/promises";
import * as path from "node:path";
import type { Clock } from "../../core/ports/machine";
import type { PlaceOwners } from "../../core/ports/servers";
import type { ServerInfo } from "../../core/ports/sessions";
import { detectServer } from "./detectServer";
import { defaultTcp, type Environment, ownerOfPlace, runtimeFolder, socketEnding } from "./standardPlaces";

export interface ServerCandidate {
  readonly info: ServerInfo;
  /** It is the one that `$WSH_SERVER_NAME` names. */
  readonly named: boolean;
}

export interface FindOptions {
  readonly clock: Clock;
  readonly owners: PlaceOwners;
  /** Default: the process's own. */
  readonly env?: Environment;
  /** Where wsh listens by default. */
  readonly tcpAddresses?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Milliseconds; a live server on this machine answers in one. */
const probeMs = 1_000;

/**
 * The wsh servers of this user that run on this machine: sockets in the user's runtime folder that speak HTTP (those of
 * wsh end in `.http.sock`), and the default TCP address. What belongs to another user, or may do so, is not asked; what
 * does not answer, wants a token or is something else is left out. A server that is met twice is listed once.
 */
export async function findWshServers(options: FindOptions): Promise<ServerCandidate[]> {
  const { clock, owners, env = process.env, tcpAddresses = [defaultTcp], signal } = options;
  const folder = runtimeFolder(env);
  const addresses = [...(await socketsIn(folder)).map((socket) => `unix:${socket}`), ...tcpAddresses];
  const probed = await Promise.all(
    [...new Set(addresses)].map(async (address) =>
      (await ownerOfPlace(address, owners)) === "this_user" ? probe(address, clock, signal) : undefined,
    ),
  );
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

async function socketsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((each) => each.endsWith(socketEnding))
    .sort()
    .map((name) => path.join(folder, name));
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
