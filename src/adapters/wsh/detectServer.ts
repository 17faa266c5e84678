import { hasCode, OrchestratorError } from "../../core/model/errors";
import type { Clock, ServerInfo } from "../../core/ports";
import { retryPolicies } from "./retryPolicies";
import { parseServerAddress } from "./serverAddress";
import { ServerCalls } from "./serverCalls";
import { checkedToken } from "./requestChecks";
import { wireHealthSchema, wireServerInfoSchema } from "./wire";
import { toServerInfo } from "./wireConversions";

export interface DetectOptions {
  /** `unix:PATH` or `http(s)://host[:port][/base]`. */
  readonly address: string;
  readonly token?: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/**
 * Finds out, without retries and side effects, whether a usable server listens there. Throws `server_unreachable`, `auth_required`, `auth_invalid`,
 * `response_invalid` for what is no wsh server or one from before the end of February 2026, or `usage` for an address that is none.
 */
export async function detectServer({ address: text, token, clock, signal }: DetectOptions): Promise<ServerInfo> {
  const address = parseServerAddress(text);
  const calls = new ServerCalls(address, checkedToken(token), clock);
  const call = { method: "GET", policy: retryPolicies.once, signal } as const;
  try {
    await calls.read(wireHealthSchema, { ...call, path: "/health" }).catch((error: unknown) => {
      throw hasCode(error, "response_invalid", "request_invalid", "server_error")
        ? new OrchestratorError(
            "response_invalid",
            `What listens at ${address.text} is not a wsh server.`,
            "Check the address and its base prefix.",
            { cause: error },
          )
        : error;
    });
    const info = await calls.read(wireServerInfoSchema, { ...call, path: "/server/info" }).catch((error: unknown) => {
      throw hasCode(error, "response_invalid")
        ? new OrchestratorError(
            "response_invalid",
            `The wsh server at ${address.text} is older than the end of February 2026.`,
            "Update wsh, or use the built-in server (--server builtin).",
            { cause: error },
          )
        : error;
    });
    return toServerInfo(address.text, info);
  } finally {
    calls.close();
  }
}
