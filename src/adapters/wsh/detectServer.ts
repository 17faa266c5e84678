import type { ServerInfo } from "../../core/ports/sessions";
import { AccessToken } from "./accessToken";
import { type ClientOptions, parseServerAddress } from "./serverAddress";
import { ServerCalls } from "./serverCalls";
import { detectOnce } from "./serverDialect";

export interface DetectOptions extends ClientOptions {
  readonly signal?: AbortSignal;
}

/**
 * Finds out, without retries and side effects, whether a usable server listens there. Throws `server_unreachable`,
 * `auth_required`, `auth_invalid`, `server_error`, `response_invalid` when it is not a wsh server, or `usage` for an
 * address that is not one.
 */
export async function detectServer({
  address: text,
  token,
  certificates,
  permit,
  clock,
  signal,
}: DetectOptions): Promise<ServerInfo> {
  const address = parseServerAddress(text);
  const calls = new ServerCalls({ address, token: new AccessToken(token), certificates, permit, clock });
  try {
    return (await detectOnce(calls, { signal })).info;
  } finally {
    calls.close();
  }
}
