import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Counts connections, keeps what is sent, and asks everybody for a token. */
export class CountingServer {
  connections = 0;
  readonly heard: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((socket) => {
      this.connections++;
      socket.on("error", () => undefined);
      socket.on("data", (bytes) => {
        this.heard.push(bytes.toString("latin1"));
        socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      });
    });
  }

  static async at(place: string | number): Promise<CountingServer> {
    const server = new CountingServer();
    server.#server.listen(typeof place === "string" ? { path: place } : { port: place, host: "127.0.0.1" });
    await once(server.#server, "listening");
    return server;
  }

  /** Of one at a port. */
  get address(): string {
    const at = this.#server.address();
    return typeof at === "object" && at !== null ? `http://127.0.0.1:${at.port}` : "";
  }

  close(): void {
    this.#server.close();
  }
}
