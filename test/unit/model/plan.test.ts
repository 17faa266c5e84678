import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OrchestratorError } from "../../../src/core/model/errors";
import {
  parsePlan,
  planToYaml,
  quickPlan,
  taskDefinitionHash,
  type Plan,
  type PlanTask,
} from "../../../src/core/model/plan";
import { PlanError, type PlanProblem } from "../../../src/core/model/planDocument";

const example = `project: alpha
goal: Ship the parser
max_sessions: 4
roles:
  builder: { cwd: ., env: { CI: "1" }, count: 2 }      # a shell, unless program: or agent: says otherwise
  reviewer: {}
tasks:
  - id: build
    role: builder
    run: [npm ci, npm run build]
    check: test -f dist/index.js
    timeout: 10m
    retries: { attempts: 2, backoff: 5s, not_on: [2] }    # or a number
  - id: review
    role: reviewer
    needs: [build]
    run: git diff --stat
    handoff: What changed and what to look at first
`;

function problemsOf(text: string): readonly PlanProblem[] {
  try {
    parsePlan(text);
  } catch (error) {
    if (error instanceof PlanError) return error.problems;
    throw error;
  }
  throw new Error(`The plan was accepted:\n${text}`);
}

/** `line:column message` of each problem. */
function found(text: string): string[] {
  return problemsOf(text).map(
    (problem) =>
      `${problem.line}:${problem.column} ${problem.path === "" ? "" : `${problem.path}: `}${problem.message}`,
  );
}

const head = "project: a\nroles: { r: {} }\n";
const withTask = (rest: string): string => `${head}tasks:\n  - id: one\n    role: r\n    run: x\n${rest}`;

