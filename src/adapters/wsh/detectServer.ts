import { hasCode, OrchestratorError } from "../../core/model/errors";
import type { Clock } from "../../core/ports/machine";
import type { ServerInfo } from "../../core/ports/sessions";
import { AccessToken } from "./accessToken";
import { retryPolicies } from "./retryPolicies";
import { parseServerAddress } from "./serverAddress";
import { ServerCalls } from "./serverCalls";
import { detectDialect } from "./serverDialect";

export interface DetectOptions {
  /** `unix:PATH` or `http(s)://host[:port][/base]`. */
  readonly address: string;
  readonly token?: string;
  /** In PEM; trusted besides the system's own. */
  readonly certificates?: string;
  /** Asked before each connection; rejects with why there must be none. */
  readonly permit?: () => Promise<void>;
  readonly clock: Clock;
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
    return (await detectDialect(calls, { policy: retryPolicies.once, signal })).info;
  } catch (error) {
    throw hasCode(error, "response_invalid", "request_invalid")
      ? new OrchestratorError(
          "response_invalid",
          `The program at ${address.text} is not a wsh server.`,
          { kind: "correct_address", text: "Check the address, its port and its path." },
          { cause: error },
        )
      : error;
  } finally {
    calls.close();
  }
}
