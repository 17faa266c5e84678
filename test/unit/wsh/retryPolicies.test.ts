import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AttemptFailure, type FailureKind } from "../../../src/adapters/wsh/attemptFailure";
import { JitterDelays, retryPolicies, type RetryPolicy, withRetries } from "../../../src/adapters/wsh/retryPolicies";
import { OrchestratorError } from "../../../src/core/model/errors";
import { advice } from "../../../src/core/model/remedy";

const clock = { monotonic: () => Date.now() };
const error = new OrchestratorError("server_unreachable", "Away.", advice("Wait."));

function failing(kind: FailureKind, retryAfterMs = 0): { attempt: () => Promise<never>; times: number[] } {
  const started = Date.now();
  const times: number[] = [];
  return {
    times,
    attempt: () => {
      times.push(Date.now() - started);
      return Promise.reject(new AttemptFailure(kind, error, retryAfterMs));
    },
  };
}

async function run(policy: RetryPolicy, attempt: () => Promise<unknown>, signal?: AbortSignal): Promise<unknown> {
  const result = withRetries(policy, clock, attempt, signal).catch((reason: unknown) => reason);
  await vi.advanceTimersByTimeAsync(60_000);
  return result;
}

describe("retry policies", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each(["refused", "broken", "busy"] as const)(
    "tries a repeatable request four times within two seconds after %s",
    async (kind) => {
      const { attempt, times } = failing(kind);
      expect(await run(retryPolicies.repeatable, attempt)).toBe(error);
      expect(times.length).toBe(4);
      expect(times.at(-1)).toBeLessThanOrEqual(2_000);
    },
  );

  it("does not repeat what the server answered for good", async () => {
    const { attempt, times } = failing("final");
    expect(await run(retryPolicies.repeatable, attempt)).toBe(error);
    expect(times).toEqual([0]);
  });

  it("repeats input only when there was no connection", async () => {
    for (const [kind, count] of [
      ["refused", 4],
      ["broken", 1],
      ["busy", 1],
      ["final", 1],
    ] as const) {
      const { attempt, times } = failing(kind);
      await run(retryPolicies.unrepeatable, attempt);
      expect([kind, times.length]).toEqual([kind, count]);
    }
  });

  it("stops at the first success", async () => {
    let count = 0;
    const attempt = (): Promise<string> =>
      ++count < 3 ? Promise.reject(new AttemptFailure("busy", error)) : Promise.resolve("done");
    expect(await run(retryPolicies.repeatable, attempt)).toBe("done");
    expect(count).toBe(3);
  });

  it("waits as long as the server asks, and gives up when that is beyond the budget", async () => {
    const soon = failing("busy", 600);
    await run(retryPolicies.repeatable, soon.attempt);
    expect(soon.times[1]).toBeGreaterThanOrEqual(600);
    expect(soon.times.at(-1)).toBeLessThanOrEqual(2_000);
    const late = failing("busy", 98_000);
    await run(retryPolicies.repeatable, late.attempt);
    expect(late.times).toEqual([0]);
  });

  it("ends with the signal's reason while it waits, and starts nothing after that", async () => {
    const { attempt, times } = failing("busy", 1_500);
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const result = withRetries(retryPolicies.repeatable, clock, attempt, controller.signal).catch(
      (caught: unknown) => caught,
    );
    await vi.advanceTimersByTimeAsync(10);
    controller.abort(reason);
    expect(await result).toBe(reason);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(times).toEqual([0]);
  });

  it("does not start with a signal that is aborted already", async () => {
    const { attempt, times } = failing("busy");
    const reason = new Error("too late");
    expect(await run(retryPolicies.repeatable, attempt, AbortSignal.abort(reason))).toBe(reason);
    expect(times).toEqual([]);
  });

  it("passes on what is no failure of an attempt", async () => {
    const bug = new TypeError("a bug");
    expect(await run(retryPolicies.repeatable, () => Promise.reject(bug))).toBe(bug);
  });
});

describe("jitter", () => {
  it("stays between nothing and its cap, grows on the whole, and begins small", () => {
    const firsts: number[] = [];
    const lasts: number[] = [];
    for (let round = 0; round < 200; round++) {
      const delays = new JitterDelays(100, 2_000);
      const row = Array.from({ length: 12 }, () => delays.next());
      for (const delay of row) expect(delay >= 0 && delay <= 2_000).toBe(true);
      firsts.push(row[0] ?? NaN);
      lasts.push(row[11] ?? NaN);
    }
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.max(...firsts)).toBeLessThan(200);
    expect(new Set(firsts).size).toBeGreaterThan(10);
    expect(mean(lasts)).toBeGreaterThan(10 * mean(firsts));
  });
});
