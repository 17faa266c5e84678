import type { WebSocket } from "ws";
import { invalidRequest, RequestFailure } from "../adapters/http/requestFailure";
import { wireCreateSchema, wirePatchSchema } from "../adapters/wsh/wire";
import { sessionNotFound } from "./envelope";
import { answeredLater, JsonSocket, unknownMethod, type SocketRequest } from "./jsonSocket";
import {
  listSchema,
  nameSchema,
  parseParams,
  renameSchema,
  serverModeSchema,
  subscribeSchema,
  updateTagsSchema,
} from "./requestSchemas";
import type { ServerState } from "./serverState";
import type { Session } from "./session";
import { sessionMethods } from "./sessionMethods";
import { Subscription } from "./subscription";

/** `/ws/json`: lifecycle of all sessions without asking, and every session's methods with its name. */
export class ServerSocket {
  readonly #state: ServerState;
  readonly #json: JsonSocket;
  readonly #subscriptions = new Map<Session, Subscription>();

  constructor(socket: WebSocket, state: ServerState) {
    this.#state = state;
    this.#json = new JsonSocket(
      socket,
      (request) => this.#execute(request),
      () => {
        for (const subscription of this.#subscriptions.values()) subscription.progressed();
      },
    );
    const stop = state.sessions.listen((event) => this.#json.send(event));
    state.socketOpened(this.#json);
    this.#json.onClose(() => {
      stop();
      state.socketClosed(this.#json);
      for (const session of [...this.#subscriptions.keys()]) this.#unsubscribe(session);
    });
  }

  #execute(request: SocketRequest): unknown {
    const { method, params } = request;
    const { sessions } = this.#state;
    switch (method) {
      case "create_session": {
        const session = sessions.create(parseParams(wireCreateSchema, params));
        return { name: session.name, tags: [...session.tags].sort() };
      }
      case "list_sessions":
        return sessions.list(parseParams(listSchema, params).tag).map((session) => this.#listed(session));
      case "kill_session":
        return this.#kill(parseParams(nameSchema, params).name);
      case "detach_session":
        sessions.get(parseParams(nameSchema, params).name);
        return {};
      case "rename_session": {
        const { name, new_name } = parseParams(renameSchema, params);
        const session = sessions.get(name);
        sessions.rename(session, new_name);
        return { name: session.name, tags: [...session.tags].sort() };
      }
      case "update_tags":
        return this.#updateTags(params);
      case "set_server_mode": {
        const { persistent } = parseParams(serverModeSchema, params);
        if (persistent !== undefined) this.#state.persistent = persistent;
        return { persistent: this.#state.persistent };
      }
      default:
        return this.#executeForSession(request);
    }
  }

  #executeForSession(request: SocketRequest): unknown {
    const { method, params } = request;
    const execute = sessionMethods.get(method);
    if (!execute && method !== "subscribe" && method !== "update_session") throw unknownMethod(method);
    if (request.session === undefined)
      throw new RequestFailure(400, "session_required", "This method needs the field session.");
    const session = this.#state.sessions.get(request.session);
    if (method === "subscribe") return this.#subscribe(request, session);
    if (!execute) {
      this.#state.sessions.patch(session, parseParams(wirePatchSchema, params));
      return this.#state.sessions.info(session);
    }
    return execute(session, params);
  }

  async #kill(name: string): Promise<object> {
    await this.#state.sessions.kill(this.#state.sessions.get(name));
    return {};
  }

  /** wsh answers every failure of this method with one code. */
  #updateTags(params: unknown): object {
    const { session: name, add, remove } = parseParams(updateTagsSchema, params);
    try {
      const session = this.#state.sessions.get(name);
      this.#state.sessions.patch(session, { add_tags: add, remove_tags: remove });
      return this.#listed(session);
    } catch (failure) {
      throw invalidRequest(failure instanceof RequestFailure ? failure.message : sessionNotFound(name).message);
    }
  }

  #subscribe(request: SocketRequest, session: Session): typeof answeredLater {
    const params = parseParams(subscribeSchema, request.params);
    this.#unsubscribe(session);
    this.#json.respond(request, { result: { events: params.events } });
    const subscription = new Subscription(session, params, this.#json, true, () => this.#unsubscribe(session));
    this.#subscriptions.set(session, subscription);
    session.clients++;
    subscription.start();
    return answeredLater;
  }

  #unsubscribe(session: Session): void {
    const subscription = this.#subscriptions.get(session);
    if (!subscription) return;
    this.#subscriptions.delete(session);
    subscription.dispose();
    session.clients--;
  }

  /** As wsh's list over WebSocket: without server and activity. */
  #listed(session: Session): object {
    const { name, pid, command, rows, cols, clients, tags, created_at } = this.#state.sessions.info(session);
    return { name, pid, command, rows, cols, clients, tags, created_at };
  }
}
