import type * as z from "zod/mini";
import { hasCode, OrchestratorError } from "../../core/model/errors";
import type { Clock } from "../../core/ports/machine";
import type { AccessToken } from "./accessToken";
import { AttemptFailure } from "./attemptFailure";
import { type HttpAnswer, type HttpRequest, HttpRequester, TransportError } from "./httpRequester";
import { type RetryPolicy, withRetries } from "./retryPolicies";
import type { ServerAccess, ServerAddress } from "./serverAddress";
import { ServerBreaker } from "./serverBreaker";
import {
  answerInvalid,
  errorBodyOf,
  type ErrorContext,
  failureOfAnswer,
  failureOfTransport,
  isTokenRefused,
  notAnswering,
  sessionNotFound,
} from "./serverErrors";
import { maxBodyBytes, wireSessionInfoSchema } from "./wire";
import { peoplesName } from "../../core/model/names";
import { advice, type Remedy } from "../../core/model/remedy";

/** Milliseconds for a request that the server answers at once; its own inner limit is 5 s. */
const answerMs = 10_000;
/** Milliseconds for the question whether a server is back, which needs no work of it. */
const probeMs = 5_000;

export interface Call {
  readonly method: HttpRequest["method"];
  readonly path: string;
  readonly policy: RetryPolicy;
  /** Sent as JSON. */
  readonly json?: object;
  /** Named in errors; a server that cannot read its screen is asked whether it still exists. */
  readonly session?: string;
  /** How long the server may hold the answer back. */
  readonly waitMs?: number;
  /** The server has just been heard, so it is asked even where others are kept from one that was away. */
  readonly heard?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Requests of the protocol: retried as their policy says, every answer checked, every failure an OrchestratorError or
 * the signal's reason.
 */
export class ServerCalls {
  readonly address: ServerAddress;
  readonly #requester: HttpRequester;
  readonly #token: AccessToken;
  readonly #clock: Clock;
  readonly #breaker: ServerBreaker;
  #answeredAt: number;
  #lastFailure: OrchestratorError | undefined;

  constructor(access: ServerAccess) {
    const { address, clock, token } = access;
    this.address = address;
    this.#requester = new HttpRequester(access);
    this.#token = token;
    this.#clock = clock;
    this.#answeredAt = clock.monotonic();
    const probe = async (): Promise<void> => {
      await this.#send({ method: "GET", path: "/health", timeoutMs: probeMs }, { address });
    };
    this.#breaker = new ServerBreaker(
      clock,
      probe,
      () =>
        new AttemptFailure("refused", notAnswering(address, clock.monotonic() - this.#answeredAt, this.#lastFailure)),
    );
  }

  /** The body of a 2xx answer as `schema` reads it. */
  read<T>(schema: z.ZodMiniType<T>, call: Call): Promise<T> {
    return this.#run(call, (answer) => this.#parse(schema, answer, call));
  }

  /** A 2xx answer, or one with a status that is an answer too here. */
  ask(call: Call, statuses: readonly number[]): Promise<HttpAnswer> {
    return this.#run(call, (answer) => answer, statuses);
  }

  /** As `read`; undefined for a status that is no failure here. */
  readUnless<T>(status: number, schema: z.ZodMiniType<T>, call: Call): Promise<T | undefined> {
    return this.#run(call, (answer) => (answer.status === status ? undefined : this.#parse(schema, answer, call)), [
      status,
    ]);
  }

  /** A 2xx answer whose body does not matter. */
  async perform(call: Call): Promise<void> {
    await this.#run(call, () => undefined);
  }