describe("parsePlan", () => {
  it("reads the example of the contract", () => {
    expect(parsePlan(example)).toEqual({
      project: "alpha",
      goal: "Ship the parser",
      max_sessions: 4,
      roles: [
        { name: "builder", cwd: ".", env: { CI: "1" }, count: 2 },
        { name: "reviewer", env: {}, count: 1 },
      ],
      tasks: [
        {
          id: "build",
          role: "builder",
          needs: [],
          run: ["npm ci", "npm run build"],
          check: "test -f dist/index.js",
          timeout_ms: 600_000,
          retries: { attempts: 2, backoff_ms: 5000, not_on: [2] },
        },
        {
          id: "review",
          role: "reviewer",
          needs: ["build"],
          run: ["git diff --stat"],
          retries: { attempts: 1, backoff_ms: 1000, not_on: [] },
          handoff: "What changed and what to look at first",
        },
      ],
    } satisfies Plan);
  });

  it("takes what is left out as the default", () => {
    expect(parsePlan("project: a")).toEqual({ project: "a", goal: "", max_sessions: 4, roles: [], tasks: [] });
    expect(parsePlan("project: a\nroles:\n  r:\n").roles).toEqual([{ name: "r", env: {}, count: 1 }]);
  });

  it("takes a number of retries as all tries", () => {
    expect(parsePlan(withTask("    retries: 3\n")).tasks[0]?.retries).toEqual({
      attempts: 3,
      backoff_ms: 1000,
      not_on: [],
    });
  });

  it.each([
    ["90", 90_000],
    ["0.5", 500],
    ["500ms", 500],
    ["5s", 5000],
    ["10m", 600_000],
    ["1h", 3_600_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
  ])("reads the duration %s", (text, ms) => {
    expect(parsePlan(withTask(`    timeout: ${text}\n`)).tasks[0]?.timeout_ms).toBe(ms);
  });

  it("keeps text as it is written where YAML sees something else", () => {
    const plan = parsePlan(
      "project: 2024\nroles:\n  r: { env: { V: 1.10, B: true, O: 0x1F } }\ntasks:\n  - { id: 1, role: r, run: true, check: false }\n  - { id: 2, role: r, run: [true, 1], needs: [1] }\n",
    );
    expect(plan.project).toBe("2024");
    expect(plan.roles[0]?.env).toEqual({ V: "1.10", B: "true", O: "0x1F" });
    expect(plan.tasks[0]).toMatchObject({ id: "1", run: ["true"], check: "false" });
    expect(plan.tasks[1]).toMatchObject({ run: ["true", "1"], needs: ["1"] });
  });

  it("takes one need without brackets, and commands of several lines", () => {
    const plan = parsePlan(
      withTask(
        "  - id: two\n    role: r\n    needs: one\n    run: |\n      for f in *; do\n        echo $f\n      done\n",
      ),
    );
    expect(plan.tasks[1]).toMatchObject({ needs: ["one"], run: ["for f in *; do\n  echo $f\ndone\n"] });
  });

  it("allows x- keys, anchors and merges", () => {
    const plan = parsePlan(
      "project: a\nx-common: &common { cwd: src, retries: 2 }\nroles: { r: {} }\ntasks:\n  - { <<: *common, id: one, role: r, run: x }\n",
    );
    expect(plan.tasks[0]).toMatchObject({ cwd: "src", retries: { attempts: 2 } });
  });
});

describe("a plan is refused, with places and reasons, for", () => {
  it.each<[string, string, string[]]>([
    [
      "typos of keys",
      "project: a\nrloes: {}\ntaks: []\n",
      ['2:1 unknown key "rloes"; did you mean "roles"?', '3:1 unknown key "taks"; did you mean "tasks"?'],
    ],
    [
      "typos of a task's keys",
      withTask("    chek: y\n    wholly_unknown: 1\n"),
      ['7:5 tasks[0]: unknown key "chek"; did you mean "check"?', '8:5 tasks[0]: unknown key "wholly_unknown"'],
    ],
    [
      "typos of a role's keys",
      "project: a\nroles:\n  r: { shel: zsh }\n",
      ['3:8 roles.r: unknown key "shel"; did you mean "shell"?'],
    ],
    [
      "typos within retries",
      withTask("    retries: { attempt: 2 }\n"),
      ['7:16 tasks[0].retries: unknown key "attempt"; did you mean "attempts"?'],
    ],
    [
      "an unknown role",
      "project: a\nroles: { builder: {} }\ntasks:\n  - id: one\n    role: bilder\n    run: x\n",
      ['5:11 tasks[0].role: there is no role "bilder"; did you mean "builder"?'],
    ],
    [
      "an unknown need",
      withTask("    needs: [oen, far]\n  - { id: one2, role: r, run: x }\n"),
      [
        '7:13 tasks[0].needs[0]: there is no task "oen"; did you mean "one"?',
        '7:18 tasks[0].needs[1]: there is no task "far"',
      ],
    ],
    [
      "a task that needs itself",
      withTask("    needs: [one]\n"),
      ['7:13 tasks[0].needs[0]: the task "one" needs itself'],
    ],
    ["a duplicate id", withTask("  - { id: one, role: r, run: x }\n"), ['7:11 tasks[1].id: there are two tasks "one"']],
    [
      "ids that differ in case",
      withTask("  - { id: ONE, role: r, run: x }\n"),
      ['7:11 tasks[1].id: "ONE" and "one" differ only in case'],
    ],
    [
      "a cycle",
      `${head}tasks:\n  - { id: a, role: r, run: x, needs: [c] }\n  - { id: b, role: r, run: x, needs: [a] }\n  - { id: c, role: r, run: x, needs: [b] }\n`,
      ["5:39 tasks[1].needs[0]: these tasks wait for each other: a needs c needs b needs a"],
    ],
    [
      "an empty command",
      `${head}tasks:\n  - { id: a, role: r, run: "" }\n  - { id: b, role: r, run: [x, "  "] }\n  - { id: c, role: r, run: [] }\n`,
      [
        "4:28 tasks[0].run: must not be empty",
        "5:32 tasks[1].run[1]: must not be empty",
        "6:28 tasks[2].run: must have at least one command",
      ],
    ],
    ["no command", `${head}tasks:\n  - id: a\n    role: r\n`, ['4:5 tasks[0]: "run" is missing']],
    ["no role", `${head}tasks:\n  - id: a\n    run: x\n`, ['4:5 tasks[0]: "role" is missing']],
    ["no project", "roles: {}\n", ['1:1 "project" is missing']],
    [
      "a bad duration",
      withTask("    timeout: 10 minutes\n"),
      ["7:14 tasks[0].timeout: is not a duration; write a number of seconds, or 500ms, 5s, 10m, 1h"],
    ],
    [
      "a duration of another type",
      withTask("    timeout: [1]\n"),
      ["7:14 tasks[0].timeout: must be a number or text, not a list"],
    ],
    ["no duration at all", withTask("    timeout: 0\n"), ["7:14 tasks[0].timeout: must be longer than nothing"]],
    ["a negative duration", withTask("    timeout: -1\n"), ["7:14 tasks[0].timeout: must not be negative"]],
    ["an endless duration", withTask("    timeout: 30d\n"), ["7:14 tasks[0].timeout: must be at most 7 days"]],
    [
      "no tries",
      withTask("    retries: 0\n"),
      ["7:14 tasks[0].retries: counts all tries, so it is at least 1, which means that nothing is tried again"],
    ],
    [
      "a bad name of a role",
      "project: a\nroles:\n  a.b: {}\n",
      ['3:3 roles: "a.b" must be 1 to 48 letters, digits, underscores or hyphens, and begin with a letter or digit'],
    ],
    [
      "a bad id",
      `${head}tasks:\n  - { id: "a b", role: r, run: x }\n`,
      [
        "4:11 tasks[0].id: must be 1 to 64 letters, digits, dots, underscores or hyphens, and begin with a letter or digit",
      ],
    ],
    ["a bad name of a project", 'project: "a\\nb"\n', ["1:10 project: A project needs a name of visible characters"]],
    [
      "a bad variable",
      "project: a\nroles:\n  r: { env: { A-B: x } }\n",
      ['3:15 roles.r.env: "A-B" is not a name of a variable'],
    ],
    [
      "an unknown shell",
      "project: a\nroles:\n  r: { shell: fsh }\n",
      ['3:15 roles.r.shell: must be one of bash, zsh, fish, sh; did you mean "zsh"?'],
    ],
    [
      "two kinds of program",
      "project: a\nroles:\n  r: { program: top, agent: claude }\n",
      ["3:29 roles.r.agent: a role has only one of shell, program and agent; this one has program and agent"],
    ],
    ["too many sessions", "project: a\nmax_sessions: 65\n", ["2:15 max_sessions: must be at most 64"]],
    ["half a session", "project: a\nmax_sessions: 1.5\n", ["2:15 max_sessions: must be a whole number"]],
    ["a list of roles", "project: a\nroles: [a]\n", ["2:8 roles: must be a map, not a list"]],
    ["a text for tasks", "project: a\ntasks: all\n", ["2:8 tasks: must be a list, not text"]],
    ["a duplicate key", "project: a\nproject: b\n", ["2:1 this key is there twice"]],
    ["a second document", "project: a\n---\nproject: b\n", ["3:1 a plan is one YAML document; this begins another"]],
    ["an empty file", "", ["1:1 the plan is empty"]],
    ["only a comment", "# nothing yet\n", ["1:1 the plan is empty"]],
    ["another thing than a map", "- a\n", ["1:1 must be a map, not a list"]],
    ["aliases of nothing", "project: *a\n", ["1:10 there is no anchor &a before this"]],
  ])("%s", (_name, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it("broken YAML, at its place", () => {
    const problems = problemsOf("project: a\nroles: { r: {}\ntasks: []\n");
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]?.line).toBeGreaterThanOrEqual(2);
    expect(problems[0]?.message).toMatch(/^not valid YAML: /);
  });

  it("everything at once, in the order of the text", () => {
    const problems = problemsOf(
      "goal: x\nrolse: {}\nroles: { r: { cont: 1 } }\ntasks:\n  - { id: a, role: q, run: [], needs: [zz] }\n",
    );
    expect(problems.map((problem) => problem.line)).toEqual([1, 2, 3, 5, 5, 5]);
  });

  it("more than 1,000 tasks", () => {
    const tasks = (count: number): string =>
      Array.from({ length: count }, (_, index) => `  - { id: t${index}, role: r, run: x }\n`).join("");
    expect(found(`${head}tasks:\n${tasks(1001)}`)).toEqual(["4:3 tasks: there are more than 1,000 tasks"]);
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
      /^1:1 the plan cannot be read: Excessive alias count/,
    );
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("an aliased task, at the alias's target", () => {
    expect(found(`project: a\nx-t: &t { id: a, role: r, run: x, chek: y }\nroles: { r: {} }\ntasks: [*t]\n`)).toEqual([
      '2:35 tasks[0]: unknown key "chek"; did you mean "check"?',
    ]);
  });

  it("more than a mebibyte", () => {
    expect(found(`project: a\n#${"x".repeat(1024 * 1024)}`)).toEqual(["1:1 a plan has at most 1 MiB"]);
  });

  it("long chains are no cycles, and long cycles are found", () => {
    const chain = (last: string): string =>
      `${head}tasks:\n${Array.from({ length: 1000 }, (_, index) => `  - { id: t${index}, role: r, run: x${index > 0 ? `, needs: [t${index - 1}]` : last} }\n`).join("")}`;
    expect(parsePlan(chain("")).tasks).toHaveLength(1000);
    expect(found(chain(", needs: [t999]"))).toHaveLength(1);
  });

  it("is an error that people and programs understand", () => {
    try {
      parsePlan("project: a\nrloes: {}\n");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(OrchestratorError);
      expect(error).toMatchObject({
        code: "plan_invalid",
        message: 'The plan is not valid: line 2, column 1: unknown key "rloes"; did you mean "roles"?',
      });
    }
  });
});

const names = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,12}$/);
const command = fc
  .string({ minLength: 1, maxLength: 60, unit: "grapheme" })
  .filter((text) => /\S/.test(text) && !/[\ud800-\udfff]/.test(text));
