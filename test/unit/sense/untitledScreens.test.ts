import { describe, expect, it } from "vitest";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { senseTerminal } from "../../../src/core/sense/senseTerminal";
import type { TerminalFacts } from "../../../src/core/sense/terminalFacts";
import { recordings } from "../../support/recordedScreens";

const agents = ["claude", "codex", "gemini", "qwen", "opencode", "copilot", "cline", "aider"];

/** The same screen of a server that tells nothing but what is drawn, of a session whose program nobody knows. */
function untold({ lines, cols, cursor, alternate, scrolled }: TerminalFacts): TerminalFacts {
  return { lines, cols, cursor, alternate, ...(scrolled === undefined ? {} : { scrolled }) };
}

const programOf = (facts: TerminalFacts): string | undefined =>
  senseTerminal(untold(facts), shippedCatalog).program?.name;

describe.each([...agents, "unknown-agents", "non-agent"])("screens of %s of which no title is told", (tool) => {
  it.each(recordings(tool))("are not taken for another agent's: $name", ({ facts }) => {
    const found = programOf(facts);
    if (found !== undefined && agents.includes(found)) expect(found).toBe(tool);
  });
});

/** Menus that stand below a composer and hide what it is known by, and a screen that was cut off. */
const hidden = /^(?:bang-draft|ctrl-o|draft-pasted|shortcuts|look-stream-2|mention|model-typed|palette|slash-first)/u;
const others = /^(?:question-mark|help|sidebar|shell-draft|half-blocks-shell|cancelling)/u;

it.each(["claude", "gemini", "qwen", "copilot", "cline"])("%s is known by its composer and its foot", (tool) => {
  const composers = recordings(tool).filter(({ expected }) => ["idle", "working", "done_unseen"].includes(expected));
  const shown = composers.filter(({ name }) => !hidden.test(name) && !others.test(name));
  expect(shown.filter(({ facts }) => programOf(facts) !== tool).map(({ name }) => name)).toEqual([]);
  expect(shown.length).toBeGreaterThan(10);
});
