import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { showsTyped } from "../sense/programScreen";
import { pause } from "../session/pause";
import { seenScreen } from "../session/seenScreen";

/** A program shows what is typed within this time, or does not show it; Enter follows either way. */
const shownMs = 1000;
const lookAgainMs = 50;
/** Enter right behind a text is taken for a part of what was pasted, by every coding agent that was tried. */
const beforeEnterMs = 300;

/** Types a text, and Enter once it is seen there and a moment has gone by. Throws as `sendInput` and `screen`. */
export async function typeAndEnter(
  server: Pick<SessionServer, "sendInput" | "screen">,
  wire: string,
  clock: Clock,
  text: string,
): Promise<void> {
  await server.sendInput(wire, text);
  const end = clock.monotonic() + shownMs;
  while (clock.monotonic() < end && !showsTyped(seenScreen(await server.screen(wire, "plain")), text))
    await pause(clock, lookAgainMs);
  await pause(clock, beforeEnterMs);
  await server.sendInput(wire, "\r");
}
