import { tmpdir } from "node:os";
import * as path from "node:path";
import type { PlaceOwner, PlaceOwners, ServerProcess, ServerProcesses } from "../../core/ports/servers";
import { parseServerAddress, type ServerAddress } from "./serverAddress";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Besides, older versions have sockets there that speak no HTTP. */
export const socketEnding = ".http.sock";
export const defaultTcp = "http://127.0.0.1:8080";

/** Where wsh has its sockets: `$XDG_RUNTIME_DIR/wsh`, else `wsh-$USER/wsh` in the folder for temporary files. */
export function runtimeFolder(env: Environment): string {
  const runtime = env.XDG_RUNTIME_DIR;
  if (runtime !== undefined && runtime !== "") return path.join(runtime, "wsh");
  return path.join(tmpdir(), `wsh-${env.USER ?? "unknown"}`, "wsh");
}

/** Whether wsh listens there without being told to. Looks at the text of the address alone. */
export function isStandardPlace({ text, socketPath }: ServerAddress, env: Environment): boolean {
  if (socketPath === undefined) return text === defaultTcp;
  return path.dirname(socketPath) === path.resolve(runtimeFolder(env)) && socketPath.endsWith(socketEnding);
}

/** Whose the place is, for addresses on this machine that wsh listens at. Connects to nothing. */
export function ownerOfPlace(address: string, owners: PlaceOwners): Promise<PlaceOwner> {
  const { socketPath, hostname, port } = parseServerAddress(address);
  if (socketPath !== undefined) return owners.ofSocket(socketPath);
  return hostname === "127.0.0.1" ? owners.ofPort(port) : Promise.resolve("unknown");
}

/** The process that serves there, where that is this machine and it can be known. */
export async function listeningProcess(
  address: string,
  processes: ServerProcesses,
): Promise<ServerProcess | undefined> {
  const { socketPath, hostname, port } = parseServerAddress(address);
  if (socketPath !== undefined) return processes.listening({ socket: socketPath });
  return ["127.0.0.1", "localhost", "[::1]", "::1"].includes(hostname) ? processes.listening({ port }) : undefined;
}
