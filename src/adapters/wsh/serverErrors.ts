import type { ServerAddress } from "./serverAddress";
import { OrchestratorError } from "../../core/model/errors";
import { AttemptFailure } from "./attemptFailure";
import type { HttpAnswer, TransportError } from "./httpRequester";
import { untrustedText } from "./untrustedText";
import { type WireErrorBody, wireErrorSchema } from "./wire";
import { advice, type Remedy } from "../../core/model/remedy";

/** What a request is about, for its error's sentence. */
export interface ErrorContext {
  readonly address: ServerAddress;
  /** The session that the request names. */
  readonly session?: string;
}

/**
 * What wsh before the evening of 27 February 2026 answers to every request that does not come over loopback, and later
 * still with TLS there.
 */
const limiterFault = "Unable To Extract Key";

/** `{"error":{"code","message"}}` of a body, or undefined for framework errors and foreign servers. */
export function errorBodyOf(answer: HttpAnswer): WireErrorBody | undefined {
  try {
    return wireErrorSchema.safeParse(JSON.parse(answer.body)).data?.error;
  } catch {
    return undefined;
  }
}

/** It asks for a token, or for another one; it has done nothing. */
export function isTokenRefused(error: OrchestratorError): boolean {
  return error.code === "auth_required" || error.code === "auth_invalid";
}

/** The failure behind an answer that is no success. */
export function failureOfAnswer(answer: HttpAnswer, context: ErrorContext): AttemptFailure {
  const body = errorBodyOf(answer);
  const said = spoken(body?.message ?? (isText(answer) ? answer.body : ""));
  if (body) {
    const known = failureOfCode(body, context);
    if (known) return known;
  }
  const where = `The server at ${context.address.text}`;
  const words = said === "" ? "" : `: ${said}`;
  switch (answer.status) {
    case 401:
      return final("auth_required", `${where} asks for a token.`, {
        kind: "give_token",
        address: context.address.text,
      });
    case 403:
      return final(
        "request_invalid",
        `${where} refuses this client${words}.`,
        advice("Check that the address is one that the server allows (host and origin)."),
      );
    case 400:
    case 413:
    case 415:
    case 422:
      return final(
        "request_invalid",
        `${where} does not accept the request${words}.`,
        advice("Correct the value and try again."),
      );
    case 404:
    case 405:
      return body
        ? final("request_invalid", `${where} does not know what was asked for${words}.`, {
            kind: "choose_session",
            known: [],
          })
        : final(
            "response_invalid",
            `${where} lacks a function of a wsh server (it answered ${answer.status}).`,
            advice("Check the address and its base prefix; the server may also be of another version than before."),
          );
    case 429:
    case 503:
    case 504:
      return new AttemptFailure(
        "busy",
        new OrchestratorError(
          "server_error",
          `${where} cannot answer now (${answer.status})${words}.`,
          advice("Wait a moment and try again."),
        ),
        retryAfterOf(answer),
      );
    case 500:
      if (answer.body.includes(limiterFault)) {
        return final("server_error", `${where} is of a version of wsh that answers nobody but its own machine.`, {
          kind: "update_server",
        });
      }
      return final(
        "server_error",
        `${where} failed (${answer.status})${words}.`,
        advice("Try again; the server's own log tells more."),
      );
    default:
      return answer.status >= 500
        ? final(
            "server_error",
            `${where} failed (${answer.status})${words}.`,
            advice("Try again; the server's own log tells more."),
          )
        : final(
            "response_invalid",
            `${where} gave an answer that no wsh server gives (${answer.status}).`,
            advice("Check the address; something else may listen there."),
          );
  }
}

/** Failures that their code tells alone, over HTTP and over WebSocket. */
export function failureOfCode(body: WireErrorBody, context: ErrorContext): AttemptFailure | undefined {
  const where = `the server at ${context.address.text}`;
  const said = spoken(body.message);
  switch (body.code) {
    case "session_not_found":
      return new AttemptFailure("final", sessionNotFound(context));
    case "session_name_conflict":
      return final(
        "session_name_conflict",
        `A session of this name exists already on ${where}${ofSession(context)}.`,
        advice("Use that session or take another name."),
      );
    case "max_sessions_reached":
      return final("session_limit", `No more sessions fit on ${where}.`, { kind: "end_sessions" });
    case "auth_required":
      return final("auth_required", `The server at ${context.address.text} asks for a token.`, {
        kind: "give_token",
        address: context.address.text,
      });
    case "auth_invalid":
      return final("auth_invalid", `The server at ${context.address.text} does not accept this token.`, {
        kind: "give_token",
        address: context.address.text,
      });
    case "invalid_request":
    case "invalid_session_name":
    case "invalid_tag":
      return final("request_invalid", `Not accepted by ${where}: ${said}.`, advice("Correct the value and try again."));
    default:
      return undefined;
  }
}

