import { describe, expect, it } from "vitest";
import { cellsWithin } from "../../../webview-ui/mirror/fitting";

describe("the cells that fit into a view", () => {
  it.each([
    ["a fraction less than one more", 839.99, 8.4, 99],
    ["exactly as many", 843, 8.43, 100],
    ["less than half a cell more", 846, 8.43, 100],
    ["more than half a cell more", 850, 8.43, 100],
    ["not even one", 3, 8.43, 1],
    ["none at all", -20, 8.43, 1],
    ["more than servers take", 100_000, 8.43, 1000],
  ])("%s", (_name, pixels, cell, cells) => expect(cellsWithin(pixels, cell)).toBe(cells));
});
