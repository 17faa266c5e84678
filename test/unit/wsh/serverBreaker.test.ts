import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AttemptFailure, type FailureKind } from "../../../src/adapters/wsh/attemptFailure";
import { ServerBreaker } from "../../../src/adapters/wsh/serverBreaker";
import { OrchestratorError } from "../../../src/core/model/errors";
import { nothingToDo } from "../../../src/core/model/remedy";

const clock = { monotonic: () => Date.now() };
const failure = (kind: FailureKind): AttemptFailure =>
  new AttemptFailure(kind, new OrchestratorError("server_unreachable", kind, nothingToDo));
const away = failure("final");

function breaker(): {
  breaker: ServerBreaker;
  server: { answers: boolean; probes: number; asked: number };
  ask: () => Promise<unknown>;
} {
  const server = { answers: true, probes: 0, asked: 0 };
  const made = new ServerBreaker(
    clock,
    async () => {
      server.probes++;
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (!server.answers) throw failure("refused");
    },
    () => away,
  );
  const attempt = (): Promise<string> => {
    server.asked++;
    return server.answers ? Promise.resolve("answer") : Promise.reject(failure("refused"));
  };
  return { breaker: made, server, ask: () => made.run(attempt).catch((error: unknown) => error) };
}

async function opened(): Promise<ReturnType<typeof breaker>> {
  const made = breaker();
  made.server.answers = false;
  for (let count = 0; count < 6; count++) {
    await made.ask();
    vi.advanceTimersByTime(100);
  }
  return made;
}

describe("the breaker of a server", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("stays closed for any number of failures at once, and for few that go on", async () => {
    const { server, ask } = breaker();
    server.answers = false;
    for (let count = 0; count < 100; count++) await ask();
    expect(server.asked).toBe(100);
    server.answers = true;
    expect(await ask()).toBe("answer");
    server.answers = false;
    for (let count = 0; count < 4; count++) {
      await ask();
      vi.advanceTimersByTime(5_000);
    }
    expect([server.asked, server.probes]).toEqual([105, 0]);
  });

  it("opens after failures that last: nothing is tried, until one probe that all wait for finds the server back", async () => {
    const { server, ask } = await opened();
    const { asked } = server;
    for (let count = 0; count < 100; count++) expect(await ask()).toBe(away);
    expect([server.asked - asked, server.probes]).toEqual([0, 0]);
    vi.advanceTimersByTime(500);
    server.answers = true;
    const all = Promise.all(Array.from({ length: 50 }, ask));
    await vi.advanceTimersByTimeAsync(100);
    expect(new Set(await all)).toEqual(new Set(["answer"]));
    expect([server.asked - asked, server.probes]).toEqual([50, 1]);
  });

  it("asks again after half a second when the probe fails", async () => {
    const { server, ask } = await opened();
    const { asked } = server;
    for (let round = 1; round <= 3; round++) {
      vi.advanceTimersByTime(500);
      const all = Promise.all(Array.from({ length: 50 }, ask));
      await vi.advanceTimersByTimeAsync(100);
      await all;
      expect([server.asked - asked, server.probes]).toEqual([0, round]);
    }
  });

  it("keeps nothing from a server that has answered somebody else", async () => {
    const { breaker: made, server, ask } = await opened();
    server.answers = true;
    expect(await ask()).toBe(away);
    made.heard();
    expect(await ask()).toBe("answer");
    server.answers = false;
    for (let count = 0; count < 6; count++) {
      await ask();
      vi.advanceTimersByTime(100);
    }
    expect(await ask()).toBe(away);
  });

  it("takes any answer for a sign of life, also a refusal", async () => {
    const { breaker: made } = breaker();
    for (let count = 0; count < 40; count++) {
      const kind = count % 5 === 4 ? "busy" : "broken";
      await made.run(() => Promise.reject(failure(kind))).catch(() => undefined);
      vi.advanceTimersByTime(1_000);
    }
    await expect(made.run(() => Promise.resolve("answer"))).resolves.toBe("answer");
  });
});
