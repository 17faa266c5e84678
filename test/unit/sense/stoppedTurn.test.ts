import { expect, it } from "vitest";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { stoppedTurn } from "../../../src/core/sense/ruleMatch";
import { recordings } from "../../support/recordedScreens";

const codex = "■ Conversation interrupted - use /feedback if something went wrong";
const claude = "⎿ \u00a0Interrupted · What should Claude do instead?";
const gemini = "ℹ Request cancelled.";
const qwen = "●︎ Request cancelled.";
const copilot = "● Operation cancelled by user";

/** The recorded screens on which a person has ended the last turn, and what says so. */
it.each([
  ["codex", { interrupted: codex, "approve-shell-rejected": codex }],
  ["claude", { interrupted: claude, "approve-shell-rejected": claude }],
  ["gemini", { interrupted: gemini, "approve-shell-rejected": gemini }],
  ["qwen", { interrupted: qwen, "seen-w-interrupted-90": qwen }],
  ["opencode", { interrupted: "▣  Build · Mock Model · interrupted" }],
  ["copilot", { "approve-shell-rejected": copilot, "half-blocks-rejected": copilot, "shell-draft-132x43": copilot }],
  ["cline", {}],
])("only a turn of %s that a person has ended is one", (tool, expected) => {
  const rules = shippedCatalog.named(tool);
  const found = recordings(tool).flatMap(({ name, facts, expected: state }) => {
    const row = state === "idle" && rules ? stoppedTurn(rules, facts) : undefined;
    return row === undefined ? [] : [[name, row]];
  });
  expect(Object.fromEntries(found)).toEqual(expected);
});
