import { describe, expect, it } from "vitest";
import { firstCause } from "../../../src/core/model/dependents";

describe("where it began that tasks cannot start", () => {
  const before = (id: string): string | undefined => (id === "0" ? undefined : String(Number(id) - 1));

  it("is the first of a chain, which is walked once for all of them", () => {
    let looks = 0;
    const stoppedBy = (id: string): string | undefined => {
      looks++;
      return before(id);
    };
    const known = new Map<string, string>();
    for (const id of ["500", ...Array.from({ length: 1000 }, (_, index) => String(index))])
      expect(firstCause(id, stoppedBy, known)).toBe("0");
    expect(looks).toBeLessThanOrEqual(1001);
  });

  it("is the task itself where nothing stops it", () => {
    expect(firstCause("0", before)).toBe("0");
    expect(firstCause("7", before)).toBe("0");
  });
});
