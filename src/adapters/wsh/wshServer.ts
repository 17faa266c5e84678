import * as z from "zod/mini";
import { abortable } from "../../core/base/async";
import type { Disposable } from "../../core/base/lifecycle";
import { hasCode, OrchestratorError } from "../../core/model/errors";
import type { Logger } from "../../core/ports/machine";
import type {
  IdleRequest,
  IdleResult,
  LifecycleEvent,
  RawListener,
  RecentOutput,
  RawReader,
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
  TerminalLook,
  TerminalMode,
} from "../../core/ports/sessions";
import { AccessToken } from "./accessToken";
import { FirstOutput } from "./firstOutput";
import { openRawStream } from "./rawSocket";
import { retryPolicies, type RetryPolicy } from "./retryPolicies";
import { openScreenStream } from "./screenSocket";
import { readScrollback } from "./scrollbackPages";
import { type ClientOptions, parseServerAddress } from "./serverAddress";
import { SharedLook } from "./sharedLook";
import { type Call, ServerCalls, sessionPath, unlessGone } from "./serverCalls";
import { readLook } from "./terminalLook";
import { sessionLimitReached, sessionNotFound } from "./serverErrors";
import { type DetectedServer, detectDialect, detectOnce } from "./serverDialect";
import { ServerLevelSocket } from "./serverLevelSocket";
import type { SessionStream, StreamContext } from "./sessionStream";
import { checkedCreate, checkedIdle, checkedName, checkedSize, checkedTags } from "./requestChecks";
import {
  maxBodyBytes,
  wireEndedSchema,
  wireRecentOutputSchema,
  wireIdleSchema,
  wireScreenSchema,
  wireScrollbackSchema,
  wireSessionInfoSchema,
  wireSessionListSchema,
  wireTerminalSchema,
} from "./wire";
import { toScreen, toSessionEnd, toSessionInfo, toTerminalMode } from "./wireConversions";
import { advice } from "../../core/model/remedy";

export interface WshServerOptions extends ClientOptions {
  /** Reads it again where it is kept, once the server refuses the one that was known. */
  readonly readToken?: () => Promise<string | undefined>;
  readonly logger: Logger;
}

/**
 * wsh stalls for good from the 172nd session on, whatever its own limit says; below this many it works. A server that
 * names itself has its own limit.
 */
const wshSessionLimit = 160;

/**
 * Client of a wsh server of any era, or of a compatible one, over TCP or a Unix socket. Nothing is connected before the
 * first use.
 */
export class WshServer implements SessionServer {
  readonly address: string;
  readonly #calls: ServerCalls;
  readonly #serverLevel: ServerLevelSocket;
  readonly #context: StreamContext;
  readonly #streams = new Set<SessionStream>();
  /**
   * Sessions that were met, name to pid: they tell a server that says nothing of itself from the one that was there
   * before.
   */
  readonly #met = new Map<string, number | null>();
  #incarnations = 0;
  readonly #firstOutput: FirstOutput;
  readonly #present: SharedLook<DetectedServer>;
  /** Asked anew whenever the server may have become another one. */
  #detected: Promise<DetectedServer> | undefined;

  /** Throws `usage` for an address and `request_invalid` for a token that cannot be one. */
  constructor(options: WshServerOptions) {
    const address = parseServerAddress(options.address);
    const access = {
      address,
      token: new AccessToken(options.token, options.readToken),
      certificates: options.certificates,
      permit: options.permit,
      clock: options.clock,
    };
    this.address = address.text;
    this.#calls = new ServerCalls(access);
    this.#context = {
      access,
      calls: this.#calls,
      logger: options.logger,
      dialect: async (signal) => (await this.#known(signal)).dialect,
      incarnation: () => this.#nowThere(),
      endOf: (name, serverId) => this.#endOf(name, serverId),
      serverId: async (signal) => (await this.#known(signal)).info.server_id,
      sessions: new SharedLook(options.clock, () => this.#pids({ policy: retryPolicies.once })),
    };
    this.#present = new SharedLook(options.clock, () => this.#detect({ policy: retryPolicies.repeatable }));
    this.#serverLevel = new ServerLevelSocket(this.#context);
    this.#firstOutput = new FirstOutput(options.clock, {
      session: (name, signal) => this.#read(wireSessionInfoSchema, name, "", signal),
      screen: (name, signal) => this.#read(wireScreenSchema, name, "/screen?format=plain", signal),
    });
  }

