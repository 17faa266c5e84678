import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { resolve } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WshServer } from "../../src/adapters/wsh/wshServer";
import { freePort, temporarySocket } from "../support/localAddresses";
import { ScriptedServer } from "../support/scriptedServer";
import { silentLogger, systemClock } from "../support/systemClock";
import { until } from "../support/until";

const session = { name: "a", pid: 1, command: "sh", rows: 24, cols: 80, clients: 0, tags: [] };
const info = { hostname: "h", version: "1", server_id: "0f0f0f0f-0000-4000-8000-000000000000" };
const failure = (code: string, message = "no"): { error: { code: string; message: string } } => ({
  error: { code, message },
});

describe("client of something that answers badly", () => {
  let scripted: ScriptedServer;
  let server: WshServer;

  beforeEach(async () => {
    scripted = await ScriptedServer.start();
    server = new WshServer({
      address: scripted.address,
      token: "a-token-of-some-length",
      clock: systemClock,
      logger: silentLogger,
    });
  });
  afterEach(async () => {
    server.close();
    await scripted.stop();
  });

  it.each([
    ["a web page", { status: 200, body: "<html>hello</html>", headers: { "content-type": "text/html" } }],
    ["JSON of another shape", { status: 200, body: '{"hello":1}' }],
    ["a number out of range", { status: 200, body: JSON.stringify({ ...session, rows: 70_000 }) }],
    ["nothing", { status: 200, body: "" }],
    ["a redirect", { status: 302, headers: { location: "http://127.0.0.1:1/" } }],
    ["a missing route", { status: 404, body: "" }],
  ])("says response_invalid for %s, and asks once", async (_, answer) => {
    scripted.answer = () => answer;
    await expect(server.get("a")).rejects.toMatchObject({ code: "response_invalid" });
    expect(scripted.requests.length).toBe(1);
  });

  it("says response_invalid for a server that speaks no HTTP, in requests and streams", async () => {
    const speaker: Server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.end("220 mail.example ESMTP\r\n");
    });
    await new Promise<void>((resolve) => speaker.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(speaker.address() as AddressInfo).port}`;
    const other = new WshServer({ address, clock: systemClock, logger: silentLogger });
    await expect(other.info()).rejects.toMatchObject({ code: "response_invalid" });
    await expect(other.resize("a", { rows: 10, cols: 10 })).rejects.toMatchObject({ code: "response_invalid" });
    other.close();
    speaker.close();
  });

  it.each([
    [401, failure("auth_required"), "auth_required"],
    [403, failure("auth_invalid"), "auth_invalid"],
    [403, failure("origin_not_allowed"), "request_invalid"],
    [400, failure("invalid_session_name"), "request_invalid"],
    [400, failure("invalid_tag"), "request_invalid"],
    [409, failure("session_name_conflict"), "session_name_conflict"],
    [503, failure("max_sessions_reached"), "session_limit"],
    [500, failure("session_create_failed"), "session_not_ready"],
    [404, failure("server_not_found"), "request_invalid"],
  ])("turns %i %j of a create into %s, without asking again", async (status, body, code) => {
    scripted.answer = (request) => {
      const answer =
        request.method === "POST" ? { status, body } : { status: 200, body: request.path === "/sessions" ? [] : info };
      return { status: answer.status, body: JSON.stringify(answer.body) };
    };
    await expect(server.create({ name: "a" })).rejects.toMatchObject({ code });
    expect(scripted.requests.filter((request) => request.method === "POST").length).toBe(1);
  });

  it("stops below the number of sessions at which wsh stalls", async () => {
    const many = Array.from({ length: 160 }, (_, index) => ({ ...session, name: String(index) }));
    scripted.answer = (request) => ({ status: 200, body: JSON.stringify(request.path === "/sessions" ? many : info) });
    await expect(server.create({ name: "a" })).rejects.toMatchObject({ code: "session_limit" });
    expect(scripted.requests.every((request) => request.method === "GET")).toBe(true);
  });

  it.each([
    [429, "too many", "server_error"],
    [503, JSON.stringify(failure("server_unavailable")), "server_error"],
    [504, JSON.stringify(failure("parser_timeout")), "server_error"],
  ])("asks again after %i, four times at most", async (status, body, code) => {
    scripted.answer = () => ({ status, body });
    await expect(server.screen("a", "plain")).rejects.toMatchObject({ code });
    expect(scripted.requests.length).toBe(4);
  });

  it("does not wait for a limiter that asks for minutes", async () => {
    scripted.answer = () => ({
      status: 429,
      body: "Too Many Requests! Wait for 98s",
      headers: { "retry-after": "98" },
    });
    await expect(server.list()).rejects.toMatchObject({ code: "server_error" });
    expect(scripted.requests.length).toBe(1);
  });

  it("is patient with a server that recovers", async () => {
    scripted.answer = () => (scripted.requests.length < 3 ? "cut" : { status: 200, body: JSON.stringify(session) });
    expect(await server.get("a")).toMatchObject({ name: "a" });
    expect(scripted.requests.length).toBe(3);
  });

  it("looks whether a session without a readable screen has ended", async () => {
    scripted.answer = (request) =>
      request.path === "/sessions/a"
        ? { status: 404, body: JSON.stringify(failure("session_not_found")) }
        : { status: 503, body: JSON.stringify(failure("parser_unavailable")) };
    await expect(server.screen("a", "plain")).rejects.toMatchObject({ code: "session_not_found" });
    expect(scripted.requests.map((request) => request.path)).toEqual([
      "/sessions/a/screen?format=plain",
      "/sessions/a",
    ]);
  });

  it("sends the token in a header, keeps what it says out of terminals' reach, and cuts it", async () => {
    scripted.always(400, failure("invalid_request", `\u001b]0;evil\u0007\u001b[2J${"x".repeat(5_000)}`));
    const error: unknown = await server.list().catch((caught: unknown) => caught);
    expect(scripted.requests[0]?.headers.authorization).toBe("Bearer a-token-of-some-length");
    expect(String(error)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(String(error).length).toBeLessThan(400);
    expect(JSON.stringify(error)).not.toContain("a-token");
  });

  it("keeps a base prefix, in requests and upgrades", async () => {
    scripted.always(200, session);
    const prefixed = new WshServer({ address: `${scripted.address}/p/`, clock: systemClock, logger: silentLogger });
    await prefixed.get("a");
    expect(scripted.requests[0]?.path).toBe("/p/sessions/a");
    const stream = prefixed.openRaw("a", { data: () => undefined, gap: () => undefined, ended: () => undefined });
    await expect(stream.opened).rejects.toMatchObject({ code: "response_invalid" });
    expect(scripted.requests.some((request) => request.path === "/p/sessions/a/ws/raw")).toBe(true);
    prefixed.close();
  });

  describe("input", () => {
    it.each([
      ["no content", { status: 204 }, undefined],
      [
        "a generation",
        { status: 200, body: '{"generation":3}', headers: { "content-type": "application/json" } },
        undefined,
      ],
      ["a web page", { status: 200, body: "<html>", headers: { "content-type": "text/html" } }, "input_unconfirmed"],
      ["a broken connection", "cut", "input_unconfirmed"],
      ["500", { status: 500, body: JSON.stringify(failure("input_send_failed")) }, "input_unconfirmed"],
      ["502", { status: 502, body: "bad gateway" }, "input_unconfirmed"],
      ["503", { status: 503, body: JSON.stringify(failure("server_unavailable")) }, "input_unconfirmed"],
      ["404", { status: 404, body: JSON.stringify(failure("session_not_found")) }, "session_not_found"],
      ["413", { status: 413, body: "length limit exceeded" }, "request_invalid"],
      ["401", { status: 401, body: JSON.stringify(failure("auth_required")) }, "auth_required"],
      ["429", { status: 429, body: "slow down" }, "input_not_sent"],
    ] as const)("is sent exactly once when the answer is %s", async (_, answer, code) => {
      scripted.answer = () => answer;
      const sending = server.sendInput("a", "x");
      if (code === undefined) await sending;
      else await expect(sending).rejects.toMatchObject({ code });
      expect(scripted.requests.map((request) => [request.path, request.body.toString()])).toEqual([
        ["/sessions/a/input", "x"],
      ]);
    });

    it("is sent exactly once when a connection that was used before breaks", async () => {
      scripted.answer = () => ({ status: 204 });
      await server.sendInput("a", "one");
      scripted.answer = () => "cut";
      await expect(server.sendInput("a", "two")).rejects.toMatchObject({ code: "input_unconfirmed" });
      expect(scripted.requests.map((request) => request.body.toString())).toEqual(["one", "two"]);
    });

    it("does not confirm what was given up after it may have left, and tells the reason before that", async () => {
      scripted.answer = () => "silent";
      const controller = new AbortController();
      const sending = server.sendInput("a", "x", controller.signal);
      const outcome = expect(sending).rejects.toMatchObject({ code: "input_unconfirmed" });
      await until("the request arrived", () => scripted.requests.length === 1);
      controller.abort(new Error("enough"));
      await outcome;
      const reason = new Error("too late");
      await expect(server.sendInput("a", "y", AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(scripted.requests.length).toBe(1);
    });

    it("over 1 MiB stays here", async () => {
      await expect(server.sendInput("a", "x".repeat(1_048_577))).rejects.toMatchObject({ code: "request_invalid" });
      expect(scripted.requests.length).toBe(0);
    });
  });

  it("gives up every operation at once with the signal's reason", async () => {
    scripted.answer = () => "silent";
    const operations: ((signal: AbortSignal) => Promise<unknown>)[] = [
      (signal) => server.info(signal),
      (signal) => server.list([], signal),
      (signal) => server.get("a", signal),
      (signal) => server.create({ name: "a" }, signal),
      (signal) => server.rename("a", "b", signal),
      (signal) => server.tag("a", { add: ["x"] }, signal),
      (signal) => server.kill("a", signal),
      (signal) => server.detach("a", signal),
      (signal) => server.screen("a", "plain", signal),
      (signal) => server.scrollback("a", 10, "plain", signal),
      (signal) => server.waitIdle("a", { quietMs: 1, maxWaitMs: 1_000 }, signal),
      (signal) => server.resize("a", { rows: 10, cols: 10 }, signal),
    ];
    const reason = new Error("enough");
    for (const operation of operations) {
      await expect(operation(AbortSignal.abort(reason))).rejects.toBe(reason);
      const controller = new AbortController();
      const running = operation(controller.signal);
      const outcome = expect(running).rejects.toBe(reason);
      await until("a connection is made", () => scripted.openConnections > 0);
      controller.abort(reason);
      await outcome;
    }
  });

  it("leaves nothing open after it was closed, and fails what runs and what comes", async () => {
    scripted.answer = (request) =>
      request.path.startsWith("/server") ? "silent" : { status: 200, body: JSON.stringify(session) };
    await server.get("a");
    const running = server.info();
    const outcome = expect(running).rejects.toMatchObject({ code: "cancelled" });
    const watching = server.watch(() => undefined);
    const stream = server.openRaw("a", { data: () => undefined, gap: () => undefined, ended: () => undefined });
    stream.opened.catch(() => undefined);
    await until("the request arrived", () => scripted.requests.some((request) => request.path === "/server/info"));
    server.close();
    server.close();
    await outcome;
    await expect(server.get("a")).rejects.toMatchObject({ code: "cancelled" });
    await until("all connections are closed", () => scripted.openConnections === 0);
    watching.dispose();
  });
});

describe("a process with a client", () => {
  it("ends by itself when no stream is open, without closing the client", async () => {
    const scripted = await ScriptedServer.start();
    scripted.always(200, { ...info, ...session });
    const source = `
      import { WshServer } from "./src/adapters/wsh/wshServer";
      import { silentLogger, systemClock } from "./test/support/systemClock";
      const server = new WshServer({ address: "${scripted.address}", clock: systemClock, logger: silentLogger });
      const none = () => undefined;
      const run = async () => {
        await server.info();
        await Promise.all(Array.from({ length: 20 }, () => server.get("a")));
        server.watch(none).dispose();
        server.openRaw("a", { data: none, gap: none, ended: none }).opened.catch(none);
        server.openScreen("a", "plain", { screen: none, ended: none }).dispose();
        console.log("idle");
      };
      void run();`;
    const root = resolve(import.meta.dirname, "../..");
    const { outputFiles } = await build({
      stdin: { contents: source, resolveDir: root, loader: "ts" },
      bundle: true,
      platform: "node",
      format: "cjs",
      write: false,
    });
    const child = execFile(process.execPath, ["-"], { timeout: 15_000 });
    child.stdin?.end(outputFiles[0]?.text);
    let output = "";
    child.stdout?.on("data", (chunk: string) => (output += chunk));
    const [code] = (await once(child, "exit")) as [number | null];
    expect([output.trim(), code]).toEqual(["idle", 0]);
    expect(scripted.requests.length).toBeGreaterThan(20);
    await scripted.stop();
  });
});

describe("client of nothing", () => {
  it("says server_unreachable with what to do, and that input was not sent", async () => {
    const addresses = [`unix:${await temporarySocket("none")}`, `http://127.0.0.1:${await freePort()}`];
    for (const address of addresses) {
      const server = new WshServer({ address, clock: systemClock, logger: silentLogger });
      const unreachable = {
        code: "server_unreachable",
        message: expect.stringContaining(address) as string,
        remedy: { kind: "reach_server" },
      };
      const listener = { data: () => undefined, gap: () => undefined, ended: () => undefined, screen: () => undefined };
      await Promise.all([
        expect(server.info()).rejects.toMatchObject(unreachable),
        expect(server.create({ name: "a" })).rejects.toMatchObject(unreachable),
        expect(server.kill("a")).rejects.toMatchObject(unreachable),
        expect(server.resize("a", { rows: 1, cols: 1 })).rejects.toMatchObject(unreachable),
        expect(server.openRaw("a", listener).opened).rejects.toMatchObject(unreachable),
        expect(server.openScreen("a", "plain", listener).opened).rejects.toMatchObject(unreachable),
        expect(server.sendInput("a", "x")).rejects.toMatchObject({ code: "input_not_sent" }),
      ]);
      server.close();
    }
  });
});
