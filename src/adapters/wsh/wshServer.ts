import * as z from "zod";
import { abortable } from "../../core/base/async";
import type { Disposable } from "../../core/base/lifecycle";
import { hasCode, OrchestratorError } from "../../core/model/errors";
import type {
  Clock,
  IdleRequest,
  IdleResult,
  LifecycleEvent,
  Logger,
  RawListener,
  RawStream,
  Screen,
  ScreenFormat,
  ScreenListener,
  ServerInfo,
  SessionEnd,
  SessionInfo,
  SessionServer,
  SessionSpec,
  Span,
} from "../../core/ports";
import { openRawStream } from "./rawSocket";
import { retryPolicies, type RetryPolicy } from "./retryPolicies";
import { openScreenStream } from "./screenSocket";
import { readScrollback } from "./scrollbackPages";
import { parseServerAddress } from "./serverAddress";
import { SharedLook } from "./sharedLook";
import { ServerCalls, sessionPath } from "./serverCalls";
import { sessionNotFound } from "./serverErrors";
import { ServerLevelSocket } from "./serverLevelSocket";
import type { SessionStream, StreamContext } from "./sessionStream";
import { checkedCreate, checkedIdle, checkedName, checkedSize, checkedTags, checkedToken } from "./requestChecks";
import {
  maxBodyBytes,
  wireEndedSchema,
  wireIdleSchema,
  wireScreenSchema,
  wireScrollbackSchema,
  wireServerInfoSchema,
  wireSessionInfoSchema,
  wireSessionListSchema,
} from "./wire";
import { toScreen, toServerInfo, toSessionInfo, wshImplementation } from "./wireConversions";

export interface WshServerOptions {
  /** `unix:PATH` or `http(s)://host[:port][/base]`. */
  readonly address: string;
  readonly token?: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * wsh stalls for good from the 172nd session on, whatever its own limit says; below this many it works. A server that names itself has its own
 * limit.
 */
const wshSessionLimit = 160;

const noEnd: SessionEnd = { exit_code: null };

/** Client of a wsh server of era B2, or of a compatible one, over TCP or a Unix socket. Nothing is connected before the first use. */
export class WshServer implements SessionServer {
  readonly address: string;
  readonly #calls: ServerCalls;
  readonly #serverLevel: ServerLevelSocket;
  readonly #context: StreamContext;
  readonly #streams = new Set<SessionStream>();
  #implementation: Promise<string> | undefined;

