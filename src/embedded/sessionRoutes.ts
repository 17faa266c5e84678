import { Query } from "../adapters/http/query";
import { readBody } from "../adapters/http/requestBody";
import { invalidRequest, RequestFailure } from "../adapters/http/requestFailure";
import type { Answer, Route, RouteRequest } from "../adapters/http/router";
import { defaultMaxWaitMs, maxBodyBytes, maxScrollbackPage, wirePatchSchema } from "../adapters/wsh/wire";
import { awaitIdle, type IdleWait } from "./idleWaits";
import { readDuration, readFormat, readJson } from "./requestReading";
import type { ServerState } from "./serverState";
import type { Session } from "./session";

/** `?server=` names a member of wsh's federation; this server is its only one. */
export function checkServer(state: ServerState, server: string | undefined): void {
  if (server !== undefined && server !== state.sessions.hostname) {
    throw new RequestFailure(404, "server_not_found", `There is no server named ${JSON.stringify(server)}.`);
  }
}

export function idleWait(query: Query): IdleWait {
  const timeoutMs = readDuration(query, "timeout_ms");
  if (timeoutMs === undefined) throw invalidRequest("The parameter timeout_ms is missing.");
  return {
    timeoutMs,
    maxWaitMs: readDuration(query, "max_wait_ms") ?? defaultMaxWaitMs,
    format: readFormat(query),
    lastGeneration: query.unsigned("last_generation"),
    fresh: query.flag("fresh"),
  };
}

const empty: Answer = { status: 204 };
const ok = (body: unknown): Answer => ({ status: 200, body });

/** Routes below `/sessions/{name}`. */
export function sessionRoutes(state: ServerState): Route[] {
  const { sessions } = state;
  const sessionOf = (request: RouteRequest): Session => sessions.get(request.path.name ?? "");
  const onThisServer = (query: Query): Query => {
    checkServer(state, query.text("server"));
    return query;
  };
  const route = (
    method: Route["method"],
    path: string,
    handler: (request: RouteRequest, query: Query) => Answer | Promise<Answer>,
  ): Route => ({
    method,
    pattern: `/sessions/{name}${path}`,
    handler: (request) => handler(request, new Query(request.query)),
  });
  const upgradeOnly = (path: string): Route =>
    route("GET", path, () => {
      throw invalidRequest("This address takes WebSocket connections only.");
    });
  return [
    route("GET", "", (request, query) => {
      onThisServer(query);
      return ok(sessions.info(sessionOf(request)));
    }),
    route("PATCH", "", async (request, query) => {
      onThisServer(query);
      const change = await readJson(request.request, wirePatchSchema);
      const session = sessionOf(request);
      sessions.patch(session, change);
      return ok(sessions.info(session));
    }),
    route("DELETE", "", async (request, query) => {
      onThisServer(query);
      await sessions.kill(sessionOf(request));
      return empty;
    }),
    route("POST", "/input", async (request, query) => {
      onThisServer(query);
      const body = await readBody(request.request, maxBodyBytes);
      const generation = query.unsigned("generation");
      const session = sessionOf(request);
      await (generation === undefined ? session.sendInput(body) : session.sendInputIfStill(body, generation));
      return empty;
    }),
    route("GET", "/screen", async (request, query) => {
      const format = readFormat(onThisServer(query));
      const session = sessionOf(request);
      const terminal = query.flag("terminal") ? await session.terminal({ settings: false }) : undefined;
      const screen = await session.currentScreen(format);
      return ok({ ...screen, last_activity_ms: Math.floor(session.quietMs), ...(terminal ? { terminal } : {}) });
    }),
    route("GET", "/scrollback", async (request, query) => {
      const format = readFormat(onThisServer(query));
      const offset = query.unsigned("offset") ?? 0;
      const limit = Math.min(query.unsigned("limit") ?? 100, maxScrollbackPage);
      const session = sessionOf(request);
      await session.settled();
      return ok(session.screen.scrollback(format, offset, limit));
    }),
    route("GET", "/idle", async (request, query) => {
      const wait = idleWait(query);
      const session = sessionOf(request);
      const answer = await awaitIdle(session, wait, request.signal);
      return ok({ ...answer, last_activity_ms: Math.floor(session.quietMs) });
    }),
    route("POST", "/detach", (request, query) => {
      onThisServer(query);
      sessionOf(request);
      return empty;
    }),
    route("GET", "/input/mode", (request) => ok({ mode: sessionOf(request).captured ? "capture" : "passthrough" })),
    route("POST", "/input/capture", (request) => {
      sessionOf(request).captured = true;
      return empty;
    }),
    route("POST", "/input/release", (request) => {
      sessionOf(request).captured = false;
      return empty;
    }),
    route("GET", "/screen_mode", async (request) => {
      const session = sessionOf(request);
      await session.settled();
      return ok({ mode: session.screen.alternate ? "alt" : "normal" });
    }),
    route("GET", "/recent_output", (request) => ok(sessionOf(request).recentOutput.read())),
    route("GET", "/terminal", async (request) => ok(await sessionOf(request).terminal({ settings: true }))),
    upgradeOnly("/ws/raw"),
    upgradeOnly("/ws/json"),
    {
      method: "GET",
      pattern: "/ws/json",
      handler: () => {
        throw invalidRequest("This address takes WebSocket connections only.");
      },
    },
  ];
}
