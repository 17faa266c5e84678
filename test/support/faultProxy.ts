import * as net from "node:net";
import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Disposable } from "../../src/core/base/lifecycle";
import { freePort, temporarySocket } from "./localAddresses";
import { randomBy, seed } from "./seed";

/**
 * `pass`: all bytes both ways. `lose_requests`: the client's connection is cut as soon as it sends, nothing reaches the
 * server. `lose_answers`: requests reach the server, the client's connection is cut when the answer comes. `refuse`:
 * new connections are cut at once.
 */
export type ProxyMode = "pass" | "lose_requests" | "lose_answers" | "refuse";

/** Which bytes vanish without a word: what the client sends, what the server answers, or both. */
export type BlackHole = "none" | "requests" | "answers" | "both";

/**
 * Stands between a client and a server of the same kind of address, and does to the connections what networks do.
 * Chance comes from the seed.
 */
export class FaultProxy {
  mode: ProxyMode = "pass";
  /** Only requests that hold this text lose their answer. */
  only = "";
  /** Each piece is held back for up to this many milliseconds; their order stays. */
  delayMs = 0;
  /** Each piece is passed on in two, parted at any byte. */
  halve = false;
  /** Connections that were accepted. */
  accepted = 0;
  /** When HTTP requests came, upgrades included, in milliseconds of `performance.now()`. */
  readonly requests: number[] = [];
  readonly #random: () => number;
  #blackHole: BlackHole = "none";
  readonly #passages = new Set<{ readonly direction: "requests" | "answers"; dead: boolean }>();
  readonly #sockets = new Set<net.Socket>();
  readonly #server: net.Server;

  private constructor(
    readonly address: string,
    readonly upstream: string,
    chance: number,
  ) {
    this.#random = randomBy(chance);
    this.#server = net.createServer((client) => this.#accept(client));
  }

  static async start(upstream: string, chance = seed): Promise<FaultProxy> {
    const unix = upstream.startsWith("unix:");
    const address = unix ? `unix:${await temporarySocket("proxy")}` : `http://127.0.0.1:${await freePort()}`;
    const proxy = new FaultProxy(address, upstream, chance);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen(targetOf(address), resolve);
    });
    return proxy;
  }

  /**
   * A connection that was there at the time stays dead in this direction, as one does whose other side is gone without
   * a word.
   */
  set blackHole(hole: BlackHole) {
    this.#blackHole = hole;
    for (const passage of this.#passages) passage.dead ||= this.#swallows(passage.direction);
  }

  #swallows(direction: "requests" | "answers"): boolean {
    return this.#blackHole === "both" || this.#blackHole === direction;
  }

  /** Breaks all present connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Breaks all present connections with RST, so that what was under way is lost; a Unix socket knows only `cut`. */
  reset(): void {
    for (const socket of this.#sockets) resetSocket(socket);
  }

  /** Cuts or resets after random times between `least` and `most` milliseconds, until disposed of; tells how often. */
  breakEvery(least: number, most: number): Disposable & { readonly breaks: number } {
    let breaks = 0;
    let timer: NodeJS.Timeout;
    const next = (): void => {
      timer = setTimeout(
        () => {
          breaks++;
          if (this.#random() < 0.5) this.cut();
          else this.reset();
          next();
        },
        least + this.#random() * (most - least),
      );
    };
    next();
    return {
      get breaks() {
        return breaks;
      },
      dispose: () => clearTimeout(timer),
    };
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
    const toServer = this.#passage(server, "requests");
    const toClient = this.#passage(client, "answers");
    this.#keep(client, () => {
      // What the client sent before is still delivered.
      void toServer.end();
    });
    this.#keep(server, () => void toClient.end());
    let meant = false;
    client.on("data", (chunk) => {
      if (/^(GET|POST|PATCH|PUT|DELETE) /.test(chunk.toString("latin1", 0, 8))) this.requests.push(performance.now());
      meant = chunk.includes(this.only);
      if (this.mode === "lose_requests") client.destroy();
      else toServer.pass(this.#withHost(chunk));
    });
    server.on("data", (chunk) => {
      if (this.mode === "lose_answers" && meant) client.destroy();
      else toClient.pass(chunk);
    });
  }

  #keep(socket: net.Socket, closed: () => void): void {
    this.#sockets.add(socket);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      closed();
    });
  }

  /** One direction of a connection: pieces go on in their order, late, halved, or not at all. */
  #passage(
    to: net.Socket,
    direction: "requests" | "answers",
  ): { pass: (chunk: Buffer) => void; end: () => Promise<void> } {
    let before: Promise<unknown> = Promise.resolve();
    const passage = { direction, dead: this.#swallows(direction) };
    this.#passages.add(passage);
    to.on("close", () => this.#passages.delete(passage));
    const write = (piece: Buffer): void => {
      if (!to.destroyed) to.write(piece);
    };
    const pass = (chunk: Buffer): void => {
      if (passage.dead) return;
      const at = this.halve && chunk.length > 1 ? 1 + Math.floor(this.#random() * (chunk.length - 1)) : chunk.length;
      for (const piece of [chunk.subarray(0, at), chunk.subarray(at)]) {
        if (piece.length === 0) continue;
        // Halves go at different times, so that they are two reads on the other side.
        const wait = this.halve || this.delayMs > 0 ? this.#random() * this.delayMs : undefined;
        before = before.then(() => (wait === undefined ? undefined : delay(wait))).then(() => write(piece));
      }
    };
    const end = async (): Promise<void> => {
      await before;
      if (!passage.dead) to.end();
    };
    return { pass, end };
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

function resetSocket(socket: net.Socket): void {
  if (socket.remoteAddress === undefined) socket.destroy();
  else socket.resetAndDestroy();
}

function hostOf(address: string): string | undefined {
  return address.startsWith("unix:") ? undefined : new URL(address).host;
}

function targetOf(address: string): net.NetConnectOpts & net.ListenOptions {
  if (address.startsWith("unix:")) return { path: address.slice("unix:".length) };
  const url = new URL(address);
  return { host: url.hostname, port: Number(url.port) };
}
