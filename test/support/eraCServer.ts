import {
  type IncomingMessage,
  createServer,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from "node:http";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { temporaryFolder } from "./localAddresses";

/**
 * A double of wsh of era C, of which no binary can be had: written from the protocol reference, in front of a server of
 * era B2. It speaks HTTP on `<runtime>/wsh/<name>.http.sock`, has the long `/server/info`, answers input with 200 and a
 * generation, and sends binary frames and the notices of that era on the JSON sockets. What only our own server has is
 * left out.
 */
export class EraCServer {
  readonly address: string;
  #upstream: string;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #open = new Set<Duplex>();
  #inputs = 0;

  private constructor(
    /** `XDG_RUNTIME_DIR` of those who look for it. */
    readonly runtime: string,
    readonly socketPath: string,
    upstream: string,
  ) {
    this.address = `unix:${socketPath}`;
    this.#upstream = upstream;
    this.#http = createServer((request, response) => this.#forward(request, response));
    this.#http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    this.#http.on("connection", (socket) => {
      this.#open.add(socket);
      socket.on("close", () => this.#open.delete(socket));
    });
  }

  /** `upstream`: `unix:PATH` of a server of era B2. */
  static async start(upstream: string, name = "default"): Promise<EraCServer> {
    const runtime = await temporaryFolder();
    await mkdir(join(runtime, "wsh"), { mode: 0o700 });
    const server = new EraCServer(runtime, join(runtime, "wsh", `${name}.http.sock`), upstream.slice("unix:".length));
    await new Promise<void>((resolve) => server.#http.listen(server.socketPath, resolve));
    return server;
  }

  /** Ends all connections, as a server does that is started anew. */
  drop(): void {
    for (const socket of this.#open) socket.destroy();
  }

  async stop(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "/";
    if (path.startsWith("/server/ended/")) {
      response.writeHead(404).end();
      return;
    }
    const outgoing = httpRequest(
      { socketPath: this.#upstream, method: request.method, path, headers: request.headers },
      (incoming) => {
        const parts: Buffer[] = [];
        incoming.on("data", (part: Buffer) => parts.push(part));
        incoming.on("end", () => {
          const { status, body } = this.#asOfEraC(
            path,
            incoming.statusCode ?? 0,
            Buffer.concat(parts).toString("utf8"),
          );
          const type = incoming.headers["content-type"] ?? "application/json";
          response.writeHead(status, body === "" ? {} : { "content-type": type }).end(body);
        });
      },
    );
    outgoing.on("error", () => response.destroy());
    request.on("error", () => outgoing.destroy());
    response.on("close", () => outgoing.destroy());
    request.pipe(outgoing);
  }

  #asOfEraC(path: string, status: number, body: string): { status: number; body: string } {
    if (path === "/server/info" && status === 200) {
      const { hostname, version, server_id } = JSON.parse(body) as Record<string, string>;
      const more = {
        instance_name: "default",
        socket_path: this.socketPath,
        tcp_addr: null,
        persistent: true,
        session_count: 0,
      };
      return { status, body: JSON.stringify({ hostname, version: `${version}-c`, server_id, ...more }) };
    }
    if (/\/input(\?|$)/.test(path) && status === 204)
      return { status: 200, body: JSON.stringify({ generation: this.#inputs++ }) };
    return { status, body };
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = request.url ?? "/";
    const upstream = new WebSocket(`ws+unix://${this.#upstream}:${path}`);
    upstream.on("unexpected-response", (_, answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => {
        const body = Buffer.concat(parts);
        socket.end(
          `HTTP/1.1 ${answer.statusCode} Refused\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body.toString("utf8")}`,
        );
      });
    });
    upstream.on("error", () => socket.destroy());
    const early: [Buffer, boolean][] = [];
    const keep = (data: Buffer, binary: boolean): void => void early.push([data, binary]);
    upstream.on("message", keep);
    upstream.on("open", () => {
      this.#sockets.handleUpgrade(request, socket, head, (client) => {
        upstream.off("message", keep);
        const pass = (data: Buffer, binary: boolean): void => this.#toClient(client, path, data, binary);
        for (const [data, binary] of early) pass(data, binary);
        upstream.on("message", pass);
        client.on("message", (data: Buffer, binary) => upstream.send(data, { binary }));
        client.on("close", () => upstream.close());
        upstream.on("close", () => client.close(1000, "session ended"));
      });
    });
  }

  #toClient(client: WebSocket, path: string, data: Buffer, binary: boolean): void {
    if (path.endsWith("/ws/raw")) {
      client.send(data, { binary });
      return;
    }
    const message = JSON.parse(data.toString("utf8")) as {
      event?: string;
      method?: string;
      params?: Record<string, unknown>;
    };
    if (message.event === "session_destroyed") delete message.params?.["exit_code"];
    client.send(JSON.stringify(message));
    if (message.method !== "subscribe") return;
    client.send(JSON.stringify({ type: "overlay_sync", overlays: [] }));
    client.send(JSON.stringify({ type: "panel_sync", panels: [] }));
    client.send(Buffer.from("\u001b[31moutput as a binary frame"), { binary: true });
  }
}