  /** As `detectServer`, over a connection that is kept for what comes next. */
  async detect(signal?: AbortSignal): Promise<ServerInfo> {
    const detected = await detectOnce(this.#calls, { heard: true, signal });
    this.#detected = Promise.resolve(detected);
    return detected.info;
  }

  async info(signal?: AbortSignal): Promise<ServerInfo> {
    return (await this.#detect({ policy: retryPolicies.repeatable, signal })).info;
  }

  /** With tags, nothing where the server has none. */
  async list(tags: readonly string[] = [], signal?: AbortSignal): Promise<SessionInfo[]> {
    if (tags.length > 0 && !(await this.#known(signal)).info.capabilities.tags) return [];
    const query = tags.length === 0 ? "" : `?tag=${checkedTags(tags).map(encodeURIComponent).join(",")}`;
    const wire = await this.#calls.read(wireSessionListSchema, {
      method: "GET",
      path: `/sessions${query}`,
      policy: retryPolicies.repeatable,
      signal,
    });
    return wire.map(toSessionInfo);
  }

  async get(name: string, signal?: AbortSignal): Promise<SessionInfo | undefined> {
    return unlessGone(this.#session(name, "GET", retryPolicies.repeatable, undefined, signal));
  }

  /**
   * Takes the server's default size when the spec has none. A name that exists: `session_name_conflict`, also when an
   * own broken attempt made it.
   */
  async create(spec: SessionSpec, signal?: AbortSignal): Promise<SessionInfo> {
    const json = checkedCreate(spec);
    if (
      (await this.#known(signal)).dialect.stalls &&
      (await this.#pids({ policy: retryPolicies.repeatable, signal })).size >= wshSessionLimit
    ) {
      throw new OrchestratorError("session_limit", sessionLimitReached(this.address), {
        kind: "end_sessions",
      });
    }
    const wire = await this.#calls.read(wireSessionInfoSchema, {
      method: "POST",
      path: "/sessions",
      policy: retryPolicies.create,
      json,
      session: spec.name,
      signal,
    });
    this.#met.set(wire.name, wire.pid);
    return toSessionInfo(wire);
  }

  async rename(name: string, newName: string, signal?: AbortSignal): Promise<SessionInfo> {
    const info = await this.#session(name, "PATCH", retryPolicies.unrepeatable, { name: checkedName(newName) }, signal);
    for (const stream of this.#streams) if (stream.name === name) stream.name = newName;
    return info;
  }

  async tag(
    name: string,
    change: { add?: readonly string[]; remove?: readonly string[] },
    signal?: AbortSignal,
  ): Promise<SessionInfo> {
    await this.#need("tags", "has no tags", signal);
    const json = { add_tags: checkedTags(change.add ?? []), remove_tags: checkedTags(change.remove ?? []) };
    return this.#session(name, "PATCH", retryPolicies.repeatable, json, signal);
  }

  async kill(name: string, signal?: AbortSignal): Promise<void> {
    await unlessGone(this.#perform(name, "DELETE", "", signal)).finally(() => this.#firstOutput.forget(name));
  }

  detach(name: string, signal?: AbortSignal): Promise<void> {
    return this.#perform(name, "POST", "/detach", signal);
  }

  async sendInput(name: string, data: string | Uint8Array, signal?: AbortSignal, generation?: number): Promise<void> {
    const body = typeof data === "string" ? new TextEncoder().encode(data) : data;
    if (body.byteLength > maxBodyBytes) {
      throw new OrchestratorError(
        "request_invalid",
        "The text is larger than 1 MiB, the most that can be sent at once.",
        advice("Send it in parts, or put it into a file."),
      );
    }
    const path = generation === undefined ? "/input" : `/input?generation=${generation}`;
    await this.#calls.input(this.#path(name, path), name, body, retryPolicies.unrepeatable, signal);
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
    const call = async () => {
      const { waitRoute } = (await this.#known(signal)).dialect;
      return {
        method: "GET",
        path: this.#path(name, `/${waitRoute}?${query}`),
        policy: retryPolicies.repeatable,
        session: name,
        waitMs,
        signal,
      } as const;
    };
    const wire = await this.#calls.readUnless(408, wireIdleSchema, await call()).catch(async (error: unknown) => {
      // A missing route: another version may have been started there.
      if (!hasCode(error, "response_invalid")) throw error;
      await this.#detect({ policy: retryPolicies.repeatable, signal });
      return this.#calls.readUnless(408, wireIdleSchema, await call());
    });
    // The very first versions answer for a session that has ended meanwhile.
    if (wire && !(await this.#known(signal)).dialect.closesSockets && (await this.#calls.sessionIsGone(name, signal)))
      throw this.#notFound(name);
    if (wire) return { idle: true, generation: wire.generation, screen: toScreen(wire.screen) };
    // A wait for new activity is not told of the session's end.
    if (await this.#calls.sessionIsGone(name, signal)) throw this.#notFound(name);
    return { idle: false, generation: null, screen: null };
  }

  async resize(name: string, size: { rows: number; cols: number }, signal?: AbortSignal): Promise<void> {
    const params = checkedSize(size);
    await this.#need("resize", "cannot resize a terminal", signal);
    await this.#firstOutput.come(name, signal);
    await this.#serverLevel.request(z.unknown(), { method: "resize", session: name, params, signal });
  }

  async endOf(name: string, signal?: AbortSignal): Promise<SessionEnd | undefined> {
    if (!(await this.#known(signal)).dialect.keepsEnds) return undefined;
    const path = `/server/ended/${encodeURIComponent(name)}`;
    const request = { method: "GET", path, policy: retryPolicies.repeatable, signal } as const;
    return unlessGone(this.#calls.read(wireEndedSchema, request).then(toSessionEnd));
  }

  async look(name: string, signal?: AbortSignal): Promise<TerminalLook> {
    const { capabilities } = (await this.#known(signal)).info;
    return readLook(capabilities.terminalMode === true, (schema, rest) => this.#read(schema, name, rest, signal));
  }

  async terminalMode(name: string, signal?: AbortSignal): Promise<TerminalMode | undefined> {
    if ((await this.#known(signal)).info.capabilities.terminalMode !== true) return undefined;
    return toTerminalMode(await this.#read(wireTerminalSchema, name, "/terminal", signal));
  }

  async recentOutput(name: string, signal?: AbortSignal): Promise<RecentOutput | undefined> {
    const { dialect } = await this.#known(signal);
    return dialect.keepsOutput ? this.#read(wireRecentOutputSchema, name, "/recent_output", signal) : undefined;
  }

  openRaw(name: string, listener: RawListener, reader: RawReader = "program"): RawStream {
    return this.#keep(openRawStream(this.#context, name, listener, reader));
  }

  openScreen(name: string, format: ScreenFormat, listener: ScreenListener): RawStream {
    return this.#keep(openScreenStream(this.#context, name, format, listener));
  }

  watch(listener: (event: LifecycleEvent) => void): Disposable {
    return this.#serverLevel.watch(listener);
  }

  /** It has answered somebody else: nothing is kept from it any more because it was away. */
  heard(): void {
    this.#calls.heard();
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

  #read<T>(schema: z.ZodMiniType<T>, name: string, rest: string, signal?: AbortSignal): Promise<T> {
    return this.#calls.read(schema, {
      method: "GET",
      path: this.#path(name, rest),
      policy: retryPolicies.repeatable,
      session: name,
      signal,
    });
  }

  async #session(
    name: string,
    method: "GET" | "PATCH",
    policy: RetryPolicy,
    json: object | undefined,
    signal?: AbortSignal,
  ): Promise<SessionInfo> {
    const call = { method, path: this.#path(name), policy, json, session: name, signal };
    const wire = await this.#calls.read(wireSessionInfoSchema, call);
    this.#met.set(wire.name, wire.pid);
    return toSessionInfo(wire);
  }

  async #perform(name: string, method: "DELETE" | "POST", rest: string, signal?: AbortSignal): Promise<void> {
    const call = { method, path: this.#path(name, rest), policy: retryPolicies.repeatable, session: name, signal };
    await this.#calls.perform(call);
  }

  /** Names that a URL cannot carry belong to no session. */
  #path(name: string, rest = ""): string {
    if (name === "" || name === "." || name === "..") throw this.#notFound(name);
    return sessionPath(name, rest);
  }

  #notFound(name: string): OrchestratorError {
    return sessionNotFound({ address: this.#calls.address, session: name });
  }

  /** The pids of its own sessions by name: where servers are federated the list has those of others too. */
  async #pids(how: Pick<Call, "policy" | "signal" | "heard">): Promise<ReadonlyMap<string, number | null>> {
    const { hostname } = (await this.#known(how.signal)).info;
    const wire = await this.#calls.read(wireSessionListSchema, { method: "GET", path: "/sessions", ...how });
    return new Map(wire.filter(({ server = hostname }) => server === hostname).map(({ name, pid }) => [name, pid]));
  }

  async #need(capability: "resize" | "tags", lacks: string, signal?: AbortSignal): Promise<void> {
    if ((await this.#known(signal)).info.capabilities[capability]) return;
    throw new OrchestratorError("request_invalid", `The wsh at ${this.address} is too old: it ${lacks}.`, {
      kind: "update_server",
    });
  }

  /**
   * Which server this is, asked anew: it may be another one by now, and speak otherwise. One without an id is another
   * when none of the sessions is there that were met.
   */
  async #nowThere(): Promise<string> {
    const { info } = await this.#detect({ policy: retryPolicies.once, heard: true });
    if (info.server_id !== null) return info.server_id;
    const pids = await this.#pids({ policy: retryPolicies.once, heard: true });
    if (this.#met.size > 0 && [...this.#met].every(([name, pid]) => pids.get(name) !== pid)) this.#incarnations++;
    this.#met.clear();
    for (const [name, pid] of pids) this.#met.set(name, pid);
    return `unnamed ${this.#incarnations}`;
  }

  /** Asked once. */
  #known(signal?: AbortSignal): Promise<DetectedServer> {
    this.#detected ??= this.#detect({ policy: retryPolicies.repeatable }).catch((error: unknown) => {
      this.#detected = undefined;
      throw error;
    });
    return abortable(this.#detected, signal);
  }

  /** Asks anew; what is found counts from then on. */
  async #detect(how: Pick<Call, "policy" | "signal" | "heard">): Promise<DetectedServer> {
    const detected = await detectDialect(this.#calls, how);
    this.#detected = Promise.resolve(detected);
    return detected;
  }

  async #endOf(name: string, serverId: string | null): Promise<SessionEnd> {
    const noEnd: SessionEnd = { exit_code: null };
    if (!(await this.#known()).dialect.keepsEnds) return noEnd;
    // Many sessions end at once when their server does: one question tells that for all of them.
    const { info } = await this.#present.ask();
    return serverId !== null && info.server_id !== serverId ? noEnd : ((await this.endOf(name)) ?? noEnd);
  }
}
