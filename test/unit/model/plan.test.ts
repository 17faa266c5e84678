import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parsePlan,
  parseStoredPlan,
  planToYaml,
  problemMatchers,
  taskDefinitionHash,
  type Plan,
  type PlanTask,
} from "../../../src/core/model/plan";
import { quickPlan } from "../../../src/core/model/quickPlan";

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

  it("keeps numbers, dates and words as they are written, also through anchors and merges", () => {
    const plan = parsePlan(
      [
        "project: a",
        "x-env: &env { PORT: 08, BIG: 1_000, TIME: 12:30 }",
        "x-count: &count 4",
        "x-command: &command 010",
        "max_sessions: *count",
        "roles:",
        "  r: { env: { <<: *env, JOBS: *count, DAY: 2001-01-01, ANSWER: no, E: 1e3, INF: .inf, PLUS: +5 } }",
        "tasks:",
        "  - { id: one, role: r, run: *command }",
        "  - { id: two, role: r, run: [yes, *command, 1:30:00, !!str 5], cwd: 5 }",
      ].join("\n"),
    );
    expect(plan.max_sessions).toBe(4);
    expect(plan.roles[0]?.env).toEqual({
      ...{ PORT: "08", BIG: "1_000", TIME: "12:30", JOBS: "4", DAY: "2001-01-01" },
      ...{ ANSWER: "no", E: "1e3", INF: ".inf", PLUS: "+5" },
    });
    expect(plan.tasks.map(({ run }) => run)).toEqual([["010"], ["yes", "010", "1:30:00", "5"]]);
    expect(plan.tasks[1]?.cwd).toBe("5");
  });

  it("takes comments behind a text, folded commands, and a mark of UTF-8 at the beginning", () => {
    const plan = parsePlan(
      `\ufeff${withTask("  - id: two\n    role: r\n    run: npm test # all of them\n    check: >-\n      test\n      -f x\n")}`,
    );
    expect(plan.tasks[1]).toMatchObject({ run: ["npm test"], check: "test -f x" });
  });

  it("of before, with commands for an agent, is read to be shown and not to be run", () => {
    const text =
      "project: a\nroles: { coder: { agent: codex }, r: {} }\ntasks: [{ id: one, role: coder, run: Fix it }]\n";
    expect(() => parsePlan(text)).toThrow(/the role coder has an agent, which takes a prompt/);
    const { roles, tasks } = parseStoredPlan(text);
    expect(roles).toEqual([
      { name: "coder", env: {}, count: 1, agent: { use: "codex" } },
      { name: "r", env: {}, count: 1 },
    ]);
    expect(tasks).toHaveLength(1);
  });

  it("is written so that it can be read again, whatever its commands hold", () => {
    const plan = quickPlan({ project: "a", run: ["echo \ufffd \u0085 \u007f", "a\rb", "x\n\u0007y\n", "ü 🙂"] });
    expect(parsePlan(planToYaml(plan))).toEqual(plan);
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

describe("problem matchers of a plan", () => {
  const plan = parsePlan(`project: a
roles: { shell: { problems: $tsc } }
tasks:
  - { id: one, role: shell, run: make }
  - { id: two, role: shell, run: make, problems: [$go, $eslint-stylish] }
`);

  it("are those of the task, else of its role, and are written as they were read", () => {
    expect(plan.tasks.map((task) => problemMatchers(plan, task))).toEqual([["$tsc"], ["$go", "$eslint-stylish"]]);
    expect(parsePlan(planToYaml(plan))).toEqual(plan);
  });

  it("make no other task of one, and have names", () => {
    const [task] = plan.tasks;
    expect(task && taskDefinitionHash(plan, { ...task, problems: ["$go"] })).toBe(
      task && taskDefinitionHash(plan, task),
    );
    expect(() =>
      parsePlan("project: a\nroles: { s: {} }\ntasks: [{ id: a, role: s, run: x, problems: 'a b' }]"),
    ).toThrow(/problem matcher/);
  });
});
