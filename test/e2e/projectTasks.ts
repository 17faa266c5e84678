import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { walk } from "./workbench";

const plan = (name: string, run: string): string =>
  `project: ${name}\ngoal: Be a task\nroles: { shell: {} }\ntasks:\n  - { id: lint, role: shell, run: "${run}" }\n` +
  `  - { id: test, role: shell, needs: lint, run: "echo tested" }\n`;

const written = {
  version: "2.0.0",
  tasks: [
    { label: "database", type: "wsh", plan: "database.plan.yaml" },
    { label: "tests", type: "wsh", plan: "alpha.plan.yaml", dependsOn: ["database"] },
    { label: "endless", type: "wsh", plan: "endless.plan.yaml" },
  ],
};
void walk("pt", async (workbench) => {
  const { page, workspace } = workbench;
  for (const [name, run] of [
    ["database", "echo ready"],
    ["alpha", "sleep 1; echo no problems"],
    ["endless", "sleep 1000"],
  ] as const)
    writeFileSync(join(workspace, `${name}.plan.yaml`), plan(name, run));
  mkdirSync(join(workspace, ".vscode"));
  writeFileSync(join(workspace, ".vscode/tasks.json"), JSON.stringify(written));
  const printed = (text: string | RegExp) => page.locator(".xterm-rows").getByText(text).first();
  await workbench.run("Tasks: Run Task", "tests");
  await printed(/alpha: done/).waitFor({ timeout: 60_000 });
  await workbench.shot("pt1-depends-on");
  workbench.say("a task that depends on another project runs after it");
  await workbench.run("Tasks: Run Task", "endless");
  await printed(/endless runs\. Ctrl\+C/).waitFor({ timeout: 60_000 });
  await workbench.shot("pt2-running");
  await workbench.run("Tasks: Terminate Task", "endless");
  await workbench.showSidebar();
  await workbench.row(/^endless, project, stopped/).waitFor({ timeout: 30_000 });
  await workbench.shot("pt3-terminated");
  workbench.say("Terminate Task stops the project");
});
