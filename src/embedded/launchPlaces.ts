import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { absolute, dataFolder } from "../adapters/machine/dataFolder";
import { LaunchError } from "./launchError";
import { cannotWrite, requireWritable } from "./launchWriting";

export interface FindOptions {
  readonly dataDirectory?: string;
  readonly runtimeDirectory?: string;
  /** The environment to start from; default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

export const privateMode = 0o700;
/** macOS allows 103 bytes and a NUL; some room is left. */
const maxSocketPath = 100;

/** Where a server is to be found. */
export interface ServerPlace {
  /** The folder of its discovery file. */
  readonly runtime: string;
  readonly socket: string;
}

/** Where the built-in server of this user keeps what it needs. */
export interface Places extends ServerPlace {
  readonly data: string;
}

const userId = (): string => String(process.getuid?.() ?? userInfo().username);

/** Throws `usage` where the user has no home folder. */
export function places(options: FindOptions): Places {
  const env = options.env ?? process.env;
  const own = absolute(env.WSH_ORCHESTRATOR_RUNTIME_DIR);
  const system = absolute(env.XDG_RUNTIME_DIR);
  // A logout removes the system's folder, and processes that live on still have its name.
  const runtimeHome =
    system !== undefined && existsSync(system)
      ? join(system, "wsh-orchestrator")
      : join(tmpdir(), `wsh-orchestrator-${userId()}`);
  const data = options.dataDirectory ?? dataFolder(env);
  const runtime = options.runtimeDirectory ?? (own === undefined ? runtimeHome : join(own, "runtime"));
  return { data, runtime, socket: socketPath(runtime) };
}

/** Where a server is to be found while its own folder cannot be made; each has another. */
export function fallbackPlace(runtime: string): ServerPlace {
  const fallback = join(tmpdir(), `wsh-orchestrator-${userId()}-${shortHash(runtime)}`);
  return { runtime: fallback, socket: socketPath(fallback) };
}

const shortHash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

function socketPath(runtime: string): string {
  const isWindows = process.platform === "win32";
  const path = join(runtime, "server.sock");
  // Most need no hash, and loading `crypto` takes milliseconds.
  if (!isWindows && Buffer.byteLength(path) <= maxSocketPath) return path;
  const hash = shortHash(runtime);
  if (isWindows) return `\\\\.\\pipe\\wsh-orchestrator-${userId()}-${hash}`;
  const short = join(tmpdir(), `wsho-${userId()}-${hash}`, "s");
  return Buffer.byteLength(short) <= maxSocketPath ? short : join("/tmp", `wsho-${userId()}-${hash}`, "s");
}

/** The folder of commands that this user's sessions can call. */
export function commandFolder(options: FindOptions = {}): string {
  return join(places(options).data, "bin");
}

/**
 * Makes the directory for this user alone. Throws LaunchError when it cannot be made or written to, and when somebody
 * else could have put things there.
 */
export function ensurePrivateDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: privateMode });
  } catch (error) {
    throw cannotWrite(path, error);
  }
  requireWritable(path);
  if (process.getuid === undefined) return;
  const { uid, mode } = lstatSync(path);
  if (!lstatSync(path).isDirectory() || uid !== process.getuid() || (mode & 0o077) !== 0) {
    throw new LaunchError(
      `The folder ${path} must belong to you and be closed to other users.`,
      `Delete ${path}, or run: chmod 700 ${path}`,
    );
  }
}
