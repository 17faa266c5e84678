import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { everyLook, narrow } from "./looks";
import { walk, type Workbench } from "./workbench";

const plan = (name: string, run: string): string =>
  `project: ${name}\ngoal: Be a task\nroles: { shell: {} }\ntasks:\n  - { id: lint, role: shell, run: "${run}" }\n` +
  `  - { id: test, role: shell, needs: lint, run: "echo tested" }\n`;

const written = {
  version: "2.0.0",
  tasks: [
    { label: "database", type: "wsh", plan: "database.plan.yaml" },
    { label: "tests", type: "wsh", plan: "alpha.plan.yaml", dependsOn: ["database"] },
    { label: "endless", type: "wsh", plan: "endless.plan.yaml" },
    { label: "broken", type: "wsh", plan: "broken.plan.yaml" },
    { label: "other", type: "wsh", project: "other" },
  ],
};
const launched = {
  version: "0.2.0",
  configurations: [
    {
      name: "After alpha",
      type: "node",
      request: "launch",
      program: "${workspaceFolder}/app.js",
      preLaunchTask: "tests",
    },
    {
      name: "After broken",
      type: "node",
      request: "launch",
      program: "${workspaceFolder}/app.js",
      preLaunchTask: "broken",
    },
  ],
};

/** Projects as tasks of VS Code's. */
class ProjectTasksWalk {
  constructor(readonly workbench: Workbench) {}

  async begins(): Promise<void> {
    const { workspace } = this.workbench;
    for (const [name, run] of [
      ["database", "echo ready"],
      ["alpha", "sleep 1; echo no problems"],
      ["endless", "sleep 1000"],
      ["broken", "echo wrong; false"],
      ["other", "until test -f go; do sleep 0.2; done"],
    ] as const)
      writeFileSync(join(workspace, `${name}.plan.yaml`), plan(name, run));
    mkdirSync(join(workspace, ".vscode"));
    writeFileSync(join(workspace, ".vscode/tasks.json"), JSON.stringify(written));
    writeFileSync(join(workspace, ".vscode/launch.json"), JSON.stringify(launched));
    writeFileSync(
      join(workspace, "app.js"),
      "require('fs').writeFileSync('launched', ''); setTimeout(() => {}, 3000);\n",
    );
    await this.workbench.showSidebar();
    await narrow(this.workbench);
  }

  async dependOnEachOther(): Promise<void> {
    const { workbench } = this;
    await workbench.run("Tasks: Run Task", "tests");
    await this.printed(/alpha: done/).waitFor({ timeout: 60_000 });
    await everyLook(workbench, "pt1-depends-on", this.printed(/alpha: done/));
    workbench.say("a task that depends on another project runs after it");
  }

  async areOffered(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    await workbench.run("Tasks: Run Task", "wsh");
    const offered = page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "run project alpha" });
    await offered.waitFor();
    // Of a long list only a part is there.
    await page.keyboard.type("run project");
    await everyLook(workbench, "pt2-offered", offered);
    await page.keyboard.press("Escape");
    workbench.say("whole projects and single tasks are offered");
  }

  async isTerminated(): Promise<void> {
    const { workbench } = this;
    await workbench.run("Tasks: Run Task", "endless");
    await this.printed(/endless runs\. Ctrl\+C/).waitFor({ timeout: 60_000 });
    await workbench.shot("pt3-running");
    await workbench.run("Tasks: Terminate Task", "endless");
    await workbench.row(/^endless, project, stopped/).waitFor({ timeout: 30_000 });
    await workbench.shot("pt4-terminated");
    workbench.say("Terminate Task stops the project");
  }

  /** The task follows what runs elsewhere, says who runs it, and ends with it. */
  async runsElsewhere(): Promise<void> {
    const { workbench } = this;
    workbench.cli("do", "other", "--plan", "other.plan.yaml", "--detach");
    await workbench.row(/^other, project, running in process/).waitFor({ timeout: 60_000 });
    await workbench.run("Tasks: Run Task", "other");
    await this.printed(/other is already running in process \d+\. Ctrl\+C/).waitFor({ timeout: 60_000 });
    await everyLook(workbench, "pt5-elsewhere", this.printed(/until test -f go/));
    writeFileSync(join(workbench.workspace, "go"), "");
    await this.printed(/other: done, 2 of 2/).waitFor({ timeout: 60_000 });
    await workbench.shot("pt6-elsewhere-done");
    workbench.say("a task whose project runs in another process follows it to its end");
  }

  async beforeLaunch(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    await this.#launch("After alpha");
    await page.locator(".debug-toolbar").waitFor({ timeout: 60_000 });
    await workbench.shot("pt7-launched");
    workbench.say("a launch begins when its project is done");
    await page.locator(".debug-toolbar").waitFor({ state: "hidden", timeout: 60_000 });
    await this.#launch("After broken");
    const dialog = page.locator(".monaco-dialog-box");
    await dialog.getByText(/preLaunchTask 'broken' terminated with exit code/).waitFor({ timeout: 60_000 });
    await everyLook(workbench, "pt8-launch-failed", dialog);
    await dialog.getByRole("button", { name: "Abort" }).click();
    workbench.say("a launch whose project fails says so");
  }

  /** What is typed stands behind a word that the list begins with. */
  async #launch(name: string): Promise<void> {
    const { page } = this.workbench;
    await this.workbench.run("Debug: Select and Start Debugging");
    await page.getByRole("option", { name }).waitFor();
    await page.keyboard.type(name);
    await page.keyboard.press("Enter");
  }

  printed(text: string | RegExp): Locator {
    return this.workbench.page.locator(".xterm-rows").getByText(text).first();
  }
}

void walk("pt", async (workbench) => {
  const tasks = new ProjectTasksWalk(workbench);
  await tasks.begins();
  await tasks.dependOnEachOther();
  await tasks.areOffered();
  await tasks.isTerminated();
  await tasks.runsElsewhere();
  await tasks.beforeLaunch();
});
