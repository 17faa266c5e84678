import { type Disposable, toDisposable } from "../base/lifecycle";
import { durationText } from "../model/sentences";
import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";

/** A server that is away this long is taken to be gone with its sessions. */
export const awayMs = 10_000;
/** Shorter breaks are mended before anybody has read that there is one. */
const noticeMs = 2_000;

export interface ServerWatchListener {
  /** It stays away, or came back as another one than `server_id`: its sessions are lost either way. Told once. */
  gone(sentence: string): void;
  /** It is away, which may pass; once for each time. */
  away?(sentence: string): void;
  /** It is back, after `away`. */
  back?(sentence: string): void;
}

/**
 * Tells whether the server is there, in sentences for people. A client may have known the server before this watch
 * began, so that it was restarted is no news by itself.
 */
export function watchServer(
  server: SessionServer,
  server_id: string | null,
  clock: Clock,
  listener: ServerWatchListener,
): Disposable {
  const { address } = server;
  const watch = new PresenceWatch(clock, {
    away: () =>
      listener.away?.(
        `The session server at ${address} cannot be reached; trying again. Its sessions may still be running.`,
      ),
    back: () => listener.back?.(`The session server at ${address} can be reached again.`),
    gone: () => listener.gone(`The session server at ${address} could not be reached for ${durationText(awayMs)}.`),
  });
  let met = false;
  const watching = server.watch((event) => {
    if (event.type === "disconnected") watch.disconnected();
    if (event.type !== "connected") return;
    // Without an id nobody can tell whether that was before this watch began, except that the first connection of it is
    // no second one.
    const before = !met && server_id === null;
    met = true;
    if (!event.restarted || before) {
      watch.connected();
      return;
    }
    server.info().then(
      (info) => {
        // Without an id the restart itself is all that can be known.
        if (info.server_id !== null && info.server_id === server_id) watch.connected();
        else if (watch.end()) listener.gone(`The session server at ${address} was restarted; its sessions are lost.`);
      },
      // It is away again, and that is told.
      () => undefined,
    );
  });
  return toDisposable(() => {
    watching.dispose();
    watch.end();
  });
}

/** Turns the moments at which a connection breaks and comes back into what is worth a word. */
class PresenceWatch {
  #notice: Disposable | undefined;
  #limit: Disposable | undefined;
  #told = false;
  #over = false;

  constructor(
    private readonly clock: Clock,
    private readonly tell: { away(): void; back(): void; gone(): void },
  ) {}

  disconnected(): void {
    if (this.#limit || this.#over) return;
    this.#notice = this.clock.after(noticeMs, () => {
      this.#told = true;
      this.tell.away();
    });
    this.#limit = this.clock.after(awayMs, () => {
      if (this.end()) this.tell.gone();
    });
  }

  connected(): void {
    if (this.#over) return;
    this.#stopTimers();
    if (!this.#told) return;
    this.#told = false;
    this.tell.back();
  }

  /** Nothing more is told. False: it was over before. */
  end(): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#stopTimers();
    return true;
  }

  #stopTimers(): void {
    this.#notice?.dispose();
    this.#limit?.dispose();
    this.#notice = undefined;
    this.#limit = undefined;
  }
}
