import { describe, expect, it } from "vitest";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { senseTerminal } from "../../../src/core/sense/senseTerminal";
import type { TerminalFacts } from "../../../src/core/sense/terminalFacts";

/** A terminal whose server does not tell what is in front; its shell says that a command runs. */
function running(lines: string[], more: Partial<TerminalFacts> = {}): ReturnType<typeof senseTerminal> {
  const last = lines.at(-1) ?? "";
  const cursor = { row: lines.length - 1, col: last.length, visible: true };
  const facts = { lines: lines.map((line) => line.trimEnd()), cols: 100, cursor, alternate: false, running: true };
  return senseTerminal({ ...facts, ...more }, shippedCatalog);
}

describe("what runs where nobody tells the program in front", () => {
  it("is at work when it asks nothing, also right after an answer", () => {
    expect(running(["Apply? [y/N] y", "got y", ""])).toMatchObject({
      state: "working",
      confidence: "medium",
      evidence: [{ signal: "marks", rule: "running/in_front" }],
    });
  });

  it("is no shell at its prompt, whatever its line ends with", () => {
    expect(running(["Downloading >"])).toMatchObject({ state: "working" });
    expect(running([">>> "], { started: "python3" })).toMatchObject({
      state: "idle",
      kind: "repl",
      program: { name: "python3" },
    });
  });

  it("asks by the name of the command that started it", () => {
    expect(running(["Proceed (Y/n)? "], { started: "/venv/bin/pip" })).toMatchObject({
      state: "waiting",
      kind: "confirm",
      program: { name: "pip" },
    });
  });

  it("is what was started and not what it shows", () => {
    const screen = ["│ > Try “fix the tests”", "notes.txt"];
    expect(running(screen, { started: "less", alternate: true })).toMatchObject({ state: "idle", kind: "pager" });
    expect(running([], { started: "top", alternate: true })).toMatchObject({ state: "working", kind: "monitor" });
    expect(running([""], { started: "vim", alternate: true })).toMatchObject({ state: "idle", kind: "editor" });
  });

  it("offers the menu of a shell", () => {
    expect(running(["1) a", "2) b", "#? "])).toMatchObject({ state: "waiting", kind: "question" });
    expect(running(["done", "#? "])).toMatchObject({ state: "working" });
  });

  it("says by what, also where no line says it", () => {
    expect(running([], { started: "less", alternate: true }).evidence).toEqual([
      { signal: "screen", rule: "pager/screen", lines: [] },
    ]);
  });
});
