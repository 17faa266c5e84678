import * as net from "node:net";
import * as tls from "node:tls";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { WebSocket } from "ws";
import type { Disposable } from "../../core/base/lifecycle";
import { sharedMoment } from "../../core/base/sharedMoment";
import { OrchestratorError } from "../../core/model/errors";
import type { Clock } from "../../core/ports/machine";
import { AttemptFailure } from "./attemptFailure";
import { TransportError } from "./httpRequester";
import { permittedConnection } from "./permittedConnection";
import { type ServerAccess, type ServerAddress, trusting } from "./serverAddress";
import { type ErrorContext, failureOfAnswer, failureOfTransport, isTokenRefused } from "./serverErrors";

/** What happens on one connection. `failed` ends it before it was open, `closed` after; nothing follows either. */
export interface WebSocketListener {
  opened(): void;
  message(data: Buffer, binary: boolean): void;
  failed(failure: AttemptFailure): void;
  closed(): void;
}

const handshakeMs = 5_000;
/**
 * After so much silence the other side is pinged, and taken for dead when it says nothing for as long again: a
 * connection whose other side is gone without a word is noticed within 20 s. wsh answers pings while it waits up to 5 s
 * for a screen.
 */
const silenceMs = 10_000;
/** Connections that are silent are pinged together, up to this much earlier: many of them wake both sides once. */
const togetherMs = 2_000;
/** A styled screen of 1,000 × 1,000 cells stays below it. */
const maxMessageBytes = 64 * 1_048_576;
const maxRefusalBytes = 65_536;

/** One WebSocket to a server, open or not; disposing ends it without a word to its listener. */
export class WebSocketConnection implements Disposable {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #context: ErrorContext;
  #listener: WebSocketListener | undefined;
  #open = false;
  /** Why it has no connection is known; that the connection ends says nothing more. */
  #isRefused = false;
  #heardAt: number;
  #silence: Disposable | undefined;

  constructor(access: ServerAccess, path: string, listener: WebSocketListener, session?: string) {
    const { address, token, clock } = access;
    this.#listener = listener;
    this.#clock = clock;
    this.#context = { address, session };
    this.#heardAt = clock.monotonic();
    const sent = token.value;
    this.#socket = new WebSocket(urlOf(address, path), {
      handshakeTimeout: handshakeMs,
      perMessageDeflate: false,
      followRedirects: false,
      maxPayload: maxMessageBytes,
      headers: sent === undefined ? {} : { authorization: `Bearer ${sent}` },
      // Its type is that of Node's function of the name; it is called as an agent's.
      createConnection: permittedConnection(access, () => connectTo(access)) as unknown as typeof net.createConnection,
    });
    this.#follow(() => token.renew(sent));
  }

  /** Dropped when the connection is not open; whoever needs an answer learns it from `closed`. */
  send(data: string | Uint8Array): void {
    if (this.#open) this.#socket.send(data, () => undefined);
  }

  dispose(): void {
    this.#listener = undefined;
    this.#silence?.dispose();
    // A peer that does not answer the closing handshake would keep the connection for half a minute.
    if (this.#open) this.#socket.close(1000);
    this.#socket.terminate();
  }

  #follow(renewToken: () => Promise<boolean>): void {
    this.#socket.on("open", () => {
      this.#open = true;
      this.#heard();
      this.#watchSilence();
      this.#listener?.opened();
    });
    this.#socket.on("message", (data: Buffer, binary) => {
      this.#heard();
      this.#listener?.message(data, binary);
    });
    this.#socket.on("ping", () => this.#heard());
    this.#socket.on("pong", () => this.#heard());
    this.#socket.on("unexpected-response", (request, answer) => {
      readRefusal(answer, (body) => {
        const refusal = { status: answer.statusCode ?? 0, headers: answer.headers, body };
        void this.#refused(failureOfAnswer(refusal, this.#context), renewToken);
        request.destroy();
      });
    });
    this.#socket.on("error", (error) => {
      if (!this.#open && !this.#isRefused) this.#fail(failureOfTransport(transportError(error), this.#context));
    });
    this.#socket.on("close", () => this.#closed());
  }

  #fail(failure: AttemptFailure): void {
    const listener = this.#listener;
    this.#listener = undefined;
    this.#silence?.dispose();
    listener?.failed(failure);
  }

  /** With another token another try may be let in. */
  async #refused(failure: AttemptFailure, renewToken: () => Promise<boolean>): Promise<void> {
    this.#isRefused = true;
    const again = isTokenRefused(failure.error) && (await renewToken());
    this.#fail(again ? new AttemptFailure("busy", failure.error) : failure);
  }

  #closed(): void {
    if (this.#isRefused) return;
    const listener = this.#listener;
    this.#listener = undefined;
    this.#silence?.dispose();
    if (this.#open) listener?.closed();
    else
      listener?.failed(
        failureOfTransport(new TransportError("ECONNRESET", false, "the connection was lost"), this.#context),
      );
    this.#open = false;
  }

  #heard(): void {
    this.#heardAt = this.#clock.monotonic();
  }

  /** When it counts as silent if nothing more is heard. */
  get #silentAt(): number {
    return sharedMoment(this.#heardAt + silenceMs, togetherMs);
  }

  #watchSilence(): void {
    const wait = this.#silentAt - this.#clock.monotonic();
    this.#silence = this.#clock.after(Math.max(0, wait), () => {
      if (this.#clock.monotonic() < this.#silentAt) this.#watchSilence();
      else this.#ping();
    });
  }

  /** The answer has its time from now on: this process may have been stopped itself. */
  #ping(): void {
    const asked = this.#clock.monotonic();
    this.#socket.ping(undefined, undefined, () => undefined);
    this.#silence = this.#clock.after(silenceMs, () => {
      if (this.#heardAt < asked) this.#socket.terminate();
      else this.#watchSilence();
    });
  }
}

