import { describe, expect, it } from "vitest";
import type { Screen } from "../../../src/core/ports/sessions";
import { composerOn } from "../../../src/core/sense/composer";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { ScreenRegions } from "../../../src/core/sense/screenRegions";
import { withoutPanel } from "../../../src/core/sense/sidePanel";
import { terminalFacts } from "../../../src/core/session/sensedTerminal";
import { recordings } from "../../support/recordedScreens";

const opencode = shippedCatalog.named("opencode");
const edge = /^ {2}╹▀{8,}/u;

function screenOf(lines: Screen["lines"]): Screen {
  return {
    lines,
    cursor: { row: 0, col: 0, visible: true },
    rows: lines.length,
    cols: 200,
    total_lines: lines.length,
    alternate_active: true,
  };
}

describe("a panel beside a transcript", () => {
  it("is no part of what stands in the composer, in any recording that has one", () => {
    if (!opencode?.composer) throw new Error("No composer of opencode is known");
    let wide = 0;
    for (const { name, facts } of recordings("opencode")) {
      const screen = withoutPanel(screenOf(facts.lines), opencode.panelEdge);
      const regions = new ScreenRegions(terminalFacts(screen, {}), opencode.regions);
      const found = composerOn(screen, regions, opencode.composer);
      if (!found || !facts.lines.some((row) => /╹▀{8}.* {2,}\S/u.test(row) || row.includes("• OpenCode"))) continue;
      wide++;
      expect(found.text, name).not.toMatch(/\/home\/|OpenCode|LSP|tokens/u);
    }
    expect(wide).toBeGreaterThan(3);
  });

  it("is taken away up to the cell, whatever stands before it", () => {
    const row = "  ┃  日本 text";
    const lines = [`${row}      panel`, "  ╹▀▀▀▀▀▀▀▀▀▀▀▀    panel"];
    expect(withoutPanel(screenOf(lines), edge).lines).toEqual([row, "  ╹▀▀▀▀▀▀▀▀▀▀▀▀"]);
  });

  it("is taken from rows with colours", () => {
    const lines = [[{ text: "  ┃  日本" }, { text: " text and panel", faint: true }], [{ text: "  ╹▀▀▀▀▀▀▀▀▀▀▀▀" }]];
    expect(withoutPanel(screenOf(lines), edge).lines[0]).toEqual([
      { text: "  ┃  日本" },
      { text: " text ", faint: true },
    ]);
  });

  it("is not looked for where no edge is seen, or none is known", () => {
    const screen = screenOf(["a long row    with more"]);
    expect(withoutPanel(screen, edge)).toBe(screen);
    expect(withoutPanel(screen, undefined)).toBe(screen);
  });
});
