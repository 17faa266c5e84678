import { findProcess } from "../adapters/machine/processFacts";
import { type DiscoveryRecord, readDiscovery } from "./launchDiscovery";
import { type FindOptions, places } from "./launchPlaces";

export interface RunningServer extends DiscoveryRecord {
  /** `unix:/path`, or `http://127.0.0.1:port` of a server without a socket. */
  readonly address: string;
}

/**
 * The server that says in the usual folder that it runs, and whose process lives. It was not asked: that it answers, and
 * as `server_id`, is for the caller to see.
 */
export function publishedServer(options: FindOptions = {}): Promise<RunningServer | undefined> {
  return publishedIn(places(options).runtime);
}

/** The same in the folder of a discovery file. */
export async function publishedIn(runtime: string): Promise<RunningServer | undefined> {
  const record = readDiscovery(runtime);
  if (!record || (await findProcess(record)) === "gone") return undefined;
  return { ...record, address: record.socket !== null ? `unix:${record.socket}` : (record.url ?? "") };
}
