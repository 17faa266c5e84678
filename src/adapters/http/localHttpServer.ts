import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Access, checkAccess, type Tickets } from "./access";
import { errorBody, invalidRequest, RequestFailure } from "./requestFailure";
import { type Answer, findRoute, type Route } from "./router";

/** What a request with a body that is too large may still send before it is cut off. */
const maxDiscardedBytes = 8 * 1024 * 1024;
/** How long such a request may take for it. */
const discardMs = 5000;
const headersTimeoutMs = 60_000;

/** Takes a handshake over, which is the same as answering it. */
export type AcceptUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface LocalHttpServerOptions {
  readonly routes: readonly Route[];
  /** For handshakes of clients that cannot set headers: `?ticket=`. */
  readonly tickets: Tickets;
  /** A path that needs no token and no prefix. */
  readonly openPath: string;
  /** Sent with every answer, refusals too. */
  readonly headers: Readonly<Record<string, string>>;
  /** Who takes a WebSocket of this path; undefined: there is none. May throw a RequestFailure. */
  readonly accept: (path: string, query: URLSearchParams) => AcceptUpgrade | undefined;
  /** What a client is told about a thrown value; has logged what was not foreseen. */
  readonly failureOf: (thrown: unknown) => RequestFailure;
}

export interface ListenerOptions extends Access {
  /** Such as `/wsh`, or empty. */
  readonly prefix: string;
}

interface Target {
  /** Without the prefix; undefined when the prefix is missing. */
  readonly path: string | undefined;
  readonly query: string;
}

/** A server for this machine alone: one set of routes behind one or more listeners, each with its own access. */
export class LocalHttpServer {
  readonly #connections = new Set<Socket>();

  constructor(private readonly options: LocalHttpServerOptions) {}

  get connections(): number {
    return this.#connections.size;
  }

  /**
   * A server that is not listening yet. The port may become known only later, so the access is asked for on each
   * request.
   */
  createListener(listener: () => ListenerOptions): Server {
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
      this.#serve(listener(), request, response).catch((thrown: unknown) => {
        this.options.failureOf(thrown);
        response.destroy();
      });
    });
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(listener(), request, socket, head),
    );
    return server;
  }

  destroyConnections(): void {
    for (const socket of this.#connections) socket.destroy();
  }

  async #serve(listener: ListenerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const controller = new AbortController();
    response.once("close", () => controller.abort(new Error("the client has disconnected")));
    let answer: Answer;
    try {
      answer = await this.#answer(listener, request, controller.signal);
    } catch (thrown) {
      if (controller.signal.aborted) return;
      answer = refusal(this.options.failureOf(thrown));
    }
    if (!request.complete) await discardRest(request);
    if (!request.complete) response.once("finish", () => request.destroy());
    this.#send(response, answer);
  }

  async #answer(listener: ListenerOptions, request: IncomingMessage, signal: AbortSignal): Promise<Answer> {
    const { tickets, routes, openPath } = this.options;
    const target = this.#targetOf(listener, request);
    checkAccess(listener, tickets, { request, open: target.path === openPath, upgrade: undefined });
    if (target.path === undefined) return { status: 404 };
    const match = findRoute(routes, request.method ?? "", target.path);
    if (match.kind === "missing") return { status: 404 };
    if (match.kind === "wrong_method") {
      const failure = new RequestFailure(405, "method_not_allowed", "This path does not support the method.");
      return { ...refusal(failure), headers: { allow: match.allow } };
    }
    return match.handler({ request, query: new URLSearchParams(target.query), path: match.path, signal });
  }

  #upgrade(listener: ListenerOptions, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    try {
      const target = this.#targetOf(listener, request);
      const ticket = /(?:^|&)ticket=([^&]*)/.exec(target.query)?.[1];
      checkAccess(listener, this.options.tickets, { request, open: false, upgrade: { ticket } });
      const query = new URLSearchParams(target.query);
      const accept = target.path === undefined ? undefined : this.options.accept(target.path, query);
      if (accept) accept(request, socket, head);
      else this.#refuse(socket, { status: 404 });
    } catch (thrown) {
      this.#refuse(socket, refusal(this.options.failureOf(thrown)));
    }
  }

  #targetOf({ prefix }: ListenerOptions, request: IncomingMessage): Target {
    const url = request.url ?? "";
    if (!url.startsWith("/")) throw invalidRequest("The request needs a path.");
    const mark = url.indexOf("?");
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = mark < 0 ? "" : url.slice(mark + 1);
    if (prefix === "" || path === this.options.openPath) return { path, query };
    return { path: path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined, query };
  }

  #send(response: ServerResponse, { status, body, headers }: Answer): void {
    const text = body === undefined ? undefined : JSON.stringify(body);
    response.writeHead(status, {
      ...this.options.headers,
      ...headers,
      ...(text !== undefined && { "content-type": "application/json" }),
      ...(status !== 204 && { "content-length": Buffer.byteLength(text ?? "") }),
    });
    response.end(text);
  }

  /** Answers a handshake with plain HTTP. */
  #refuse(socket: Duplex, { status, body }: Answer): void {
    const text = body === undefined ? "" : JSON.stringify(body);
    const headers = {
      ...this.options.headers,
      connection: "close",
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(text)),
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("\r\n")}\r\n\r\n${text}`);
  }
}

function refusal(failure: RequestFailure): Answer {
  return { status: failure.status, body: { error: errorBody(failure) } };
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
