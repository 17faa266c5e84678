import type { Disposable } from "../../core/base/lifecycle";
import type { Logger } from "../../core/ports/machine";
import type { AttemptFailure } from "./attemptFailure";
import {
  reconnect,
  type ReconnectEffect,
  type ReconnectEvent,
  type ReconnectState,
  startReconnect,
  steadyMs,
} from "./reconnectReducer";
import { JitterDelays, socketDelays } from "./retryPolicies";
import type { ServerAccess } from "./serverAddress";
import { WebSocketConnection } from "./webSocketConnection";

export interface ReconnectingSocketOptions {
  readonly access: ServerAccess;
  readonly logger: Logger;
  /** Read before each connect, since a session's name may change. */
  readonly path: () => string;
  readonly session?: () => string;
  /** A first connection that fails is tried again too. */
  readonly keepTrying: boolean;
  /** Whether what the socket belongs to is still there. */
  readonly check: () => Promise<"there" | "gone" | "unknown">;
  /** A connection is open; `again`: it is not the first one. */
  readonly opened: (connection: WebSocketConnection, again: boolean) => void;
  readonly message: (data: Buffer, binary: boolean) => void;
  readonly closed?: () => void;
  /** It is over for good. */
  readonly gone: () => void;
  readonly failed: (failure: AttemptFailure) => void;
}

/** Carries out what the reconnect reducer decides. */
export class ReconnectingSocket implements Disposable {
  readonly #options: ReconnectingSocketOptions;
  readonly #delays = new JitterDelays(socketDelays.baseMs, socketDelays.capMs);
  #state: ReconnectState;
  #connection: WebSocketConnection | undefined;
  #timer: Disposable | undefined;
  #failure: AttemptFailure | undefined;
  #openedAt = 0;

  constructor(options: ReconnectingSocketOptions) {
    this.#options = options;
    const { state, effects } = startReconnect(options.keepTrying);
    this.#state = state;
    this.#carryOut(effects);
  }

  /** Ends the present connection as if it had broken, so that a new one is made. */
  renew(): void {
    if (this.#state.at !== "open") return;
    this.#connection?.dispose();
    this.#onClosed();
  }

  dispose(): void {
    this.#event({ type: "disposed" });
    this.#timer?.dispose();
    this.#connection?.dispose();
    this.#connection = undefined;
  }

  #event(event: ReconnectEvent): void {
    const { state, effects } = reconnect(this.#state, event);
    this.#state = state;
    this.#carryOut(effects);
  }

  #carryOut(effects: readonly ReconnectEffect[]): void {
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: ReconnectEffect): void {
    switch (effect) {
      case "connect":
        this.#connect();
        return;
      case "check":
        this.#options.check().then(
          (found) => this.#event({ type: "checked", found }),
          () => this.#event({ type: "checked", found: "unknown" }),
        );
        return;
      case "wait":
        this.#timer = this.#options.access.clock.after(this.#delays.next(), () => this.#event({ type: "waited" }));
        return;
      case "tell_open":
      case "tell_reopened":
        if (this.#connection) this.#options.opened(this.#connection, effect === "tell_reopened");
        return;
      case "tell_gone":
        this.#options.gone();
        return;
      case "tell_failed":
        if (this.#failure) this.#options.failed(this.#failure);
        return;
    }
  }

  #connect(): void {
    const { access, logger, path, session, message } = this.#options;
    const connection = new WebSocketConnection(
      access,
      path(),
      {
        opened: () => {
          this.#openedAt = access.clock.monotonic();
          this.#event({ type: "opened" });
        },
        message: (data, binary) => message(data, binary),
        failed: (failure) => {
          this.#failure = failure;
          logger.debug(`WebSocket ${path()}: ${failure.message}`);
          this.#event({
            type: "failed",
            gone: failure.error.code === "session_not_found",
            final: failure.kind === "final",
          });
        },
        closed: () => this.#onClosed(),
      },
      session?.(),
    );
    this.#connection = connection;
  }

  #onClosed(): void {
    const openForMs = this.#options.access.clock.monotonic() - this.#openedAt;
    this.#connection = undefined;
    if (openForMs >= steadyMs) this.#delays.reset();
    this.#options.closed?.();
    this.#event({ type: "closed", openForMs });
  }
}
