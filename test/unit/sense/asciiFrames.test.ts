import { describe, expect, it } from "vitest";
import { withDrawnFrames } from "../../../src/core/sense/asciiFrames";

describe("frames in plain letters", () => {
  it("are drawn with corners, sides and a title", () => {
    expect(
      withDrawnFrames([
        "  +-- Delete? --------+",
        "  | y | n             |",
        "  +-------------------+",
        "  | yes               |",
        "  +-------------------+",
      ]),
    ).toEqual([
      "  ╭── Delete? ────────╮",
      "  │ y | n             │",
      "  ├───────────────────┤",
      "  │ yes               │",
      "  ╰───────────────────╯",
    ]);
  });

  it("are drawn where the letters name the signs of a terminal's set for drawing", () => {
    expect(
      withDrawnFrames([
        "  lqqqq Quit? qqqqqqqk",
        "  x x | n            x",
        "  tqqqqqqqqqqqqqqqqqqu",
        "  mqqqqqqqqqqqqqqqqqqj",
      ]),
    ).toEqual(["  ┌──── Quit? ───────┐", "  │ x | n            │", "  ├──────────────────┤", "  └──────────────────┘"]);
  });

  it("cost no more where such letters make no frame", () => {
    const rows = [`lqqqqqq${" qq".repeat(330)}z`, `l${"q".repeat(1000)}`, "lqqx".repeat(250), "lqqqqqq qq ".repeat(90)];
    expect(withDrawnFrames(rows)).toEqual(rows);
  });

  it("are rules, too, with a name at one end", () => {
    expect(withDrawnFrames(["------------ name -", "> ", "-------------------"])).toEqual([
      "──────────── name -",
      "> ",
      "───────────────────",
    ]);
  });

  it.each([
    ["options of a command", ["--help", "  --version", "- a list", "ls | wc"]],
    ["a table of text", ["| a | b |", "|---|---|", "| 1 | 2 |"]],
    ["what a log cuts off", ["total 12 -------- and then more"]],
  ])("are not %s", (_, rows) => {
    expect(withDrawnFrames(rows)).toEqual(rows);
  });
});
