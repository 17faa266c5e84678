import { describe, expect, it } from "vitest";
import { gridStep, isGridStep } from "../../../webview-ui/overview/grid";

describe("keys of the grid", () => {
  it("lead to neighbours and stop at edges", () => {
    const at = (from: number, step: Parameters<typeof gridStep>[1]): number => gridStep(from, step, 8, 3);
    expect([at(4, "ArrowLeft"), at(4, "ArrowRight"), at(4, "ArrowUp"), at(4, "ArrowDown")]).toEqual([3, 5, 1, 7]);
    expect([at(0, "ArrowLeft"), at(7, "ArrowRight"), at(1, "ArrowUp"), at(5, "ArrowDown")]).toEqual([0, 7, 1, 5]);
    expect([at(4, "Home"), at(4, "End"), at(4, "PageUp"), at(4, "PageDown")]).toEqual([0, 7, 1, 7]);
  });

  it("are only those", () => {
    expect(["ArrowUp", "End"].every(isGridStep) && !isGridStep("Enter") && !isGridStep("toString")).toBe(true);
  });
});
