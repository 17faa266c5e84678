import { readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { discoveryFileName, type DiscoveryRecord } from "./launch";

/** Publishes a running server, in one step: a reader sees all of the record or none. */
export function writeDiscovery(directory: string, record: DiscoveryRecord): void {
  const path = join(directory, discoveryFileName);
  const temporary = `${path}.${process.pid}`;
  // Of a server that ended right here, whose pid this one has now.
  rmSync(temporary, { force: true });
  writeFileSync(temporary, `${JSON.stringify(record)}\n`, { mode: 0o600, flag: "wx" });
  renameSync(temporary, path);
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
