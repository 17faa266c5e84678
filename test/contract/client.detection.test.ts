import { mkdir } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlaceOwners } from "../../src/adapters/machine/placeOwners";
import { detectServer } from "../../src/adapters/wsh/detectServer";
import { findWshServers } from "../../src/adapters/wsh/findServers";
import { WshServer } from "../../src/adapters/wsh/wshServer";
import { freePort, temporaryFolder } from "../support/localAddresses";
import { ScriptedServer } from "../support/scriptedServer";
import { silentLogger, systemClock } from "../support/systemClock";

const owners = createPlaceOwners();
const session = { name: "a", pid: 1, command: "sh", rows: 24, cols: 80, clients: 0, tags: [] };
const info = { hostname: "h", version: "1", server_id: "0f0f0f0f-0000-4000-8000-000000000000" };
const failure = (code: string, message = "no"): { error: { code: string; message: string } } => ({
  error: { code, message },
});

describe("detection", () => {
  let scripted: ScriptedServer;
  beforeEach(async () => void (scripted = await ScriptedServer.start()));
  afterEach(() => scripted.stop());

  const answers = (server: unknown) => (request: { path: string }) =>
    request.path === "/server/info" ? { status: 200, body: JSON.stringify(server) } : { status: 404 };
  const queryError = { status: 400, body: "Failed to deserialize query string: missing field `timeout_ms`" };
  const notFound = { status: 404, body: JSON.stringify(failure("session_not_found")) };

  it.each([
    ["another program", {}],
    ["one that takes everything", { "/server/info": { status: 200, body: "<html>" } }],
    [
      "one with a page for what is missing",
      { "/idle": { status: 404, body: "<html>not found" }, "/sessions/%20": notFound },
    ],
    ["one with errors of its own", { "/idle": { status: 400, body: "bad request" } }],
  ])("recognises %s", async (_, routes: Record<string, { status: number; body: string }>) => {
    scripted.answer = ({ path }) => routes[path] ?? { status: 404 };
    const detecting = detectServer({ address: scripted.address, clock: systemClock });
    await expect(detecting).rejects.toMatchObject({
      code: "response_invalid",
      message: expect.stringContaining("not a wsh server") as string,
    });
  });

  // The whole list of what tells the eras apart, as real servers of each answer (C: as its source says).
  it.each([
    [
      "A0-A1",
      { "/sessions/%20": { status: 422, body: "missing field `name`" } },
      3,
      { resize: false, tags: false, restarts: false },
    ],
    ["A2", { "/sessions/%20": notFound }, 3, { resize: true, tags: true, restarts: false }],
    ["B0", { "/idle": queryError }, 2, { resize: true, tags: true, restarts: false }],
    [
      "B1",
      { "/idle": { ...queryError, headers: { "x-frame-options": "DENY" } } },
      2,
      { resize: true, tags: true, restarts: false },
    ],
    [
      "B2",
      { "/server/info": { status: 200, body: JSON.stringify(info) } },
      1,
      { resize: true, tags: true, restarts: true },
    ],
    [
      "C",
      {
        "/server/info": {
          status: 200,
          body: JSON.stringify({
            ...info,
            instance_name: "default",
            socket_path: "/s",
            tcp_addr: null,
            persistent: true,
            session_count: 0,
          }),
        },
      },
      1,
      { resize: true, tags: true, restarts: true },
    ],
  ])(
    "tells era %s by what it does",
    async (
      era,
      routes: Record<string, { status: number; body: string; headers?: Record<string, string> }>,
      requests,
      capabilities,
    ) => {
      scripted.answer = ({ path }) => routes[path] ?? { status: 404 };
      expect(await detectServer({ address: scripted.address, clock: systemClock })).toMatchObject({
        era,
        implementation: "wsh",
        capabilities,
      });
      expect(scripted.requests.length).toBe(requests);
    },
  );

  it("learns it anew when the server is another one", async () => {
    const old = {
      "/idle": { status: 404, body: "" },
      "/sessions/%20": notFound,
      "/sessions/a/quiesce": { status: 408, body: "" },
      "/sessions/a/idle": { status: 404, body: "" },
    };
    const now = { "/idle": queryError, "/sessions/a/idle": { status: 408, body: "" } };
    let routes: Record<string, { status: number; body: string }> = old;
    scripted.answer = ({ path }) =>
      routes[path.split("?")[0] ?? ""] ??
      (path === "/sessions/a" ? { status: 200, body: JSON.stringify(session) } : { status: 404 });
    const server = new WshServer({ address: scripted.address, clock: systemClock, logger: silentLogger });
    const wait = (): Promise<unknown> => server.waitIdle("a", { quietMs: 1, maxWaitMs: 10 });
    expect(await wait()).toMatchObject({ idle: false });
    routes = now;
    expect(await wait()).toMatchObject({ idle: false });
    server.close();
  });

  it("recognises wsh and compatible servers", async () => {
    scripted.answer = answers(info);
    expect(await detectServer({ address: scripted.address, clock: systemClock })).toMatchObject({
      implementation: "wsh",
      server_id: info.server_id,
      capabilities: { resize: true, tags: true, exitCodes: false },
    });
    scripted.answer = answers({ ...info, implementation: "other" });
    expect(await detectServer({ address: scripted.address, clock: systemClock })).toMatchObject({
      implementation: "other",
      capabilities: { exitCodes: true },
    });
  });

  it("says at once that nothing listens", async () => {
    const started = performance.now();
    const detecting = detectServer({ address: `http://127.0.0.1:${await freePort()}`, clock: systemClock });
    await expect(detecting).rejects.toMatchObject({ code: "server_unreachable" });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("finds the servers that run, each once, and leaves out what does not answer", async () => {
    scripted.answer = answers(info);
    const runtime = await temporaryFolder();
    await mkdir(`${runtime}/wsh`);
    const mute: Server = createServer((socket) => void socket.on("error", () => undefined));
    await new Promise<void>((resolve) => mute.listen(`${runtime}/wsh/default.http.sock`, resolve));
    const tcpAddresses = [scripted.address, `${scripted.address}/`, `http://127.0.0.1:${await freePort()}`];
    const found = await findWshServers({
      clock: systemClock,
      owners,
      env: { XDG_RUNTIME_DIR: runtime },
      tcpAddresses,
    });
    expect(found).toEqual([
      {
        info: expect.objectContaining({
          address: scripted.address,
          server_id: info.server_id,
          implementation: "wsh",
        }) as object,
        named: false,
      },
    ]);
    mute.close();
  });

  it("finds each server that has a socket, says which one is named, and passes by sockets that speak no HTTP", async () => {
    const runtime = await temporaryFolder();
    await mkdir(`${runtime}/wsh`);
    const servers = await Promise.all(
      ["default", "work"].map(async (name) => {
        const server = createHttpServer(
          (_, response) => void response.end(JSON.stringify({ ...info, server_id: `id-${name}`, instance_name: name })),
        );
        await new Promise<void>((resolve) => server.listen(`${runtime}/wsh/${name}.http.sock`, resolve));
        return server;
      }),
    );
    const old: Server = createServer();
    let bothered = false;
    old.on("connection", () => (bothered = true));
    await new Promise<void>((resolve) => old.listen(`${runtime}/wsh/default.sock`, resolve));
    const find = (env: Record<string, string>): Promise<[string, boolean][]> =>
      findWshServers({ clock: systemClock, owners, env: { XDG_RUNTIME_DIR: runtime, ...env }, tcpAddresses: [] }).then(
        (found) => found.map((each) => [each.info.server_id ?? "", each.named]),
      );
    expect(await find({})).toEqual([
      ["id-default", false],
      ["id-work", false],
    ]);
    expect(await find({ WSH_SERVER_NAME: "work" })).toEqual([
      ["id-default", false],
      ["id-work", true],
    ]);
    expect(bothered).toBe(false);
    for (const server of [...servers, old]) server.close();
  });
});
