import { describe, expect, it } from "vitest";
import { findAll, mostMatches, stepMatch } from "../../../webview-ui/shared/find";

describe("find in rows", () => {
  it("finds every place, and minds capital letters only when asked with some", () => {
    expect(findAll(["an Ant and", "", "ANT"], "an")).toEqual([
      { row: 0, from: 0, to: 2 },
      { row: 0, from: 3, to: 5 },
      { row: 0, from: 7, to: 9 },
      { row: 2, from: 0, to: 2 },
    ]);
    expect(findAll(["an Ant"], "An")).toEqual([{ row: 0, from: 3, to: 5 }]);
    expect(findAll(["aaaa"], "aa").map((match) => match.from)).toEqual([0, 2]);
    expect(findAll(["x"], "")).toEqual([]);
  });

  it("keeps places right where lower case has another length", () => {
    expect(findAll(["\u0130\u0130 needle"], "needle")).toEqual([{ row: 0, from: 3, to: 9 }]);
  });

  it("counts no further than anybody would go", () => {
    expect(findAll(["a".repeat(mostMatches * 2)], "a")).toHaveLength(mostMatches);
  });

  it("goes round in both directions, and begins at the end", () => {
    expect([
      stepMatch(undefined, 3, 1),
      stepMatch(2, 3, 1),
      stepMatch(0, 3, -1),
      stepMatch(7, 3, 1),
      stepMatch(undefined, 0, 1),
    ]).toEqual([2, 0, 2, 2, undefined]);
  });
});
