import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { Locator } from "playwright-core";
import { agentPrograms } from "../support/model/agentPrograms";
import { installedAgent } from "../support/model/installAgents";
import { ModelServer } from "../support/model/modelServer";
import { until } from "../support/until";
import { belowTitle, writePicture } from "./smallPicture";
import { themeOfEachKind, walk, type Workbench } from "./workbench";

/**
 * A plan with a real coding agent on a scripted model: its permission is answered in the window, a person takes its
 * keyboard, and gives it a prompt of their own. `README_PICTURE=1` also makes the README's picture anew.
 */

const size = { width: 1060, height: 640 };
const pictureSize = { width: 800, height: 460 };
const narrowSidebar = { width: 620, height: 900 };
/** The first start in a new home takes longest. */
const startMs = 120_000;

const plan = `project: shop
goal: Keep the tests of the shop green
roles:
  coder: { agent: { use: codex, model: gpt-5.2-codex } }
tasks:
  - id: fix
    role: coder
    prompt: Fix the failing test of the basket
    check: test -f fixed.txt
`;

class AgentsWalk {
  constructor(
    readonly workbench: Workbench,
    readonly model: ModelServer,
  ) {}

  get toast(): Locator {
    return this.workbench.page
      .locator(".notifications-toasts .notification-list-item")
      .filter({ hasText: /coder::1.*Codex asks for permission/u });
  }

  /** How often the model was told that. */
  told(words: string): number {
    return this.model.requests.filter(({ said }) => said.at(-1)?.includes(words) === true).length;
  }

  async permission(): Promise<void> {
    const { page, front } = this.workbench;
    await this.workbench
      .row(/^coder::1, session, Codex gpt-5\.2-codex, needs permission/)
      .waitFor({ timeout: startMs });
    await this.toast.waitFor({ timeout: 30_000 });
    await this.workbench.row(/^coder::1, session, Codex gpt-5\.2-codex/).waitFor();
    await this.workbench.row(/^coder::1, session/).click();
    await front.locator(".screen .row").filter({ hasText: "Would you like to run" }).first().waitFor();
    await front.locator("#agent").filter({ hasText: "Codex gpt-5.2-codex" }).waitFor();
    await page.mouse.move(size.width / 2, 5);
    if (process.env.README_PICTURE !== undefined) await this.picture();
    for (const [theme, kind] of themeOfEachKind) {
      await this.workbench.chooseTheme(theme, kind);
      await this.workbench.shot(`a1-permission-${kind}`);
    }
    await this.workbench.noAxeProblems("the mirror of an agent that asks");
    await page.setViewportSize(narrowSidebar);
    await this.workbench.shot("a2-narrow");
    await page.setViewportSize(size);
    await this.workbench.choose(/coder::1, project shop, needs your answer/, "Answer Question…");
    // All of it does not fit a dialog.
    await page.locator(".monaco-editor .view-line").getByText("touch fixed.txt").first().waitFor();
    await page.locator(".editor-actions").getByRole("button", { name: "Answer Question…" }).click();
    const answer = page.getByRole("option", { name: /^1\. Yes, proceed/u });
    await answer.waitFor();
    await this.workbench.shot("a3-answer");
    await answer.click();
    await until(
      "the agent runs what was allowed",
      () => existsSync(join(this.workbench.workspace, "fixed.txt")),
      30_000,
    );
    await this.workbench.row(/^shop, project, done/).waitFor({ timeout: 60_000 });
    this.workbench.say("a permission of a real agent is answered in the window, and its plan is done");
  }

  async picture(): Promise<void> {
    await this.workbench.page.setViewportSize(pictureSize);
    await writePicture(this.workbench, "permission", belowTitle(pictureSize), 0.1);
    await this.workbench.page.setViewportSize(size);
  }

  async overview(): Promise<void> {
    await this.workbench.run("wsh Orchestrator: Open Overview");
    const tile = this.workbench.front.locator(".tile").filter({ hasText: "coder::1" });
    await tile.locator(".agent").filter({ hasText: "Codex gpt-5.2-codex" }).waitFor();
    await this.workbench.shot("a4-overview");
    await this.workbench.noAxeProblems("the overview with an agent");
    await this.workbench.run("View: Close All Editors");
  }

  async prompt(): Promise<void> {
    const { page } = this.workbench;
    await this.workbench.choose(/^coder::1, session, Codex/, "Prompt…");
    const box = page.locator(".quick-input-widget:visible input");
    await box.fill("And thank you");
    await this.workbench.shot("a5-prompt");
    await box.press("Enter");
    await until("the model has heard it once", () => this.told("And thank you") === 1, 30_000);
    await this.workbench.row(/^coder::1, session, Codex gpt-5\.2-codex, (?:done|idle)/).waitFor({ timeout: 60_000 });
    this.workbench.say("a prompt from a row was taken");
  }
}

const codex = installedAgent(agentPrograms.codex({ url: "", home: "", folder: "" }).package);
if (codex.missing !== undefined) console.log(`Not run: ${codex.missing}`);
else
  void walk(
    "agents",
    async (workbench) => {
      const { workspace, scratch } = workbench;
      const home = join(scratch, "home");
      execFileSync("git", ["init", "-q", workspace]);
      const steps = [
        { say: "The total misses the discount. I write the fix." },
        { tool: "shell", command: "touch fixed.txt", outsideSandbox: "to save the fix" },
        { say: "The test passes now." },
      ] as const;
      const model = await ModelServer.start({ folder: workspace, scenarios: [{ match: /failing test/u, steps }] });
      try {
        const { files, environment } = agentPrograms.codex({ url: model.url, home, folder: workspace });
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(home, path)), { recursive: true });
          writeFileSync(join(home, path), text);
        }
        // The command line gives its environment to the sessions that it asks for.
        Object.assign(process.env, environment, { PATH: [codex.bin, process.env.PATH].join(delimiter) });
        writeFileSync(join(workspace, "plan.yaml"), plan);
        await workbench.showSidebar();
        workbench.cli("do", "shop", "--plan", join(workspace, "plan.yaml"), "--detach");
        const agents = new AgentsWalk(workbench, model);
        await agents.permission();
        await agents.overview();
        await agents.prompt();
      } finally {
        await model.stop();
      }
    },
    { size, scale: 1.5 },
  );
