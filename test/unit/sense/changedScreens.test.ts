import { describe, expect, it } from "vitest";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { senseTerminal } from "../../../src/core/sense/senseTerminal";
import type { TerminalFacts } from "../../../src/core/sense/terminalFacts";
import { recordings, sensed } from "../../support/recordedScreens";

/** The same screen with these lines at its beginning. */
function below(above: readonly string[], facts: TerminalFacts): TerminalFacts {
  const { row, ...cursor } = facts.cursor;
  return { ...facts, lines: [...above, ...facts.lines], cursor: { ...cursor, row: row + above.length } };
}

/** The same screen in fewer columns: text wraps where it is indented, a rule and what is framed is cut. */
function narrower(facts: TerminalFacts, cols: number): TerminalFacts {
  const lines: string[] = [];
  let row = facts.cursor.row;
  for (const [index, line] of facts.lines.entries()) {
    const frame = /[│┃█╮╯┐┘╗╝]$/u.exec(line)?.[0];
    if (line.length <= cols) lines.push(line);
    else if (frame !== undefined) lines.push(line.slice(0, cols - 2).padEnd(cols - 1) + frame);
    else if (/[─▀▄╌]{20}/u.test(line)) lines.push(line.slice(0, cols));
    else {
      const indent = /^\s*/u.exec(line)?.[0] ?? "";
      const at = line.lastIndexOf(" ", cols);
      const end = at > indent.length ? at : cols;
      lines.push(line.slice(0, end), `${indent.slice(0, cols / 2)}  ${line.slice(end).trim()}`.slice(0, cols));
      if (index < facts.cursor.row) row++;
    }
  }
  return { ...facts, lines, cols, cursor: { ...facts.cursor, row } };
}

/** What an answer may quote: marks of all states, as agents print text, indented. */
const quoted = [
  "Would you like to run the following command?",
  "› 1. Yes, proceed (y)",
  "Press enter to confirm or esc to cancel",
  "Do you want to proceed?",
  "❯ 1. Yes",
  "Esc to cancel · Tab to amend",
  "Enter to select · ↑/↓ to navigate · Esc to cancel",
  "Allow execution of [Shell]?",
  "● 1. Allow once",
  "⠏ Waiting for user confirmation...",
  "• Working (6s • esc to interrupt)",
  "● API Error: 500 Internal server error.",
  "■ exceeded retry limit, last status: 429 Too Many Requests",
  "✕ [API Error: 401 Incorrect API key provided]",
  "────────────────────────",
  "❯ ",
  "────────────────────────",
  ">   Type your message or @path/to/file",
].map((line) => `     ${line}`);

describe.each(["claude", "codex", "gemini", "qwen"])("screens of %s that were changed", (tool) => {
  const recorded = recordings(tool);

  it.each(recorded)("tells the state of $name below prose that quotes all marks", ({ facts, expected }) => {
    expect(sensed(below(quoted, facts))).toBe(expected);
  });

  const dialogs = recorded.filter(({ expected }) => expected.startsWith("waiting"));
  it.each(recorded)("tells the state of $name below old dialogs", ({ facts, expected }) => {
    for (const { facts: old } of dialogs.slice(0, 4)) expect(sensed(below(old.lines, facts))).toBe(expected);
  });

  it("takes a dialog for what it is below one of any other kind, which was answered", () => {
    const kinds = ["trust", "login", "permission", "plan"].flatMap((kind) =>
      dialogs.filter(({ expected }) => expected === `waiting(${kind})`).slice(0, 3),
    );
    for (const { facts, expected } of kinds)
      for (const { facts: old, name } of kinds) expect(sensed(below(old.lines, facts)), name).toBe(expected);
  });

  it.each(recorded.filter(({ facts }) => facts.cols > 80))("tells the state of $name in 80 columns", (screen) => {
    expect(sensed(narrower(screen.facts, 80))).toBe(screen.expected);
  });

  it("says that it is not clear where the composer is gone and nothing is known", () => {
    for (const { facts, expected } of dialogs) {
      const { title, ...others } = facts;
      const lines = ["Something new", "   that nobody recorded", "   and that offers nothing."];
      // Before its title is set an agent starts.
      const told = sensed({
        ...others,
        lines,
        ...(title?.startsWith("✋") || title?.startsWith("✳") ? {} : { title }),
      });
      expect(told, expected).toMatch(/^(?:unclear|starting|waiting\(permission\))$/u);
    }
  });

  it("takes choices and keys in place of the composer for a dialog that no recording shows", () => {
    const [first] = dialogs;
    const lines = ["Enable the new sandbox?", "❯ 1. Enable it", "  2. Later", "enter to choose · esc to go back"];
    const facts: TerminalFacts = { ...(first?.facts as TerminalFacts), lines, title: "Something" };
    expect(senseTerminal(facts, shippedCatalog)).toMatchObject({ state: "waiting" });
  });
});

/** The same screen with a blank before each line. */
function further({ cursor, lines, ...facts }: TerminalFacts): TerminalFacts {
  const moved = lines.map((line) => (line === "" ? line : ` ${line}`));
  return { ...facts, lines: moved, cursor: { ...cursor, col: cursor.col + 1 } };
}

describe.each(["claude", "codex", "gemini"])("screens of %s that are shown a column further right", (tool) => {
  it.each(recordings(tool))("tells the state of $name", ({ facts, expected }) => {
    expect(sensed(further(facts))).toBe(expected);
  });
});

describe.each(["opencode", "copilot", "cline", "aider"])("screens of %s that were changed", (tool) => {
  it.each(recordings(tool))("tells the state of $name below prose that quotes all marks", ({ facts, expected }) => {
    expect(sensed(below(quoted, facts))).toBe(expected);
  });
});

describe.each(["gemini", "qwen", "opencode"])("screens of %s whose title nobody saw", (tool) => {
  const recorded = recordings(tool).filter(({ expected }) => !/^(?:starting|exited|unclear)/.test(expected));

  it.each(recorded)("tells whether somebody is needed: $name", ({ facts, expected }) => {
    const { title: _, ...others } = facts;
    expect(sensed(others).startsWith("waiting")).toBe(expected.startsWith("waiting"));
  });
});

/** The same screen as a terminal or a locale without Unicode has its frames drawn. */
function inPlainFrames({ lines, ...facts }: TerminalFacts): TerminalFacts {
  const plain = lines.map((line) =>
    line
      .replace(/[─╌]/gu, "-")
      .replace(/[│╎]/gu, "|")
      .replace(/[┌┐└┘├┤┬┴┼╭╮╰╯]/gu, "+"),
  );
  return { ...facts, lines: plain };
}

describe.each(["claude", "codex", "gemini", "qwen"])("screens of %s whose frames are plain letters", (tool) => {
  it.each(recordings(tool))("tells the state of $name", ({ facts, expected }) => {
    expect(sensed(inPlainFrames(facts))).toBe(expected);
  });
});
