import type * as z from "zod/mini";
import { deferred } from "../../core/base/async";
import { type Disposable, toDisposable } from "../../core/base/lifecycle";
import type { LifecycleEvent } from "../../core/ports/sessions";
import { AttemptFailure } from "./attemptFailure";
import { type JsonEvent, type JsonRequest, JsonSocket } from "./jsonSocket";
import { ReconnectingSocket } from "./reconnectingSocket";
import { retryPolicies, withRetries } from "./retryPolicies";
import { closedByUs } from "./serverErrors";
import type { StreamContext } from "./sessionStream";
import { WebSocketConnection, type WebSocketListener } from "./webSocketConnection";
import { type WireLifecycle, wireLifecycleSchema } from "./wire";

const route = "/ws/json";

/**
 * The server-level socket: lifecycle of all sessions, kept up while somebody watches, and requests that HTTP lacks.
 * Without a watcher a request makes a connection of its own, so that nothing stays open that nobody asked for.
 */
export class ServerLevelSocket implements Disposable {
  readonly #context: StreamContext;
  readonly #listeners = new Set<(event: LifecycleEvent) => void>();
  readonly #oneShots = new Set<Disposable>();
  #socket: ReconnectingSocket | undefined;
  #json: JsonSocket | undefined;
  /** The `connected` event was told for the present connection. */
  #announced = false;
  /** Events that came before it. */
  #early: LifecycleEvent[] = [];
  #incarnation: string | undefined;

  constructor(context: StreamContext) {
    this.#context = context;
  }

  watch(listener: (event: LifecycleEvent) => void): Disposable {
    const own = (event: LifecycleEvent): void => listener(event);
    this.#listeners.add(own);
    if (!this.#socket) this.#connect();
    else if (this.#announced) {
      queueMicrotask(() => {
        if (this.#listeners.has(own) && this.#announced) own({ type: "connected", restarted: false });
      });
    }
    return toDisposable(() => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.#disconnect();
    });
  }

  /** Repeatable requests only: one that breaks is sent again. */
  request<T>(schema: z.ZodMiniType<T>, request: JsonRequest): Promise<T> {
    const { clock } = this.#context.access;
    const attempt = (): Promise<T> =>
      this.#json ? this.#shared(this.#json, schema, request) : this.#requestAlone(schema, request);
    return withRetries(retryPolicies.repeatable, clock, attempt, request.signal);
  }

  dispose(): void {
    this.#listeners.clear();
    this.#disconnect();
    for (const oneShot of [...this.#oneShots]) oneShot.dispose();
  }

  #connect(): void {
    const { access, logger } = this.#context;
    this.#socket = new ReconnectingSocket({
      access,
      logger,
      path: () => route,
      keepTrying: true,
      check: () => Promise.resolve("there"),
      opened: (connection) => this.#opened(connection),
      message: (data, binary) => this.#json?.message(data, binary),
      closed: () => this.#closed(),
      gone: () => undefined,
      failed: () => undefined,
    });
  }

  #disconnect(): void {
    this.#socket?.dispose();
    this.#socket = undefined;
    this.#announced = false;
    this.#json?.close();
    this.#json = undefined;
  }

  #opened(connection: WebSocketConnection): void {
    const { access } = this.#context;
    const json = new JsonSocket(
      (text) => connection.send(text),
      access.clock,
      { address: access.address },
      (event) => this.#event(event),
    );
    this.#json = json;
    this.#early = [];
    this.#context.incarnation().then(
      (incarnation) => {
        if (this.#json === json) this.#announce(incarnation);
      },
      () => {
        if (this.#json === json) this.#socket?.renew();
      },
    );
  }

  #announce(incarnation: string): void {
    const restarted = this.#incarnation !== undefined && this.#incarnation !== incarnation;
    this.#incarnation = incarnation;
    this.#announced = true;
    this.#fire({ type: "connected", restarted });
    const early = this.#early;
    this.#early = [];
    for (const event of early) this.#fire(event);
  }

  #closed(): void {
    this.#json?.close();
    this.#json = undefined;
    if (!this.#announced) return;
    this.#announced = false;
    this.#fire({ type: "disconnected" });
  }

  #event(event: JsonEvent): void {
    const wire = wireLifecycleSchema.safeParse(event).data;
    if (!wire) return;
    const lifecycle = toLifecycleEvent(wire);
    if (this.#announced) this.#fire(lifecycle);
    else this.#early.push(lifecycle);
  }

  #fire(event: LifecycleEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** A connection without an answer is dead, or as good as that: the next try gets a new one. */
  async #shared<T>(json: JsonSocket, schema: z.ZodMiniType<T>, request: JsonRequest): Promise<T> {
    try {
      return await json.request(schema, request);
    } catch (error) {
      if (error instanceof AttemptFailure && error.kind === "broken" && this.#json === json) this.#socket?.renew();
      throw error;
    }
  }

  async #requestAlone<T>(schema: z.ZodMiniType<T>, request: JsonRequest): Promise<T> {
    const { access } = this.#context;
    const opened = deferred<undefined>();
    let connection: WebSocketConnection | undefined = undefined;
    const json: JsonSocket = new JsonSocket(
      (text) => connection?.send(text),
      access.clock,
      { address: access.address },
      () => undefined,
    );
    const broken = (failure: AttemptFailure): void => {
      opened.reject(failure);
      json.close();
    };
    const listener: WebSocketListener = {
      opened: () => opened.resolve(undefined),
      message: (data, binary) => json.message(data, binary),
      failed: broken,
      closed: () => json.close(),
    };
    connection = new WebSocketConnection(access, route, listener, request.session);
    const oneShot = toDisposable(() => {
      connection?.dispose();
      broken(new AttemptFailure("final", closedByUs()));
    });
    this.#oneShots.add(oneShot);
    const onAbort = (): void => oneShot.dispose();
    request.signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await opened.promise;
      return await json.request(schema, request);
    } finally {
      request.signal?.removeEventListener("abort", onAbort);
      this.#oneShots.delete(oneShot);
      oneShot.dispose();
    }
  }
}

function toLifecycleEvent(wire: WireLifecycle): LifecycleEvent {
  switch (wire.event) {
    case "session_created":
      return { type: "created", name: wire.params.name };
    case "session_renamed":
      return { type: "renamed", name: wire.params.old_name, newName: wire.params.new_name };
    case "session_destroyed":
      return { type: "destroyed", name: wire.params.name, end: { exit_code: wire.params.exit_code ?? null } };
    case "session_tags_changed":
      return { type: "tags_changed", name: wire.params.name };
  }
}
