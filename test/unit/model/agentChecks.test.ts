import { describe, expect, it } from "vitest";
import { type AgentChoices, agentChoices } from "../../../src/core/model/agentProfile";
import { parsePlan, planToYaml, taskDefinitionHash, type Plan } from "../../../src/core/model/plan";
import { PlanError } from "../../../src/core/model/planError";
import { promptParts } from "../../../src/core/model/promptParts";
import { quickPlan } from "../../../src/core/model/quickPlan";
import { agentCatalog } from "../../../src/core/session/agentCatalog";

const known: readonly AgentChoices[] = [
  { name: "codex", title: "Codex", modes: ["ask", "edits"], takesModel: true },
  { name: "claude", title: "Claude Code", modes: ["ask", "edits", "auto", "plan"], takesModel: true },
  { name: "mine", title: "My Agent", modes: [], takesModel: false },
];

function problemsOf(roles: string): string[] {
  const text = `project: a\nroles: ${roles}\n`;
  try {
    parsePlan(text, known);
    return [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
  }
}

describe("the agents of a plan", () => {
  it("are looked for among those that are known", () => {
    expect(problemsOf("{ a: { agent: codex }, b: { agent: { use: claude, mode: auto, model: x } } }")).toEqual([]);
    expect(problemsOf("{ a: { agent: codx }, b: { agent: { use: wholly-unknown } } }")).toEqual([
      '2:22 roles.a.agent: there is no agent "codx"; did you mean "codex"?',
      expect.stringMatching(
        /^2:49 roles\.b\.agent\.use: there is no agent "wholly-unknown"; known are codex, claude and mine/,
      ),
    ]);
    expect(() => parsePlan("project: a\nroles: { a: { agent: codx } }\n")).not.toThrow();
  });

  it("are asked for what they have", () => {
    expect(
      problemsOf("{ a: { agent: { use: codex, mode: plan } }, b: { agent: { use: codex, mode: no-mode } } }"),
    ).toEqual([
      '2:42 roles.a.agent.mode: Codex has no mode "plan"; it has ask and edits',
      "2:84 roles.b.agent.mode: must be one of ask, edits, auto, plan",
    ]);
  });

  it("are asked for nothing that they do not have", () => {
    expect(problemsOf("{ a: { agent: { use: mine, mode: ask, model: x } } }")).toEqual([
      "2:41 roles.a.agent.mode: My Agent has no modes; leave it out",
      "2:53 roles.a.agent.model: My Agent takes no model when it is started",
    ]);
    expect(agentChoices(agentCatalog()).map(({ name }) => name)).toContain("codex");
  });

  it("are given as text what YAML takes for a number", () => {
    const plan = parsePlan(
      "project: a\nroles: { a: { agent: { use: codex, model: 5, arguments: [--max, 1.10] } } }\n",
      known,
    );
    expect(plan.roles[0]?.agent).toEqual({ use: "codex", model: "5", arguments: ["--max", "1.10"] });
  });
});

describe("a task with a prompt", () => {
  const plan = (prompt: string): Plan =>
    parsePlan(`project: a
roles: { c: { agent: { use: codex, mode: ask }, cwd: api }, s: {} }
tasks:
  - { id: b.1, role: s, run: make }
  - id: fix
    role: c
    needs: b.1
    prompt: ${prompt}
    check: npm test
    attempts: 3
    budget: { turns: 5 }
`);

  it.each(["|\n      /fix it\n\n      @all of it {{b.1.output}} #1\n", "{ file: prompts/fix.md }", "'\\{{ x }} 🦄'"])(
    "reads the same again: %j",
    (prompt) => {
      const read = plan(prompt);
      expect(parsePlan(planToYaml(read))).toEqual(read);
    },
  );

  it("is another one with another prompt or file, and the same one with another text in its file", () => {
    const hash = (prompt: string): string => {
      const { tasks, ...rest } = plan(prompt);
      const task = tasks.find(({ id }) => id === "fix");
      if (!task) throw new Error("There is no task fix.");
      return taskDefinitionHash({ tasks, ...rest }, task);
    };
    expect(new Set([hash("a"), hash("b"), hash("{ file: a }"), hash("{ file: b }")]).size).toBe(4);
    expect(hash("{ file: a }")).toBe(hash("{ file: a }"));
  });
});

describe("the pieces of a prompt", () => {
  const tasks = { id: "fix", all: ["fix", "b.1", "c"], needs: (id: string) => id === "b.1" };
  it.each([
    ["a", [{ is: "text", text: "a" }]],
    ["{{b.1.output}}", [{ is: "task", task: "b.1", field: "output" }]],
    [
      "{{ file: a b/c.md }}.",
      [
        { is: "file", path: "a b/c.md" },
        { is: "text", text: "." },
      ],
    ],
    ["\\{{ x }} {x} }} \\\\{{y", [{ is: "text", text: "{{ x }} {x} }} \\{{y" }]],
    ["\\{{{raw}}}", [{ is: "text", text: "{{{raw}}}" }]],
  ])("are read: %s", (text, parts) => {
    expect(promptParts(text, tasks)).toEqual({ parts, problems: [] });
  });

  it.each([
    "{{}}",
    "{{{raw}}}",
    "{{ a\n}}",
    "{{file:}}",
    "{{file:/etc/../..}}",
    "{{file:~/x}}",
    "{{.output}}",
    "{{c.output}}",
  ])("are no names: %s", (text) => {
    expect(promptParts(text, tasks).problems).toHaveLength(1);
  });
});

describe("a prompt that is given without a plan", () => {
  it("is one task of a role with that agent, in the folder of that role", () => {
    const plan = quickPlan({ project: "p", prompt: "Fix it", agent: { use: "codex", mode: "ask" }, cwd: "/site" });
    expect(plan.roles).toEqual([
      { name: "codex", env: {}, count: 1, agent: { use: "codex", mode: "ask" }, cwd: "/site" },
    ]);
    expect(plan.tasks).toMatchObject([{ id: "codex", role: "codex", run: [], prompt: { text: "Fix it" } }]);
    expect(plan.tasks[0]).not.toHaveProperty("cwd");
    expect(parsePlan(planToYaml(plan))).toEqual(plan);
  });

  it.each([
    ["", /prompt is empty/],
    ["{{build.output}}", /there is no task "build"/],
    ["a\u001bb", /control characters/],
    ["x".repeat(100_001), /at most 100,000 characters/],
  ])("is refused: %.20s", (prompt, problem) => {
    expect(() => quickPlan({ project: "p", prompt })).toThrow(problem);
  });
});
