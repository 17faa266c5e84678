import { describe, expect, it } from "vitest";
import { parsePlan } from "../../../src/core/model/plan";
import { found, head, problemsOf } from "../../support/refusedPlans";

describe("a plan that is too much is refused, for", () => {
  it("more than 1,000 tasks", () => {
    const tasks = (count: number): string =>
      Array.from({ length: count }, (_, index) => `  - { id: t${index}, role: r, run: x }\n`).join("");
    expect(found(`${head}tasks:\n${tasks(1001)}`)).toEqual([
      "4:3 tasks: must have at most 1,000 tasks; divide it into several plans",
    ]);
    expect(parsePlan(`${head}tasks:\n${tasks(1000)}`).tasks).toHaveLength(1000);
  });

  it("aliases that grow without end", () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) =>
        `x-${level}: &l${level} [${Array.from({ length: 9 }, () => (level === 0 ? "x" : `*l${level - 1}`)).join(", ")}]`,
    );
    const started = performance.now();
    expect(found(`project: a\n${levels.join("\n")}\n`)[0]).toMatch(
      /^3:11 the plan has more than 1,000 aliases, those within aliases included$/,
    );
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it.each<[string, string, string]>([
    ["brackets", "[".repeat(1024), "1:50 lists and maps are nested too deeply"],
    ["a mebibyte of brackets", `a: ${"[".repeat(1_000_000)}`, "1:52 lists and maps are nested too deeply"],
    ["braces", "{".repeat(1024), "1:50 lists and maps are nested too deeply"],
    ["dashes", "- ".repeat(600), "1:99 lists and maps are nested too deeply"],
    ["keys that are maps", "? ".repeat(600), "1:99 lists and maps are nested too deeply"],
    ["a key that is a list", "[a, b]: c", "1:1 a key must be text, not a list or a map"],
    ["a key that is a map", "? a: b\n: c", "1:4 a key must be text, not a list or a map"],
    [
      "indentation",
      Array.from({ length: 1400 }, (_, level) => `${" ".repeat(level)}a:`).join("\n"),
      "50:50 lists and maps are nested too deeply",
    ],
    [
      "keys",
      Array.from({ length: 20_000 }, (_, index) => `k${index}: *z\n`).join(""),
      "1001:1 a map has more than 1,000 keys",
    ],
    ["documents", "---\n".repeat(50_000), "2:4 a plan must be one YAML document; a second one begins here"],
    ["signs", `[${", ".repeat(300_000)}`, "too many words and signs"],
    [
      "aliases",
      `x-a: &a 1\ngoal: [${"*a, ".repeat(100_000)}]`,
      "the plan has more than 1,000 aliases, those within aliases included",
    ],
  ])("too many %s, before the rest is read", (_, text, sentence) => {
    const started = performance.now();
    const problems = found(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(sentence);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it.each([5, 46, 47, 48, 400, 20_000])("a command of %d words with colons, that has to be quoted", (words) => {
    const run = Array.from({ length: words }, (_, index) => `a${index}`).join(": ");
    const [problem, ...more] = problemsOf(`${head}tasks:\n  - id: one\n    role: r\n    run: ${run}\n`);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ line: 6, column: 10 });
    expect(problem?.message).toMatch(/^text that contains ": " must be quoted(?:: run: 'a0: a1: .*')?$/);
  });

  it("a command of many lines with colons, whose first line has to be quoted", () => {
    const lines = Array.from({ length: 60 }, (_, index) => `      x${index}: y: z\n`);
    const [problem] = problemsOf(`${head}tasks:\n  - id: one\n    role: r\n    run: a: b\n${lines.join("")}`);
    expect(problem).toMatchObject({
      line: 6,
      column: 10,
      message: expect.stringContaining("must be quoted") as string,
    });
  });

  it("maps that are keys, too deeply, whatever they hold", () => {
    expect(found("? ".repeat(60) + "a: b: c")).toEqual(["1:99 lists and maps are nested too deeply"]);
  });

  it("4,000 tasks, as soon as there are too many", () => {
    const tasks = Array.from({ length: 4000 }, (_, index) => `{ id: t${index}, role: r, run: x }`);
    const sentence = ["4:3 tasks: must have at most 1,000 tasks; divide it into several plans"];
    expect(found(`${head}tasks:\n${tasks.map((task) => `  - ${task}\n`).join("")}oops: [`)).toEqual(sentence);
    expect(found(`${head}tasks:\n  [${tasks.join(", ")}`)).toEqual(sentence);
    expect(parsePlan(`${head}tasks: [${tasks.slice(0, 1000).join(", ")},]`).tasks).toHaveLength(1000);
  });

  it("its first hundred problems, of thousands", () => {
    const tasks = Array.from(
      { length: 1000 },
      (_, index) => `  - { id: task-${index}, role: rr, rn: x, needs: [tosk-${index}x] }\n`,
    );
    const started = performance.now();
    expect(found(`${head}tasks:\n${tasks.join("")}`)).toHaveLength(100);
    expect(performance.now() - started).toBeLessThan(3000);
    expect(() => parsePlan(`${head}tasks:\n${tasks.join("")}`)).toThrow(/; further problems are not listed\.$/);
  });

  it("an aliased task, at the alias's target", () => {
    expect(found(`project: a\nx-t: &t { id: a, role: r, run: x, chek: y }\nroles: { r: {} }\ntasks: [*t]\n`)).toEqual([
      '2:35 tasks[0]: unknown key "chek"; did you mean "check"?',
    ]);
  });

  it("more than a mebibyte", () => {
    expect(found(`project: a\n#${"x".repeat(1024 * 1024)}`)).toEqual([
      "1:1 the plan is larger than 1 MiB; divide it into several plans",
    ]);
  });

  it("long chains are no cycles, and long cycles are found", () => {
    const chain = (last: string): string =>
      `${head}tasks:\n${Array.from({ length: 1000 }, (_, index) => `  - { id: t${index}, role: r, run: x${index > 0 ? `, needs: [t${index - 1}]` : last} }\n`).join("")}`;
    expect(parsePlan(chain("")).tasks).toHaveLength(1000);
    expect(found(chain(", needs: [t999]"))).toHaveLength(1);
  });
});
