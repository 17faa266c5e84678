import type { WebSocket } from "ws";
import { errorBody, RequestFailure } from "../adapters/http/requestFailure";
import { failureOf } from "./envelope";
import { awaitIdle } from "./idleWaits";
import { answeredLater, JsonSocket, unknownMethod, type SocketRequest } from "./jsonSocket";
import { parseParams, subscribeSchema, waitSchema } from "./requestSchemas";
import type { Session } from "./session";
import { sessionMethods } from "./sessionMethods";
import { Subscription } from "./subscription";

/** `/sessions/{name}/ws/json`. */
export class SessionSocket {
  readonly #session: Session;
  readonly #json: JsonSocket;
  #subscription: Subscription | undefined;
  #waiting: AbortController | undefined;

  constructor(socket: WebSocket, session: Session) {
    this.#session = session;
    this.#json = new JsonSocket(
      socket,
      (request) => this.#execute(request),
      () => this.#subscription?.progressed(),
    );
    const listener = { ended: (): void => this.#json.finish() };
    session.socketOpened();
    session.listen(listener);
    this.#json.onClose(() => {
      session.unlisten(listener);
      session.socketClosed();
      this.#subscription?.dispose();
      this.#waiting?.abort(new Error("the socket is closed"));
    });
  }

  #execute(request: SocketRequest): unknown {
    const { method, params } = request;
    if (method === "subscribe") return this.#subscribe(request);
    if (method === "await_idle" || method === "await_quiesce") return this.#await(request);
    const execute = sessionMethods.get(method);
    if (!execute) throw unknownMethod(method);
    return execute(this.#session, params);
  }

  #subscribe(request: SocketRequest): typeof answeredLater {
    const params = parseParams(subscribeSchema, request.params);
    this.#subscription?.dispose();
    this.#json.respond(request, { result: { events: params.events } });
    this.#subscription = new Subscription(this.#session, params, this.#json, false);
    this.#subscription.start();
    return answeredLater;
  }

  /**
   * One wait per connection: a second one makes the first fail. The end of the session closes the socket without an
   * answer.
   */
  #await(request: SocketRequest): typeof answeredLater {
    const params = parseParams(waitSchema, request.params);
    this.#waiting?.abort(
      new RequestFailure(409, "idle_superseded", "A newer wait on this connection replaced this one."),
    );
    const controller = new AbortController();
    this.#waiting = controller;
    const wait = {
      timeoutMs: params.timeout_ms,
      maxWaitMs: params.max_wait_ms,
      format: params.format,
      lastGeneration: params.last_generation,
      fresh: params.fresh,
    };
    awaitIdle(this.#session, wait, controller.signal)
      .then(
        (result) => this.#json.respond(request, { result }),
        (thrown: unknown) => {
          if (thrown instanceof RequestFailure && !this.#session.ended)
            this.#json.respond(request, { error: errorBody(failureOf(thrown)) });
        },
      )
      .finally(() => {
        if (this.#waiting === controller) this.#waiting = undefined;
      });
    return answeredLater;
  }
}
