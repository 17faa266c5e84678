import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { WshServer } from "../../src/adapters/wsh/wshServer";
import type { LifecycleEvent } from "../../src/core/ports/sessions";
import { FaultProxy } from "../support/faultProxy";
import { type RunningServer, serverKinds } from "../support/servers";
import { rawProgram, RawProbe, rowsOf, untilRow } from "../support/sessionProbe";
import { fastClock, silentLogger, systemClock } from "../support/systemClock";
import { until } from "../support/until";

/** So that twenty seconds of silence are five. */
const fast = fastClock(4);

describe.each(serverKinds)("client of the $title: faults on the way", ({ missing, start }) => {
  const test = missing === undefined ? it : it.skip;
  let running: RunningServer;
  let server: WshServer;
  let proxy: FaultProxy;

  beforeEach(async () => {
    if (missing !== undefined) return;
    running = await start();
    server = running.client();
    proxy = await FaultProxy.start(running.address);
  });
  afterEach(async () => {
    if (missing !== undefined) return;
    await running.stop();
    await proxy.stop();
  });

  for (const hole of ["both", "answers", "requests"] as const) {
    test(`notices within 20 s that a connection is half open (${hole} vanish), and makes a new one`, async () => {
      const proxied = running.client(proxy.address, fast);
      await server.create({ name: "a", command: "cat" });
      const events: LifecycleEvent[] = [];
      proxied.watch((event) => events.push(event));
      const raw = await RawProbe.open(proxied, "a");
      await until("connected", () => events.length === 1);
      proxy.blackHole = hole;
      proxy.blackHole = "none";
      const begun = fast.monotonic();
      await until("the stream is back", () => raw.gaps === 1);
      await until("the lifecycle is back", () => events.length === 3);
      expect(fast.monotonic() - begun).toBeGreaterThan(9_000);
      expect(events.slice(1)).toEqual([{ type: "disconnected" }, { type: "connected", restarted: false }]);
      await server.sendInput("a", "after\r");
      await raw.untilText("after\r\nafter\r\n");
    });
  }

  test("leaves a connection alone whose other side only has nothing to say", async () => {
    const proxied = running.client(proxy.address, fast);
    await server.create({ name: "a", command: "cat" });
    const raw = await RawProbe.open(proxied, "a");
    const { accepted } = proxy;
    const begun = fast.monotonic();
    await until("a long silence", () => fast.monotonic() - begun > 25_000);
    expect([raw.order, proxy.accepted]).toEqual([[], accepted]);
  });

  test("asks on a new connection when the old ones were dead, and does not deliver late what was given up", async () => {
    const proxied = running.client(proxy.address, fast);
    await server.create({ name: "a", command: rawProgram("while :; do head -c 1; done") });
    await untilRow(server, "a", "READY");
    await Promise.all([proxied.get("a"), proxied.get("a"), proxied.get("a")]);
    proxy.blackHole = "both";
    proxy.blackHole = "none";
    await expect(proxied.sendInput("a", "1")).rejects.toMatchObject({ code: "input_unconfirmed" });
    expect(await proxied.get("a")).toMatchObject({ name: "a" });
    await proxied.sendInput("a", "2END");
    expect(rowsOf(await untilRow(server, "a", /END$/))).toEqual(["READY2END"]);
  });

  test("works through a slow connection that parts everything at any byte", async () => {
    proxy.delayMs = 150;
    proxy.halve = true;
    const proxied = running.client(proxy.address);
    const events: LifecycleEvent[] = [];
    proxied.watch((event) => events.push(event));
    expect(await proxied.create({ name: "a", command: "cat" })).toMatchObject({ name: "a" });
    const raw = await RawProbe.open(proxied, "a");
    const letters = "abcdefghijklmnopqrstuvwxyz".repeat(20);
    await proxied.sendInput("a", `${letters}\r`);
    await raw.untilText(`${letters}\r\n${letters}\r\n`);
    if ((await proxied.info()).capabilities.resize) {
      await proxied.resize("a", { rows: 12, cols: 34 });
      expect(await proxied.get("a")).toMatchObject({ rows: 12, cols: 34 });
      expect((await proxied.screen("a", "styled")).rows).toBe(12);
    }
    await proxied.kill("a");
    await raw.untilEnded();
    expect(raw.gaps).toBe(0);
    await until("the end is told", () => events.some((event) => event.type === "destroyed"));
  });

  test("tries a first connection again that breaks during its upgrade", async () => {
    await server.create({ name: "a", command: "cat" });
    const proxied = running.client(proxy.address);
    await proxied.get("a");
    proxy.only = "Upgrade: websocket";
    proxy.mode = "lose_answers";
    const { requests } = proxy;
    const before = requests.length;
    const opening = RawProbe.open(proxied, "a");
    await until("it was tried once", () => requests.length > before + 1);
    proxy.mode = "pass";
    const raw = await opening;
    await server.sendInput("a", "here\r");
    await raw.untilText("here\r\nhere\r\n");
    expect(raw.gaps).toBe(0);
  });

  test("fails at once while the server is away, asks it with one probe at a time, and goes on when it is back", async () => {
    const proxied = running.client(proxy.address);
    await server.create({ name: "a", command: rawProgram("while :; do head -c 1; done") });
    await untilRow(server, "a", "READY");
    await proxied.get("a");
    proxy.mode = "refuse";
    proxy.cut();
    const away = (): Promise<unknown> =>
      Promise.all(Array.from({ length: 50 }, () => proxied.get("a").catch((error: unknown) => error)));
    await away();
    const { accepted } = proxy;
    const begun = performance.now();
    let asked = 0;
    while (performance.now() - begun < 3_000) {
      await away();
      asked += 50;
      await expect(proxied.sendInput("a", "x")).rejects.toMatchObject({ code: "input_not_sent" });
    }
    // One each half second; without the breaker each of these requests goes out four times.
    expect(proxy.accepted - accepted).toBeLessThanOrEqual(8);
    expect(asked).toBeGreaterThan(100);
    proxy.mode = "pass";
    await until("it is asked again", () => proxied.get("a").catch(() => undefined), 3_000);
    await proxied.sendInput("a", "END");
    expect(rowsOf(await untilRow(server, "a", /END$/))).toEqual(["READYEND"]);
  });

  test("a break of many connections at once keeps no other request back", async () => {
    const proxied = running.client(proxy.address);
    await server.create({ name: "a", command: "cat" });
    const stop = new AbortController();
    const waits = Array.from({ length: 20 }, () =>
      proxied.waitIdle("a", { quietMs: 60_000, maxWaitMs: 120_000 }, stop.signal).catch((error: unknown) => error),
    );
    for (let round = 0; round < 5; round++) {
      proxy.cut();
      expect(await proxied.get("a")).toMatchObject({ name: "a" });
    }
    stop.abort();
    await Promise.all(waits);
  });
});

