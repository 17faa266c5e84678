import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Locator } from "playwright-core";
import { everyLook, narrow } from "./looks";
import { walk, type Workbench } from "./workbench";

const files = {
  "package.json": {
    name: "shop",
    scripts: { build: "echo built", test: "echo tested", dev: "node server.js --port 43117", clean: "rm -rf ./dist" },
  },
  Makefile: "all: parts\n\techo made\nparts:\n\techo parts\n",
  justfile: "# Looks at the sources\nlint:\n    echo linted\n",
  Procfile: "worker: sh worker.sh\n",
  "worker.sh": "echo works; until test -f over; do sleep 0.2; done\n",
  ".vscode/tasks.json": {
    version: "2.0.0",
    tasks: [
      {
        label: "pack it",
        type: "shell",
        command: "pack.cmd",
        problemMatcher: "$tcs",
        linux: { command: "echo", args: ["packed for linux"] },
        osx: { command: "echo", args: ["packed for osx"] },
      },
      { label: "attach", type: "cppbuild" },
    ],
  },
};

/** Templates that run with what is here; those that need a program name it. */
const templates = [
  { label: "build, then review", needs: "sh" },
  { label: "Node.js package", needs: "npm" },
  { label: "Python package", needs: "python3" },
  { label: "Rust library", needs: "cargo" },
  { label: "documentation", needs: "sh" },
  { label: "several packages in one folder", needs: "sh" },
] as const;

function isThere(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** Plans of what a folder has and of templates: chosen, looked at, run. Behind the command only keys are used. */
class PlanSourcesWalk {
  constructor(readonly workbench: Workbench) {}

  async begins(): Promise<void> {
    const { workbench } = this;
    mkdirSync(join(workbench.workspace, ".vscode"));
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(workbench.workspace, name), typeof text === "string" ? text : JSON.stringify(text));
    await workbench.showSidebar();
    await narrow(workbench);
  }

  async fromWhatIsThere(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    await workbench.run("wsh Orchestrator: Make a Plan from What Is There…");
    const choice = (name: RegExp): Locator =>
      page.locator(".quick-input-list .monaco-list-row").filter({ hasText: name });
    await choice(/^build/).waitFor();
    await everyLook(workbench, "ps1-choice", choice(/^build/));
    const picked = [/^all/, ...(isThere("just") ? [/^lint/] : []), /^worker/, /^pack it/];
    for (const name of picked) {
      await this.#toRow(choice(name));
      await page.keyboard.press("Space");
      await choice(name).getByRole("checkbox", { checked: true }).waitFor();
    }
    await workbench.shot("ps2-chosen");
    await page.keyboard.press("Enter");
    await page.getByText("A short name. If a project with this name exists, it is resumed.").waitFor();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("found");
    await everyLook(workbench, "ps3-name", page.getByText("A short name."));
    await page.keyboard.press("Enter");
    await this.#reviewed("found", "ps4-review");
    writeFileSync(join(workbench.workspace, "over"), "");
    await this.#runs("found");
    await workbench.row(/^found, project, done/).waitFor({ timeout: 60_000 });
    const log = workbench.cli("log", "found");
    for (const said of ["built", "tested", "made", "works", "packed for linux", ...(isThere("just") ? ["linted"] : [])])
      if (!log.includes(said)) throw new Error(`${said} is not in the log: ${log}`);
    await workbench.page.locator(".codelens-decoration").getByText("succeeded").nth(5).waitFor();
    await workbench.shot("ps5-done");
    workbench.say(
      `package.json, Makefile, ${isThere("just") ? "justfile" : "[not run: no just]"}, Procfile, tasks.json`,
    );
  }

  /** Each in a folder that is empty but for the log of those before it. */
  async fromTemplates(): Promise<void> {
    for (const [index, { label, needs }] of templates.entries()) {
      if (!isThere(needs)) {
        this.workbench.say(`[not run: no ${needs}] ${label}`);
        continue;
      }
      const name = await this.#template(label, index === 0);
      await this.#runs(name);
      await this.workbench.row(new RegExp(`^${name}, project, done`)).waitFor({ timeout: 120_000 });
      await this.workbench.shot(`ps8-${name}-done`);
      this.workbench.say(`${label}: done`);
    }
    for (const label of ["Docker image", "two coding agents"]) {
      const name = await this.#template(label, false);
      await this.workbench.run("Notifications: Clear All Notifications");
      await this.workbench.run("View: Close All Editors");
      await this.workbench.page
        .getByRole("tab", { name: new RegExp(`^${name}.plan.yaml`) })
        .waitFor({ state: "hidden" });
      this.workbench.say(`${label}: looked at and left`);
    }
  }

  /** From the goal to the review; gives the project's name. */
  async #template(label: string, everywhere: boolean): Promise<string> {
    const { workbench } = this;
    const { page, workspace } = workbench;
    for (const name of readdirSync(workspace))
      if (name !== ".orchestrator") rmSync(join(workspace, name), { recursive: true, force: true });
    await workbench.run("Notifications: Clear All Notifications");
    await workbench.run("View: Close All Editors");
    const name = label.toLowerCase().replace(/[^a-z]+/g, "-");
    await workbench.run("wsh Orchestrator: Do Project…");
    await page.getByText("What is the goal?").waitFor();
    await page.keyboard.type(`Try ${label}`);
    await page.keyboard.press("Enter");
    await page.getByText("A short name.").waitFor();
    await page.keyboard.press("Control+a");
    await page.keyboard.type(name);
    await page.keyboard.press("Enter");
    const template = page.locator(".quick-input-list .monaco-list-row").filter({ hasText: `Template: ${label}` });
    await template.waitFor();
    if (everywhere) await everyLook(workbench, "ps6-templates", template);
    await page.keyboard.type(label);
    await template.and(page.locator(".focused")).waitFor();
    await page.keyboard.press("Enter");
    if (everywhere) await this.#reviewed(name, "ps7-template");
    else {
      await page.getByRole("tab", { name: new RegExp(`^${name}.plan.yaml`) }).waitFor();
      await page
        .locator(".notification-list-item")
        .filter({ hasText: `Review the plan of ${name}` })
        .waitFor();
      await workbench.shot(`ps7-${name}`);
    }
    return name;
  }

  /** With the arrow keys, to a row of the list that is open. */
  async #toRow(row: Locator): Promise<void> {
    const { page } = this.workbench;
    for (let left = 40; left > 0; left--) {
      if ((await row.getAttribute("class"))?.split(" ").includes("focused")) return;
      await page.keyboard.press("ArrowDown");
    }
    throw new Error("The arrow keys do not lead to the row.");
  }

  /** The plan stands in an editor, and a message says what to do with it. */
  async #reviewed(name: string, picture: string): Promise<void> {
    const { page } = this.workbench;
    await page.getByRole("tab", { name: new RegExp(`^${name}.plan.yaml`) }).waitFor();
    const message = page.locator(".notification-list-item").filter({ hasText: `Review the plan of ${name}` });
    await message.waitFor();
    await everyLook(this.workbench, picture, message);
  }

  /** By the command that the palette has for it. */
  async #runs(name: string): Promise<void> {
    await this.workbench.run("wsh Orchestrator: Run Plan");
    await this.workbench.row(new RegExp(`^${name}, project`)).waitFor({ timeout: 60_000 });
  }
}

void walk("ps", async (workbench) => {
  const sources = new PlanSourcesWalk(workbench);
  await sources.begins();
  await sources.fromWhatIsThere();
  await sources.fromTemplates();
});
