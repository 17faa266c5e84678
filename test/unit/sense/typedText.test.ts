import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alteredCharacter, arrivingText, typedText } from "../../../src/core/sense/typedText";
import { encodeCommand, encodeSentinel } from "../../../src/core/sense/typing";

describe("what becomes of a text that is typed", () => {
  it.each([
    ["r\u0085m -rf x", "rm -rf x"],
    ["g\u009bit reset", "git reset"],
    ["a\x7fb\0c\x1bd", "abcd"],
    ["one\rtwo\r\nthree\r\n\n", "one\ntwo\nthree"],
    ["x\x1b[201~y", "xy"],
    ["gr\ud800n", "gr\ufffdn"],
    ["\ta\u200bb\u202ec\u00a0d\ufeff", "\ta\u200bb\u202ec\u00a0d\ufeff"],
  ])("%j is %j", (text, typed) => {
    expect(typedText(text)).toBe(typed);
  });

  it("is what is pasted at a shell, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 12 }), (text) => {
        const line = `x${text.replace(/[\n\t\r]/g, "")}`;
        expect(encodeCommand(line, { shell: "bash", form: "line" })).toBe(`\x1b[200~ ${typedText(line)}\x1b[201~\r`);
      }),
      { numRuns: 300, seed: 20261130 },
    );
  });

  it("goes to a shell without a paste as ASCII, which no locale makes keys of", () => {
    const typed = encodeSentinel("echo gr\u00fcn 'a' \ud83d\ude00", { shell: "posix", id: "f00d" });
    expect(typed).toMatch(/^[\u0020-\u007e]+\r$/);
    expect(typed).toContain(String.raw`gr\0303\0274n \0047a\0047 \0360\0237\0230\0200`);
  });
});

describe("a character that does not arrive as it is written", () => {
  it.each([
    ["r\u0085m", "U+0085", 1, 2, "key"],
    ["echo\nab\u009bc", "U+009B", 2, 3, "key"],
    ["😀\x07", "U+0007", 1, 2, "key"],
    ["a\x7f", "U+007F", 1, 2, "key"],
    ["a\0", "U+0000", 1, 2, "key"],
    ["a\rb", "U+000D", 1, 2, "newline"],
    ["a\udc00b", "U+DC00", 1, 2, "replacement"],
  ])("%j: %s in line %i at %i", (text, name, line, column, becomes) => {
    for (const shell of ["bash", "zsh", "fish", "program"])
      expect(alteredCharacter(text, shell)).toEqual({ name, line, column, becomes });
  });

  it("is none at the end of a line, of whatever system", () => {
    for (const text of ["a\n", "a\r\nb\r\n", "\ta", "grün 😀 \u00a0\u200b\u202e\u2028\ufeff"])
      expect(alteredCharacter(text, "bash"), JSON.stringify(text)).toBeUndefined();
  });

  it("may be one of a shell's own", () => {
    expect(alteredCharacter("\ue072m", "zsh")).toMatchObject({ name: "U+E072", becomes: "byte" });
    expect(arrivingText("\ue072\ue06d -rf x", "zsh")).toBe("rm -rf x");
    expect(alteredCharacter("r\ufdd0m", "fish")).toMatchObject({ name: "U+FDD0", becomes: "lost" });
    expect(arrivingText("r\uf6ffm\ufdef -rf x", "fish")).toBe("rm -rf x");
    expect(alteredCharacter("\ue072\ufdd0\uf6ff", "bash")).toBeUndefined();
  });
});
