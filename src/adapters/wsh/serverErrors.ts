import type { ServerAddress } from "./serverAddress";
import { OrchestratorError } from "../../core/model/errors";
import { AttemptFailure } from "./attemptFailure";
import type { HttpAnswer, TransportError } from "./httpRequester";
import { peoplesName } from "../../core/model/names";
import { durationText } from "../../core/model/sentences";
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

const reachIt: Remedy = { kind: "reach_server" };
export const tryAgain = advice("Try again. The server's own log may say more.");
const correctValue = advice("Correct the value, then try again.");
const otherProgram = correctAddress("Check the address: another program, or another version of wsh, may use it now.");

function correctAddress(text: string): Remedy {
  return { kind: "correct_address", text };
}

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
      return final("auth_required", `${where} needs a token.`, {
        kind: "give_token",
        address: context.address.text,
      });
    case 403:
      return final(
        "request_invalid",
        `${where} refuses the connection${words}.`,
        correctAddress("Use a host name that the server allows."),
      );
    case 400:
    case 413:
    case 415:
    case 422:
      return final("request_invalid", `${where} rejected the request${words}.`, correctValue);
    case 404:
    case 405:
      return body
        ? final("request_invalid", `${where} did not find what was requested${words}.`, {
            kind: "choose_session",
            known: [],
          })
        : final(
            "response_invalid",
            `${where} lacks a function that a wsh server has (it answered ${answer.status}).`,
            correctAddress("Check the address and its path; the server may also have another version now."),
          );
    case 429:
    case 503:
    case 504:
      return new AttemptFailure(
        "busy",
        new OrchestratorError(
          "server_error",
          `${where} is busy (${answer.status})${words}.`,
          advice("Wait a moment, then try again."),
        ),
        retryAfterOf(answer),
      );
    case 500:
      if (answer.body.includes(limiterFault)) {
        return final(
          "server_error",
          `${where} runs an old version of wsh that accepts requests only from its own machine.`,
          {
            kind: "update_server",
          },
        );
      }
      return final("server_error", `${where} failed (${answer.status})${words}.`, tryAgain);
    default:
      return answer.status >= 500
        ? final("server_error", `${where} failed (${answer.status})${words}.`, tryAgain)
        : final("response_invalid", `${where} sent an unexpected answer (${answer.status}).`, otherProgram);
  }
}

/** Failures that their code alone says, over HTTP and over WebSocket. */
export function failureOfCode(body: WireErrorBody, context: ErrorContext): AttemptFailure | undefined {
  const where = `the server at ${context.address.text}`;
  const said = spoken(body.message);
  switch (body.code) {
    case "session_not_found":
      return new AttemptFailure("final", sessionNotFound(context));
    case "session_name_conflict":
      return final(
        "session_name_conflict",
        `There is already a session${named(context)} on ${where}.`,
        advice("Use that session, or choose another name."),
      );
    case "max_sessions_reached":
      return final("session_limit", sessionLimitReached(context.address.text), { kind: "end_sessions" });
    case "auth_required":
      return final("auth_required", `The server at ${context.address.text} needs a token.`, {
        kind: "give_token",
        address: context.address.text,
      });
    case "auth_invalid":
      return final("auth_invalid", `The server at ${context.address.text} rejected the token.`, {
        kind: "give_token",
        address: context.address.text,
      });
    case "session_create_failed":
      return final(
        "session_not_ready",
        `The server at ${context.address.text} could not start the session${named(context)}: ${said}.`,
        advice("Check that the folder and the shell of the session exist there."),
      );
    case "invalid_request":
    case "invalid_session_name":
    case "invalid_tag":
      return final(
        "request_invalid",
        `The server at ${context.address.text} rejected the request: ${said}.`,
        correctValue,
      );
    default:
      return undefined;
  }
}

export function sessionNotFound(context: ErrorContext): OrchestratorError {
  return new OrchestratorError(
    "session_not_found",
    `There is no session${named(context)} on the server at ${context.address.text}.`,
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
    `The server at ${text} could not be reached for ${durationText(Math.max(1, Math.round(ms / 1000)) * 1000)}.`,
    reachIt,
  );
}

/** What calls end with that are running when the client is closed. */
export function closedByUs(): OrchestratorError {
  return new OrchestratorError("cancelled", "The connection to the server was closed.", advice("Try again."));
}

/** An answer whose body is not what the protocol says. */
export function answerInvalid(context: ErrorContext, detail: string): AttemptFailure {
  return final(
    "response_invalid",
    `The server at ${context.address.text} sent an unexpected answer: ${untrustedText(detail)}.`,
    otherProgram,
  );
}

/** The failure of a request without a whole answer. */
export function failureOfTransport(error: TransportError, { address }: ErrorContext): AttemptFailure {
  if (error.code === "CLOSED") return new AttemptFailure("final", closedByUs());
  if (error.code.startsWith("HPE_") || error.code === "TOO_LARGE") return answerInvalid({ address }, error.message);
  // It must not be connected to; that may change.
  if (error.cause instanceof OrchestratorError) return new AttemptFailure("refused", error.cause);
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

function reasonOf(error: TransportError, address: ServerAddress): [reason: string, remedy: Remedy] {
  switch (error.code) {
    case "ECONNREFUSED":
      return ["nothing is listening there", reachIt];
    case "ENOENT":
      return address.socketPath === undefined
        ? ["the host name is unknown", reachIt]
        : ["the socket does not exist", reachIt];
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return ["the host name is unknown", correctAddress("Check the host name in the address.")];
    case "EACCES":
    case "EPERM":
      return [
        "permission denied",
        advice("Check the owner of the socket: only the user who started a server can connect to it."),
      ];
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
      return ["its certificate is not trusted", { kind: "give_certificate" }];
    case "CERT_HAS_EXPIRED":
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return [
        `its certificate is not valid (${error.message})`,
        correctAddress("Use the host name that is in the certificate, or renew the certificate."),
      ];
    case "EPROTO":
    case "ERR_SSL_WRONG_VERSION_NUMBER":
      return ["it does not use TLS", correctAddress("Use http:// instead of https://.")];
    case "TIMEOUT":
      return [error.message, advice("Check whether the server hangs, and restart it if it does.")];
    case "ECONNRESET":
    case "EPIPE":
      return ["the connection was lost", advice("Check that the server is still running, then try again.")];
    default:
      return [error.message === "" ? error.code : error.message, reachIt];
  }
}

function final(code: OrchestratorError["code"], message: string, remedy: Remedy): AttemptFailure {
  return new AttemptFailure("final", new OrchestratorError(code, message, remedy));
}

/** As people know the session. */
function named({ session }: ErrorContext): string {
  return session === undefined ? " of that name" : ` ${untrustedText(peoplesName(session))}`;
}

export function sessionLimitReached(address: string): string {
  return `The server at ${address} has reached its limit of sessions.`;
}

/** A server's words as part of a sentence of ours. */
export function spoken(text: string): string {
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
