import { describe, expect, it } from "vitest";
import { besidePlan, requireAgents } from "../../../src/core/run/plannedRun";
import { requireSecrets } from "../../../src/core/run/planSecrets";
import { plansHere } from "../../../src/core/run/plansHere";
import { readablePlan } from "../../../src/core/run/readPlan";
import { storablePlan } from "../../../src/core/run/storedPlan";
import { parsePlan, type Plan, planToYaml } from "../../../src/core/model/plan";
import { quickPlan } from "../../../src/core/model/quickPlan";
import { createRedactor } from "../../../src/core/safety/redaction";

const redactor = createRedactor({ key: "k" });
const secret = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
const stored = (text: string): ReturnType<typeof storablePlan> => storablePlan(parsePlan(text), text, redactor);
const plan = (run: string, head = ""): string =>
  `project: p\n${head}roles: { r: {} }\ntasks:\n  - id: a\n    role: r\n    run: ${run}\n`;

describe("the copy of a plan in the record", () => {
  it("is the text as it was written, comments and all, when that holds no secret", () => {
    const text = `# by hand\r\n${plan("\"printf '\\e[31m' # über\"")}`;
    expect(stored(text)).toEqual({ text, redacted: false });
  });

  it.each([
    ["a command", plan(`curl -u me:${secret} https://example.org`)],
    ["a comment", `# ${secret}\n${plan("ls")}`],
    ["the goal", plan("ls", `goal: log in with password=hunter2hunter2\n`)],
    ["escapes of YAML", plan(`"echo \\x67hp_${secret.slice(4)}"`)],
    ["a folded text", plan(`>-\n      mysql\n      --password=hunter2hunter2`)],
  ])("loses a secret in %s, and is never run", (_, text) => {
    const { text: kept, redacted } = stored(text);
    expect(redacted).toBe(true);
    expect(kept).toContain("‹redacted:");
    for (const part of [secret.slice(4), "hunter2hunter2"]) expect(kept).not.toContain(part);
    expect(() => requireSecrets(kept, "p")).toThrow(/Secrets were removed/);
  });

  it("loses what was typed with --run too", () => {
    const quick = quickPlan({ project: "p", run: [`export GITHUB_TOKEN=${secret}`], goal: "g" });
    expect(storablePlan(quick, planToYaml(quick), redactor)).toMatchObject({
      redacted: true,
      text: expect.not.stringContaining(secret) as string,
    });
  });

  it("still lends its roles to quick tasks, except those that lost something", async () => {
    const quick = quickPlan({ project: "p", role: "builder", run: ["ls"] });
    const own = (env: string): string =>
      `project: p\nroles: { builder: { env: { ${env} } } }\ntasks:\n  - { id: a, role: builder, run: "echo ‹redacted:password:0123›" }\n`;
    expect((await besidePlan(quick, own("CI: '1'"), "p", plansHere)).roles).toEqual([
      { name: "builder", env: { CI: "1" }, count: 1 },
    ]);
    await expect(besidePlan(quick, own("DB: '‹redacted:db:0123›'"), "p", plansHere)).rejects.toThrow(
      /Secrets were removed/,
    );
    expect(await besidePlan(quick, "tasks: ‹redacted:private-key:0123›: [", "p", plansHere)).toEqual(quick);
  });

  it("of before, with agents, lends its other roles to quick tasks", async () => {
    const own =
      "project: p\nroles: { coder: { agent: codex }, w: { cwd: x } }\ntasks: [{ id: a, role: coder, run: Fix }]\n";
    const quick = (role: string): Plan => quickPlan({ project: "p", role, run: ["ls"] });
    expect((await besidePlan(quick("w"), own, "p", plansHere)).roles).toEqual([
      { name: "w", cwd: "x", env: {}, count: 1 },
    ]);
    const given = await besidePlan(quick("coder"), own, "p", plansHere);
    expect(() => requireAgents(given)).toThrow(
      "The role coder of p has an agent, which takes a prompt and no command.",
    );
    expect((await readablePlan(own, plansHere))?.tasks).toHaveLength(1);
  });

  it("says nothing where it cannot be read", async () => {
    expect(await readablePlan(undefined, plansHere)).toBeUndefined();
    expect(await readablePlan("tasks: [", plansHere)).toBeUndefined();
  });
});