/**
 * Where the connection is made is said by `connectTo`. An extension host sends requests through its proxy settings,
 * where that is not heard; it leaves those alone that go to a Unix socket, so the address has to look like one.
 */
function urlOf({ socketPath, secure, hostname, port, base }: ServerAddress, path: string): string {
  if (socketPath !== undefined) return `ws+unix:/socket:${base}${path.replaceAll(":", "%3A")}`;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return `${secure ? "wss" : "ws"}://${host}:${port}${base}${path}`;
}

function connectTo({ address, certificates }: ServerAccess): Socket {
  if (address.socketPath !== undefined) return net.connect({ path: address.socketPath });
  const target = { host: address.hostname, port: address.port, noDelay: true };
  if (!address.secure) return net.connect(target);
  return tls.connect({
    ...target,
    servername: net.isIP(address.hostname) === 0 ? address.hostname : "",
    ...trusting(certificates),
  });
}

/** The upgrade is safe to repeat, so it never counts as sent. */
function transportError(error: Error): TransportError {
  const code = "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
  if (error.message.includes("handshake has timed out"))
    return new TransportError("TIMEOUT", false, `no answer within ${handshakeMs / 1000} s`);
  if (error instanceof OrchestratorError) return new TransportError(code, false, error.message, { cause: error });
  const speaksAnother = code === "UNKNOWN" || code.startsWith("WS_ERR");
  return new TransportError(speaksAnother ? "HPE_UPGRADE" : code, false, error.message, { cause: error });
}

function readRefusal(answer: IncomingMessage, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let told = false;
  const finish = (): void => {
    if (told) return;
    told = true;
    done(Buffer.concat(chunks).toString("utf8"));
  };
  answer.on("data", (chunk: Buffer) => {
    size += chunk.length;
    chunks.push(chunk);
    if (size > maxRefusalBytes) finish();
  });
  answer.on("end", finish);
  answer.on("error", finish);
  answer.on("close", finish);
}
