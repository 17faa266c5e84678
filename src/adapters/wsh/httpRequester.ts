import * as http from "node:http";
import * as https from "node:https";
import type { Clock } from "../../core/ports/machine";
import type { AccessToken } from "./accessToken";
import { permittedConnection } from "./permittedConnection";
import { type ServerAccess, type ServerAddress, trusting } from "./serverAddress";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below the base prefix, encoded, with its query. */
  readonly path: string;
  readonly body?: Uint8Array;
  readonly contentType?: string;
  /** From the start to the last byte of the answer. */
  readonly timeoutMs: number;
  /** The server holds the answer back, so the request must not take a place from short ones. */
  readonly longPoll?: boolean;
  /** Called when the request has a connection: from now on bytes may have left. */
  readonly connected?: () => void;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A request without a whole answer. */
export class TransportError extends Error {
  override readonly name = "TransportError";

  constructor(
    /** errno name, node's parser code (`HPE_…`), `TIMEOUT`, `TOO_LARGE`, `CLOSED` or `ABORTED`. */
    readonly code: string,
    /** False: provably no byte arrived. */
    readonly mayHaveLeft: boolean,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Answers above this are refused: ten thousand long styled lines stay below it. */
const maxAnswerBytes = 128 * 1_048_576;
/** Short requests at a time; a server answers each in about 1 ms. */
const shortConnections = 16;
const freeConnections = 8;

/** HTTP/1.1 over TCP or a Unix socket with connections that are kept; an idle one does not keep the process alive. */
export class HttpRequester {
  readonly #address: ServerAddress;
  readonly #token: AccessToken;
  readonly #clock: Clock;
  readonly #short: http.Agent;
  readonly #long: http.Agent;
  readonly #running = new Set<() => void>();
  #closed = false;

  constructor(access: ServerAccess) {
    const { address, token, certificates, clock } = access;
    this.#address = address;
    this.#token = token;
    this.#clock = clock;
    const agent = (maxSockets: number): http.Agent => {
      const options = {
        keepAlive: true,
        noDelay: true,
        maxSockets,
        maxFreeSockets: freeConnections,
        scheduling: "lifo" as const,
      };
      // Only TLS needs a name. Without one Node works it out, with a pattern that takes milliseconds to build.
      const plain = { ...options, servername: "" };
      const made = address.secure ? new https.Agent({ ...options, ...trusting(certificates) }) : new http.Agent(plain);
      made.createConnection = permittedConnection(access, made.createConnection.bind(made));
      return made;
    };
    this.#short = agent(shortConnections);
    this.#long = agent(Infinity);
  }

  /** Resolves with any whole answer, whatever its status; rejects with TransportError only. */
  send(request: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new TransportError("CLOSED", false, "this client is closed");
      if (request.signal?.aborted) throw aborted(request.signal, false);
      let mayHaveLeft = false;
      const outgoing = this.#open(request);
      const timer = this.#clock.after(request.timeoutMs, () =>
        fail(new TransportError("TIMEOUT", mayHaveLeft, `no answer within ${Math.round(request.timeoutMs / 1000)} s`)),
      );
      const onAbort = (): void => {
        if (request.signal) fail(aborted(request.signal, mayHaveLeft));
      };
      const onClose = (): void => fail(new TransportError("CLOSED", mayHaveLeft, "this client was closed"));
      const settle = (): void => {
        timer.dispose();
        request.signal?.removeEventListener("abort", onAbort);
        this.#running.delete(onClose);
      };
      const fail = (error: TransportError): void => {
        settle();
        reject(error);
        if (error.code === "TIMEOUT") this.#dropDead(outgoing);
        outgoing.destroy();
      };
      const broken = (error: Error): void =>
        fail(new TransportError(codeOf(error), mayHaveLeft, error.message, { cause: error }));
      this.#running.add(onClose);
      request.signal?.addEventListener("abort", onAbort, { once: true });
      whenConnected(outgoing, this.#address.secure, () => {
        mayHaveLeft = true;
        request.connected?.();
      });
      outgoing.on("error", broken);
      outgoing.on("response", (incoming) => {
        readAnswer(incoming, broken, (answer) => {
          settle();
          resolve(answer);
        });
      });
      outgoing.end(request.body);
    });
  }

  /** Ends all connections; what is running fails with `CLOSED`. */
  close(): void {
    this.#closed = true;
    for (const onClose of [...this.#running]) onClose();
    this.#short.destroy();
    this.#long.destroy();
  }

  /** A connection that does not answer may be dead, and those beside it too. */
  #dropDead(outgoing: http.ClientRequest): void {
    const { socket } = outgoing;
    // With RST, so that what still waits in this machine for a network that is away is not delivered minutes later. TLS
    // has no way to do that.
    if (!this.#address.secure && socket?.remoteAddress !== undefined) socket.resetAndDestroy();
    for (const idle of Object.values(this.#short.freeSockets)) for (const each of idle ?? []) each.destroy();
  }

  #open(request: HttpRequest): http.ClientRequest {
    const { socketPath, hostname, port, base, secure } = this.#address;
    const headers: http.OutgoingHttpHeaders = { accept: "application/json" };
    const { value: token } = this.#token;
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (request.body) {
      headers["content-type"] = request.contentType ?? "application/octet-stream";
      headers["content-length"] = request.body.byteLength;
    } else if (request.method !== "GET") {
      headers["content-length"] = 0;
    }
    const target = socketPath === undefined ? { hostname, port } : { socketPath, hostname };
    return (secure ? https : http).request({
      ...target,
      method: request.method,
      path: base + request.path,
      headers,
      agent: request.longPoll === true ? this.#long : this.#short,
    });
  }
}

function whenConnected(outgoing: http.ClientRequest, secure: boolean, connected: () => void): void {
  outgoing.on("socket", (socket) => {
    if (outgoing.reusedSocket || !socket.connecting) connected();
    else socket.once(secure ? "secureConnect" : "connect", connected);
  });
}

function readAnswer(
  incoming: http.IncomingMessage,
  broken: (error: Error) => void,
  done: (answer: HttpAnswer) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on("error", broken);
  incoming.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxAnswerBytes) broken(Object.assign(new Error("the answer is too large"), { code: "TOO_LARGE" }));
    else chunks.push(chunk);
  });
  incoming.on("end", () => {
    if (!incoming.complete) broken(Object.assign(new Error("the answer was cut off"), { code: "ECONNRESET" }));
    else
      done({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      });
  });
}

function aborted(signal: AbortSignal, mayHaveLeft: boolean): TransportError {
  return new TransportError("ABORTED", mayHaveLeft, "the request was given up", { cause: signal.reason });
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
}
