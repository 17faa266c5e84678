import { describe, expect, it } from "vitest";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { senseTerminal } from "../../../src/core/sense/senseTerminal";
import { recordings, sensed } from "../../support/recordedScreens";

describe.each([
  "claude",
  "codex",
  "gemini",
  "qwen",
  "opencode",
  "copilot",
  "cline",
  "aider",
  "unknown-agents",
  "non-agent",
])("screens of %s", (tool) => {
  const recorded = recordings(tool);

  it.each(recorded)("tells the state of $name", ({ facts, expected }) => {
    expect(sensed(facts)).toBe(expected);
  });

  it("tells what it follows from", () => {
    for (const { facts } of recorded) expect(senseTerminal(facts, shippedCatalog).evidence).not.toHaveLength(0);
  });
});
