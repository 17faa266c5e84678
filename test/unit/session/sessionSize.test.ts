import { describe, expect, it } from "vitest";
import { columnsWithin, recordedSize, sessionSize } from "../../../src/core/session/sessionSize";

describe("how wide a session is", () => {
  it("is what is wanted of new ones, else 120", () => {
    expect(sessionSize(undefined)).toEqual({ rows: 50, cols: 120 });
    expect(sessionSize(90)).toEqual({ rows: 50, cols: 90 });
  });

  it("is what its record says; one from before the record said it is 200 wide", () => {
    expect(recordedSize({ cols: 90 })).toEqual({ rows: 50, cols: 90 });
    expect(recordedSize({})).toEqual({ rows: 50, cols: 200 });
    expect(recordedSize({ cols: 100_000 })).toEqual({ rows: 50, cols: 200 });
  });

  it("is a whole number within limits", () => {
    expect([60, 120, 400].map(columnsWithin)).toEqual([60, 120, 400]);
    expect([0, 59, 401, 80.5, Number.NaN, "120", null, undefined].map(columnsWithin)).toEqual(Array(8).fill(undefined));
  });
});
