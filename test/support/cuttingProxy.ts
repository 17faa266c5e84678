import * as net from "node:net";
import { rm } from "node:fs/promises";
import { freePort, temporarySocket } from "./localAddresses";

/**
 * `pass`: all bytes both ways. `lose_requests`: the client's connection is cut as soon as it sends, nothing reaches the server.
 * `lose_answers`: requests reach the server, the client's connection is cut when the answer comes. `refuse`: new connections are cut at once.
 */
export type ProxyMode = "pass" | "lose_requests" | "lose_answers" | "refuse";

/** Stands between a client and a server of the same kind of address, and breaks connections on command. */
export class CuttingProxy {
  mode: ProxyMode = "pass";
  /** Only requests that hold this text lose their answer. */
  only = "";
  /** Connections that were accepted, and bytes that were passed on to the server. */
  accepted = 0;
  readonly #pairs = new Set<net.Socket>();
  readonly #server: net.Server;

  private constructor(
    readonly address: string,
    readonly upstream: string,
  ) {
    this.#server = net.createServer((client) => this.#accept(client));
  }

  static async start(upstream: string): Promise<CuttingProxy> {
    const unix = upstream.startsWith("unix:");
    const address = unix ? `unix:${await temporarySocket("proxy")}` : `http://127.0.0.1:${await freePort()}`;
    const proxy = new CuttingProxy(address, upstream);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen(targetOf(address), resolve);
    });
    return proxy;
  }

  /** Breaks all present connections. */
  cut(): void {
    for (const socket of this.#pairs) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
    if (this.address.startsWith("unix:")) await rm(this.address.slice("unix:".length), { force: true });
  }

  #accept(client: net.Socket): void {
    this.accepted++;
    client.on("error", () => undefined);
    if (this.mode === "refuse") {
      client.destroy();
      return;
    }
    const server = net.connect(targetOf(this.upstream));
    server.on("error", () => client.destroy());
    this.#pairs.add(client).add(server);
    client.on("close", () => {
      this.#pairs.delete(client);
      // What the client sent before is still delivered.
      server.end();
    });
    server.on("close", () => {
      this.#pairs.delete(server);
      client.destroy();
    });
    let meant = false;
    client.on("data", (chunk) => {
      meant = chunk.includes(this.only);
      if (this.mode === "lose_requests") client.destroy();
      else server.write(this.#withHost(chunk));
    });
    server.on("data", (chunk) => {
      if (this.mode === "lose_answers" && meant) client.destroy();
      else client.write(chunk);
    });
  }

  /** A server may insist on its own name and port in the Host header. */
  #withHost(chunk: Buffer): Buffer {
    const [own, other] = [hostOf(this.address), hostOf(this.upstream)];
    if (own === undefined || other === undefined) return chunk;
    const at = chunk.indexOf(own, 0, "latin1");
    if (at < 0) return chunk;
    return Buffer.concat([chunk.subarray(0, at), Buffer.from(other), chunk.subarray(at + own.length)]);
  }
}

function hostOf(address: string): string | undefined {
  return address.startsWith("unix:") ? undefined : new URL(address).host;
}

function targetOf(address: string): net.NetConnectOpts & net.ListenOptions {
  if (address.startsWith("unix:")) return { path: address.slice("unix:".length) };
  const url = new URL(address);
  return { host: url.hostname, port: Number(url.port) };
}
