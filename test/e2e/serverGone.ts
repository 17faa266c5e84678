import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { walk, type Workbench } from "./workbench";

const plan = `project: shop
goal: Lose the server
max_sessions: 6
roles: { reader: { count: 3 }, asker: {} }
tasks:
  - { id: one, role: reader, run: "seq 25; echo read-one; sleep 1" }
  - { id: two, role: reader, run: "seq 25; echo read-two; sleep 1" }
  - { id: three, role: reader, run: "seq 25; echo read-three; sleep 1" }
  - { id: four, role: asker, run: "echo ready" }
`;
const gone = /session server .*(ended|could not be reached|cannot be reached)/;
const sessions = ["asker::1", "reader::1", "reader::2", "reader::3"];

/** What somebody sees whose session server ends under an open window. */
class ServerGoneWalk {
  constructor(readonly workbench: Workbench) {}

  async opens(): Promise<void> {
    const { workbench } = this;
    writeFileSync(join(workbench.workspace, "plan.yaml"), plan);
    workbench.cli("do", "shop", "--plan", join(workbench.workspace, "plan.yaml"));
    await workbench.showSidebar();
    for (const name of sessions)
      await workbench.row(new RegExp(`^${name}, session, idle`)).waitFor({ timeout: 60_000 });
    await workbench.run("wsh Orchestrator: Attach in Panel", "reader::1");
    await workbench.page.locator(".terminal-wrapper.active .xterm-rows").getByText("read-").first().waitFor();
    await workbench.run("wsh Orchestrator: Open Overview");
    await workbench.front.locator(".tile").nth(3).waitFor();
  }

  /** A command that was typed by hand waits for somebody: what it needs is said, and why that is known. */
  async waits(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    workbench.cli("send", "asker::1", 'read -p "Remove the old index? [y/N] " answer');
    await workbench.row(/^asker::1, session, needs confirmation/).waitFor({ timeout: 60_000 });
    const attention = page.locator(".pane", { has: page.getByRole("button", { name: /Attention/ }) });
    await attention.getByLabel(/^Remove the old index.*; asker::1, session, needs confirmation/).waitFor();
    await workbench.front.locator(".tile").filter({ hasText: "needs confirmation" }).waitFor();
    await workbench.shot("g1-waits");
    await workbench.choose(/^asker::1, session/, "Explain State");
    const text = page.locator(".editor-instance .view-lines");
    await text
      .getByText(/asked\/yes_no/)
      .first()
      .waitFor();
    await text
      .getByText(/Remove.the.old.index/)
      .first()
      .waitFor();
    await workbench.shot("g2-explained");
    await workbench.run("wsh Orchestrator: Open Overview");
    await workbench.front.locator(".tile").nth(3).waitFor();
    workbench.say("Attention, the row and the tile say what the session needs; its state is explained");
  }

  /** Its sessions go with it: nothing offers them any more, and what is to be done is said. */
  async ends(): Promise<void> {
    const { workbench } = this;
    const { page, front } = workbench;
    process.kill(workbench.sessionServerPid, "SIGKILL");
    await front.locator("#empty:visible").waitFor({ timeout: 60_000 });
    await front.locator("#notice").filter({ hasText: gone }).waitFor();
    await workbench.noAxeProblems("the overview without a server");
    await page.locator(".pane").getByText(gone).first().waitFor();
    for (const name of sessions) await workbench.row(new RegExp(`^${name}, session, lost`)).waitFor();
    await workbench.row(/^asker::1, session/).click({ button: "right" });
    const menu = page.locator(".monaco-menu");
    await menu.getByRole("menuitem").first().waitFor();
    await workbench.shot("g2-menu");
    const items = (await menu.getByRole("menuitem").allTextContents()).map((text) => text.trim());
    if (items.includes("Attach in Terminal") || !items.includes("Restart Session…"))
      throw new Error(`The row of a session that is lost offers: ${items.join(", ")}`);
    await page.keyboard.press("Escape");
    await page
      .locator(".terminal-wrapper.active .xterm-rows")
      .getByText(/ended, and its sessions|could not be reached/)
      .first()
      .waitFor({ timeout: 30_000 });
    await workbench.shot("g3-server-gone");
    workbench.say("the overview, rows, the message and the attached terminal say that the server is gone");
  }
}

void walk(
  "g",
  async (workbench) => {
    const gone = new ServerGoneWalk(workbench);
    await gone.opens();
    await gone.waits();
    await gone.ends();
  },
  { settings: { "wshOrchestrator.quietAfter": 1 } },
);
