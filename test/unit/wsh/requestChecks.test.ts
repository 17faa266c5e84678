import { describe, expect, it } from "vitest";
import {
  checkedCreate,
  checkedIdle,
  checkedName,
  checkedSize,
  checkedTags,
  checkedToken,
} from "../../../src/adapters/wsh/requestChecks";

const invalid = expect.objectContaining({ code: "request_invalid" }) as Error;

describe("checks before a request is sent", () => {
  it.each(["", ".", "..", "a b", "a/b", "proj-a::b::1", "é", "a".repeat(65), "a\n"])("refuses the name %j", (name) => {
    expect(() => checkedName(name)).toThrow(invalid);
  });

  it.each(["A.b_c-9", "a".repeat(64), "0"])("accepts the name %s", (name) => {
    expect(checkedName(name)).toBe(name);
  });

  it("refuses a tag that a server would refuse only after it started the process", () => {
    expect(() => checkedTags(["ok", "no:colon"])).toThrow(invalid);
    expect(() => checkedTags([""])).toThrow(invalid);
    expect(() => checkedCreate({ name: "a", tags: ["no:colon"] })).toThrow(invalid);
  });

  it("refuses sizes that no terminal has", () => {
    for (const rows of [0, 1_001, 1.5, NaN, -1]) expect(() => checkedSize({ rows, cols: 80 })).toThrow(invalid);
    expect(checkedSize({ rows: 1, cols: 1_000 })).toEqual({ rows: 1, cols: 1_000 });
  });

  it("refuses NUL in what becomes an argument or the environment", () => {
    expect(() => checkedCreate({ name: "a", command: "x\0" })).toThrow(invalid);
    expect(() => checkedCreate({ name: "a", env: { A: "x\0" } })).toThrow(invalid);
    expect(() => checkedCreate({ name: "a", cwd: "/\0" })).toThrow(invalid);
  });

  it("writes the query of a wait", () => {
    expect(checkedIdle({ quietMs: 100, maxWaitMs: 900_000, lastGeneration: 4, fresh: true })).toEqual({
      query: "timeout_ms=100&max_wait_ms=900000&format=plain&last_generation=4&fresh=true",
      waitMs: 300_000,
    });
    expect(() => checkedIdle({ quietMs: 0.5, maxWaitMs: 1 })).toThrow(invalid);
    expect(() => checkedIdle({ quietMs: 1, maxWaitMs: -1 })).toThrow(invalid);
  });

  it("trims a token and refuses one that a header cannot carry", () => {
    expect(checkedToken(" secret\n")).toBe("secret");
    expect(checkedToken("  ")).toBeUndefined();
    expect(() => checkedToken("a\nb")).toThrow(invalid);
  });
});
