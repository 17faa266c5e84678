import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import type { Wait } from "./commandStop";
import type { Watched } from "./typingRequest";

/**
 * How the end of what is typed is waited for: by `ended`, or by what it is to show. Most commands show nothing that is
 * waited for, so that what searches for it is loaded when one does.
 */
export function untilShown(
  server: Pick<SessionServer, "screen" | "scrollback">,
  watched: Watched,
  ended: Wait,
  clock: Pick<Clock, "after">,
): Wait {
  if (watched.until === undefined) return ended;
  const search = import("./shownUntil").then(({ shownUntil }) => shownUntil(server, watched, clock));
  return async (ms, signal) => (await search)?.end(ended, ms, signal) ?? ended(ms, signal);
}
