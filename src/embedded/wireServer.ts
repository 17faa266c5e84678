import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { Tickets } from "../adapters/http/access";
import { type AcceptUpgrade, type ListenerOptions, LocalHttpServer } from "../adapters/http/localHttpServer";
import { Query } from "../adapters/http/query";
import { RequestFailure } from "../adapters/http/requestFailure";
import { matchPath } from "../adapters/http/router";
import { maxBodyBytes } from "../adapters/wsh/wire";
import { failureOf } from "./envelope";
import { RawSocket } from "./rawSocket";
import { serverRoutes } from "./serverRoutes";
import { ServerSocket } from "./serverSocket";
import type { ServerState } from "./serverState";
import { sessionRoutes } from "./sessionRoutes";
import { SessionSocket } from "./sessionSocket";

/** What peers get to answer a close. */
const closeGraceMs = 100;

/** As wsh sends on everything, also on `/health`. */
const headers = {
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

/** wsh's routes and WebSockets over one server's sessions. */
export class WireServer {
  readonly #state: ServerState;
  readonly #webSockets = new WebSocketServer({ noServer: true, maxPayload: maxBodyBytes, perMessageDeflate: false });
  readonly #http: LocalHttpServer;

  constructor(state: ServerState) {
    this.#state = state;
    const tickets = new Tickets();
    this.#http = new LocalHttpServer({
      routes: [...serverRoutes(state, tickets), ...sessionRoutes(state)],
      tickets,
      openPath: "/health",
      headers,
      accept: (path, query) => this.#accept(path, new Query(query)),
      failureOf,
    });
  }

  get connections(): number {
    return this.#http.connections;
  }

  /** A server that is not listening yet. */
  createListener(options: () => ListenerOptions): Server {
    return this.#http.createListener(options);
  }

  /** Ends all connections; WebSockets are told "session ended", as wsh tells. */
  close(): void {
    for (const client of this.#webSockets.clients) client.close(1000, "session ended");
    setTimeout(() => this.#http.destroyConnections(), closeGraceMs);
  }

  #accept(path: string, query: Query): AcceptUpgrade | undefined {
    const opened = this.#opened(path, query);
    return opened && ((request, socket, head) => this.#webSockets.handleUpgrade(request, socket, head, opened));
  }

  /**
   * What to do with an opened WebSocket of this path; undefined when there is none. Throws what wsh answers to the
   * handshake.
   */
  #opened(path: string, query: Query): ((socket: WebSocket) => void) | undefined {
    const full = (what: string): RequestFailure =>
      new RequestFailure(429, "resource_limit_reached", `Too many sockets are open for this ${what}.`);
    if (path === "/ws/json") {
      if (!this.#state.hasRoomForSocket()) throw full("server");
      return (socket) => new ServerSocket(socket, this.#state);
    }
    for (const kind of ["raw", "json"] as const) {
      const name = matchPath(`/sessions/{name}/ws/${kind}`, path)?.name;
      if (name === undefined) continue;
      const session = this.#state.sessions.get(name);
      if (!session.hasRoomForSocket()) throw full("session");
      const isTerminal = query.flag("terminal");
      return (socket) =>
        kind === "raw" ? new RawSocket(socket, session, isTerminal) : new SessionSocket(socket, session);
    }
    return undefined;
  }
}
