import { describe, expect, it } from "vitest";
import type { Screen } from "../../../src/core/ports/sessions";
import { agentAnswer, mostOfAnswer } from "../../../src/core/sense/agentAnswer";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { recordings } from "../../support/recordedScreens";

/** What the agent on that recorded screen has said since the prompt. */
function answer(tool: string, name: string, prompt: string, above: readonly string[] = []): string {
  const found = recordings(tool).find((each) => each.name === name);
  const rules = shippedCatalog.named(tool);
  if (!found || !rules) throw new Error(`There is no recording ${tool}/${name}.`);
  const facts = { ...found.facts, lines: [...above, ...found.facts.lines] };
  const { lines, cursor, cols, alternate } = facts;
  const screen: Screen = {
    lines,
    cursor: { row: cursor.row + above.length, col: cursor.col, visible: cursor.visible },
    rows: lines.length,
    cols,
    total_lines: lines.length,
    alternate_active: alternate,
  };
  return agentAnswer(screen, facts, rules, prompt);
}

describe("an agent's last answer", () => {
  it.each([
    [
      "codex",
      "finished-long",
      "Please start the long build",
      "• Starting the long build.\n\n• The build finished after 20 steps.",
    ],
    [
      "codex",
      "inline-finished",
      "Give me a question in prose",
      "• I can do this in two ways:\n\n  1. Keep the callback API and add a wrapper\n  2. Move everything to promises\n\n  Which of the two would you like me to do?",
    ],
    [
      "claude",
      "finished-after-tool",
      "Please run the tests",
      "● Running the test suite now.\n\n  Ran 1 shell command\n\n● All tests pass.",
    ],
    [
      "claude",
      "finished-long",
      "Please start the long build",
      "● Starting the long build.\n\n  Ran 1 shell command\n\n● The build finished after 20 steps.",
    ],
  ])("%s %s is what stands between its prompt and the composer", (tool, name, prompt, expected) => {
    expect(answer(tool, name, prompt)).toBe(expected);
  });

  it("begins behind the newest prompt, where its text is shown otherwise than it was typed", () => {
    expect(answer("claude", "finished-after-tool", "a long text that the agent shows as [Pasted text]")).toBe(
      "● Running the test suite now.\n\n  Ran 1 shell command\n\n● All tests pass.",
    );
  });

  it("keeps its end where it is long", () => {
    const above = [
      "❯ Please run the tests now",
      ...Array.from({ length: 3000 }, (_, n) => `line ${n}, and more of it`),
    ];
    const text = answer("claude", "finished-after-tool", "Please run the tests now", above);
    expect(text).toHaveLength(mostOfAnswer);
    expect(text.endsWith("● All tests pass.")).toBe(true);
  });
});
