import type { RawData, WebSocket } from "ws";
import { errorBody, invalidRequest, RequestFailure } from "../adapters/http/requestFailure";
import { failureOf } from "./envelope";
import { keepAlive } from "./keepAlive";
import { OutgoingQueue } from "./outgoingQueue";
import { bytesOf } from "./rawSocket";
import { requestSchema, withoutNulls } from "./requestSchemas";

export interface SocketRequest {
  readonly id: unknown;
  readonly method: string;
  readonly session: string | undefined;
  readonly params: unknown;
}

/** Says that the answer comes later, by `respond`. */
export const answeredLater = Symbol("answered later");

/** Above this many waiting requests the socket is not read until some are done. */
const maxBacklog = 256;

/** A JSON socket: hello, requests one at a time in the order of arrival, answers, events. */
export class JsonSocket {
  readonly #socket: WebSocket;
  readonly #queue: OutgoingQueue;
  readonly #execute: (request: SocketRequest) => unknown;
  #last: Promise<void> = Promise.resolve();
  #backlog = 0;

  /**
   * `execute` gives the result, throws RequestFailure, or gives `answeredLater`. `progressed`: some of the queue has left.
   */
  constructor(socket: WebSocket, execute: (request: SocketRequest) => unknown, progressed: () => void) {
    this.#socket = socket;
    this.#execute = execute;
    this.#queue = new OutgoingQueue(socket, progressed);
    keepAlive(socket);
    socket.on("error", () => undefined);
    socket.on("message", (data, binary) => {
      if (!binary) this.#receive(data);
    });
    this.send({ connected: true });
  }

  get pendingBytes(): number {
    return this.#queue.pendingBytes;
  }

  send(message: object): void {
    this.#queue.push(JSON.stringify(message));
  }

  respond(request: SocketRequest, outcome: { result: unknown } | { error: { code: string; message: string } }): void {
    this.send({ ...(request.id !== undefined && { id: request.id }), method: request.method, ...outcome });
  }

  onClose(listener: () => void): void {
    this.#socket.once("close", listener);
  }

  finish(): void {
    this.#queue.finish();
  }

  #receive(data: RawData): void {
    this.#backlog++;
    if (this.#backlog >= maxBacklog) this.#socket.pause();
    this.#last = this.#last.then(async () => {
      await this.#handle(bytesOf(data).toString("utf8"));
      this.#backlog--;
      if (this.#socket.isPaused && this.#backlog < maxBacklog / 2) this.#socket.resume();
    });
  }

  async #handle(text: string): Promise<void> {
    const request = parseRequest(text);
    if (!request) {
      this.send({
        error: errorBody(invalidRequest("This is not a request: a JSON object with a method is expected.")),
      });
      return;
    }
    try {
      const result: unknown = await this.#execute(request);
      if (result !== answeredLater) this.respond(request, { result });
    } catch (thrown) {
      this.respond(request, { error: errorBody(failureOf(thrown)) });
    }
  }
}

function parseRequest(text: string): SocketRequest | undefined {
  try {
    const value = withoutNulls(JSON.parse(text));
    const parsed = requestSchema.safeParse(value);
    if (!parsed.success) return undefined;
    const { id } = value as { id?: unknown };
    return { id, method: parsed.data.method, session: parsed.data.session, params: parsed.data.params };
  } catch {
    return undefined;
  }
}

export const unknownMethod = (method: string): RequestFailure =>
  new RequestFailure(400, "unknown_method", `There is no method ${JSON.stringify(method)}.`);
