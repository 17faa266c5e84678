import * as http from "node:http";
import type { Socket, AddressInfo } from "node:net";

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What to answer; `cut` breaks the connection instead, `silent` never answers. */
export type ScriptedAnswer = { status: number; body?: string; headers?: http.OutgoingHttpHeaders } | "cut" | "silent";

/** An HTTP server that answers as a test says, well or badly, and remembers what it was asked. */
export class ScriptedServer {
  readonly requests: ReceivedRequest[] = [];
  answer: (request: ReceivedRequest) => ScriptedAnswer = () => ({ status: 404 });
  address = "";
  readonly #sockets = new Set<Socket>();
  readonly #server = http.createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => this.#handle(incoming, outgoing, Buffer.concat(chunks)));
  });

  static async start(): Promise<ScriptedServer> {
    const scripted = new ScriptedServer();
    scripted.#server.on("connection", (socket: Socket) => {
      scripted.#sockets.add(socket);
      socket.on("close", () => scripted.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => scripted.#server.listen(0, "127.0.0.1", resolve));
    scripted.address = `http://127.0.0.1:${(scripted.#server.address() as AddressInfo).port}`;
    return scripted;
  }

  /** Answers every request with this body as JSON. */
  always(status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): void {
    this.answer = () => ({
      status,
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #handle(incoming: http.IncomingMessage, outgoing: http.ServerResponse, body: Buffer): void {
    const request = { method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers, body };
    this.requests.push(request);
    const answer = this.answer(request);
    if (answer === "silent") return;
    if (answer === "cut") {
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(answer.status, answer.headers);
    outgoing.end(answer.body);
  }
}
