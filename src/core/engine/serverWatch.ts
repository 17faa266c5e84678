import { type Disposable, toDisposable } from "../base/lifecycle";
import type { Clock, SessionServer } from "../ports";

/** A server that is away this long is taken to be gone with its sessions. */
const awayMs = 10_000;

/** Calls `gone` with one sentence when the server stays away, or comes back as another one: its sessions are lost either way. */
export function watchServer(server: SessionServer, clock: Clock, gone: (sentence: string) => void): Disposable {
  let away: Disposable | undefined;
  const watch = server.watch((event) => {
    if (event.type === "disconnected") away ??= clock.after(awayMs, () => gone(`The session server at ${server.address} is gone.`));
    if (event.type !== "connected") return;
    away?.dispose();
    away = undefined;
    if (event.restarted) gone(`The session server at ${server.address} was started anew; its sessions are gone.`);
  });
  return toDisposable(() => {
    watch.dispose();
    away?.dispose();
  });
}
