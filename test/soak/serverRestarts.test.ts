import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import type { LifecycleEvent } from "../../src/core/ports/sessions";
import { FaultProxy } from "../support/faultProxy";
import { rounds, seed } from "../support/seed";
import { type RunningServer, serverKinds } from "../support/servers";
import { RawProbe } from "../support/sessionProbe";
import { until } from "../support/until";

const restarts = 50;
const printing = 20;
/** wsh itself stalls above some 170 sessions. */
const watched = { builtin: 200, wsh: 120 };
const awayMs = 3_000;

describe.each(serverKinds)("restarts of the $title", ({ start, missing, isWsh }) => {
  const test = missing === undefined ? it : it.skip;
  let running: RunningServer;

  beforeEach(async () => {
    if (missing === undefined) running = await start();
  });
  afterEach(async () => {
    if (missing === undefined) await running.stop();
  });

  /** Sessions of a program with their streams open. */
  async function opened(client: WshServer, count: number, command: string): Promise<RawProbe[]> {
    const names = Array.from({ length: count }, (_, index) => `s${index}`);
    await Promise.all(names.map((name) => client.create({ name, command })));
    return Promise.all(names.map((name) => RawProbe.open(client, name)));
  }

  test(`under load: two seconds after each the client knows all that the server knows, and its streams flow (seed ${seed})`, async () => {
    const client = running.client();
    const events: LifecycleEvent[] = [];
    client.watch((event) => events.push(event));
    await until("connected", () => events.length === 1);
    const knownAfter: number[] = [];
    for (let round = 0; round < rounds(restarts); round++) {
      const streams = await opened(client, printing, "while :; do seq 200; sleep 0.05; done");
      await Promise.all(streams.map((stream) => stream.untilText("200")));
      const { length } = events;
      await running.restart();
      const begun = performance.now();
      await until("the restart is told", () => events.slice(length).some((event) => event.type === "connected"));
      await Promise.all(streams.map((stream) => stream.untilEnded()));
      knownAfter.push(performance.now() - begun);
      expect(events.slice(length).filter((event) => event.type !== "destroyed")).toEqual([
        ...created(events.slice(length)),
        { type: "disconnected" },
        { type: "connected", restarted: true },
      ]);
      expect(await client.list()).toEqual([]);
    }
    console.log(`${knownAfter.length} restarts: all known after ${figures(knownAfter)}`);
    expect(Math.max(...knownAfter)).toBeLessThan(2_000);
  });

  test(`and breaks of ${isWsh ? watched.wsh : watched.builtin} watched sessions make no storm: at most three times the usual requests per second (seed ${seed})`, async () => {
    const count = isWsh ? watched.wsh : watched.builtin;
    const proxy = await FaultProxy.start(running.address);
    const client = running.client(proxy.address);
    const events: LifecycleEvent[] = [];
    client.watch((event) => events.push(event));
    const streams = await opened(client, count, "cat");
    /** What a view of all sessions does: a look at each once a second. */
    const stop = new AbortController();
    const looking = streams.map((_, index) => lookEachSecond(client, `s${index}`, stop.signal));
    const settled = performance.now() + 2_000;
    await until("five usual seconds", () => performance.now() > settled + 5_000);
    const usual = proxy.requests.filter((at) => at > settled).length / ((performance.now() - settled) / 1000);

    proxy.mode = "refuse";
    proxy.cut();
    const { accepted } = proxy;
    const cutAt = performance.now();
    await until("it is away for a while", () => performance.now() > cutAt + awayMs);
    const tried = (proxy.accepted - accepted) / (awayMs / 1000);
    proxy.mode = "pass";
    const backAt = performance.now();
    await until("all streams are back", () => streams.every((stream) => stream.gaps > 0));
    const streamsAfter = performance.now() - backAt;
    await until("the usual again", () => performance.now() > backAt + 5_000);
    const peak = peakPerSecond(proxy.requests.filter((at) => at > backAt));

    const lengthBefore = events.length;
    await running.restart();
    const restartedAt = performance.now();
    await Promise.all(streams.map((stream) => stream.untilEnded()));
    await until("the restart is told", () => events.slice(lengthBefore).some((event) => event.type === "connected"));
    const endsAfter = performance.now() - restartedAt;
    const restartPeak = peakPerSecond(proxy.requests.filter((at) => at > restartedAt - 1_000));
    stop.abort();
    await Promise.all(looking);
    await proxy.stop();
    console.log(
      `${count} watched sessions: usually ${usual.toFixed(0)} requests/s; while away ${tried.toFixed(0)} connections/s are tried; when back at most ${peak}/s (${(peak / usual).toFixed(2)} times), all streams after ${streamsAfter.toFixed(0)} ms; after a restart at most ${restartPeak}/s (${(restartPeak / usual).toFixed(2)} times), all ends known after ${endsAfter.toFixed(0)} ms`,
    );
    expect(Math.max(peak, restartPeak, tried)).toBeLessThanOrEqual(3 * usual);
  });
});

function created(events: readonly LifecycleEvent[]): LifecycleEvent[] {
  return events.filter((event) => event.type === "created");
}

async function lookEachSecond(client: WshServer, name: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const next = performance.now() + 1_000;
    await client.get(name).catch(() => undefined);
    await until("the next look", () => signal.aborted || performance.now() > next);
  }
}

/** The most that fall into any one second. */
function peakPerSecond(times: readonly number[]): number {
  let most = 0;
  for (let first = 0, last = 0; last < times.length; last++) {
    while ((times[last] ?? 0) - (times[first] ?? 0) > 1_000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

function figures(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)]?.toFixed(0) ?? ""} ms in the middle, ${sorted.at(-1)?.toFixed(0) ?? ""} ms at most`;
}
