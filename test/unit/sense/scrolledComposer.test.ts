import { describe, expect, it } from "vitest";
import { composerOn, shownText } from "../../../src/core/sense/composer";
import { codex } from "../../../src/core/sense/programs/codex";
import { factsOfSample } from "../../../src/core/sense/sample";
import { ScreenRegions } from "../../../src/core/sense/screenRegions";

describe("a composer that has no room for its text (recorded with Codex 0.169)", () => {
  const things = Array.from({ length: 30 }, (_, index) => `  ${index}. the ${index}th thing to do`);
  const lines = [
    `›   1. the 1th thing to do${" ".repeat(40)}↑`,
    ...things.slice(2).map((row) => `  ${row}`),
    "",
    "  That is all.",
  ];
  const regions = new ScreenRegions(factsOfSample(lines.join("\n"), { cols: 80, rows: 40 }), codex.regions);
  const screen = { lines, cursor: { row: lines.length - 1, col: 14, visible: true }, cols: 80, rows: 40 };

  it("shows the end of it, and no sign of its own as a part of it", () => {
    const composer = codex.composer && composerOn(screen as never, regions, codex.composer);
    expect(composer?.text.split("\n")[0]).toBe("1. the 1th thing to do");
    expect(composer && shownText(composer, ["About it:", ...things, "", "That is all."].join("\n"))).toBe("part");
  });
});
