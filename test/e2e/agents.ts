import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { Locator } from "playwright-core";
import { agentPrograms } from "../support/model/agentPrograms";
import { installedAgent } from "../support/model/installAgents";
import { ModelServer } from "../support/model/modelServer";
import { until } from "../support/until";
import { keyboardInRunningPlan } from "./agentKeyboard";
import { belowTitle, writePicture } from "./smallPicture";
import { themeOfEachKind, walk, type Workbench } from "./workbench";

/**
 * A plan with a real coding agent on a scripted model: its permission is answered in the window, and a person gives it a
 * prompt of their own; *Do Project* with an agent, from its goal to its end; who has the keyboard of a running plan; the
 * set-up check. `README_PICTURE=1` also makes the README's picture anew.
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

  /** Everything by *Do Project*: the agent works in this window. */
  async doProject(): Promise<void> {
    const { page, workspace } = this.workbench;
    const box = page.locator(".quick-input-widget:visible input");
    await this.workbench.run("wsh Orchestrator: Do Project…");
    await box.fill("Greet the world");
    await box.press("Enter");
    await page.getByText("A short name.").waitFor();
    await box.fill("greet");
    await box.press("Enter");
    await page.getByRole("option", { name: /^Give a coding agent a prompt/ }).waitFor();
    await this.workbench.shot("a6-plans");
    await page.getByRole("option", { name: /^Give a coding agent a prompt/ }).click();
    await page.getByRole("option", { name: /^Codex, codex/ }).waitFor();
    await page
      .getByRole("option", { name: /not found; install it with: npm/ })
      .first()
      .waitFor();
    await this.workbench.shot("a7-agents");
    await page.getByRole("option", { name: /^Codex, codex/ }).click();
    await page.getByRole("option", { name: /^As it is set up/ }).click();
    await box.fill("Write the greeting file");
    await this.workbench.shot("a8-what");
    await box.press("Enter");
    await page.locator(".monaco-editor .view-line").getByText("Write the greeting file").first().waitFor();
    await this.workbench.shot("a9-review");
    await page.locator(".notification-list-item").getByRole("button", { name: "Run" }).first().click();
    const asks = /^codex::1, session, Codex, needs permission/;
    await this.workbench.row(asks).waitFor({ timeout: startMs });
    await this.workbench.row(asks).click();
    await this.workbench.shot("a10-asks");
    await this.workbench.choose(/codex::1, project greet, needs your answer/, "Answer Question…");
    await page.locator(".monaco-editor .view-line").getByText("touch greeting.txt").first().waitFor();
    await page.locator(".editor-actions").getByRole("button", { name: "Answer Question…" }).click();
    await page.getByRole("option", { name: /^1\. Yes, proceed/u }).click();
    await until("the agent runs it", () => existsSync(join(workspace, "greeting.txt")), 30_000);
    await this.workbench.row(/^greet, project, done/).waitFor({ timeout: 60_000 });
    await this.workbench.shot("a11-done");
    this.workbench.say("Do Project with an agent, from its goal to its end");
    // The model answers in this process.
    const asked = await this.workbench.cliMeanwhile("prompt", "codex::1", "Say thanks", "--wait", "--json");
    const { output, parts } = JSON.parse(asked.text) as {
      output: string;
      parts: readonly { kind: string; text: string }[];
    };
    if (output !== "You are welcome." || !parts.some(({ text }) => text === output))
      throw new Error(`It answers ${asked.text}`);
    const said = await this.workbench.cliMeanwhile("prompt", "codex::1", "Say thanks again", "--wait");
    if (said.text !== "You are welcome.\n") throw new Error(`It answers ${JSON.stringify(said)}`);
    this.workbench.say("prompt --wait prints the agent's answer alone");
    await this.workbench.run("View: Close All Editors");
  }

  async setupCheck(): Promise<void> {
    const { page } = this.workbench;
    await this.workbench.run("wsh Orchestrator: Show Set-up Check");
    const lines = page.locator(".monaco-editor .view-line");
    await lines.getByText("Set-up check of").first().waitFor({ timeout: 120_000 });
    await lines
      .getByText(/Codex\s.*0\.169\.0/)
      .first()
      .waitFor();
    await this.workbench.shot("a12-setup");
    await page.keyboard.press("Control+End");
    const install = lines.getByText("Install in Terminal…").last();
    await install.waitFor();
    await page.keyboard.down("Control");
    await install.hover();
    await install.click();
    await page.keyboard.up("Control");
    await page.locator(".terminal-wrapper.active .xterm-rows").getByText("npm install").first().waitFor();
    await this.workbench.shot("a13-install");
    this.workbench.say("the set-up check shows what is missing, and a click types what mends it");
    await page.setViewportSize(narrowSidebar);
    await this.workbench.shot("a14-setup-narrow");
    await page.setViewportSize(size);
  }
}

const codex = installedAgent(agentPrograms.codex({ url: "", home: "", folder: "" }).package);
if (codex.missing !== undefined) console.log(`Not run: ${codex.missing}`);
else {
  // Window and command line give their environment to the sessions that they ask for.
  const { environment } = agentPrograms.codex({ url: "", home: "", folder: "" });
  Object.assign(process.env, environment, { PATH: [codex.bin, process.env.PATH].join(delimiter) });
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
      const greets = [
        { say: "I write the greeting." },
        { tool: "shell", command: "touch greeting.txt", outsideSandbox: "to save the greeting" },
        { say: "It is written." },
      ] as const;
      const scenarios = [
        { match: /failing test/u, steps },
        { match: /greeting file/u, steps: greets },
        { match: /^Say thanks/u, steps: [{ say: "You are welcome." }] },
      ];
      const model = await ModelServer.start({ folder: workspace, scenarios });
      try {
        const { files } = agentPrograms.codex({ url: model.url, home, folder: workspace });
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(home, path)), { recursive: true });
          writeFileSync(join(home, path), text);
        }
        writeFileSync(join(workspace, "plan.yaml"), plan);
        await workbench.showSidebar();
        workbench.cli("do", "shop", "--plan", join(workspace, "plan.yaml"), "--detach");
        const agents = new AgentsWalk(workbench, model);
        await agents.permission();
        await agents.overview();
        await agents.prompt();
        await agents.doProject();
        await keyboardInRunningPlan(workbench, model);
        await agents.setupCheck();
      } finally {
        await model.stop();
      }
    },
    { size, scale: 1.5 },
  );
}
