import { describe, expect, it } from "vitest";
import { matchedLines, patternProblem, ScreenPattern } from "../../../src/core/model/screenPattern";

const found = (pattern: string, ...lines: string[]): Promise<boolean> =>
  new ScreenPattern(pattern).isIn(lines, () => Promise.resolve());

describe("a pattern for a screen", () => {
  const patterns = [
    "ready on http",
    "ready (?:on|at) https?://\\S+:\\d{2,5}",
    "^Server \\w+$",
    "^\\s*✓ .*passed",
    "a+b?c*",
    "(a|ab)(c|bcd)(d*)$",
    "[^a-c]x|\\d{3}",
    "\\bready\\b",
    "\\Bready",
    "x{2,}y",
    "(?<port>\\d+)\\s+open",
    "\\p{L}+ücke",
    "a.b",
    "\\[done\\]",
    "(?:ab)*?c",
    "foo\nbar",
    "1\\/2",
  ];
  const texts = [
    "vite ready on http://localhost:5173",
    "Server up",
    "Server up now",
    "  ✓ 12 passed",
    "aaac",
    "abcd",
    "ax 123",
    "already done",
    "xxy",
    "8080   open",
    "die Brücke",
    "a\nb",
    "[done]",
    "ababc",
    "foo\nbar",
    "1/2",
    "",
    "ready at https://x:80",
  ];

  it.each(patterns)("finds %j where JavaScript finds it", async (pattern) => {
    const usual = new RegExp(pattern, pattern.includes("\\p") ? "mu" : "m");
    for (const text of texts)
      expect([text, await found(pattern, ...text.split("\n"))]).toEqual([text, usual.test(text)]);
  });

  it("matches across lines, and not over more than its limit", async () => {
    const between = (lines: number): string[] => ["begin", ...Array<string>(lines).fill("-"), "end"];
    expect(await found("begin[^]*end", ...between(matchedLines - 2))).toBe(true);
    expect(await found("begin[^]*end", ...between(matchedLines - 1))).toBe(false);
    // An older beginning is no hindrance to a newer one.
    expect(await found("begin[^]*end", "begin", ...between(matchedLines - 2))).toBe(true);
  });

  it("takes no longer for one that explodes elsewhere", async () => {
    const screen = Array<string>(50).fill("a".repeat(200));
    const begun = performance.now();
    for (const pattern of ["(a+)+$x", "(a|a)*b", "(.*)*x", "a*a*a*a*a*b", "([^b]*)*b"]) {
      expect(patternProblem(`c${pattern}`)).toBeUndefined();
      expect(await found(pattern, ...screen)).toBe(false);
    }
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it.each(["(?:a?b?c?d?e?){30}X", "(?:[a-z]|\\w|.){60}X", `${"[^a]?[^b]?".repeat(29)}X`, ".{1,130}X"])(
    "works at %j in small slices",
    async (pattern) => {
      const characters = (row: number): string =>
        String.fromCodePoint(...Array.from({ length: 200 }, (_, column) => 0x4e00 + row * 200 + column));
      const slices: number[] = [];
      let begun = performance.now();
      const rest = (): Promise<void> => {
        slices.push(performance.now() - begun);
        begun = performance.now();
        return Promise.resolve();
      };
      const screen = Array.from({ length: 50 }, (_, row) => characters(row));
      expect(await new ScreenPattern(pattern).isIn(screen, rest)).toBe(false);
      expect(slices.length).toBeGreaterThanOrEqual(5);
      // Other processes may have taken the processor during one of them.
      expect(slices.sort((one, other) => one - other)[Math.floor(slices.length / 2)]).toBeLessThan(12);
    },
  );

  it.each([
    ["(", "must be a regular expression: "],
    ["a(?=b)", "must not look ahead"],
    ["(a)\\1", "must not refer back"],
    ["(?i)ready", "must be a regular expression: "],
    ["a{1,9999}", "is too large"],
    ["((a{50}){50})", "is too large"],
    ["x*", "must not match an empty line"],
    ["y".repeat(301), "must have at most 300 characters"],
  ])("is not %j", (pattern, problem) => {
    expect(patternProblem(pattern)).toContain(problem);
  });
});