const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    project: names,
    goal: fc.string(),
    max_sessions: fc.integer({ min: 1, max: 64 }),
    roles: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/), { minLength: 1, maxLength: 4 }),
    tasks: fc.uniqueArray(names, { maxLength: 6 }),
    details: fc.array(
      fc.record({
        run: fc.array(command, { minLength: 1, maxLength: 3 }),
        check: fc.option(command, { nil: undefined }),
        handoff: fc.option(command, { nil: undefined }),
        cwd: fc.option(command, { nil: undefined }),
        timeout_ms: fc.option(fc.integer({ min: 1, max: 604_800_000 }), { nil: undefined }),
        retries: fc.record({
          attempts: fc.integer({ min: 1, max: 100 }),
          backoff_ms: fc.integer({ min: 0, max: 3_600_000 }),
          not_on: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 3 }),
        }),
        env: fc.option(fc.dictionary(fc.stringMatching(/^[A-Z_]{1,8}$/), fc.string()), { nil: undefined }),
        needs: fc.nat(),
      }),
      { minLength: 6, maxLength: 6 },
    ),
  })
  .map(({ project, goal, max_sessions, roles, tasks, details }) => ({
    project,
    goal,
    max_sessions,
    roles: roles.map((name, index) => ({ name, env: { ...(details[index]?.env ?? {}) }, count: (index % 3) + 1 })),
    tasks: tasks.map((id, index): PlanTask => {
      const { needs = 0, ...detail } = details[index] ?? {
        run: ["x"],
        retries: { attempts: 1, backoff_ms: 0, not_on: [] },
      };
      const kept = Object.fromEntries(
        Object.entries(detail).filter(([key, value]) => key !== "env" && value !== undefined),
      ) as Omit<typeof detail, "env">;
      return {
        ...kept,
        id,
        role: roles[needs % roles.length] ?? "",
        needs: index > 0 ? [tasks[needs % index] ?? ""] : [],
      };
    }),
  }));