export function sessionNotFound(context: ErrorContext): OrchestratorError {
  return new OrchestratorError(
    "session_not_found",
    `There is no such session on the server at ${context.address.text}${ofSession(context)}.`,
    { kind: "choose_session", known: [] },
  );
}

/**
 * What a request fails with that is not tried, since the server has not answered others for so many milliseconds; the
 * last of those says why.
 */
export function notAnswering(
  { text }: ServerAddress,
  ms: number,
  last: OrchestratorError | undefined,
): OrchestratorError {
  if (last) return new OrchestratorError("server_unreachable", last.message, last.remedy, { cause: last });
  return new OrchestratorError(
    "server_unreachable",
    `The server at ${text} cannot be reached: it has not answered for ${Math.max(1, Math.round(ms / 1000))} s.`,
    startIt,
  );
}

/** What calls end with that are running when the client is closed. */
export function closedByUs(): OrchestratorError {
  return new OrchestratorError(
    "cancelled",
    "The connection to the server was closed by this program.",
    advice("Start the operation again."),
  );
}

/** An answer whose body is not what the protocol says. */
export function answerInvalid(context: ErrorContext, detail: string): AttemptFailure {
  return final(
    "response_invalid",
    `The server at ${context.address.text} gave an answer that no wsh server gives: ${untrustedText(detail)}.`,
    advice("Check the address; something else may listen there, or the server is of another version."),
  );
}

/** The failure of a request without a whole answer. */
export function failureOfTransport(error: TransportError, { address }: ErrorContext): AttemptFailure {
  if (error.code === "CLOSED") return new AttemptFailure("final", closedByUs());
  if (error.code.startsWith("HPE_") || error.code === "TOO_LARGE") return answerInvalid({ address }, error.message);
  const [reason, remedy] = reasonOf(error, address);
  return new AttemptFailure(
    error.mayHaveLeft ? "broken" : "refused",
    new OrchestratorError(
      "server_unreachable",
      `The server at ${address.text} cannot be reached: ${untrustedText(reason)}.`,
      remedy,
      { cause: error },
    ),
  );
}

const startIt: Remedy = { kind: "choose_server", addresses: [] };

function reasonOf(error: TransportError, address: ServerAddress): [reason: string, remedy: Remedy] {
  switch (error.code) {
    case "ECONNREFUSED":
      return ["nothing listens there", startIt];
    case "ENOENT":
      return address.socketPath === undefined
        ? ["the name is not known", startIt]
        : ["there is no such socket", startIt];
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return ["the host name is not known", advice("Check the host name in the address.")];
    case "EACCES":
    case "EPERM":
      return ["access is denied", advice("Check who owns the socket; a server belongs to the user that started it.")];
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
      return ["its certificate is not trusted", { kind: "give_certificate" }];
    case "CERT_HAS_EXPIRED":
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return [
        `its certificate is not valid (${error.message})`,
        advice("Give the address by the name in the certificate, or renew the certificate."),
      ];
    case "EPROTO":
    case "ERR_SSL_WRONG_VERSION_NUMBER":
      return ["it does not speak TLS", advice("Give the address with http:// instead of https://.")];
    case "TIMEOUT":
      return [error.message, advice("Check whether the server hangs; restart it if so.")];
    case "ECONNRESET":
    case "EPIPE":
      return ["the connection broke", advice("Check whether the server still runs, then try again.")];
    default:
      return [error.message === "" ? error.code : error.message, startIt];
  }
}

function final(code: OrchestratorError["code"], message: string, remedy: Remedy): AttemptFailure {
  return new AttemptFailure("final", new OrchestratorError(code, message, remedy));
}

function ofSession({ session }: ErrorContext): string {
  return session === undefined ? "" : ` (${untrustedText(session)})`;
}

/** A server's words as part of a sentence of ours. */
function spoken(text: string): string {
  return untrustedText(text).replace(/[.\s]+$/, "");
}

/** Web pages are answers of something else; only plain text is worth a look. */
function isText(answer: HttpAnswer): boolean {
  return !/html/i.test(answer.headers["content-type"] ?? "") && !/^\s*</.test(answer.body);
}

/** `retry-after` in seconds; dates are not used by wsh. */
function retryAfterOf(answer: HttpAnswer): number {
  const seconds = Number(answer.headers["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}
