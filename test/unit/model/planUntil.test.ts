import { describe, expect, it } from "vitest";
import { hash64 } from "../../../src/core/base/hash";
import { parsePlan, planToYaml, taskDefinitionHash } from "../../../src/core/model/plan";
import { PlanError } from "../../../src/core/model/planError";

const planWith = (until: string): string =>
  `project: a\nroles: { r: {} }\ntasks:\n  - id: one\n    role: r\n    run: x\n    until: ${until}\n`;

function problemsOf(text: string): string[] {
  try {
    parsePlan(text);
    return [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
  }
}

describe("until", () => {
  it.each([
    ['{ screen: "ready (on" }', ["7:22 tasks[0].until.screen: must be a regular expression: Unterminated group"]],
    [
      "{ screen: a(?=b) }",
      ["7:22 tasks[0].until.screen: must not look ahead or behind, or set flags: (?…) is only for groups, as (?:a|b)"],
    ],
    [
      "{ scren: ready }",
      ['7:12 tasks[0].until: "screen" is missing', '7:14 tasks[0].until: unknown key "scren"; did you mean "screen"?'],
    ],
    ["ready", ["7:12 tasks[0].until: must be a map (key: value), not text"]],
  ])("is refused with its place: %s", (until, problems) => {
    expect(problemsOf(planWith(until))).toEqual(problems);
  });

  it("is part of what a task is, and of the text of its plan", () => {
    const plan = parsePlan(planWith("{ screen: ready }"));
    expect(plan.tasks[0]?.until).toEqual({ screen: "ready" });
    expect(parsePlan(planToYaml(plan))).toEqual(plan);
    const hash = (text: string): string[] => {
      const other = parsePlan(text);
      return other.tasks.map((task) => taskDefinitionHash(other, task));
    };
    const without = planWith("{ screen: ready }").replace(/ +until.*/, "");
    expect(hash(planWith("{ screen: ready }"))).not.toEqual(hash(planWith("{ screen: done }")));
    // As it was before there was such a thing.
    expect(hash(without)).toEqual([hash64('{"run":["x"],"check":null,"cwd":null,"env":[]}')]);
  });
});
