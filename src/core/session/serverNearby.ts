import type { PlaceOwner } from "../ports/servers";
import type { ChosenServer } from "../ports/sessions";

/**
 * Whether sessions of that server run on this machine as this user, so that paths, sockets and secrets of the caller
 * are for them too. Who owns the place is not enough: it may be the near end of a tunnel, so the server must also have
 * this machine's name (`host`). Our own server is found in a folder of this user's, and runs nowhere else. A server of
 * which nobody can tell counts as another one.
 */
export async function runsAsThisUser(
  { info, builtin }: ChosenServer,
  host: string,
  ownerOf: (address: string) => Promise<PlaceOwner>,
): Promise<boolean> {
  return builtin || (info.hostname === host && (await ownerOf(info.address)) === "this_user");
}
