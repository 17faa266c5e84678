import { randomBytes, timingSafeEqual, createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { RequestFailure } from "./requestFailure";

const ticketLifetimeMs = 30_000;
const maxTickets = 1_024;
const ticketAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const ticketLength = 32;

/** wsh refuses shorter tokens. */
export const minTokenLength = 16;

/** 256 bits, as 64 hex digits. */
export const newToken = (): string => randomBytes(32).toString("hex");

/** Single-use passes for WebSockets of clients that cannot set headers. */
export class Tickets {
  readonly #expiry = new Map<string, number>();

  /** Throws `resource_limit_reached` when too many are outstanding. */
  issue(): string {
    const now = performance.now();
    for (const [ticket, expiry] of this.#expiry) if (expiry <= now) this.#expiry.delete(ticket);
    if (this.#expiry.size >= maxTickets)
      throw new RequestFailure(429, "resource_limit_reached", `There are already ${maxTickets} unused tickets.`);
    const ticket = randomText(ticketLength);
    this.#expiry.set(ticket, now + ticketLifetimeMs);
    return ticket;
  }

  /** Whether the ticket was good; it is used up now. */
  redeem(ticket: string): boolean {
    const expiry = this.#expiry.get(ticket);
    this.#expiry.delete(ticket);
    return expiry !== undefined && expiry > performance.now();
  }
}

/** Unbiased: bytes that do not fit a whole number of alphabets are drawn again. */
function randomText(length: number): string {
  const usable = 256 - (256 % ticketAlphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length))
      if (byte < usable && text.length < length) text += ticketAlphabet.charAt(byte % ticketAlphabet.length);
  }
  return text;
}

function equalInConstantTime(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** Who may talk to one listener. A Unix socket is guarded by its file mode, so it has neither port nor token. */
export interface Access {
  /** The real TCP port; undefined for a Unix socket or named pipe. */
  readonly port: number | undefined;
  /** Undefined: none is asked for. */
  readonly token: string | undefined;
}

export interface AccessRequest {
  readonly request: IncomingMessage;
  /** `/health` is open to everybody on the right host. */
  readonly open: boolean;
  /** Set on WebSocket upgrades: the raw `ticket` of the query. */
  readonly upgrade: { readonly ticket: string | undefined } | undefined;
}

function single(request: IncomingMessage, name: string): string | undefined {
  const values = request.headersDistinct[name] ?? [];
  // Two values are a sign of request smuggling, and which one counts would be a guess.
  return values.length > 1 ? "\0" : values[0];
}

const jsonType = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

export const isJson = (request: IncomingMessage): boolean => jsonType.test(request.headers["content-type"] ?? "");

const isBinary = (request: IncomingMessage): boolean =>
  /^application\/octet-stream\s*(?:;|$)/i.test(request.headers["content-type"] ?? "");

/**
 * Refuses what another web page could have sent. The name in Host defeats DNS rebinding, Origin defeats foreign pages,
 * and the content type makes a browser ask first. wsh checks Origin on upgrades only.
 */
function checkOrigin(access: Access, request: IncomingMessage): void {
  if (access.port !== undefined) {
    const names = [`127.0.0.1:${access.port}`, `localhost:${access.port}`, `[::1]:${access.port}`];
    if (!names.includes((single(request, "host") ?? "").toLowerCase())) {
      throw new RequestFailure(403, "host_not_allowed", "This server accepts only loopback host names.");
    }
  }
  const origin = single(request, "origin");
  if (origin === undefined) return;
  const origins =
    access.port === undefined
      ? []
      : [`http://127.0.0.1:${access.port}`, `http://localhost:${access.port}`, `http://[::1]:${access.port}`];
  if (!origins.includes(origin))
    throw new RequestFailure(403, "origin_not_allowed", "Pages of this origin may not use the server.");
  const changes = request.method !== "GET" && request.method !== "HEAD";
  if (changes && !isJson(request) && !isBinary(request)) {
    throw new RequestFailure(
      415,
      "unsupported_media_type",
      "A page must send a JSON content type (or octets as input).",
    );
  }
}

/** Throws `host_not_allowed`, `origin_not_allowed`, `unsupported_media_type`, `auth_required` or `auth_invalid`. */
export function checkAccess(access: Access, tickets: Tickets, { request, open, upgrade }: AccessRequest): void {
  checkOrigin(access, request);
  if (open || access.token === undefined) return;
  const authorization = single(request, "authorization");
  if (authorization?.startsWith("Bearer ")) {
    if (equalInConstantTime(authorization.slice("Bearer ".length), access.token)) return;
    throw new RequestFailure(403, "auth_invalid", "The token is wrong.");
  }
  if (upgrade?.ticket !== undefined && tickets.redeem(upgrade.ticket)) return;
  throw new RequestFailure(401, "auth_required", "This server needs a token: Authorization: Bearer.");
}
