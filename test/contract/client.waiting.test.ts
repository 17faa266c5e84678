import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import { type RunningServer, clientServerKinds } from "../support/servers";
import { rowsOf, untilRow } from "../support/sessionProbe";

/** Numbers in brackets are rows of the conformance checklist, section 10 of the protocol reference. */
describe.each(clientServerKinds)("client of the $title: waiting for silence", ({ missing, start, isWsh }) => {
  const test = missing === undefined ? it : it.skip;
  let running: RunningServer;
  let server: WshServer;
  let count = 0;

  beforeAll(async () => {
    if (missing !== undefined) return;
    running = await start();
    server = running.client();
  });
  afterAll(async () => {
    if (missing === undefined) await running.stop();
  });

  async function program(command: string): Promise<string> {
    const name = `w${++count}`;
    await server.create({ name, command: `echo READY; ${command}` });
    await untilRow(server, name, /^READY/);
    return name;
  }

  async function timed<T>(work: Promise<T>): Promise<[T, number]> {
    const started = performance.now();
    return [await work, performance.now() - started];
  }

  test("answers with the screen and the generation once it is quiet [44, 56]", async () => {
    const name = await program("read -r line; echo got $line; read -r _");
    await server.sendInput(name, "word\r");
    const { idle, generation, screen } = await server.waitIdle(name, { quietMs: 200, maxWaitMs: 10_000 });
    expect(idle).toBe(true);
    expect(generation).toBeGreaterThan(1);
    expect(screen && rowsOf(screen)).toContain("got word");
    const [again, ms] = await timed(server.waitIdle(name, { quietMs: 100, maxWaitMs: 10_000 }));
    expect(again.generation).toBe(generation);
    expect(ms).toBeLessThan(100);
  });

  test("waits anew when asked to [57]", async () => {
    const name = await program("read -r _");
    await server.waitIdle(name, { quietMs: 150, maxWaitMs: 10_000 });
    const [fresh, ms] = await timed(server.waitIdle(name, { quietMs: 150, maxWaitMs: 10_000, fresh: true }));
    expect(fresh.idle).toBe(true);
    expect(ms).toBeGreaterThanOrEqual(148);
  });

  test("waits for something newer than a generation [58, 59]", async () => {
    const name = await program("read -r line; echo got $line; read -r _");
    const { generation } = await server.waitIdle(name, { quietMs: 150, maxWaitMs: 10_000 });
    const last = generation ?? -1;
    const [none, ms] = await timed(server.waitIdle(name, { quietMs: 100, maxWaitMs: 300, lastGeneration: last }));
    expect(none).toEqual({ idle: false, generation: null, screen: null });
    expect(ms).toBeGreaterThanOrEqual(295);
    const newer = server.waitIdle(name, { quietMs: 100, maxWaitMs: 10_000, lastGeneration: last });
    await server.sendInput(name, "word\r");
    expect((await newer).generation).toBeGreaterThan(last);
    const [older, soon] = await timed(
      server.waitIdle(name, { quietMs: 50, maxWaitMs: 10_000, lastGeneration: last - 1 }),
    );
    expect(older.idle).toBe(true);
    expect(soon).toBeLessThan(100);
  });

  test("is over at its deadline while the session is busy [61]", async () => {
    const name = await program("while :; do echo busy; sleep 0.05; done");
    const [busy, ms] = await timed(server.waitIdle(name, { quietMs: 1_000, maxWaitMs: 1_500 }));
    expect(busy.idle).toBe(false);
    expect(ms).toBeGreaterThanOrEqual(1_490);
    expect(ms).toBeLessThan(4_000);
  });

  test("says session_not_found when the session ends meanwhile [206]", async () => {
    const name = await program("read -r _");
    const [, ms] = await timed(
      Promise.all([
        expect(server.waitIdle(name, { quietMs: 1_000, maxWaitMs: 20_000, fresh: true })).rejects.toMatchObject({
          code: "session_not_found",
        }),
        server.sendInput(name, "\r"),
      ]),
    );
    // wsh answers only when the silence that was asked for is over.
    if (!isWsh) expect(ms).toBeLessThan(900);
  });

  test("says session_not_found also when it waited for new activity", async () => {
    const name = await program("read -r _");
    const { generation } = await server.waitIdle(name, { quietMs: 100, maxWaitMs: 10_000 });
    const wait = server.waitIdle(name, { quietMs: 100, maxWaitMs: 700, lastGeneration: generation ?? -1 });
    const outcome = expect(wait).rejects.toMatchObject({ code: "session_not_found" });
    await server.kill(name);
    await outcome;
  });

  test("does not keep short requests from being answered", async () => {
    const name = await program("read -r _");
    const stop = new AbortController();
    const { generation } = await server.waitIdle(name, { quietMs: 100, maxWaitMs: 10_000 });
    const wait = { quietMs: 100, maxWaitMs: 20_000, lastGeneration: generation ?? -1 };
    const waits = Array.from({ length: 40 }, () =>
      server.waitIdle(name, wait, stop.signal).catch((error: unknown) => error),
    );
    const [, ms] = await timed(Promise.all(Array.from({ length: 40 }, () => server.screen(name, "plain"))));
    expect(ms).toBeLessThan(5_000);
    const reason = new Error("enough");
    stop.abort(reason);
    expect(new Set(await Promise.all(waits))).toEqual(new Set([reason]));
  });
});
