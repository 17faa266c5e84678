import { describe, expect, it } from "vitest";
import * as z from "zod";
import { JsonSocket } from "../../../src/adapters/wsh/jsonSocket";
import { parseServerAddress } from "../../../src/adapters/wsh/serverAddress";
import type { Disposable } from "../../../src/core/base/lifecycle";
import type { Clock } from "../../../src/core/ports/machine";

class FakeClock implements Clock {
  readonly timers = new Set<() => void>();
  now = (): number => 0;
  monotonic = (): number => 0;
  after = (_ms: number, callback: () => void): Disposable => {
    this.timers.add(callback);
    return { dispose: () => this.timers.delete(callback) };
  };
}

function setUp(): {
  socket: JsonSocket;
  sent: { id: number; method: string }[];
  events: unknown[];
  clock: FakeClock;
  receive: (message: unknown) => void;
} {
  const sent: { id: number; method: string }[] = [];
  const events: unknown[] = [];
  const clock = new FakeClock();
  const context = { address: parseServerAddress("unix:/s"), session: "a" };
  const socket = new JsonSocket(
    (text) => sent.push(JSON.parse(text) as { id: number; method: string }),
    clock,
    context,
    (event) => events.push(event),
  );
  return {
    socket,
    sent,
    events,
    clock,
    receive: (message) => socket.message(Buffer.from(JSON.stringify(message)), false),
  };
}

const numbers = z.object({ n: z.number() });

describe("JSON socket", () => {
  it("matches answers by id in any order and hands on events", async () => {
    const { socket, sent, events, clock, receive } = setUp();
    const first = socket.request(numbers, { method: "one" });
    const second = socket.request(numbers, { method: "two" });
    receive({ connected: true });
    receive({ event: "line", id: sent[0]?.id });
    receive({ id: sent[1]?.id, result: { n: 2 } });
    receive({ type: "lagged", skipped: 3 });
    receive({ id: sent[0]?.id, result: { n: 1 } });
    expect([await first, await second]).toEqual([{ n: 1 }, { n: 2 }]);
    expect(events).toEqual([
      { event: "line", id: sent[0]?.id },
      { type: "lagged", skipped: 3 },
    ]);
    expect(clock.timers.size).toBe(0);
  });

  it("turns errors into failures with codes of ours", async () => {
    const { socket, receive } = setUp();
    const request = socket.request(numbers, { method: "one" });
    receive({ id: 1, error: { code: "session_not_found", message: "\u001b[31mno" } });
    await expect(request).rejects.toMatchObject({ kind: "final", error: { code: "session_not_found" } });
    const other = socket.request(numbers, { method: "one" });
    receive({ id: 2, error: { code: "unknown_method", message: "x\u001b[31my" } });
    await expect(other).rejects.toMatchObject({
      kind: "final",
      error: { code: "server_error", message: expect.stringContaining("x [31my") as string },
    });
  });

  it("refuses a result of another shape", async () => {
    const { socket, receive } = setUp();
    const request = socket.request(numbers, { method: "one" });
    receive({ id: 1, result: { n: "1" } });
    await expect(request).rejects.toMatchObject({ error: { code: "response_invalid" } });
  });

  it("leaves out what cannot be read", () => {
    const { socket, events, receive } = setUp();
    socket.message(Buffer.from("{"), false);
    socket.message(Buffer.from([1, 2, 3]), true);
    for (const message of [null, 1, [], { id: 77, result: {} }, { error: { code: "invalid_request", message: "" } }])
      receive(message);
    expect(events).toEqual([]);
  });

  it("fails what is pending when the connection ends or nothing answers, and frees its timers", async () => {
    const { socket, clock } = setUp();
    const late = socket.request(numbers, { method: "one" });
    for (const timer of [...clock.timers]) timer();
    await expect(late).rejects.toMatchObject({ kind: "broken", error: { code: "server_unreachable" } });
    const cut = socket.request(numbers, { method: "two" });
    socket.close();
    await expect(cut).rejects.toMatchObject({ kind: "broken" });
    await expect(socket.request(numbers, { method: "three" })).rejects.toMatchObject({ kind: "broken" });
    expect(clock.timers.size).toBe(1);
  });

  it("ends with the signal's reason", async () => {
    const { socket } = setUp();
    const reason = new Error("enough");
    await expect(socket.request(numbers, { method: "one", signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
