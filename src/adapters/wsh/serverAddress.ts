import { resolve } from "node:path";
import { rootCertificates } from "node:tls";
import { OrchestratorError } from "../../core/model/errors";
import type { Clock } from "../../core/ports/machine";
import type { AccessToken } from "./accessToken";

/** Where a server listens, taken apart for node's http module. */
export interface ServerAddress {
  /**
   * Normal form: `unix:/path`, absolute, or `http(s)://host[:port][/base]` in lower case, without a usual port and a
   * slash at the end. Two addresses are one exactly when this is the same.
   */
  readonly text: string;
  /** Unix socket or named pipe; then host and port mean nothing. */
  readonly socketPath?: string;
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** Base prefix of all routes: empty, or `/x` without a slash at the end. */
  readonly base: string;
}

/** A server's address with what is needed to be let in. */
export interface ServerAccess {
  readonly address: ServerAddress;
  readonly token: AccessToken;
  /** Certificates in PEM that are trusted besides the system's own, for `https`. */
  readonly certificates: string | undefined;
  /** Asked before each connection; rejects with why there must be none. */
  readonly permit: (() => Promise<void>) | undefined;
  readonly clock: Clock;
}

/** How a client reaches a server. */
export interface ClientOptions {
  /** `unix:PATH` or `http(s)://host[:port][/base]`. */
  readonly address: string;
  readonly token?: string;
  /** In PEM; trusted besides the system's own, for `https`. */
  readonly certificates?: string;
  /** Asked before each connection; rejects with why there must be none. */
  readonly permit?: () => Promise<void>;
  readonly clock: Clock;
}

const forms = "Use an address such as unix:/run/user/1000/server.sock or http://127.0.0.1:8080.";

/** Characters that make an address look like another one. */
const invisible = (text: string): boolean => !/^[!-~]*$/.test(text) && /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);

/** Reads `unix:PATH` or `http(s)://host[:port][/base]`; throws `usage`. */
export function parseServerAddress(text: string): ServerAddress {
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length);
    if (path === "" || invisible(path))
      throw wrong("The server address unix: needs the path of a socket after the colon.");
    const socketPath = resolve(path);
    return { text: `unix:${socketPath}`, socketPath, secure: false, hostname: "localhost", port: 80, base: "" };
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong("The server address must be a URL, or unix: and the path of a socket.");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw wrong(`A server address must begin with unix:, http:// or https://, not with ${url.protocol}//.`);
  if (url.username !== "" || url.password !== "")
    throw wrong("A server address must not contain a user name or a password.");
  if (url.search !== "" || url.hash !== "") throw wrong("A server address must not contain a query or a fragment.");
  const secure = url.protocol === "https:";
  const base = url.pathname.replace(/\/+$/, "");
  return {
    text: `${url.protocol}//${url.host}${base}`,
    secure,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    base,
  };
}

/** The normal form; undefined for what is no address. */
export function normalAddress(text: string): string | undefined {
  try {
    return parseServerAddress(text).text;
  } catch {
    return undefined;
  }
}

/** What is no address is the same as none. */
export function isSameAddress(one: string, other: string): boolean {
  const normal = normalAddress(one);
  return normal !== undefined && normal === normalAddress(other);
}

function wrong(message: string): OrchestratorError {
  return new OrchestratorError("usage", message, { kind: "correct_address", text: forms });
}

/** Node's option for certificates that are trusted besides its own. */
export function trusting(certificates: string | undefined): { ca?: string[] } {
  return certificates === undefined ? {} : { ca: [...rootCertificates, certificates] };
}

/** Whether a server's sessions see this machine's folders. */
export function isLocalAddress(address: string): boolean {
  if (address.startsWith("unix:")) return true;
  try {
    return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(address).hostname);
  } catch {
    return false;
  }
}
