import { lstatSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownStart } from "../adapters/machine/processFacts";

/** Content of the discovery file. */
export interface DiscoveryRecord {
  readonly pid: number;
  /** As the process facts say, so that a reused pid is not taken for the server; empty where nobody can tell. */
  readonly started_at: string;
  readonly socket: string | null;
  readonly url: string | null;
  readonly token_file: string | null;
  readonly version: string;
  readonly server_id: string;
  /** The running `server.js`. */
  readonly program: string;
}

const discoveryFileName = "server.json";

/** Publishes this process as the running server, in one step: a reader sees all of the record or none. */
export async function writeDiscovery(
  directory: string,
  server: Omit<DiscoveryRecord, "pid" | "started_at">,
): Promise<void> {
  // PowerShell takes half a second to tell, for each who looks; there the server's id has to do.
  const started_at = process.platform === "win32" ? "" : await ownStart();
  const record: DiscoveryRecord = { pid: process.pid, started_at, ...server };
  const path = join(directory, discoveryFileName);
  const temporary = `${path}.${process.pid}`;
  // Of a server that ended right here, whose pid this one has now.
  rmSync(temporary, { force: true });
  writeFileSync(temporary, `${JSON.stringify(record)}\n`, { mode: 0o600, flag: "wx" });
  renameSync(temporary, path);
}

/** The record of a server of this user, which need not run any more. */
export function readDiscovery(directory: string): DiscoveryRecord | undefined {
  try {
    const path = join(directory, discoveryFileName);
    const { uid } = lstatSync(path);
    if (process.getuid !== undefined && uid !== process.getuid()) return undefined;
    return JSON.parse(readFileSync(path, "utf8")) as DiscoveryRecord;
  } catch {
    return undefined;
  }
}

/** Takes the record back, unless another server has published its own meanwhile. */
export function removeDiscovery(directory: string, serverId: string): void {
  const path = join(directory, discoveryFileName);
  try {
    const record = JSON.parse(readFileSync(path, "utf8")) as Partial<DiscoveryRecord>;
    if (record.server_id === serverId) unlinkSync(path);
  } catch {
    // There is none.
  }
}

/** Which file stands there, also when it was bound and not written; undefined when there is none. */
export function fileIdentity(path: string): string | undefined {
  try {
    const { dev, ino, birthtimeMs } = lstatSync(path);
    return `${dev}:${ino}:${birthtimeMs}`;
  } catch {
    return undefined;
  }
}

/** Deletes that very file, and none that has taken its place. */
export function removeFile(path: string, identity: string | undefined): void {
  if (identity === undefined || fileIdentity(path) !== identity) return;
  try {
    unlinkSync(path);
  } catch {
    // It is gone.
  }
}
