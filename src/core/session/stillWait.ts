import { abortable, deferred } from "../base/async";
import { type Disposable, DisposableStore } from "../base/lifecycle";
import { hasCode } from "../model/errors";
import type { Clock } from "../ports/machine";
import type { Screen, SessionServer } from "../ports/sessions";

/**
 * Waits until what a session shows has not changed for `ms`, counted from now on; gives that screen, or undefined where
 * the session ended before. Output that changes nothing on the screen does not count, a moving cursor does. Throws
 * `session_not_found`, `server_unreachable` and the signal's reason.
 */
export async function untilStill(
  server: Pick<SessionServer, "openScreen" | "screen">,
  wire: string,
  ms: number,
  clock: Pick<Clock, "after">,
  signal: AbortSignal,
): Promise<Screen | undefined> {
  const store = new DisposableStore();
  const over = deferred<Screen | undefined>();
  let shown: string | undefined;
  let timer: Disposable | undefined;
  const begin = (): void => {
    timer?.dispose();
    timer = store.add(clock.after(ms, () => void look()));
  };
  const see = (screen: Screen): boolean => {
    const now = visible(screen);
    if (now === shown) return false;
    shown = now;
    begin();
    return true;
  };
  // A picture that was lost with its connection changes what stands there, too.
  const look = async (): Promise<void> => {
    try {
      const screen = await server.screen(wire, "plain", signal);
      if (!see(screen)) over.resolve(screen);
    } catch (error) {
      if (hasCode(error, "session_not_found")) over.resolve(undefined);
      else if (hasCode(error, "server_unreachable")) begin();
      else over.reject(error);
    }
  };
  over.promise.catch(() => undefined);
  const stream = store.add(
    server.openScreen(wire, "plain", {
      screen: (screen) => void see(screen),
      ended: () => over.resolve(undefined),
    }),
  );
  try {
    await abortable(stream.opened, signal);
    return await abortable(over.promise, signal);
  } finally {
    store.dispose();
  }
}

function visible({ lines, cursor, alternate_active }: Screen): string {
  return JSON.stringify([lines, cursor, alternate_active]);
}
