import * as z from "zod/mini";
import type { Tickets } from "../adapters/http/access";
import { Query } from "../adapters/http/query";
import { RequestFailure } from "../adapters/http/requestFailure";
import type { Answer, Route } from "../adapters/http/router";
import { type ServerFeature, wireCreateSchema } from "../adapters/wsh/wire";
import { noSessions, awaitAnyIdle } from "./idleWaits";
import { sessionNotFound } from "./envelope";
import { readJson } from "./requestReading";
import type { ServerState } from "./serverState";
import { checkServer, idleWait } from "./sessionRoutes";

const persistSchema = z.object({ persistent: z.boolean() });
const createSchema = z.extend(wireCreateSchema, { server: z.optional(z.string()) });

/** What this server does beyond wsh. Clients ask for it by these names, since older servers of ours lack it. */
const features: readonly ServerFeature[] = ["replace_env", "terminal", "answers", "recent_output"];

/** Routes of the server as a whole. */
export function serverRoutes(state: ServerState, tickets: Tickets): Route[] {
  const { sessions } = state;
  const ok = (body: unknown): Answer => ({ status: 200, body });
  const self = (): object => ({
    hostname: sessions.hostname,
    address: "local",
    health: "healthy",
    role: "member",
    sessions: sessions.size,
    server_id: state.serverId,
  });
  return [
    { method: "GET", pattern: "/health", handler: () => ok({ status: "ok" }) },
    {
      method: "GET",
      pattern: "/server/info",
      handler: () =>
        ok({
          hostname: sessions.hostname,
          version: state.version,
          server_id: state.serverId,
          implementation: "wsh-orchestrator",
          features,
        }),
    },
    { method: "GET", pattern: "/server/persist", handler: () => ok({ persistent: state.persistent }) },
    {
      method: "PUT",
      pattern: "/server/persist",
      handler: async ({ request }) => {
        try {
          state.persistent = (await readJson(request, persistSchema)).persistent;
        } catch (failure) {
          // wsh answers here, and only here, with a text in place of the envelope.
          if (failure instanceof RequestFailure && failure.status < 500 && failure.status !== 413)
            return { status: 400, body: { error: failure.message } };
          throw failure;
        }
        return ok({ persistent: state.persistent });
      },
    },
    {
      method: "GET",
      pattern: "/server/ended/{name}",
      handler: ({ path }) => {
        const end = sessions.endOf(path.name ?? "");
        if (!end) throw sessionNotFound(path.name ?? "");
        return ok(end);
      },
    },
    { method: "POST", pattern: "/auth/ws-ticket", handler: () => ok({ ticket: tickets.issue() }) },
    { method: "GET", pattern: "/servers", handler: () => ok([self()]) },
    {
      method: "GET",
      pattern: "/servers/{hostname}",
      handler: ({ path }) => {
        checkServer(state, path.hostname);
        return ok(self());
      },
    },
    {
      method: "GET",
      pattern: "/sessions",
      handler: ({ query }) => {
        const parameters = new Query(query);
        checkServer(state, parameters.text("server"));
        return ok(sessions.list(parameters.list("tag")).map((session) => sessions.info(session)));
      },
    },
    {
      method: "POST",
      pattern: "/sessions",
      handler: async ({ request }) => {
        const { server, ...wanted } = await readJson(request, createSchema);
        checkServer(state, server);
        return { status: 201, body: sessions.info(sessions.create(wanted)) };
      },
    },
    {
      method: "GET",
      pattern: "/idle",
      handler: async ({ query, signal }) => {
        const parameters = new Query(query);
        const wait = idleWait(parameters);
        const candidates = sessions.list(parameters.list("tag"));
        if (candidates.length === 0) throw noSessions();
        return ok(await awaitAnyIdle(candidates, wait, parameters.text("last_session"), signal));
      },
    },
  ];
}
