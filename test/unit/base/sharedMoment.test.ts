import { describe, expect, it } from "vitest";
import { sharedMoment } from "../../../src/core/base/sharedMoment";

describe("a shared moment", () => {
  it.each([
    [0, 0],
    [499.9, 0],
    [500, 500],
    [1730.25, 1500],
    [Infinity, Infinity],
  ])("is for %f at %f", (at, shared) => {
    expect(sharedMoment(at, 500)).toBe(shared);
  });
});