describe("client of a WebSocket that talks nonsense", () => {
  const session = { name: "a", pid: 1, command: "sh", rows: 24, cols: 80, clients: 0, tags: [] };

  it("leaves out what it cannot read, asks again what was not answered, and stays usable", async () => {
    const answers = createServer((request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify(
          request.url === "/server/info"
            ? { hostname: "h", version: "1", server_id: "0f0f0f0f-0000-4000-8000-000000000000" }
            : session,
        ),
      );
    });
    const sockets = new WebSocketServer({ server: answers });
    let connections = 0;
    sockets.on("connection", (socket) => {
      connections++;
      for (const nonsense of [
        "",
        "{",
        "[]",
        "null",
        '{"id":1}',
        '{"event":7}',
        '{"event":"session_created"}',
        '{"id":"x","result":{}}',
        "\u0000\u001b[2J",
      ])
        socket.send(nonsense);
      socket.send(Buffer.from([0xff, 0x00, 0x1b]));
      socket.on("message", (data: Buffer) => {
        const { id } = JSON.parse(data.toString()) as { id: number };
        socket.send(connections < 3 ? '{"id":' : JSON.stringify({ id, result: {} }));
        // A server that loses its thread ends the connection, sooner or later.
        if (connections < 3) socket.close();
      });
    });
    await new Promise<void>((resolve) => answers.listen(0, "127.0.0.1", resolve));
    const server = new WshServer({
      address: `http://127.0.0.1:${(answers.address() as AddressInfo).port}`,
      clock: systemClock,
      logger: silentLogger,
    });
    const events: LifecycleEvent[] = [];
    server.watch((event) => events.push(event));
    await until("connected", () => events.length > 0);
    await server.resize("a", { rows: 10, cols: 10 });
    expect(events.every((event) => event.type === "connected" || event.type === "disconnected")).toBe(true);
    server.close();
    for (const socket of sockets.clients) socket.terminate();
    await new Promise((resolve) => answers.close(resolve));
  });
});
