import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { maxBodyBytes } from "../adapters/wsh/wire";
import { errorBody, failureOf, invalidRequest, WireFailure } from "./envelope";
import { RawSocket } from "./rawSocket";
import { findRoute, matchPath, type Answer, type Route } from "./router";
import { checkAccess, Tickets, type Access } from "./security";
import { serverRoutes } from "./serverRoutes";
import { ServerSocket } from "./serverSocket";
import type { ServerState } from "./serverState";
import { sessionRoutes } from "./sessionRoutes";
import { SessionSocket } from "./sessionSocket";

/** What a request with a body that is too large may still send before it is cut off. */
const maxDiscardedBytes = 8 * 1024 * 1024;
/** How long such a request may take for it. */
const discardMs = 5000;
const headersTimeoutMs = 60_000;
/** What peers get to answer a close. */
const closeGraceMs = 100;

/** As wsh sends on everything, also on `/health`. */
const commonHeaders = {
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

export interface ListenerOptions extends Access {
  /** Such as `/wsh`, or empty; `/health` answers without it too. */
  readonly prefix: string;
}

interface Target {
  /** Without the prefix; undefined when the prefix is missing. */
  readonly path: string | undefined;
  readonly query: string;
}

/** The HTTP side: one set of routes behind one or two listeners. */
export class HttpServer {
  readonly #state: ServerState;
  readonly #tickets = new Tickets();
  readonly #routes: readonly Route[];
  readonly #webSockets = new WebSocketServer({ noServer: true, maxPayload: maxBodyBytes, perMessageDeflate: false });
  readonly #connections = new Set<Socket>();

  constructor(state: ServerState) {
    this.#state = state;
    this.#routes = [...serverRoutes(state, this.#tickets), ...sessionRoutes(state)];
  }

  get connections(): number {
    return this.#connections.size;
  }

  /**
   * A server that is not listening yet. The port may become known only later, so the access is asked for on each
   * request.
   */
  createListener(options: () => ListenerOptions): Server {
    const server = createServer({
      requireHostHeader: false,
      noDelay: true,
      keepAliveTimeout: 0,
      headersTimeout: headersTimeoutMs,
    });
    server.on("connection", (socket: Socket) => {
      socket.setNoDelay(true);
      this.#connections.add(socket);
      socket.once("close", () => this.#connections.delete(socket));
    });
    server.on("request", (request, response) => {
      this.#serve(options(), request, response).catch((thrown: unknown) => {
        failureOf(thrown);
        response.destroy();
      });
    });
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(options(), request, socket, head),
    );
    return server;
  }

  /** Ends all connections; WebSockets are told "session ended", as wsh tells. */
  close(): void {
    for (const client of this.#webSockets.clients) client.close(1000, "session ended");
    setTimeout(() => {
      for (const socket of this.#connections) socket.destroy();
    }, closeGraceMs);
  }

  async #serve(options: ListenerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const controller = new AbortController();
    response.once("close", () => controller.abort(new Error("the client is gone")));
    let answer: Answer;
    try {
      answer = await this.#answer(options, request, controller.signal);
    } catch (thrown) {
      if (controller.signal.aborted) return;
      const failure = failureOf(thrown);
      answer = { status: failure.status, body: { error: errorBody(failure) } };
    }
    if (!request.complete) await discardRest(request);
    if (!request.complete) response.once("finish", () => request.destroy());
    send(response, answer);
  }

  async #answer(options: ListenerOptions, request: IncomingMessage, signal: AbortSignal): Promise<Answer> {
    const target = targetOf(options, request);
    checkAccess(options, this.#tickets, { request, open: target.path === "/health", upgrade: undefined });
    if (target.path === undefined) return { status: 404 };
    const match = findRoute(this.#routes, request.method ?? "", target.path);
    if (match.kind === "missing") return { status: 404 };
    if (match.kind === "wrong_method") {
      const failure = new WireFailure(405, "method_not_allowed", "This path does not know the method.");
      return { status: 405, body: { error: errorBody(failure) }, headers: { allow: match.allow } };
    }
    return match.handler({ request, query: new URLSearchParams(target.query), path: match.path, signal });
  }

  #upgrade(options: ListenerOptions, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    try {
      const target = targetOf(options, request);
      const ticket = /(?:^|&)ticket=([^&]*)/.exec(target.query)?.[1];
      checkAccess(options, this.#tickets, { request, open: false, upgrade: { ticket } });
      const accept = target.path === undefined ? undefined : this.#acceptor(target.path);
      if (!accept) {
        refuse(socket, { status: 404 });
        return;
      }
      this.#webSockets.handleUpgrade(request, socket, head, accept);
    } catch (thrown) {
      const failure = failureOf(thrown);
      refuse(socket, { status: failure.status, body: { error: errorBody(failure) } });
    }
  }

  /**
   * What to do with an opened WebSocket of this path; undefined when there is none. Throws what wsh answers to the
   * handshake.
   */
  #acceptor(path: string): ((socket: WebSocket) => void) | undefined {
    const full = (what: string): WireFailure =>
      new WireFailure(429, "resource_limit_reached", `There are too many sockets of this ${what}.`);
    if (path === "/ws/json") {
      if (!this.#state.hasRoomForSocket()) throw full("server");
      return (socket) => new ServerSocket(socket, this.#state);
    }
    for (const kind of ["raw", "json"] as const) {
      const name = matchPath(`/sessions/{name}/ws/${kind}`, path)?.name;
      if (name === undefined) continue;
      const session = this.#state.sessions.get(name);
      if (!session.hasRoomForSocket()) throw full("session");
      return (socket) => (kind === "raw" ? new RawSocket(socket, session) : new SessionSocket(socket, session));
    }
    return undefined;
  }
}

function targetOf(options: ListenerOptions, request: IncomingMessage): Target {
  const url = request.url ?? "";
  if (!url.startsWith("/")) throw invalidRequest("The request needs a path.");
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? "" : url.slice(mark + 1);
  if (options.prefix === "" || path === "/health") return { path, query };
  return { path: path.startsWith(`${options.prefix}/`) ? path.slice(options.prefix.length) : undefined, query };
}

/**
 * A client that still sends gets to read the answer: where the answer ends the connection, bytes that come after it
 * would be met with a reset that hides it. Resolves when all has come, or too much, or too slowly.
 */
function discardRest(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let discarded = 0;
    const timer = setTimeout(resolve, discardMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.on("data", (bytes: Buffer) => {
      discarded += bytes.length;
      if (discarded > maxDiscardedBytes) done();
    });
    for (const event of ["end", "close", "error"]) request.on(event, done);
    request.resume();
  });
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = body === undefined ? undefined : JSON.stringify(body);
  response.writeHead(status, {
    ...commonHeaders,
    ...headers,
    ...(text !== undefined && { "content-type": "application/json" }),
    ...(status !== 204 && { "content-length": Buffer.byteLength(text ?? "") }),
  });
  response.end(text);
}

/** Answers a handshake with plain HTTP. */
function refuse(socket: Duplex, { status, body }: Answer): void {
  const text = body === undefined ? "" : JSON.stringify(body);
  const headers = {
    ...commonHeaders,
    connection: "close",
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(text)),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("\r\n")}\r\n\r\n${text}`);
}
