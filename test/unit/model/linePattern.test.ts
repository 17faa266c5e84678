import { describe, expect, it } from "vitest";
import { LinePattern, linePatternProblem, PatternTooSlow, StepBudget } from "../../../src/core/model/linePattern";

const unbounded = (): StepBudget => new StepBudget(Infinity);

/** What JavaScript itself says. */
function theirs(source: string, text: string): string | null | undefined {
  const found = new RegExp(
    source.replace(/^\(\?i\)/, ""),
    `${source.startsWith("(?i)") ? "i" : ""}${source.includes("\\p") ? "u" : ""}`,
  ).exec(text);
  return found === null ? null : found[1];
}

function ours(source: string, text: string): string | null | undefined {
  const found = new LinePattern(source, unbounded()).exec(text);
  return found === null ? null : found[1];
}

describe("a pattern for a line", () => {
  const patterns = [
    "v(\\d+\\.\\d+\\.\\d+)",
    "^Do you want to (\\w+)\\?$",
    "(a+)(b+)",
    "(a+?)b?",
    "(a|ab)(c|bcd)(d*)$",
    "(?:x|(y))z",
    "(\\w{2,4})\\s",
    "(\\w{2,4}?)\\s?",
    "(?i)resets (?:at|in) (.+?)(?:\\.|$)",
    "(?i)[a-z]ES(s?)",
    "^$",
    "^\\s*$",
    "\\bready\\b",
    "\\B(e)",
    "(a*)*",
    "(?:a?)+(b)",
    "[❯›] *(\\d)\\. Yes",
    "\\p{L}+(ü)cke",
    "(?<when>\\d+:\\d+)",
    "x?",
    "$",
    "[😀😁] (ok)",
    "(a+)+$",
    "[^x]{3}(x)",
  ];
  const texts = [
    "",
    " ",
    "Claude Code v2.1.330",
    "Do you want to proceed?",
    "aaabb ab b",
    "abcd",
    "yz xz",
    "ab abc abcde ",
    "Your limit RESETS AT 3:45 pm. See",
    "yes YESS",
    "not ready yet, already",
    "aaaa!",
    "❯ 1. Yes",
    "die Brücke",
    "x",
    "😁 ok",
    "abx  x",
  ];

  for (const pattern of patterns) {
    it(`finds ${pattern} as JavaScript does`, () => {
      expect(linePatternProblem(pattern)).toBeUndefined();
      for (const text of texts) {
        // Its own classes take halves of such a character.
        if (pattern.includes("😀") && !text.includes("😁")) continue;
        const wanted = pattern.includes("😀") ? "ok" : theirs(pattern, text);
        // A group within a loop that ran empty is told in two ways by as many engines.
        const same = ours(pattern, text);
        expect([text, pattern === "(a*)*" ? same !== null : same]).toEqual([
          text,
          pattern === "(a*)*" ? wanted !== null : wanted,
        ]);
        expect(new LinePattern(pattern, unbounded()).test(text)).toBe(wanted !== null);
      }
    });
  }

  it("finds what JavaScript finds, for made patterns and texts", () => {
    let seed = 7;
    const random = (most: number): number => (seed = (seed * 16807) % 2147483647) % most;
    const atom = (depth: number): string => {
      const kind = random(depth > 2 ? 5 : 8);
      if (kind < 3) return "abc"[random(3)] ?? "a";
      if (kind === 3) return "[ab]";
      if (kind === 4) return ".";
      const inner = [...Array<number>(1 + random(3))]
        .map(() => `(?:${atom(depth + 1)})${random(3) === 0 ? "?" : ""}`)
        .join("");
      return kind === 5 ? `(?:${inner}|${atom(depth + 1)})` : `(?:${inner})${["*", "+", "{1,2}", ""][random(4)] ?? ""}`;
    };
    for (let round = 0; round < 1500; round++) {
      const begin = random(4) === 0 ? "^" : "";
      const source = `${begin}${atom(0)}((?:${atom(0)})${["", "+", "*?", "?"][random(4)] ?? ""})${atom(0)}`;
      const text = [...Array<number>(random(9))].map(() => "abc"[random(3)]).join("");
      // Which text a group has is not compared: JavaScript takes no empty turn of a loop, and goes another way instead.
      expect([source, text, ours(source, text) !== null]).toEqual([source, text, theirs(source, text) !== null]);
    }
  });

  it.each([
    ["(?=a)b", /look ahead/],
    ["(a)\\1", /refer back/],
    ["(", /regular expression/],
    ["(?i)[", /regular expression/],
    ["(?:a{200}){5}", /too large/],
  ])("does not take %s", (source, why) => {
    expect(linePatternProblem(source)).toMatch(why);
  });

  it("does not take a long text", () => {
    expect(linePatternProblem("a".repeat(1001))).toBe("must have at most 1000 characters");
  });

  it.each(["(a+)+$", "(a|a)*$", "(?:a?){30}a{30}b", "^(.*?,){20}x", "(?i)(x+x+)+y"])(
    "takes steps that grow with the line, and no faster: %s",
    (source) => {
      const steps = (length: number): number => {
        const budget = new StepBudget(Number.MAX_SAFE_INTEGER);
        new LinePattern(source, budget).test(`${"ax,".repeat(length / 3)}!`);
        return budget.spent;
      };
      expect(steps(3000)).toBeLessThan(steps(300) * 11);
      const budget = new StepBudget(Number.MAX_SAFE_INTEGER);
      new LinePattern(source, budget).test(`${"a".repeat(100_000)}!`);
      expect(budget.spent).toBeLessThan(4_000 * 400);
    },
  );

  it("gives up where its budget is spent, and has it again for the next screen", () => {
    const budget = new StepBudget(5_000);
    const pattern = new LinePattern("(?:a?){30}b", budget, 12);
    expect(pattern.test("aaab")).toBe(true);
    const line = "a".repeat(3000);
    expect(() => pattern.test(line)).toThrow(PatternTooSlow);
    budget.refill();
    expect(pattern.test("aab")).toBe(true);
  });

  it("passes over what begins no match for next to nothing", () => {
    const budget = new StepBudget(Number.MAX_SAFE_INTEGER);
    new LinePattern("Proceed\\?", budget).test("x".repeat(4000));
    expect(budget.spent).toBeLessThan(600);
  });
});
