import { describe, expect, it } from "vitest";
import { sessionState, type SessionSignals } from "../../../src/core/sense/sessionState";

const prompt = { ready: true, clean: true, running: false, continuation: false };

describe("sessionState", () => {
  const cases: [string, Partial<SessionSignals>, string, RegExp][] = [
    ["no prompt yet", { quietMs: 10 }, "starting", /first prompt/],
    ["nothing printed", { quietMs: null }, "starting", /first prompt/],
    ["no prompt and long quiet", { quietMs: 5000 }, "unclear", /quiet for 5 s/],
    ["a clean prompt", { marks: prompt, quietMs: 0 }, "idle", /prompt is ready/],
    ["a draft", { marks: { ...prompt, clean: false } }, "idle", /something typed/],
    [
      "a running command, however quiet",
      { marks: { ...prompt, ready: false, running: true }, quietMs: 1e6 },
      "working",
      /command runs/,
    ],
    [
      "a full-screen program",
      { marks: { ...prompt, ready: false, running: true }, alternateScreen: true },
      "working",
      /full-screen/,
    ],
    ["between commands", { marks: { ...prompt, ready: false } }, "working", /next prompt/],
    ["an open quote", { marks: { ...prompt, ready: false, continuation: true } }, "unclear", /not finished/],
    ["an exit", { marks: prompt, exit: { code: 3 } }, "exited", /code 3/],
    ["an exit without code", { exit: { code: null } }, "exited", /not told/],
    ["a loss", { marks: prompt, lost: true }, "lost", /gone/],
    ["no marks wanted, printing", { integrated: false, quietMs: 10 }, "working", /prints/],
    ["no marks wanted, quiet", { integrated: false, quietMs: 60_000 }, "unclear", /quiet for 60 s/],
    ["no marks wanted, nothing printed", { integrated: false }, "starting", /Nothing was printed/],
  ];
  it.each(cases)("%s", (_name, signals, state, evidence) => {
    const sensed = sessionState({ integrated: true, quietMs: null, alternateScreen: false, ...signals });
    expect(sensed.state).toBe(state);
    expect(sensed.evidence).toMatch(evidence);
  });
});
