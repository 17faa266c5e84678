import { deferred } from "../../core/base/async";
import type { Logger } from "../../core/ports/machine";
import type { RawStream, SessionEnd } from "../../core/ports/sessions";
import { ReconnectingSocket } from "./reconnectingSocket";
import { retryPolicies } from "./retryPolicies";
import { readSession, type ServerCalls, sessionPath } from "./serverCalls";
import { closedByUs } from "./serverErrors";
import type { Dialect } from "./serverDialect";
import type { ServerAccess } from "./serverAddress";
import type { SharedLook } from "./sharedLook";
import type { WebSocketConnection } from "./webSocketConnection";

/** How long the end of a session may stay unnoticed on servers that leave its sockets open. */
const lookAgainMs = 2_000;

/** What the streams of one server share. */
export interface StreamContext {
  readonly access: ServerAccess;
  readonly calls: ServerCalls;
  readonly logger: Logger;
  /** How the server speaks; asked once as long as it is the same server. */
  dialect(signal?: AbortSignal): Promise<Dialect>;
  /** Which start of the server this is, asked anew: another text for another start. */
  incarnation(): Promise<string>;
  /**
   * How a session ended that was on the server `serverId`: one that was started anew since then knows nothing of it,
   * and is not asked.
   */
  endOf(name: string, serverId: string | null): Promise<SessionEnd>;
  /** The `server_id` of the server as it was last met. */
  serverId(signal: AbortSignal): Promise<string | null>;
  /** The pids of all sessions by name, asked once for all who want to know. */
  readonly sessions: SharedLook<ReadonlyMap<string, number | null>>;
}

export interface SessionStreamHandlers {
  /** What stands behind the route. Absent: nothing. */
  query?(dialect: Dialect): string;
  opened(connection: WebSocketConnection, again: boolean): void;
  message(data: Buffer, binary: boolean): void;
  closed?(): void;
  ended(end: SessionEnd): void;
}

/**
 * One socket of one session, kept up until the session is over. It belongs to the process that had the name when it was
 * opened: a new session of the same name is not a continuation.
 */
export class SessionStream implements RawStream {
  readonly #context: StreamContext;
  readonly #route: "/ws/raw" | "/ws/json";
  readonly #handlers: SessionStreamHandlers;
  readonly #ready = deferred<undefined>();
  readonly #disposal = new AbortController();
  readonly opened: Promise<void> = this.#ready.promise;
  #name: string;
  #pid: number | null = null;
  #serverId: string | null = null;
  #socket: ReconnectingSocket | undefined;

  constructor(context: StreamContext, name: string, route: "/ws/raw" | "/ws/json", handlers: SessionStreamHandlers) {
    this.#context = context;
    this.#name = name;
    this.#route = route;
    this.#handlers = handlers;
    this.#ready.promise.catch(() => undefined);
    this.#start().catch((error: unknown) => this.fail(error));
  }

  /** The wire name by which the session is found when the socket has to be made again. */
  get name(): string {
    return this.#name;
  }

  set name(name: string) {
    this.#name = name;
  }

  get disposed(): boolean {
    return this.#disposal.signal.aborted;
  }

  /** Resolves `opened`. */
  ready(): void {
    this.#ready.resolve(undefined);
  }

  /** Rejects `opened` when it is still pending, and ends the stream. */
  fail(error: unknown): void {
    this.#ready.reject(error);
    this.dispose();
  }

  onDispose(callback: () => void): void {
    this.#disposal.signal.addEventListener("abort", callback, { once: true });
  }

  /** Makes the connection anew. */
  renew(): void {
    this.#socket?.renew();
  }

  dispose(): void {
    if (this.disposed) return;
    this.#disposal.abort(closedByUs());
    this.#ready.reject(this.#disposal.signal.reason);
    this.#socket?.dispose();
  }

  async #start(): Promise<void> {
    const { access, calls, logger } = this.#context;
    const { signal } = this.#disposal;
    this.#pid = (await readSession(calls, this.#name, retryPolicies.repeatable, signal)).pid;
    const query = this.#handlers.query?.(await this.#context.dialect(signal)) ?? "";
    signal.throwIfAborted();
    this.#socket = new ReconnectingSocket({
      access,
      logger,
      path: () => `${sessionPath(this.#name, this.#route)}${query}`,
      session: () => this.#name,
      keepTrying: false,
      check: () => this.#check(),
      opened: (connection, again) => this.#handlers.opened(connection, again),
      message: (data, binary) => this.#handlers.message(data, binary),
      closed: () => this.#handlers.closed?.(),
      gone: () => void this.#end(),
      failed: (failure) => this.fail(failure.error),
    });
    // Beside the socket, which must not come later for it: what is printed before it is open is missed.
    this.#context.serverId(signal).then(
      (serverId) => {
        this.#serverId = serverId;
      },
      () => undefined,
    );
    this.#context.dialect(signal).then(
      ({ closesSockets }) => {
        if (!closesSockets && !this.disposed) this.#lookAgain();
      },
      // What cannot be asked now is told by the socket.
      () => undefined,
    );
  }

  /** An end that no socket tells is found by asking. */
  #lookAgain(): void {
    const look = this.#context.access.clock.after(lookAgainMs, () => {
      void this.#check().then((found) => {
        if (found === "gone") void this.#end();
        else if (!this.disposed) this.#lookAgain();
      });
    });
    this.onDispose(() => look.dispose());
  }

  async #check(): Promise<"there" | "gone" | "unknown"> {
    try {
      const pid = (await this.#context.sessions.ask()).get(this.#name);
      return pid !== undefined && pid === this.#pid ? "there" : "gone";
    } catch {
      return "unknown";
    }
  }

  async #end(): Promise<void> {
    const end = await this.#context.endOf(this.#name, this.#serverId).catch(() => ({ exit_code: null }));
    if (this.disposed) return;
    this.dispose();
    this.#handlers.ended(end);
  }
}
