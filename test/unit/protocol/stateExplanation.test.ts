import { describe, expect, it } from "vitest";
import { sessionRows } from "../../../src/protocol/sessionRows";
import { stateExplanation } from "../../../src/protocol/stateExplanation";
import { entry, history, picture, session, start } from "./rowScene";

const confirm = entry(
  {
    kind: "state",
    event: "sensed",
    session_name: session,
    state: "waiting",
    state_kind: "confirm",
    program: { name: "migrate", version: "2.1" },
    confidence: "high",
    text: "migrate asks for confirmation.",
    evidence: [{ signal: "screen", rule: "asked/yes_or_no", lines: ["\x1b[31mApply 3 migrations? [y/N]"] }],
  },
  5,
);

describe("the explanation of a state", () => {
  const entries = [...history, confirm];
  const scene = picture(entries);
  const known = scene.state.sessions.get(session);
  const text = known ? stateExplanation(known, entries, start + 65_000) : "";

  it("says state, since when, program, confidence, rule, lines and what happened before", () => {
    expect(text).toContain("builder::1: needs confirmation, asked 1 min ago\nmigrate asks for confirmation.");
    expect(text).toContain("Program: migrate 2.1\nConfidence: high");
    expect(text).toContain("screen, rule asked/yes_or_no:");
    expect(text).toMatch(/1 min ago {2}migrate asks for confirmation\./);
  });

  it("has no control characters of a program in it", () => {
    expect(text).not.toContain("\x1b");
    expect(text).toContain("Apply 3 migrations? [y/N]");
  });

  it("stands in short in the tooltip of the session's row, whose description says what is asked", () => {
    const [row] = sessionRows(scene, "builder", start + 65_000);
    expect(row?.description).toContain("needs confirmation · asked 1 min ago");
    expect(row?.tooltip).toEqual(expect.arrayContaining(["Program: migrate 2.1", "screen, rule asked/yes_or_no:"]));
  });
});
