import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { abortable, onAbort } from "../../../src/core/base/async";

const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

describe("waiting for an abort", () => {
  it("is one listener for any number of waiters, and none when all are gone", () => {
    const { signal } = new AbortController();
    const waiters = Array.from({ length: 20 }, () => onAbort(signal, () => undefined));
    expect(listeners(signal)).toBe(1);
    for (const waiter of waiters) waiter.dispose();
    expect(listeners(signal)).toBe(0);
    const again = onAbort(signal, () => undefined);
    waiters[0]?.dispose();
    expect(listeners(signal)).toBe(1);
    again.dispose();
    expect(listeners(signal)).toBe(0);
  });

  it("calls each waiter once, but not one that is gone", () => {
    const stop = new AbortController();
    let calls = 0;
    const count = (): number => calls++;
    const gone = onAbort(stop.signal, count);
    onAbort(stop.signal, count);
    onAbort(stop.signal, count);
    gone.dispose();
    stop.abort();
    stop.abort();
    expect(calls).toBe(2);
  });

  it("leaves nothing behind on the signal when the work is done", async () => {
    const { signal } = new AbortController();
    await abortable(Promise.resolve(1), signal);
    await expect(abortable(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
    await new Promise((resolve) => setImmediate(resolve));
    expect(listeners(signal)).toBe(0);
  });
});
