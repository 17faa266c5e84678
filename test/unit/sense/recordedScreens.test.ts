import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { factsOfSample, sampleFactsSchema } from "../../../src/core/sense/sample";
import { senseTerminal } from "../../../src/core/sense/senseTerminal";
import type { TerminalFacts } from "../../../src/core/sense/terminalFacts";

/** Screens of the real programs: `.txt` as it was drawn, `.json` what the terminal knew and which state it truly was. */
const folder = path.join(__dirname, "../../fixtures/screens");

interface Recorded {
  readonly name: string;
  readonly facts: TerminalFacts;
  /** `waiting(permission)`, or a state alone where it has no kind. */
  readonly expected: string;
}

function recordings(tool: string): Recorded[] {
  return readdirSync(path.join(folder, tool))
    .filter((file) => file.endsWith(".json"))
    .map((file) => {
      const name = file.slice(0, -".json".length);
      const told = JSON.parse(readFileSync(path.join(folder, tool, file), "utf8")) as { expected: string };
      const text = readFileSync(path.join(folder, tool, `${name}.txt`), "utf8");
      return { name, facts: factsOfSample(text, sampleFactsSchema.parse(told)), expected: told.expected };
    });
}

function sensed(facts: TerminalFacts): string {
  const { state, kind } = senseTerminal(facts, shippedCatalog);
  return kind === undefined ? state : `${state}(${kind})`;
}

describe.each(["claude", "codex", "gemini", "qwen", "opencode", "copilot", "cline", "non-agent"])(
  "screens of %s",
  (tool) => {
    const recorded = recordings(tool);

    it.each(recorded)("tells the state of $name", ({ facts, expected }) => {
      expect(sensed(facts)).toBe(expected);
    });

    it("tells what it follows from", () => {
      for (const { facts } of recorded) expect(senseTerminal(facts, shippedCatalog).evidence).not.toHaveLength(0);
    });
  },
);
