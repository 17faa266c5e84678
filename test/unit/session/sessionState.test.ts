import { describe, expect, it } from "vitest";
import type { SensedState } from "../../../src/core/sense/terminalFacts";
import { sessionState, type SessionSignals, type StreamSigns } from "../../../src/core/session/sessionState";

const prompt = { ready: true, clean: true, running: false, continuation: false };
const running = { ...prompt, ready: false, running: true };
const none: SessionSignals = {};

describe("the state of a session whose output is read", () => {
  const cases: [string, Partial<StreamSigns>, SessionSignals, string, RegExp][] = [
    ["no prompt yet", { quietMs: 10 }, none, "starting", /first prompt/],
    ["nothing printed", { quietMs: null }, none, "starting", /first prompt/],
    ["no prompt and long quiet", { quietMs: 5000 }, none, "unclear", /quiet for 5 s/],
    [
      "a prompt that is overdue, whatever is printed",
      { quietMs: 10 },
      { overdue: true },
      "unclear",
      /not shown its first prompt/,
    ],
    ["a prompt that came after all", { marks: prompt }, { overdue: true }, "idle", /at its prompt\.$/],
    ["a clean prompt", { marks: prompt, quietMs: 0 }, none, "idle", /at its prompt\.$/],
    ["a draft", { marks: { ...prompt, clean: false } }, none, "idle", /unsent text/],
    ["a running command, however quiet", { marks: running, quietMs: 1e6 }, none, "working", /command is running/],
    ["a full-screen program", { marks: running, alternateScreen: true }, none, "working", /full-screen/],
    ["between commands", { marks: { ...prompt, ready: false } }, none, "working", /next prompt/],
    ["an open quote", { marks: { ...prompt, ready: false, continuation: true } }, none, "unclear", /incomplete/],
    ["an exit", { marks: prompt }, { end: { lost: false, exit_code: 3 } }, "exited", /code 3/],
    ["an exit without code", {}, { end: { lost: false, exit_code: null } }, "exited", /exit code is unknown/],
    ["a loss", { marks: prompt }, { end: { lost: true, exit_code: null } }, "lost", /is lost/],
    ["no marks wanted, printing", { integrated: false, quietMs: 10 }, none, "working", /printing/],
    ["no marks wanted, quiet", { integrated: false, quietMs: 60_000 }, none, "unclear", /quiet for 1 min, and nothing/],
    ["no marks wanted, nothing printed", { integrated: false }, none, "starting", /printed nothing/],
  ];
  it.each(cases)("%s", (_name, stream, signals, state, why) => {
    const sensed = sessionState({
      ...signals,
      stream: { integrated: true, quietMs: null, alternateScreen: false, ...stream },
    });
    expect(sensed.state).toBe(state);
    expect(sensed.why).toMatch(why);
  });
});

describe("the state of a session that is only looked at", () => {
  const recorded = { state: "idle", why: "It is ready." } as const;
  const question = { kind: "permission", text: "deploy wants to run it." } as const;
  const cases: [string, SessionSignals, string, RegExp][] = [
    ["as the record has it", { recorded }, "idle", /ready/],
    ["as the record has it, where its server has it", { recorded, server: "there" }, "idle", /ready/],
    ["lost, when its server was started anew", { recorded, server: "server_restarted" }, "lost", /restarted/],
    ["lost, when somebody else has its name", { recorded, server: "name_taken" }, "lost", /another session/],
    ["lost, when its server does not have it", { recorded, server: "not_there" }, "lost", /no longer has/],
    ["waiting, while a question is open there", { recorded, server: "there", question }, "waiting", /deploy wants/],
    ["lost, although a question is open there", { recorded, server: "not_there", question }, "lost", /no longer has/],
    [
      "ended, whatever its server has",
      { recorded: { state: "exited", why: "It ended." }, server: "there", question },
      "exited",
      /It ended/,
    ],
    [
      "failed, although nothing is there",
      { recorded: { state: "failed", kind: "start", why: "No folder." }, server: "not_there", question },
      "failed",
      /No folder/,
    ],
    [
      "lost, when it failed while it lived",
      { recorded: { state: "failed", kind: "auth", why: "Not logged in." }, server: "not_there" },
      "lost",
      /no longer has/,
    ],
    ["working, when its server saw something just now", { listed: { quietMs: 100 } }, "working", /just now/],
    ["unclear, when its server saw nothing for a while", { listed: { quietMs: 9000 } }, "unclear", /9 s ago/],
    ["unclear, when its server does not tell", { listed: { quietMs: null } }, "unclear", /does not say/],
    ["unclear, when nothing is known", {}, "unclear", /Nothing is known/],
  ];
  it.each(cases)("%s", (_name, signals, state, why) => {
    const sensed = sessionState(signals);
    expect(sensed.state).toBe(state);
    expect(sensed.why).toMatch(why);
  });

  it("says what a question is about", () => {
    expect(sessionState({ recorded, question })).toEqual({
      state: "waiting",
      kind: "permission",
      why: "deploy wants to run it.",
      by: "question",
    });
  });
});