  /** Throws `usage` for an address and `request_invalid` for a token that cannot be one. */
  constructor(options: WshServerOptions) {
    const address = parseServerAddress(options.address);
    const token = checkedToken(options.token);
    this.address = address.text;
    this.#calls = new ServerCalls(address, token, options.clock);
    this.#context = {
      target: { address, token, clock: options.clock },
      calls: this.#calls,
      logger: options.logger,
      isWsh: async () => (await this.#kind()) === wshImplementation,
      endOf: (name) => this.#endOf(name),
      sessions: new SharedLook(options.clock, () => this.#pids()),
    };
    this.#serverLevel = new ServerLevelSocket(this.#context);
  }

  async info(signal?: AbortSignal): Promise<ServerInfo> {
    const wire = await this.#calls.read(wireServerInfoSchema, { method: "GET", path: "/server/info", policy: retryPolicies.repeatable, signal });
    const info = toServerInfo(this.address, wire);
    this.#implementation = Promise.resolve(info.implementation);
    return info;
  }

  async list(tags: readonly string[] = [], signal?: AbortSignal): Promise<SessionInfo[]> {
    const query = tags.length === 0 ? "" : `?tag=${checkedTags(tags).map(encodeURIComponent).join(",")}`;
    const wire = await this.#calls.read(wireSessionListSchema, { method: "GET", path: `/sessions${query}`, policy: retryPolicies.repeatable, signal });
    return wire.map(toSessionInfo);
  }

  async get(name: string, signal?: AbortSignal): Promise<SessionInfo | undefined> {
    return unlessGone(this.#session(name, "GET", retryPolicies.repeatable, undefined, signal));
  }

  /** Takes the server's default size when the spec has none. A name that exists: `session_name_conflict`, also when an own broken attempt made it. */
  async create(spec: SessionSpec, signal?: AbortSignal): Promise<SessionInfo> {
    const json = checkedCreate(spec);
    if ((await this.#kind(signal)) === wshImplementation && (await this.list([], signal)).length >= wshSessionLimit) {
      throw new OrchestratorError("session_limit", `No more sessions fit on the server at ${this.address}.`, "End sessions that are not needed, then try again.");
    }
    const wire = await this.#calls.read(wireSessionInfoSchema, {
      method: "POST",
      path: "/sessions",
      policy: retryPolicies.create,
      json,
      session: spec.name,
      signal,
    });
    return toSessionInfo(wire);
  }

  async rename(name: string, newName: string, signal?: AbortSignal): Promise<SessionInfo> {
    const info = await this.#session(name, "PATCH", retryPolicies.unrepeatable, { name: checkedName(newName) }, signal);
    for (const stream of this.#streams) if (stream.name === name) stream.name = newName;
    return info;
  }

  tag(name: string, change: { add?: readonly string[]; remove?: readonly string[] }, signal?: AbortSignal): Promise<SessionInfo> {
    const json = { add_tags: checkedTags(change.add ?? []), remove_tags: checkedTags(change.remove ?? []) };
    return this.#session(name, "PATCH", retryPolicies.repeatable, json, signal);
  }

  async kill(name: string, signal?: AbortSignal): Promise<void> {
    await unlessGone(this.#perform(name, "DELETE", "", signal));
  }

  detach(name: string, signal?: AbortSignal): Promise<void> {
    return this.#perform(name, "POST", "/detach", signal);
  }

  async sendInput(name: string, data: string | Uint8Array, signal?: AbortSignal): Promise<void> {
    const body = typeof data === "string" ? new TextEncoder().encode(data) : data;
    if (body.byteLength > maxBodyBytes) {
      throw new OrchestratorError("request_invalid", "A server takes at most 1 MiB of input at once.", "Write it to a file, or send it in parts.");
    }
    await this.#calls.input(this.#path(name, "/input"), name, body, retryPolicies.unrepeatable, signal);
  }

  async screen(name: string, format: ScreenFormat, signal?: AbortSignal): Promise<Screen> {
    return toScreen(await this.#read(wireScreenSchema, name, `/screen?format=${format}`, signal));
  }

  async scrollback(
    name: string,
    lines: number,
    format: ScreenFormat,
    signal?: AbortSignal,
  ): Promise<{ lines: readonly (string | readonly Span[])[]; total_lines: number }> {
    return readScrollback(lines, (offset, limit) =>
      this.#read(wireScrollbackSchema, name, `/scrollback?format=${format}&offset=${offset}&limit=${limit}`, signal),
    );
  }

  /** One request, held back by the server until the silence or the end of the wait. The screen is a plain one. */
  async waitIdle(name: string, request: IdleRequest, signal?: AbortSignal): Promise<IdleResult> {
    const { query, waitMs } = checkedIdle(request);
    const wire = await this.#calls.readUnlessTimeout(wireIdleSchema, {
      method: "GET",
      path: this.#path(name, `/idle?${query}`),
      policy: retryPolicies.repeatable,
      session: name,
      waitMs,
      signal,
    });
    if (wire) return { idle: true, generation: wire.generation, screen: toScreen(wire.screen) };
    // A wait for new activity is not told of the session's end.
    if (await this.#calls.sessionIsGone(name, signal)) throw this.#notFound(name);
    return { idle: false, generation: null, screen: null };
  }

  async resize(name: string, size: { rows: number; cols: number }, signal?: AbortSignal): Promise<void> {
    await this.#serverLevel.request(z.unknown(), { method: "resize", session: name, params: checkedSize(size), signal });
  }

  openRaw(name: string, listener: RawListener): RawStream {
    return this.#keep(openRawStream(this.#context, name, listener));
  }

  openScreen(name: string, format: ScreenFormat, listener: ScreenListener): RawStream {
    return this.#keep(openScreenStream(this.#context, name, format, listener));
  }

  watch(listener: (event: LifecycleEvent) => void): Disposable {
    return this.#serverLevel.watch(listener);
  }

  close(): void {
    for (const stream of [...this.#streams]) stream.dispose();
    this.#serverLevel.dispose();
    this.#calls.close();
  }

  #keep(stream: SessionStream): SessionStream {
    this.#streams.add(stream);
    stream.onDispose(() => this.#streams.delete(stream));
    return stream;
  }

  #read<T>(schema: z.ZodType<T>, name: string, rest: string, signal?: AbortSignal): Promise<T> {
    return this.#calls.read(schema, { method: "GET", path: this.#path(name, rest), policy: retryPolicies.repeatable, session: name, signal });
  }

  async #session(name: string, method: "GET" | "PATCH", policy: RetryPolicy, json: object | undefined, signal?: AbortSignal): Promise<SessionInfo> {
    const wire = await this.#calls.read(wireSessionInfoSchema, { method, path: this.#path(name), policy, json, session: name, signal });
    return toSessionInfo(wire);
  }

  async #perform(name: string, method: "DELETE" | "POST", rest: string, signal?: AbortSignal): Promise<void> {
    await this.#calls.perform({ method, path: this.#path(name, rest), policy: retryPolicies.repeatable, session: name, signal });
  }

  /** Names that a URL cannot carry belong to no session. */
  #path(name: string, rest = ""): string {
    if (name === "" || name === "." || name === "..") throw this.#notFound(name);
    return sessionPath(name, rest);
  }

  #notFound(name: string): OrchestratorError {
    return sessionNotFound({ address: this.#calls.address, session: name });
  }

  async #pids(): Promise<ReadonlyMap<string, number | null>> {
    const wire = await this.#calls.read(wireSessionListSchema, { method: "GET", path: "/sessions", policy: retryPolicies.once });
    return new Map(wire.map(({ name, pid }) => [name, pid]));
  }

  /** The server's implementation, asked once. */
  #kind(signal?: AbortSignal): Promise<string> {
    this.#implementation ??= this.info().then(
      (info) => info.implementation,
      (error: unknown) => {
        this.#implementation = undefined;
        throw error;
      },
    );
    return abortable(this.#implementation, signal);
  }

  async #endOf(name: string): Promise<SessionEnd> {
    if ((await this.#kind()) === wshImplementation) return noEnd;
    const path = `/server/ended/${encodeURIComponent(name)}`;
    const { exit_code } = await this.#calls.read(wireEndedSchema, { method: "GET", path, policy: retryPolicies.repeatable });
    return { exit_code };
  }
}

async function unlessGone<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (hasCode(error, "session_not_found")) return undefined;
    throw error;
  }
}
