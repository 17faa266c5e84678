import { describe, expect, it } from "vitest";
import {
  reconnect,
  type ReconnectEffect,
  type ReconnectEvent,
  startReconnect,
} from "../../../src/adapters/wsh/reconnectReducer";

/** All effects of a history, the start included. */
function effectsOf(keepTrying: boolean, ...events: ReconnectEvent[]): ReconnectEffect[] {
  let { state, effects } = startReconnect(keepTrying);
  const all = [...effects];
  for (const event of events) {
    ({ state, effects } = reconnect(state, event));
    all.push(...effects);
  }
  return all;
}

const opened = { type: "opened" } as const;
const steadyClose = { type: "closed", openForMs: 60_000 } as const;
const shortClose = { type: "closed", openForMs: 5 } as const;
const failed = { type: "failed", gone: false, final: false } as const;
const refusedForGood = { type: "failed", gone: false, final: true } as const;
const notFound = { type: "failed", gone: true, final: true } as const;
const there = { type: "checked", found: "there" } as const;
const gone = { type: "checked", found: "gone" } as const;
const unknown = { type: "checked", found: "unknown" } as const;
const waited = { type: "waited" } as const;
const disposed = { type: "disposed" } as const;

describe("reconnect reducer", () => {
  it("tells the first connection and any later one apart", () => {
    expect(effectsOf(false, opened)).toEqual(["connect", "tell_open"]);
    expect(effectsOf(false, opened, steadyClose, there, opened)).toEqual([
      "connect",
      "tell_open",
      "check",
      "connect",
      "tell_reopened",
    ]);
  });

  it("looks at the session after every close and ends when it is gone", () => {
    expect(effectsOf(false, opened, steadyClose, gone)).toEqual(["connect", "tell_open", "check", "tell_gone"]);
  });

  it("waits and looks again while nobody answers", () => {
    expect(effectsOf(false, opened, steadyClose, unknown, waited, unknown, waited, there, opened).slice(2)).toEqual([
      "check",
      "wait",
      "check",
      "wait",
      "check",
      "connect",
      "tell_reopened",
    ]);
  });

  it("tries a first connection as often as a request, then tells that it failed", () => {
    expect(effectsOf(false, failed, waited, failed, waited, opened)).toEqual([
      "connect",
      "wait",
      "connect",
      "wait",
      "connect",
      "tell_open",
    ]);
    expect(effectsOf(false, failed, waited, failed, waited, failed, waited, failed).slice(-2)).toEqual([
      "connect",
      "tell_failed",
    ]);
  });

  it("tells at once of a first failure that another try would not mend", () => {
    expect(effectsOf(false, refusedForGood)).toEqual(["connect", "tell_failed"]);
    expect(effectsOf(false, failed, waited, notFound)).toEqual(["connect", "wait", "connect", "tell_failed"]);
    expect(effectsOf(false, notFound)).toEqual(["connect", "tell_failed"]);
  });

  it("mends a first failure when it is to be kept up", () => {
    expect(effectsOf(true, failed, waited, there, opened)).toEqual([
      "connect",
      "wait",
      "check",
      "connect",
      "tell_reopened",
    ]);
  });

  it("takes a refused upgrade of a session that is gone for its end", () => {
    expect(effectsOf(false, opened, steadyClose, there, notFound).slice(2)).toEqual(["check", "connect", "tell_gone"]);
  });

  it("waits between connections that close at once, so that they make no storm", () => {
    const history = [opened, shortClose, there, opened, shortClose, waited, there, opened, shortClose, waited, there];
    expect(effectsOf(false, ...history).slice(2)).toEqual([
      "check",
      "connect",
      "tell_reopened",
      "wait",
      "check",
      "connect",
      "tell_reopened",
      "wait",
      "check",
      "connect",
    ]);
  });

  it("reconnects at once again after a connection that held", () => {
    const history = [opened, shortClose, there, opened, shortClose, waited, there, opened, steadyClose];
    expect(effectsOf(false, ...history).at(-1)).toBe("check");
  });

  it("does nothing after it was disposed of, and ignores events that do not fit", () => {
    expect(effectsOf(false, disposed, opened, failed, waited, there, steadyClose)).toEqual(["connect"]);
    expect(effectsOf(false, waited, there, steadyClose)).toEqual(["connect"]);
    expect(effectsOf(false, opened, opened, waited, there)).toEqual(["connect", "tell_open"]);
  });
});
