import { describe, expect, it } from "vitest";
import type { Screen, TerminalMode } from "../../../src/core/ports/sessions";
import { terminalFacts } from "../../../src/core/session/sensedTerminal";
import { TerminalSignals } from "../../../src/core/sense/terminalSignals";

const screen: Screen = {
  lines: ["text"],
  cursor: { row: 0, col: 4, visible: true },
  rows: 1,
  cols: 80,
  total_lines: 1,
  alternate_active: false,
};
const mode: TerminalMode = { echo: true, canonical: true, foreground: "codex" };
const told: TerminalMode = { ...mode, title: "theirs", progress: "busy", statuses: ["state=working:app=codex"] };

describe("what is known of a terminal beside its screen", () => {
  it("is what its server tells, for who looks once", () => {
    expect(terminalFacts(screen, { mode: told })).toMatchObject({
      title: "theirs",
      progress: "busy",
      statuses: [{ state: "working", app: "codex", id: "" }],
    });
  });

  it("is nothing where nobody tells", () => {
    const facts = terminalFacts(screen, { mode });
    expect(Object.keys(facts)).not.toEqual(expect.arrayContaining(["title"]));
    expect([facts.progress, facts.statuses, facts.mouse]).toEqual([undefined, undefined, undefined]);
  });

  it("is what was read along, where that tells", () => {
    const signals = new TerminalSignals();
    signals.title("ours");
    signals.osc(7501, "state=idle:app=claude-code");
    expect(terminalFacts(screen, { mode: told, told: signals.facts })).toMatchObject({
      title: "ours",
      progress: "busy",
      statuses: [{ state: "idle", app: "claude-code" }],
    });
  });

  it("leaves out reports that are none", () => {
    const statuses = ["state=exited", "", "state=working:id=a b"];
    expect(terminalFacts(screen, { mode: { ...told, statuses } }).statuses).toBeUndefined();
  });

  it("has the mouse where the server tells the modes", () => {
    expect(terminalFacts({ ...screen, private_modes: [1002, 2004] }, {}).mouse).toBe(true);
    expect(terminalFacts({ ...screen, private_modes: [2004] }, {}).mouse).toBe(false);
  });
});