describe("planToYaml", () => {
  it("gives back the same plan", () => {
    expect(parsePlan(planToYaml(parsePlan(example)))).toEqual(parsePlan(example));
    fc.assert(
      fc.property(anyPlan, (plan) => {
        expect(parsePlan(planToYaml(plan))).toEqual(plan);
      }),
      { numRuns: 300 },
    );
  });

  it("leaves out what is as by default", () => {
    expect(planToYaml(quickPlan({ project: "alpha", run: ["npm test"] }))).toBe(
      "project: alpha\nroles:\n  shell: {}\ntasks:\n  - id: run\n    role: shell\n    run: npm test\n",
    );
  });
});

describe("quickPlan", () => {
  it("is one task of one role", () => {
    expect(
      quickPlan({ project: "alpha", goal: "Ship", role: "builder", run: ["npm ci", "npm test"], cwd: "web" }),
    ).toMatchObject({
      project: "alpha",
      goal: "Ship",
      roles: [{ name: "builder" }],
      tasks: [{ id: "builder", role: "builder", run: ["npm ci", "npm test"], cwd: "web" }],
    });
  });

  it.each([
    [{ project: "a", run: [] }, "usage"],
    [{ project: "a", run: [" "] }, "usage"],
    [{ project: "a", role: "a.b", run: ["x"] }, "name_invalid"],
    [{ project: " ", run: ["x"] }, "name_invalid"],
  ])("refuses %j", (request, code) => {
    expect(() => quickPlan(request)).toThrow(expect.objectContaining({ code }));
  });
});

describe("taskDefinitionHash", () => {
  const hashOf = (text: string): string => {
    const plan = parsePlan(text);
    return taskDefinitionHash(plan, plan.tasks[0] as PlanTask);
  };
  const plain = hashOf(withTask(""));

  it("changes with commands, check, folder and environment, the role's too", () => {
    const changed = [
      withTask("    check: y\n"),
      withTask("    cwd: src\n"),
      withTask("").replace("run: x", "run: y"),
      withTask("").replace("r: {}", "r: { env: { A: c } }"),
      withTask("").replace("r: {}", "r: { cwd: lib }"),
    ].map(hashOf);
    expect(new Set([plain, ...changed]).size).toBe(changed.length + 1);
  });

  it("stays with everything else", () => {
    for (const same of [
      withTask("    timeout: 5s\n    retries: 3\n    handoff: x\n"),
      withTask("").replace("run: x", "run: [x]"),
      withTask("").replace("project: a", "project: b\ngoal: c"),
      withTask("").replace("r: {}", "r: { count: 3 }"),
    ]) {
      expect(hashOf(same)).toBe(plain);
    }
  });

  it("looks the same to every version", () => {
    expect(plain).toBe("afaccc0b25f21425");
  });
});
