import { describe, expect, it } from "vitest";
import type { AgentChoices } from "../../../src/core/model/agentProfile";
import { planCompletions } from "../../../src/core/model/planCompletions";

const agents: AgentChoices[] = [
  { name: "codex", title: "Codex", modes: ["ask", "auto"], takesModel: true },
  { name: "claude", title: "Claude Code", modes: ["ask", "edits", "auto", "plan"], takesModel: true },
];

/** `|` is the cursor. */
function offered(marked: string): string[] {
  const offset = marked.indexOf("|");
  return planCompletions(marked.replace("|", ""), offset, agents).map(({ label }) => label);
}

/** The text after the one with that label was chosen. */
function chosen(marked: string, label: string): string {
  const offset = marked.indexOf("|");
  const text = marked.replace("|", "");
  const found = planCompletions(text, offset, agents).find((each) => each.label === label);
  if (!found) throw new Error(`${label} is not offered`);
  return `${text.slice(0, found.at.start)}${found.insert}${text.slice(found.at.end)}`;
}

const head = "project: a\nroles:\n  builder: {}\n  coder: { agent: codex }\n";
const tasks = `${head}tasks:\n  - id: build\n    role: builder\n    run: make\n  - id: test\n    role: builder\n    needs: build\n    run: make test\n`;

describe("keys are offered", () => {
  it("in an empty text, with what a plan must have", () => {
    expect(offered("|")).toEqual(["project", "goal", "max_sessions", "quiet", "roles", "tasks"]);
    expect(
      planCompletions("", 0, agents)
        .filter(({ detail }) => detail === "required")
        .map(({ label }) => label),
    ).toEqual(["project"]);
    expect(chosen("project: a\n|", "roles")).toBe("project: a\nroles:\n  ${1:builder}: {}");
  });

  it("but none that the map has already, and none that does not go with one of them", () => {
    expect(offered("project: a\n|")).not.toContain("project");
    const inTask = offered(`${tasks}    |`);
    expect(inTask).toContain("timeout");
    for (const gone of ["id", "role", "needs", "run", "prompt", "attempts", "budget"])
      expect(inTask).not.toContain(gone);
    expect(offered(`${head}tasks:\n  - id: x\n    role: coder\n    prompt: x\n    |`)).not.toContain("until");
    expect(offered("roles:\n  x:\n    shell: bash\n    |")).not.toContain("agent");
  });

  it("in the middle of a task, in a new one, and before others", () => {
    expect(offered(`${head}tasks:\n  - |`)).toContain("id");
    expect(offered(`${head}tasks:\n  - id: x\n    t|\n    role: builder\n`)).toContain("timeout");
    expect(offered(`${head}tasks:\n  - id: x\n    t|\n    role: builder\n`)).not.toContain("role");
  });

  it("within brackets and in inner maps", () => {
    expect(offered("roles:\n  x: { agent: { use: codex, | } }")).toEqual(["model", "mode", "arguments"]);
    expect(offered("tasks:\n  - id: a\n    until:\n      |")).toEqual(["screen", "port", "state"]);
    expect(offered("tasks:\n  - { id: a, retries: { | } }")).toEqual(["attempts", "backoff", "not_on"]);
  });

  it("in place of one that stands there, whose value stays", () => {
    expect(chosen("tasks:\n  - id: a\n    tim|out: 5m\n", "timeout")).toBe("tasks:\n  - id: a\n    timeout: 5m\n");
  });
});

describe("values are offered", () => {
  it("as the names that the plan has", () => {
    expect(offered(`${head}tasks:\n  - id: x\n    role: |\n    run: a\n`)).toEqual(["builder", "coder"]);
    expect(offered(`${tasks}  - id: last\n    needs: [build, |]\n    role: builder\n`)).toEqual(["test"]);
    expect(offered(`${tasks}  - id: last\n    role: builder\n    needs:\n      - build\n      - |`)).toEqual(["test"]);
    expect(offered(`${tasks}  - id: last\n    role: builder\n    needs: |`)).toEqual(["build", "test"]);
  });

  it("as the words that a key takes", () => {
    expect(offered("roles:\n  x:\n    shell: |")).toEqual(["bash", "zsh", "fish", "sh"]);
    expect(offered("roles:\n  x:\n    agent: c|")).toEqual(["codex", "claude"]);
    expect(offered("roles:\n  x: { agent: { use: | } }")).toEqual(["codex", "claude"]);
    expect(offered("roles:\n  x: { agent: { use: codex, mode: | } }")).toEqual(["ask", "auto"]);
    expect(offered("tasks:\n  - id: a\n    until: { state: | }")).toContain("idle");
  });

  it("as what a prompt can fill in: tasks that it needs, directly or not", () => {
    const prompt = `${tasks}  - id: fix\n    role: coder\n    needs: test\n    prompt: |-\n      Look at {{`;
    const at = prompt.length;
    const labels = planCompletions(prompt, at, agents).map(({ label }) => label);
    expect(labels).toEqual(["test.output", "test.handoff", "build.output", "build.handoff", "file:"]);
    const [first] = planCompletions(`${prompt}te}} now`, at + 2, agents);
    expect(first).toMatchObject({ insert: "test.output", at: { start: at, end: at + 2 } });
  });

  it("in quotes where YAML would read something else", () => {
    expect(chosen('roles:\n  "1": {}\ntasks:\n  - id: a\n    role: |', "1")).toContain('role: "1"');
  });

  it("never in a command, in a comment, or in text that cannot be read", () => {
    for (const text of [
      "tasks:\n  - id: a\n    run: npm te|",
      "project: a # sh|",
      "project: [|",
      `${"[".repeat(500)}|`,
    ])
      expect(offered(text)).toEqual([]);
  });
});
