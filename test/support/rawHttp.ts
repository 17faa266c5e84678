import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { WebSocket, type ClientOptions, type RawData } from "ws";
import { until } from "./until";

/** Where a server listens: a Unix socket or a TCP port of the loopback interface. */
export type Endpoint = { readonly socketPath: string } | { readonly host: string; readonly port: number };

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON. */
  readonly json: unknown;
  /** `error.code` of the envelope, if there is one. */
  readonly code: string | undefined;
}

export interface RawRequest {
  readonly body?: string | Buffer;
  /** Sent as JSON with its content type. */
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** HTTP and WebSocket without any client in between, so that the wire itself is seen. */
export class RawHttp {
  readonly endpoint: Endpoint;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #sockets: TestSocket[] = [];

  constructor(endpoint: Endpoint, headers: Readonly<Record<string, string>> = {}) {
    this.endpoint = endpoint;
    this.#headers = headers;
  }

  send(method: string, path: string, options: RawRequest = {}): Promise<RawAnswer> {
    const body = options.json === undefined ? options.body : JSON.stringify(options.json);
    const type = options.json === undefined ? {} : { "content-type": "application/json" };
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const call = httpRequest(
        {
          ...this.endpoint,
          agent: false,
          method,
          path,
          headers: { ...this.#headers, ...type, ...length, ...options.headers },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("error", reject);
          response.on("end", () =>
            resolve(answer(response.statusCode ?? 0, response.headers, Buffer.concat(parts).toString("utf8"))),
          );
        },
      );
      call.on("error", reject);
      call.end(body);
    });
  }

  get(path: string): Promise<RawAnswer> {
    return this.send("GET", path);
  }

  post(path: string, json: unknown): Promise<RawAnswer> {
    return this.send("POST", path, { json });
  }

  input(session: string, body: string | Buffer): Promise<RawAnswer> {
    return this.send("POST", `/sessions/${session}/input`, { body });
  }

  /** Rejects with a HandshakeRefused when the server does not upgrade. */
  async open(
    path: string,
    headers: Readonly<Record<string, string>> = {},
    options: ClientOptions = {},
  ): Promise<TestSocket> {
    const { endpoint } = this;
    const address =
      "socketPath" in endpoint
        ? `ws+unix:${endpoint.socketPath}:${path}`
        : `ws://${endpoint.host}:${endpoint.port}${path}`;
    const socket = new TestSocket(
      new WebSocket(address, { headers: { ...this.#headers, ...headers }, perMessageDeflate: false, ...options }),
    );
    this.#sockets.push(socket);
    await socket.opened;
    return socket;
  }

  close(): void {
    for (const socket of this.#sockets) socket.socket.terminate();
  }
}

function answer(status: number, headers: IncomingHttpHeaders, text: string): RawAnswer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const error = (json as { error?: { code?: string } | string } | undefined)?.error;
  return { status, headers, text, json, code: typeof error === "object" ? error.code : undefined };
}

export class HandshakeRefused extends Error {
  readonly answer: RawAnswer;

  constructor(refusal: RawAnswer) {
    super(`The handshake was answered ${refusal.status} ${refusal.code ?? ""}`);
    this.answer = refusal;
  }
}

export type JsonMessage = Record<string, unknown>;

/** A WebSocket that keeps everything it receives. */
export class TestSocket {
  readonly socket: WebSocket;
  readonly opened: Promise<void>;
  readonly messages: JsonMessage[] = [];
  readonly frames: Buffer[] = [];
  bytes = 0;
  closed: { code: number; reason: string } | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: RawData, binary: boolean) => {
      const bytes = data as Buffer;
      if (!binary) this.messages.push(JSON.parse(bytes.toString("utf8")) as JsonMessage);
      else {
        this.frames.push(bytes);
        this.bytes += bytes.length;
      }
    });
    socket.on("close", (code, reason) => (this.closed = { code, reason: reason.toString() }));
    this.opened = new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
      socket.once("unexpected-response", (_request, response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () =>
          reject(
            new HandshakeRefused(
              answer(response.statusCode ?? 0, response.headers, Buffer.concat(parts).toString("utf8")),
            ),
          ),
        );
      });
    });
    // Later errors show as a close; the handshake's own are told by `opened`.
    socket.on("error", () => undefined);
  }

  /** All binary frames so far. */
  get output(): Buffer {
    return Buffer.concat(this.frames);
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  /** The first message, received already or later, for which the question is answered with yes. */
  untilMessage(what: string, matches: (message: JsonMessage) => boolean): Promise<JsonMessage> {
    return until(what, () => this.messages.find(matches));
  }

  event(name: string): Promise<JsonMessage> {
    return this.untilMessage(`the event ${name}`, (message) => message.event === name);
  }

  /** Sends a request and waits for the answer with its id. */
  async call(method: string, params?: unknown, session?: string): Promise<JsonMessage> {
    const id = `${method}-${this.#calls++}`;
    this.send({
      id,
      method,
      ...(params === undefined ? {} : { params }),
      ...(session === undefined ? {} : { session }),
    });
    return this.untilMessage(`the answer to ${method}`, (message) => message.id === id);
  }

  /** Waits until the output has this text, compared as bytes. */
  async untilOutput(text: string): Promise<void> {
    const wanted = Buffer.from(text);
    await until(
      `the output has ${JSON.stringify(text)}`,
      () => Buffer.concat(this.frames.slice(-64)).includes(wanted) || this.output.includes(wanted),
    );
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    return until("the socket is closed", () => this.closed);
  }

  #calls = 0;
}
