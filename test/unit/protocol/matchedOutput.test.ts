import { describe, expect, it } from "vitest";
import { withPathsFrom } from "../../../src/protocol/matchedOutput";

describe("output for problem matchers", () => {
  it("has the paths that are known elsewhere, and everything else as it was", async () => {
    const output =
      "src/a.ts(3,5): error TS1: no\n/w/b.ts:1:2 absolute\nlib/c.ts:9 unknown\nsrc/a.ts:4:1 and src/a.ts:5:1";
    const moved = await withPathsFrom(output, (path) =>
      Promise.resolve(path === "src/a.ts" ? "parts/src/a.ts" : undefined),
    );
    expect(moved).toBe(
      "parts/src/a.ts(3,5): error TS1: no\n/w/b.ts:1:2 absolute\nlib/c.ts:9 unknown\nparts/src/a.ts:4:1 and parts/src/a.ts:5:1",
    );
  });
});
