import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { shippedCatalog } from "../../src/core/sense/programs/catalog";
import { sampleFactsSchema } from "../../src/core/model/sampleFacts";
import { factsOfSample } from "../../src/core/sense/sample";
import { senseTerminal } from "../../src/core/sense/senseTerminal";
import type { TerminalFacts } from "../../src/core/sense/terminalFacts";

/** Screens of the real programs: `.txt` as it was drawn, `.json` what the terminal knew and which state it truly was. */
const folder = path.resolve("test/fixtures/screens");

export interface Recorded {
  readonly name: string;
  readonly facts: TerminalFacts;
  /** `waiting(permission)`, or a state alone where it has no kind. */
  readonly expected: string;
}

/** What is recorded of one tool, by name. */
export function recordings(tool: string): Recorded[] {
  return readdirSync(path.join(folder, tool))
    .filter((file) => file.endsWith(".json"))
    .map((file) => {
      const name = file.slice(0, -".json".length);
      const told = JSON.parse(readFileSync(path.join(folder, tool, file), "utf8")) as { expected: string };
      const text = readFileSync(path.join(folder, tool, `${name}.txt`), "utf8");
      return { name, facts: factsOfSample(text, sampleFactsSchema.parse(told)), expected: told.expected };
    });
}

/** The state, and its kind in brackets. */
export function sensed(facts: TerminalFacts): string {
  const { state, kind } = senseTerminal(facts, shippedCatalog);
  return kind === undefined ? state : `${state}(${kind})`;
}
