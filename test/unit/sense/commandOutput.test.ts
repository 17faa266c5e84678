import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CommandOutput } from "../../../src/core/sense/commandOutput";

describe("CommandOutput", () => {
  it("keeps the last bytes of any sequence of pieces", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(90_000), { maxLength: 12 }),
        fc.integer({ min: 1, max: 200_000 }),
        (lengths, limit) => {
          const output = new CommandOutput(limit);
          const all: Buffer[] = [];
          for (const [index, length] of lengths.entries()) {
            const piece = Buffer.alloc(length, index + 1);
            output.append(piece);
            all.push(piece);
          }
          const whole = Buffer.concat(all);
          expect(output.total).toBe(whole.length);
          expect(output.truncatedHead).toBe(whole.length > limit);
          expect(Buffer.compare(output.bytes(), whole.subarray(Math.max(0, whole.length - limit)))).toBe(0);
        },
      ),
      { numRuns: 150, seed: 20261123 },
    );
  });

  it("remembers that something was lost, and copies what it is given", () => {
    const output = new CommandOutput();
    const piece = Buffer.from("abc");
    output.append(piece);
    piece.fill(0);
    expect(Buffer.from(output.bytes()).toString()).toBe("abc");
    expect(output.incomplete).toBe(false);
    output.gap();
    expect(output.incomplete).toBe(true);
  });
});
