import { type Disposable, toDisposable } from "../base/lifecycle";
import type { Clock, SessionServer } from "../ports";

/** A server that is away this long is taken to be gone with its sessions. */
const awayMs = 10_000;

/**
 * Calls `gone` with one sentence when the server stays away, or comes back as another one than `server_id`: its sessions are lost either way.
 * A client may have known the server before this watch began, so that it was started anew is no news by itself.
 */
export function watchServer(server: SessionServer, server_id: string | null, clock: Clock, gone: (sentence: string) => void): Disposable {
  let away: Disposable | undefined;
  const watch = server.watch((event) => {
    if (event.type === "disconnected") away ??= clock.after(awayMs, () => gone(`The session server at ${server.address} is gone.`));
    if (event.type !== "connected") return;
    away?.dispose();
    away = undefined;
    if (!event.restarted) return;
    server.info().then(
      (info) => {
        if (info.server_id !== server_id) gone(`The session server at ${server.address} was started anew; its sessions are gone.`);
      },
      // It is away again, and that is told.
      () => undefined,
    );
  });
  return toDisposable(() => {
    watch.dispose();
    away?.dispose();
  });
}
