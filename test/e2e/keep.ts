import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { until } from "../support/until";
import { everyLook, narrow } from "./looks";
import { walk, type Workbench } from "./workbench";

/** The first minutes in an empty folder, and what becomes of projects that are done. */
class KeepWalk {
  constructor(readonly workbench: Workbench) {}

  async begins(): Promise<void> {
    const { workbench } = this;
    const { page, front } = workbench;
    await workbench.showSidebar();
    for (const way of ["Take the Tour", "Make a Plan from What Is There", "New Plan"])
      await page.getByRole("button", { name: way, exact: true }).first().waitFor({ timeout: 30_000 });
    await narrow(workbench);
    await everyLook(workbench, "k1-welcome", page.getByRole("button", { name: "Take the Tour" }).first());
    await page.getByRole("button", { name: "New Plan", exact: true }).first().click();
    await page.locator(".editor-instance .view-lines").getByText("first").first().waitFor();
    await workbench.shot("k2-new-plan");
    workbench.say("a new folder offers three ways to begin, one of them an empty plan");
    await workbench.run("wsh Orchestrator: Take the Tour");
    await front.locator(".tile").first().waitFor({ timeout: 90_000 });
    await workbench.shot("k3-tour");
    await everyLook(workbench, "k3-tour", front.locator(".tile").first());
    await workbench.row(/^tour, project, done/).waitFor({ timeout: 180_000 });
    workbench.say("the tour opens its overview by itself");
  }

  async areKept(): Promise<void> {
    const { workbench } = this;
    const { page, front } = workbench;
    for (const name of ["one", "two"]) workbench.cli("do", name, "--run", "echo done");
    await workbench.row(/^two, project, done/).waitFor({ timeout: 60_000 });
    const openMenu = (): Promise<void> => workbench.row(/^one, project, done/).click({ button: "right" });
    await openMenu();
    await everyLook(
      workbench,
      "k4-menu",
      page.locator(".monaco-menu").getByText("Archive Project", { exact: true }),
      openMenu,
    );
    await workbench.chooseItem("Rename Project…");
    await page.locator(".quick-input-widget:visible .quick-input-box input").fill("The first one");
    await page.keyboard.press("Enter");
    await this.project(/^The first one, project, done/).waitFor();
    // Two rows at once.
    await this.project(/^The first one, project/).click();
    await this.project(/^two, project/).click({ modifiers: ["ControlOrMeta"] });
    for (const name of [/^The first one, project/, /^two, project/])
      await this.project(name).and(page.locator('[aria-selected="true"]')).waitFor();
    await workbench.choose(/^two, project/, "Archive Project");
    await this.project(/^two, project/).waitFor({ state: "hidden" });
    await this.project(/^The first one, project/).waitFor({ state: "hidden" });
    await workbench.run("wsh Orchestrator: Open Overview");
    await front.locator(".tile").filter({ hasText: "tour" }).first().waitFor();
    const archived = front.locator(".tile").filter({ hasText: "two" });
    if (await archived.isVisible()) throw new Error("The overview has sessions of an archived project.");
    await workbench.shot("k5-overview");
    await workbench.run("wsh Orchestrator: Show Archived Projects");
    await workbench.row(/^two, project, archived, done/).waitFor();
    await archived.waitFor();
    await everyLook(workbench, "k5-archived", archived);
    workbench.say("projects are renamed, and two go to the archive at once");
    await workbench.choose(/^two, project/, "End All Sessions…");
    await page.locator(".monaco-dialog-box").getByRole("button", { name: "End Sessions" }).click();
    // Rows of the archive are closed.
    await until("its session has ended", () => workbench.cli("log", "two").includes("killed"), 30_000);
    await workbench.choose(/^two, project/, "Remove Project…");
    await everyLook(workbench, "k6-remove", page.locator(".monaco-dialog-box"));
    await page.locator(".monaco-dialog-box").getByRole("button", { name: "Remove Project" }).click();
    await this.project(/^two, project/).waitFor({ state: "hidden" });
    await page
      .getByText(/two is removed\. Its log and plan are in \.orchestrator\/removed\/two-/)
      .first()
      .waitFor();
    await everyLook(workbench, "k7-removed", page.locator(".notification-list-item").getByText(/two is removed/));
    await page.locator(".notification-list-item").getByRole("button", { name: "Show in Explorer" }).click();
    await page.locator(".explorer-folders-view").getByText(/^two-/).waitFor();
    await workbench.showSidebar();
    workbench.say("a project is removed, and the window says where it is");
  }

  /** Its row among the projects: Activity has one, too. */
  project(label: RegExp): Locator {
    return this.workbench.page.getByRole("tree", { name: "Projects" }).getByRole("treeitem", { name: label });
  }

  /** As a whole, with the line above the view while it runs. */
  async runAgain(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    workbench.cli("do", "slow", "--run", "test ! -f slowly || sleep 600");
    await workbench.row(/^slow, project, done/).waitFor({ timeout: 60_000 });
    writeFileSync(join(workbench.workspace, "slowly"), "");
    await workbench.choose(/^slow, project/, "Run Again");
    await workbench.row(/^slow, project, running here/).waitFor({ timeout: 60_000 });
    const progress = page.locator(".notification-list-item").filter({ hasText: /Running slow.*0 of 1 task succeeded/ });
    await progress.waitFor();
    await everyLook(workbench, "k8-again", progress);
    await progress.getByRole("button", { name: "Cancel" }).click();
    await workbench.row(/^slow, project, stopped/).waitFor({ timeout: 60_000 });
    await progress.waitFor({ state: "hidden" });
    await workbench.shot("k9-cancelled");
    workbench.say("a project that is done runs again from its row; its progress is shown, and cancelled there");
  }
}

void walk(
  "k",
  async (workbench) => {
    const keep = new KeepWalk(workbench);
    await keep.begins();
    await keep.areKept();
    await keep.runAgain();
  },
  { settings: { "wshOrchestrator.progress": "notification" } },
);
