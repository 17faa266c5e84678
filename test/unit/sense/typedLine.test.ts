import { describe, expect, it } from "vitest";
import { standsAtCursor } from "../../../src/core/sense/typedLine";

const screen = (
  lines: string[],
  col = lines.at(-1)?.length ?? 0,
): { lines: string[]; cursor: { row: number; col: number } } => ({
  lines: [...lines, ""],
  cursor: { row: lines.length - 1, col },
});

describe("a text that stands at the cursor", () => {
  it("is found behind a prompt, and where the terminal wraps it", () => {
    expect(standsAtCursor(screen(["old", "$ echo ("]), "echo (", false)).toBe(true);
    expect(standsAtCursor(screen(["$ echo one two", "three ("]), "echo one two three (", false)).toBe(true);
  });

  it("is not when somebody has written more, or it stands further up", () => {
    expect(standsAtCursor(screen(["$ echo ( more"]), "echo (", false)).toBe(false);
    expect(standsAtCursor(screen(["$ echo (", "$ draft"]), "echo (", false)).toBe(false);
    expect(standsAtCursor(screen(["$ "]), "echo (", false)).toBe(false);
    expect(standsAtCursor(screen(["$ "]), " ", false)).toBe(false);
  });

  it("counts what is left of the cursor only", () => {
    expect(standsAtCursor(screen(["$ if true  (a suggestion)"], 9), "if true", false)).toBe(true);
  });

  it("may have a prompt for more lines behind it, and no text", () => {
    expect(standsAtCursor(screen(["$ if true", "then> "]), "if true", true)).toBe(true);
    expect(standsAtCursor(screen(["$ if true", "> echo this is what somebody goes on with"]), "if true", true)).toBe(
      false,
    );
    expect(standsAtCursor(screen(["$ if true"]), "if true", true)).toBe(false);
  });

  it("is known by its end when it is longer than a screen", () => {
    const long = `echo ${"abcdefgh".repeat(1000)}`;
    expect(standsAtCursor(screen([long.slice(-3000)]), long, false)).toBe(true);
  });
});
