import type * as z from "zod/mini";
import { type Deferred, abortable, deferred } from "../../core/base/async";
import type { Disposable } from "../../core/base/lifecycle";
import { OrchestratorError } from "../../core/model/errors";
import type { Clock } from "../../core/ports/machine";
import { AttemptFailure } from "./attemptFailure";
import { TransportError } from "./httpRequester";
import { answerInvalid, type ErrorContext, failureOfCode, failureOfTransport, spoken, tryAgain } from "./serverErrors";
import { untrustedText } from "./untrustedText";
import { type WireResponse, wireResponseSchema } from "./wire";

/** Milliseconds; a server handles requests one after the other, each within its own limit of 5 s. */
const answerMs = 10_000;

export interface JsonRequest {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Target on the server-level socket. */
  readonly session?: string;
  readonly signal?: AbortSignal;
}

/** A JSON message that is no answer: an event (`event`) or a notice (`type`). */
export type JsonEvent = Readonly<Record<string, unknown>>;

interface Pending {
  readonly answer: Deferred<WireResponse>;
  readonly timer: Disposable;
}

/** Requests and events on one open JSON socket; ends with its connection. */
export class JsonSocket {
  readonly #send: (text: string) => void;
  readonly #clock: Clock;
  readonly #context: ErrorContext;
  readonly #onEvent: (event: JsonEvent) => void;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #closed = false;

  constructor(send: (text: string) => void, clock: Clock, context: ErrorContext, onEvent: (event: JsonEvent) => void) {
    this.#send = send;
    this.#clock = clock;
    this.#context = context;
    this.#onEvent = onEvent;
  }

  /**
   * The result as `schema` reads it; fails with AttemptFailure (`broken` when the connection ends first) or the
   * signal's reason.
   */
  async request<T>(schema: z.ZodMiniType<T>, request: JsonRequest): Promise<T> {
    const context = { ...this.#context, session: request.session ?? this.#context.session };
    const response = await abortable(this.#ask(request), request.signal);
    if (response.error) {
      throw failureOfCode(response.error, context) ?? unexpected(response.error.code, response.error.message, context);
    }
    const result = schema.safeParse(response.result);
    if (!result.success) throw answerInvalid(context, `the result of ${request.method} has an unexpected form`);
    return result.data;
  }

  /** Takes one message of the server; what cannot be read is left out. */
  message(data: Buffer, binary: boolean): void {
    if (binary) return;
    const message = parseObject(data.toString("utf8"));
    if (!message || "connected" in message) return;
    if ("event" in message || "type" in message) this.#onEvent(message);
    else this.#answer(message);
  }

  /** The connection is over: what is pending fails. */
  close(): void {
    this.#closed = true;
    for (const { answer, timer } of this.#pending.values()) {
      timer.dispose();
      answer.reject(this.#broken("ECONNRESET", "the connection was lost"));
    }
    this.#pending.clear();
  }

  #ask({ method, params, session }: JsonRequest): Promise<WireResponse> {
    if (this.#closed) return Promise.reject(this.#broken("ECONNRESET", "the connection was lost"));
    const id = this.#nextId++;
    const answer = deferred<WireResponse>();
    const timer = this.#clock.after(answerMs, () => {
      this.#pending.delete(id);
      answer.reject(this.#broken("TIMEOUT", `no answer within ${answerMs / 1000} s`));
    });
    this.#pending.set(id, { answer, timer });
    this.#send(JSON.stringify({ id, method, ...(session === undefined ? {} : { session }), params: params ?? {} }));
    return answer.promise;
  }

  #answer(message: JsonEvent): void {
    const response = wireResponseSchema.safeParse(message).data;
    if (!response || typeof response.id !== "number") return;
    const pending = this.#pending.get(response.id);
    if (!pending) return;
    this.#pending.delete(response.id);
    pending.timer.dispose();
    pending.answer.resolve(response);
  }

  #broken(code: string, message: string): AttemptFailure {
    return failureOfTransport(new TransportError(code, true, message), this.#context);
  }
}

function unexpected(code: string, message: string, { address }: ErrorContext): AttemptFailure {
  const busy = code === "parser_unavailable" || code === "parser_timeout" || code === "resource_limit_reached";
  return new AttemptFailure(
    busy ? "busy" : "final",
    new OrchestratorError(
      "server_error",
      `The server at ${address.text} failed (${untrustedText(code)}): ${spoken(message)}.`,
      tryAgain,
    ),
  );
}

function parseObject(text: string): JsonEvent | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonEvent) : undefined;
  } catch {
    return undefined;
  }
}
