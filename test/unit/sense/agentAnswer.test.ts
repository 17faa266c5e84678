import { describe, expect, it } from "vitest";
import type { Screen } from "../../../src/core/ports/sessions";
import { type AgentAnswer, agentAnswer, mostOfAnswer } from "../../../src/core/sense/agentAnswer";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { recordings } from "../../support/recordedScreens";

/** What the agent on that recorded screen has said since the prompt. */
function answer(tool: string, name: string, prompt: string, above: readonly string[] = []): AgentAnswer {
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
    ["codex", "finished-long", "Please start the long build", "The build finished after 20 steps."],
    ["claude", "finished-after-tool", "Please run the tests", "All tests pass."],
    ["claude", "finished-after-tool", "the agent shows this as [Pasted text]", "All tests pass."],
    ["gemini", "finished-after-tool", "Please remove the build directory", "The build directory is gone."],
    ["qwen", "finished-after-tool", "Please remove the build directory", "The build directory is gone."],
    ["opencode", "finished-shell-default", "Please remove the build directory", "The build directory is gone."],
    ["copilot", "finished-after-tool", "Please remove the build directory", "The build directory is gone."],
    ["cline", "finished-after-tool", "Please remove the build directory", "The build directory is gone."],
  ])("of %s in %s behind %j is the last that it said", (tool, name, prompt, expected) => {
    expect(answer(tool, name, prompt).text).toBe(expected);
  });

  it.each([
    ["codex", "finished-text"],
    ["claude", "ghostty-finished"],
    ["gemini", "finished-text"],
    ["qwen", "finished-text"],
    ["opencode", "ghostty-finished"],
    ["copilot", "finished-text"],
    ["cline", "finished-text"],
  ])("of %s has all paragraphs of it, and nothing that is drawn around", (tool, name) => {
    const lines = answer(tool, name, "What does this repo do").text.split("\n");
    expect(lines[0]).toBe("Here is what I found in this repository:");
    expect(lines.at(-1)).toBe("Nothing looks broken. Let me know if you want me to change anything.");
  });

  it("stands among the steps of its turn, each of which was said or done", () => {
    const { steps } = answer("gemini", "finished-after-tool", "Please remove the build directory");
    expect(steps.map(({ kind }) => kind)).toEqual(["said", "did", "said"]);
    expect(steps[0]?.text).toBe("I'll remove the build directory.");
    expect(steps[1]?.text).toContain("Shell rm -rf build");
    const ran = answer("cline", "finished-after-tool", "Please remove the build directory").steps;
    expect(ran.map(({ kind }) => kind)).toEqual(["said", "did", "said"]);
    const searched = answer("gemini", "seen-p-mcp-90", "Please search the web").steps;
    expect(searched.slice(0, 2).map(({ kind }) => kind)).toEqual(["did", "said"]);
  });

  it("is not taken for something that was done because of a tip below it", () => {
    const all = [
      "› Say thanks",
      "",
      "• You are welcome.",
      "  └ Tip: NEW: Network proxy can now be enabled. Restart Codex after",
      "    enabling it.",
    ];
    const facts = { lines: all, cursor: { row: 4, col: 0, visible: true }, cols: 80, alternate: false };
    const screen = { ...facts, rows: 5, total_lines: 5, alternate_active: false } as unknown as Screen;
    const rules = { ...shippedCatalog.named("codex"), regions: {} };
    expect(agentAnswer(screen, facts, rules, "Say thanks").text).toBe("You are welcome.");
  });

  it("is what it did last where it said nothing", () => {
    const all = ["❯ Please run the tests now", "● Bash(npm test)", "  ⎿  ok"];
    const facts = { lines: all, cursor: { row: 2, col: 0, visible: true }, cols: 80, alternate: false };
    const rules = shippedCatalog.named("claude");
    const screen = { ...facts, rows: 3, total_lines: 3, alternate_active: false } as unknown as Screen;
    const found = agentAnswer(screen, facts, { ...rules, regions: {} }, "run the tests now");
    expect(found.steps).toEqual([{ kind: "did", text: "● Bash(npm test)\n  ⎿  ok" }]);
    expect(found.text).toBe(found.steps[0]?.text);
  });

  it("keeps its end where it is long", () => {
    const above = [
      "❯ Please run the tests now",
      "● A long one",
      ...Array.from({ length: 3000 }, (_, n) => `  line ${n}, and more of it`),
      "  the end of the long one",
    ];
    const all = [...above, "────────────────────────────────────────"];
    const facts = { lines: all, cursor: { row: 0, col: 0, visible: true }, cols: 80, alternate: false };
    const screen = { ...facts, rows: 24, total_lines: all.length, alternate_active: false } as unknown as Screen;
    const rules = { ...shippedCatalog.named("claude"), regions: {} };
    const { text } = agentAnswer(screen, facts, rules, "Please run the tests now");
    expect(text).toHaveLength(mostOfAnswer);
    expect(text.endsWith("the end of the long one")).toBe(true);
  });
});
