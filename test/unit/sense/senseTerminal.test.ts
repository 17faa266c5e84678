import { describe, expect, it } from "vitest";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { limitEnd } from "../../../src/core/sense/limitEnd";
import { ProgramStatusTree } from "../../../src/core/sense/programStatus";
import { senseTerminal } from "../../../src/core/sense/senseTerminal";
import type { Sensed, TerminalFacts } from "../../../src/core/sense/terminalFacts";
import { recordings } from "../../support/recordedScreens";

function told(...reports: string[]): Pick<TerminalFacts, "statuses"> {
  const tree = new ProgramStatusTree();
  for (const report of reports) tree.report(report);
  return { statuses: tree.records };
}

const blank: TerminalFacts = {
  lines: ["Some text."],
  cols: 80,
  cursor: { row: 1, col: 0, visible: true },
  alternate: false,
};

function sense(facts: Partial<TerminalFacts>): Sensed {
  return senseTerminal({ ...blank, ...facts }, shippedCatalog);
}

const recorded = (tool: string, expected: string): TerminalFacts => {
  const found = recordings(tool).find((each) => each.expected === expected);
  if (!found) throw new Error(`No ${expected} of ${tool} is recorded.`);
  return found.facts;
};

describe("the usage limit of Codex", () => {
  it.each([
    ["6:10 AM", Date.UTC(2026, 11, 1, 6, 10)],
    ["Dec 4th, 2026 3:10 AM", Date.UTC(2026, 11, 4, 3, 10)],
    // Where its terminal breaks the line before.
    ["Dec 3rd, 2026 2:02 PM", Date.UTC(2026, 11, 3, 14, 2)],
  ])("is told with its end: %s", (words, end) => {
    const shown = recordings("codex").find(({ facts }) => facts.lines.some((line) => line.includes(`at ${words}.`)));
    expect(shown && sense({ ...shown.facts, started: "codex" })).toMatchObject({
      state: "limited",
      kind: "quota",
      until: words,
    });
    expect(limitEnd(`${words} UTC`, Date.UTC(2026, 11, 1, 3, 10))).toBe(end);
  });
});

describe("a turn of an agent that failed or met a limit", () => {
  const failures = ["claude", "codex", "gemini", "qwen", "opencode", "copilot", "cline"].flatMap((tool) =>
    recordings(tool)
      .filter(({ expected }) => /^(?:failed|limited)\b/u.test(expected))
      .map(({ name, facts }) => ({ tool, name, facts })),
  );

  it("is told by what its program says, and not by what stands in its composer", () => {
    expect(failures.length).toBeGreaterThan(20);
    const wrong = failures.flatMap(({ tool, name, facts }) => {
      const sensed = sense({ ...facts, started: tool });
      const said = sensed.evidence.find(({ lines }) => lines.length > 0)?.lines[0] ?? "";
      return /^[❯›>](?:\s|$)/u.test(said) ? [`${tool} ${name}: ${said}`] : [];
    });
    expect(wrong).toEqual([]);
  });
});

describe("what programs say of themselves", () => {
  it("is a login that is gone, and no dialog, where an agent says that it has none and shows its composer", () => {
    const typed = recorded("claude", "idle");
    const asks = told("state=blocked:kind=auth:app=claude-code");
    expect(sense({ ...typed, ...asks })).toMatchObject({ state: "failed", kind: "auth" });
    expect(sense({ started: "claude", ...asks })).toMatchObject({ state: "waiting", kind: "login" });
  });

  const codex = { started: "codex", foreground: "codex" };

  it.each([
    ["a turn that is done, while a task in the background works", ["state=done", "state=working:id=task"], "working"],
    ["rest, while a task in the background works", ["state=idle", "state=working:id=a/b"], "working"],
    ["work, while a task asks", ["state=working", "state=blocked:kind=permission:id=a/b"], "waiting"],
    ["a failure, while a task works", ["state=error", "state=working:id=task"], "failed"],
    ["done, as are its tasks", ["state=done", "state=done:id=task"], "done_unseen"],
    ["work of a task alone", ["state=working:id=task"], "working"],
  ])("hears of all of a tree: %s", (_name, reports, state) => {
    const records = told(...reports.map((report) => `${report}:app=codex`));
    expect(sense({ ...codex, ...records }).state).toBe(state);
  });

  it("hears a program that no rule knows", () => {
    const records = told("state=blocked:kind=question:app=harbour");
    expect(sense({ foreground: "node", ...records })).toMatchObject({
      state: "waiting",
      kind: "question",
      program: { name: "harbour" },
    });
    expect(sense({ foreground: "harbour", ...told("state=working") })).toMatchObject({
      state: "working",
      program: { name: "harbour" },
    });
  });

  it("hears nothing of one that is not in front", () => {
    const working = told("state=working:app=claude-code");
    expect(sense({ ...codex, ...working }).evidence[0]?.signal).not.toBe("program_status");
    expect(sense({ foreground: "bash", lines: ["$ "], cursor: { row: 0, col: 2, visible: true }, ...working })).toEqual(
      expect.objectContaining({ state: "idle", kind: "shell" }),
    );
    const editor = sense({ started: "claude", foreground: "vim", alternate: true, ...working });
    expect(editor).toMatchObject({ state: "idle", kind: "editor" });
  });

  it.each(["idle", "done", "working"])("sees a dialog that stands there, although it was said: %s", (state) => {
    const lines = ["Enable the new sandbox?", "❯ 1. Enable it", "  2. Later", "enter to choose · esc to go back"];
    expect(sense({ ...codex, lines, title: "x", ...told(`state=${state}:app=codex`) }).state).toBe("waiting");
  });
});

describe("an agent that nobody has named", () => {
  it.each([
    ["gemini", "waiting(permission)"],
    ["gemini", "working"],
    ["qwen", "waiting(permission)"],
    ["copilot", "waiting(permission)"],
  ])("is known by its screen where it runs as node: %s %s", (tool, expected) => {
    const { started: _, ...facts } = recorded(tool, expected);
    expect(sense({ ...facts, foreground: "node" })).toMatchObject({
      state: expected.replace(/\(.*/, ""),
      program: { name: tool },
    });
  });
});

describe("an agent that has drawn nothing yet", () => {
  it.each(["copilot", "cline", "opencode"])("is starting: %s", (started) => {
    const facts = { lines: ["", ""], alternate: true, title: "dev@host: ~/work", started, foreground: started };
    expect(sense(facts)).toMatchObject({ state: "starting" });
  });
});
