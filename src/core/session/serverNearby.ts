import type { ChosenServer } from "../ports/sessions";

/** What this machine can say of a place where a server listens. */
export interface Nearby {
  readonly host: string;
  /** The socket belongs to this user, in a folder that nobody else may write to. */
  readonly ownsSocket: (path: string) => Promise<boolean>;
}

/**
 * Whether sessions of that server run on this machine as this user, so that paths, sockets and secrets of the caller
 * are for them too. A socket may be the near end of a tunnel: the server must also have this machine's name. Our own
 * server is found in a folder of this user's, and is started nowhere else.
 */
export async function runsAsThisUser({ info, builtin }: ChosenServer, nearby: Nearby): Promise<boolean> {
  if (builtin) return true;
  if (info.hostname !== nearby.host || !info.address.startsWith("unix:")) return false;
  return nearby.ownsSocket(info.address.slice("unix:".length));
}
