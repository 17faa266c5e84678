import { createReadStream, existsSync } from "node:fs";
import {
  createServer,
  request,
  type IncomingMessage,
  type RequestOptions,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect } from "node:net";
import { extname, join, normalize } from "node:path";
import type { Duplex } from "node:stream";
import type { Endpoint } from "./rawHttp";

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** Serves a built page below `/ui/`, as wsh does with its own, and passes everything else on to a session server. */
export class PageServer {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Listens on the loopback interface. `folder` has an `index.html`; `target` is the session server. */
  static async start(folder: string, target: Endpoint): Promise<PageServer> {
    const server = createServer((incoming, response) => {
      if (incoming.url?.startsWith("/ui")) sendFile(folder, incoming.url, response);
      else passOn(target, incoming, response);
    });
    server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) =>
      passUpgradeOn(target, incoming, socket, head),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new PageServer(server);
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function sendFile(folder: string, url: string, response: ServerResponse): void {
  const wanted = normalize(new URL(url, "http://page").pathname.slice("/ui".length));
  const file = join(folder, extname(wanted) === "" ? "index.html" : wanted);
  if (!existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    "content-type": types[extname(file)] ?? "application/octet-stream",
    "content-security-policy": "connect-src 'self'",
  });
  createReadStream(file).pipe(response);
}

/**
 * The page's own origin is this server's, which the session server does not know: requests are passed on without it.
 */
function headersFor(target: Endpoint, { headers }: IncomingMessage): RequestOptions["headers"] {
  const { origin: _, host: __, ...others } = headers;
  return { ...others, host: "socketPath" in target ? "localhost" : `${target.host}:${target.port}` };
}

function passOn(target: Endpoint, incoming: IncomingMessage, response: ServerResponse): void {
  const call = request(
    { ...target, method: incoming.method, path: incoming.url, headers: headersFor(target, incoming) },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  call.on("error", () => response.destroy());
  incoming.pipe(call);
}

function passUpgradeOn(target: Endpoint, incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
  const upstream = connect("socketPath" in target ? { path: target.socketPath } : target);
  const lines = Object.entries(headersFor(target, incoming) ?? {}).map(([name, value]) => `${name}: ${String(value)}`);
  upstream.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  upstream.write(head);
  upstream.pipe(socket).pipe(upstream);
  for (const end of [upstream, socket]) {
    end.on("error", () => {
      upstream.destroy();
      socket.destroy();
    });
  }
}