  /**
   * Sends the bytes in one request that is never repeated once they may have left: `input_not_sent` when they provably
   * did not, `input_unconfirmed` when nobody knows. An abort before a byte may have left throws the signal's reason, a
   * later one `input_unconfirmed`.
   */
  async input(
    path: string,
    session: string,
    body: Uint8Array,
    policy: RetryPolicy,
    signal?: AbortSignal,
  ): Promise<void> {
    const context = { address: this.address, session };
    let mayHaveLeft = false;
    const before = new AbortController();
    const onAbort = (): void => {
      if (!mayHaveLeft) before.abort(signal?.reason);
    };
    signal?.throwIfAborted();
    signal?.addEventListener("abort", onAbort, { once: true });
    const connected = (): void => {
      mayHaveLeft = true;
    };
    const attempt = async (): Promise<void> => {
      // What may have left is nothing that a breaker may judge, or count.
      await this.#breaker.ready().catch((error: unknown) => {
        throw error instanceof AttemptFailure ? new AttemptFailure("refused", notSent(error.error)) : error;
      });
      const answer = await this.#exchange(
        { method: "POST", path, body, timeoutMs: answerMs, connected, signal },
        context,
      ).catch((error: unknown) => {
        throw inputTransportFailure(error, context);
      });
      this.#answered();
      const failure = inputAnswerFailure(answer, context);
      if (failure) throw failure;
    };
    try {
      await withRetries(policy, this.#clock, attempt, before.signal);
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** The server has answered somebody else. */
  heard(): void {
    this.#breaker.heard();
  }

  close(): void {
    this.#requester.close();
  }

  async #run<T>(call: Call, use: (answer: HttpAnswer) => T, accepted: readonly number[] = []): Promise<T> {
    const context = { address: this.address, session: call.session };
    const body = call.json === undefined ? undefined : new TextEncoder().encode(JSON.stringify(call.json));
    if (body && body.byteLength > maxBodyBytes) {
      throw new OrchestratorError(
        "request_invalid",
        "The request is larger than 1 MiB, the most that a server accepts.",
        advice("Send less text, or put it into a file."),
      );
    }
    const request: HttpRequest = {
      method: call.method,
      path: call.path,
      ...(body ? { body, contentType: "application/json" } : {}),
      timeoutMs: answerMs + (call.waitMs ?? 0),
      longPoll: call.waitMs !== undefined,
      signal: call.signal,
    };
    const attempt = async (): Promise<T> => {
      const answer = await this.#send(request, context);
      if (answer.status >= 200 && answer.status < 300) return use(answer);
      if (accepted.includes(answer.status)) return use(answer);
      throw await this.#explain(answer, context, call);
    };
    return withRetries(
      call.policy,
      this.#clock,
      call.heard === true ? attempt : () => this.#breaker.run(attempt),
      call.signal,
    );
  }

  #answered(): void {
    this.#answeredAt = this.#clock.monotonic();
  }

  /** A token that is refused is read anew; with another one the request goes out once more, since nothing was done. */
  async #exchange(request: HttpRequest, context: ErrorContext): Promise<HttpAnswer> {
    const token = this.#token.value;
    const answer = await this.#requester.send(request);
    const mayBeRefusal = answer.status === 401 || answer.status === 403;
    if (!mayBeRefusal || !isTokenRefused(failureOfAnswer(answer, context).error)) return answer;
    return (await this.#token.renew(token)) ? this.#requester.send(request) : answer;
  }

  async #send(request: HttpRequest, context: ErrorContext): Promise<HttpAnswer> {
    try {
      const answer = await this.#exchange(request, context);
      this.#answered();
      return answer;
    } catch (error) {
      request.signal?.throwIfAborted();
      if (!(error instanceof TransportError)) throw error;
      const failure = failureOfTransport(error, context);
      this.#lastFailure = failure.error;
      throw failure;
    }
  }

  /** `parser_unavailable` is also what an ended session answers for a moment, so it is looked up. */
  async #explain(answer: HttpAnswer, context: ErrorContext, call: Call): Promise<AttemptFailure> {
    const failure = failureOfAnswer(answer, context);
    if (call.session === undefined || errorBodyOf(answer)?.code !== "parser_unavailable") return failure;
    return (await this.sessionIsGone(call.session, call.signal))
      ? new AttemptFailure("final", sessionNotFound(context))
      : failure;
  }

  /** One look, without retries: true only when the server says that there is no such session. */
  async sessionIsGone(session: string, signal?: AbortSignal): Promise<boolean> {
    const context = { address: this.address, session };
    const answer = await this.#send(
      { method: "GET", path: sessionPath(session), timeoutMs: answerMs, signal },
      context,
    );
    return answer.status === 404 && errorBodyOf(answer)?.code === "session_not_found";
  }

  #parse<T>(schema: z.ZodMiniType<T>, answer: HttpAnswer, { session }: Call): T {
    const at = { address: this.address, session };
    let value: unknown;
    try {
      value = JSON.parse(answer.body);
    } catch {
      throw answerInvalid(at, "it is not JSON");
    }
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    throw answerInvalid(at, issue ? `${issue.path.join(".")} ${issue.message}` : "it has an unexpected form");
  }
}

export function sessionPath(name: string, rest = ""): string {
  return `/sessions/${encodeURIComponent(name)}${rest}`;
}

function lookFirst({ session }: ErrorContext): Remedy {
  const text = "Check what arrived before you send it again.";
  return session === undefined ? advice(text) : { kind: "look_at_session", session: peoplesName(session), text };
}

function inputTransportFailure(error: unknown, context: ErrorContext): unknown {
  if (!(error instanceof TransportError)) return error;
  if (error.code === "ABORTED" && !error.mayHaveLeft) return error.cause;
  const failure = failureOfTransport(error, context);
  if (failure.kind === "refused") return new AttemptFailure("refused", notSent(failure.error));
  return new AttemptFailure("final", unconfirmed(failure.error, error.mayHaveLeft, context));
}

function inputAnswerFailure(answer: HttpAnswer, context: ErrorContext): AttemptFailure | undefined {
  if (answer.status === 204) return undefined;
  if (answer.status >= 200 && answer.status < 300 && isJson(answer)) return undefined;
  const failure = failureOfAnswer(answer, context);
  if (answer.status === 429 || answer.status === 412) return new AttemptFailure("final", notSent(failure.error));
  const refused = answer.status >= 400 && answer.status < 500;
  return new AttemptFailure("final", refused ? failure.error : unconfirmed(failure.error, true, context));
}

function isJson(answer: HttpAnswer): boolean {
  return /json/i.test(answer.headers["content-type"] ?? "");
}

function notSent(cause: OrchestratorError): OrchestratorError {
  return new OrchestratorError("input_not_sent", `Nothing was sent. ${cause.message}`, cause.remedy, { cause });
}

function unconfirmed(cause: OrchestratorError, mayHaveLeft: boolean, context: ErrorContext): OrchestratorError {
  if (!mayHaveLeft) return notSent(cause);
  return new OrchestratorError(
    "input_unconfirmed",
    `The text may or may not have arrived. ${cause.message}`,
    lookFirst(context),
    { cause },
  );
}

/** Reads one session's description; for streams that must know whether it is still the same. */
export function readSession(
  calls: ServerCalls,
  name: string,
  policy: RetryPolicy,
  signal?: AbortSignal,
): Promise<{ pid: number | null }> {
  return calls.read(wireSessionInfoSchema, { method: "GET", path: sessionPath(name), policy, session: name, signal });
}

/** Undefined in place of `session_not_found`. */
export function unlessGone<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch((error: unknown) => {
    if (hasCode(error, "session_not_found")) return undefined;
    throw error;
  });
}
