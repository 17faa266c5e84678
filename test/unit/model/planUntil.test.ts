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
    ["{ scren: ready }", ['7:14 tasks[0].until: unknown key "scren"; did you mean "screen"?']],
    ["ready", ["7:12 tasks[0].until: must be a map (key: value), not text"]],
    ["{}", ["7:12 tasks[0].until: needs one of screen, port and state"]],
    [
      "{ screen: ready, port: 80 }",
      ["7:12 tasks[0].until: must have only one of screen, port and state, not screen and port"],
    ],
    ["{ port: 70000 }", ["7:20 tasks[0].until.port: must be a port from 1 to 65535"]],
    ["{ port: http }", ["7:20 tasks[0].until.port: must be a whole number, not text"]],
    ["{ port: 80.5 }", ["7:20 tasks[0].until.port: must be a whole number"]],
    ["{ state: idel }", ['7:21 tasks[0].until.state: there is no state "idel"; did you mean "idle"?']],
    [
      "{ state: working:sever }",
      ['7:21 tasks[0].until.state: the state "working" has no kind "sever"; did you mean "server"?'],
    ],
  ])("is refused with its place: %s", (until, problems) => {
    expect(problemsOf(planWith(until))).toEqual(problems);
  });

  it.each(["{ port: 3000 }", "{ state: working:server }"])("is one of three: %s", (until) => {
    const plan = parsePlan(planWith(until));
    expect(parsePlan(planToYaml(plan))).toEqual(plan);
    const hash = plan.tasks.map((task) => taskDefinitionHash(plan, task));
    const other = parsePlan(planWith(JSON.stringify({ screen: JSON.stringify(plan.tasks[0]?.until) })));
    expect(other.tasks.map((task) => taskDefinitionHash(other, task))).not.toEqual(hash);
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
    // As they were before there was such a thing, and before there were more.
    expect(hash(planWith("{ screen: ready }"))).toEqual([
      hash64('{"run":["x"],"check":null,"cwd":null,"env":[],"until":"ready"}'),
    ]);
    expect(hash(without)).toEqual([hash64('{"run":["x"],"check":null,"cwd":null,"env":[]}')]);
  });
});
