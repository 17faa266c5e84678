import { describe, expect, it } from "vitest";
import { wantedPlan, type KnownPlan, type PlanSource } from "../../../src/core/acts/wantedPlan";
import type { Plan } from "../../../src/core/model/plan";
import { plansHere } from "../../../src/core/run/plansHere";

const own = "project: p\nroles: { coder: { agent: codex }, w: {} }\ntasks: [{ id: a, role: w, run: make }]\n";

function wanted(source: PlanSource, plan?: string): Promise<Plan> {
  const known: KnownPlan = {
    name: "p",
    goal: undefined,
    own: plan,
    own_file: "plan.yaml",
    runsIn: (cwd, folder) => Promise.resolve((cwd ?? "/site") === folder),
    plans: plansHere,
    agents: [{ name: "codex", title: "Codex", modes: ["ask"], takesModel: true }],
    state: () => Promise.resolve({ tasks: new Map(), goal: "g" }),
  };
  return wantedPlan(source, known).then((found) => found.plan);
}

const codex = { use: "codex" };

describe("a prompt that is given without a plan", () => {
  it("makes a role for its agent, in the folder of who gives it", async () => {
    const plan = await wanted({ from: "commands", prompt: "Fix it", agent: codex, caller: "/site/api" });
    expect(plan.roles).toEqual([{ name: "codex", env: {}, count: 1, agent: codex, cwd: "/site/api" }]);
    expect(plan.tasks).toMatchObject([{ id: "codex", run: [], prompt: { text: "Fix it" } }]);
    expect(plan.tasks[0]).not.toHaveProperty("cwd");
    const here = await wanted({ from: "commands", prompt: "Fix it", agent: codex, caller: "/site" });
    expect(here.roles[0]).not.toHaveProperty("cwd");
  });

  it("goes to the plan's role of that name, in the folder of that", async () => {
    for (const agent of [{}, { agent: codex }]) {
      const given = { from: "task", role: "coder", prompt: "Fix it", caller: "/site/api", ...agent } as const;
      const plan = await wanted(given, own);
      expect(plan.roles).toEqual([{ name: "coder", env: {}, count: 1, agent: codex }]);
      expect(plan.tasks).toMatchObject([{ id: "coder-1", role: "coder", prompt: { text: "Fix it" } }]);
    }
  });

  it.each<[string, PlanSource, string]>([
    [
      "a role without an agent",
      { from: "task", role: "w", prompt: "x", caller: "/site" },
      "The role w of p has no agent that takes a prompt.",
    ],
    [
      "a role that is not there, and no agent",
      { from: "task", role: "new", prompt: "x", caller: "/site" },
      "The role new of p has no agent that takes a prompt.",
    ],
    [
      "an agent for a role that has none",
      { from: "task", role: "w", prompt: "x", agent: codex, caller: "/site" },
      "The role w of p has no agent.",
    ],
    [
      "another agent than the role has",
      { from: "task", role: "coder", prompt: "x", agent: { use: "claude" }, caller: "/site" },
      "The role coder of p uses the agent codex, not claude.",
    ],
    [
      "another mode than the role has",
      { from: "task", role: "coder", prompt: "x", agent: { use: "codex", mode: "ask" }, caller: "/site" },
      "The role coder of p has settings of its own for codex.",
    ],
    [
      "another folder than the role has",
      { from: "task", role: "coder", prompt: "x", cwd: "/site/api", caller: "/site" },
      "The role coder of p works in its own folder.",
    ],
    [
      "a command for an agent",
      { from: "commands", role: "coder", run: ["ls"], caller: "/site" },
      "The role coder of p has an agent, which takes a prompt and no command.",
    ],
  ])("is refused for %s", async (_what, source, sentence) => {
    await expect(wanted(source, own)).rejects.toMatchObject({ code: "usage", message: sentence });
  });
});