describe("what a sensor found", () => {
  const sensed: SensedState = {
    state: "waiting",
    kind: "question",
    why: "agent asks whether to proceed.",
    program: { name: "agent" },
    confidence: "high",
    evidence: [{ signal: "screen", rule: "agent/proceed", lines: ["Proceed? (y/n)"] }],
  };
  const stream: StreamSigns = { integrated: true, quietMs: 10, alternateScreen: false, marks: running };

  it("says what a command does that runs", () => {
    expect(sessionState({ stream, sensed })).toEqual({ ...sensed, by: "screen" });
  });

  it("says nothing where no rule knows the program", () => {
    const unknown: SensedState = { state: "unclear", why: "The program shows something that no rule knows." };
    expect(sessionState({ stream, sensed: unknown }).state).toBe("working");
  });

  it("says that it is unclear what a known program does", () => {
    const unknown: SensedState = { state: "unclear", why: "It is unclear.", program: { name: "claude" } };
    expect(sessionState({ stream, sensed: unknown })).toEqual({ ...unknown, by: "screen" });
  });

  it.each(["exited", "lost"] as const)("never ends a session that is there: %s", (state) => {
    expect(sessionState({ stream, sensed: { ...sensed, state } })).toMatchObject({ state: "working", by: "marks" });
  });

  it("is not heard at a prompt, where what the screen shows is over", () => {
    expect(sessionState({ stream: { ...stream, marks: prompt }, sensed }).state).toBe("idle");
  });

  it("is not heard of a session that has ended", () => {
    expect(sessionState({ end: { lost: false, exit_code: 0 }, stream, sensed }).state).toBe("exited");
  });
});

describe("a wait that a person has denied", () => {
  const sensed = { state: "waiting", kind: "confirm", why: "rm asks.", confidence: "high", asks: "a1:80:3" } as const;
  const said = { state: "idle", why: "ada says that it was idle." } as const;
  const denied = { was: { state_kind: "confirm", screen: "a1:80:3" }, said };
  const stream: StreamSigns = { integrated: true, quietMs: 10, alternateScreen: false, marks: running };
  const terminal = { heard: 0, atPrompt: false, alternateScreen: false, line: "", settled: true } as const;
  const looked = { ...terminal, inDoubt: true, quiet: false };

  it("is what that person says, for who reads its output and for who only looks", () => {
    expect(sessionState({ stream, sensed, denied })).toEqual({ ...said, by: "record" });
    expect(sessionState({ terminal: { ...looked, sensed }, recorded: said, denied })).toEqual({
      ...said,
      by: "record",
    });
  });

  it("is another wait with another prompt, further down, or of another kind", () => {
    for (const other of [{ asks: "b2:80:3" }, { asks: "a1:80:4" }, { kind: "password" }] as const) {
      const found = { ...sensed, ...other };
      expect(sessionState({ stream, sensed: found, denied })).toEqual({ ...found, by: "screen" });
      expect(sessionState({ terminal: { ...looked, sensed: found }, recorded: said, denied }).state).toBe("waiting");
    }
  });

  it("is over where its shell is at its prompt, or it has ended", () => {
    expect(sessionState({ stream: { ...stream, marks: prompt }, sensed, denied }).by).toBe("marks");
    expect(sessionState({ end: { lost: false, exit_code: 0 }, sensed, denied }).state).toBe("exited");
  });
});
