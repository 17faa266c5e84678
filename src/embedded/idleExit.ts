import type { ServerState } from "./serverState";

/** Ends a server that nobody has needed for a while: no sessions, no connections, and not told to stay. */
export class IdleExit {
  #idleSince = performance.now();

  constructor(state: ServerState, connections: () => number, afterMs: number, exit: () => void) {
    const check = (): void => {
      if (state.persistent || state.sessions.size > 0 || connections() > 0) this.#idleSince = performance.now();
      else if (performance.now() - this.#idleSince >= afterMs) exit();
    };
    setInterval(check, Math.min(10_000, Math.max(100, afterMs / 10))).unref();
  }
}
