import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import type { Wait } from "./commandStop";
import type { Watched } from "./typingRequest";

/**
 * How the end of what is typed is waited for: by `ended`, or by what is to hold while it goes on running; `known_by`
 * says by what that is known. Most commands are waited for by their end alone, so that what looks for more is loaded
 * when one is not.
 */
export function untilHolds(
  server: Pick<SessionServer, "screen" | "scrollback">,
  { until, ...watched }: Watched,
  ended: Wait,
  clock: Pick<Clock, "after" | "monotonic">,
): Wait {
  if (until === undefined) return ended;
  const waiting = import("./untilConditions").then(({ heldOrEnded }) =>
    heldOrEnded(server, { ...watched, until }, ended, clock),
  );
  waiting.catch(() => undefined);
  return async (ms, signal) => (await waiting)(ms, signal);
}
