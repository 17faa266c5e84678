import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { detectServer } from "../../src/adapters/wsh/detectServer";
import { WshServer } from "../../src/adapters/wsh/wshServer";
import type { LifecycleEvent } from "../../src/core/ports/sessions";
import { FaultProxy } from "../support/faultProxy";
import { type RunningServer, clientServerKinds } from "../support/servers";
import { rawProgram, RawProbe, rowsOf, untilRow } from "../support/sessionProbe";
import { silentLogger, systemClock } from "../support/systemClock";
import { until } from "../support/until";

/** Each test has a server of its own, since most of them end it. */
describe.each(clientServerKinds)("client of the $title: failures", ({ missing, start }) => {
  const test = missing === undefined ? it : it.skip;
  let running: RunningServer;
  let server: WshServer;
  let proxy: FaultProxy;
  let proxied: WshServer;

  beforeEach(async () => {
    if (missing !== undefined) return;
    running = await start();
    server = running.client();
    proxy = await FaultProxy.start(running.address);
    proxied = running.client(proxy.address);
  });
  afterEach(async () => {
    if (missing !== undefined) return;
    await running.stop();
    await proxy.stop();
  });

  test("says what it does not know when the server dies, and that input did not leave after that", async () => {
    await server.create({ name: "a", command: "cat" });
    const waiting = server.waitIdle("a", { quietMs: 60_000, maxWaitMs: 120_000 });
    const outcome = expect(waiting).rejects.toMatchObject({ code: "server_unreachable" });
    await running.crash();
    await outcome;
    await expect(server.sendInput("a", "x")).rejects.toMatchObject({ code: "input_not_sent" });
    await expect(server.list()).rejects.toMatchObject({ code: "server_unreachable" });
  });

  test("sees that a restarted server is a new one, without the old sessions [6]", async () => {
    const before = await server.info();
    await server.create({ name: "a", command: "cat" });
    const events: LifecycleEvent[] = [];
    server.watch((event) => events.push(event));
    await until("connected", () => events.length === 1);
    const raw = await RawProbe.open(server, "a");
    await running.restart();
    await until("connected again", () => events.length === 3);
    // Without an id it shows in its sessions alone.
    const { restarts } = before.capabilities;
    expect(events).toEqual([
      { type: "connected", restarted: false },
      { type: "disconnected" },
      { type: "connected", restarted: true },
    ]);
    expect(await raw.untilEnded()).toEqual({ exit_code: null });
    if (restarts) expect((await server.info()).server_id).not.toBe(before.server_id);
    expect(await server.list()).toEqual([]);
  });

  test("types input once when the answer is lost, and says that it does not know", async () => {
    await server.create({ name: "a", command: rawProgram("while :; do head -c 1; done") });
    await untilRow(server, "a", "READY");
    proxy.mode = "lose_answers";
    await expect(proxied.sendInput("a", "x")).rejects.toMatchObject({ code: "input_unconfirmed" });
    proxy.mode = "pass";
    await server.sendInput("a", "END");
    expect(rowsOf(await untilRow(server, "a", /END$/))).toEqual(["READYxEND"]);
  });

  test("does not type again what may have left, also on a connection that was used before", async () => {
    await server.create({ name: "a", command: rawProgram("while :; do head -c 1; done") });
    await untilRow(server, "a", "READY");
    await proxied.sendInput("a", "1");
    proxy.mode = "lose_requests";
    await expect(proxied.sendInput("a", "2")).rejects.toMatchObject({ code: "input_unconfirmed" });
    proxy.mode = "pass";
    await proxied.sendInput("a", "3END");
    expect(rowsOf(await untilRow(server, "a", /END$/))).toEqual(["READY13END"]);
  });

  test("creates one session when the answer to a create is lost", async () => {
    proxy.only = "POST /sessions ";
    proxy.mode = "lose_answers";
    const creating = proxied.create({ name: "a", command: "cat" }).catch((error: unknown) => error);
    await until("the session is there", () => server.get("a"));
    proxy.mode = "pass";
    expect(await creating).toMatchObject({
      code: expect.stringMatching(/^(session_name_conflict|server_unreachable)$/) as string,
    });
    expect((await server.list()).map((session) => session.name)).toEqual(["a"]);
  });

  test("asks again what is safe to repeat when connections break", async () => {
    await server.create({ name: "a", command: "cat" });
    await proxied.get("a");
    proxy.cut();
    expect(await proxied.get("a")).toMatchObject({ name: "a" });
    const { tags, resize } = (await server.info()).capabilities;
    if (tags && resize) {
      proxy.cut();
      await proxied.resize("a", { rows: 12, cols: 34 });
      proxy.cut();
      await proxied.tag("a", { add: ["x"] });
      expect(await server.get("a")).toMatchObject({ rows: 12, cols: 34, tags: ["x"] });
    }
    proxy.cut();
    await proxied.kill("a");
    expect(await server.get("a")).toBeUndefined();
  });

  test("tells a missing token from a wrong one; without one asked for, none is needed [92]", async () => {
    const answers = [];
    for (const token of [undefined, "wrong-token-of-enough-characters"]) {
      const detected = await detectServer({ address: running.address, token, clock: systemClock }).catch(
        (error: unknown) => error,
      );
      answers.push(detected);
      const client = new WshServer({ address: running.address, token, clock: systemClock, logger: silentLogger });
      const created = await client.create({ name: "a" }).catch((error: unknown) => error);
      if (running.token === undefined) {
        expect(created).toMatchObject({ name: "a" });
        await client.kill("a");
      } else {
        expect(created).toMatchObject({ code: token === undefined ? "auth_required" : "auth_invalid" });
        const opened = client.openRaw("a", {
          data: () => undefined,
          gap: () => undefined,
          ended: () => undefined,
        }).opened;
        await expect(opened).rejects.toMatchObject({ code: token === undefined ? "auth_required" : "auth_invalid" });
      }
      client.close();
    }
    if (running.token === undefined)
      expect(answers).toMatchObject([{ address: running.address }, { address: running.address }]);
    else expect(answers).toMatchObject([{ code: "auth_required" }, { code: "auth_invalid" }]);
  });
});
