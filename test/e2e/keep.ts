import { themeOfEachKind, walk, type Workbench } from "./workbench";

/** The first minutes in an empty folder, and what becomes of projects that are done. */
class KeepWalk {
  constructor(readonly workbench: Workbench) {}

  async begins(): Promise<void> {
    const { workbench } = this;
    const { page, front } = workbench;
    await workbench.showSidebar();
    for (const way of ["Take the Tour", "Make a Plan from What Is There", "New Plan"])
      await page.getByRole("button", { name: way, exact: true }).first().waitFor({ timeout: 30_000 });
    for (const [theme, kind] of themeOfEachKind) {
      await workbench.chooseTheme(theme, kind);
      await workbench.shot(`k1-welcome-${kind}`);
    }
    await page.getByRole("button", { name: "New Plan", exact: true }).first().click();
    await page.locator(".editor-instance .view-lines").getByText("first").first().waitFor();
    await workbench.shot("k2-new-plan");
    workbench.say("a new folder offers three ways to begin, one of them an empty plan");
    await workbench.run("wsh Orchestrator: Take the Tour");
    await front.locator(".tile").first().waitFor({ timeout: 90_000 });
    await workbench.shot("k3-tour");
    await workbench.noAxeProblems("the overview of the tour");
    await workbench.row(/^tour, project, done/).waitFor({ timeout: 180_000 });
    workbench.say("the tour opens its overview by itself");
  }

  async areKept(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    for (const name of ["one", "two"]) workbench.cli("do", name, "--run", "echo done");
    await workbench.row(/^two, project, done/).waitFor({ timeout: 60_000 });
    await workbench.row(/^one, project, done/).click({ button: "right" });
    await page.locator(".monaco-menu").getByText("Archive Project", { exact: true }).waitFor();
    await workbench.shot("k4-menu");
    await workbench.chooseItem("Rename Project…");
    await page.locator(".quick-input-widget:visible .quick-input-box input").fill("The first one");
    await page.keyboard.press("Enter");
    await workbench.row(/^The first one, project, done/).waitFor();
    // Two rows at once.
    await workbench.row(/^The first one, project/).click();
    await workbench.row(/^two, project/).click({ modifiers: ["ControlOrMeta"] });
    for (const name of [/^The first one, project/, /^two, project/])
      await workbench.row(name).and(page.locator('[aria-selected="true"]')).waitFor();
    await workbench.choose(/^two, project/, "Archive Project");
    await workbench.row(/^two, project/).waitFor({ state: "hidden" });
    await workbench.row(/^The first one, project/).waitFor({ state: "hidden" });
    await workbench.run("wsh Orchestrator: Show Archived Projects");
    await workbench.row(/^two, project, archived, done/).waitFor();
    await workbench.shot("k5-archived");
    workbench.say("projects are renamed, and two go to the archive at once");
    await workbench.choose(/^two, project/, "End All Sessions…");
    await page.locator(".monaco-dialog-box").getByRole("button", { name: "End Sessions" }).click();
    // Rows of the archive are closed.
    await workbench.row(/killed shell::1/).waitFor({ timeout: 30_000 });
    await workbench.choose(/^two, project/, "Remove Project…");
    await workbench.shot("k6-remove");
    await page.locator(".monaco-dialog-box").getByRole("button", { name: "Remove Project" }).click();
    await workbench.row(/^two, project/).waitFor({ state: "hidden" });
    await page
      .getByText(/two is removed\. Its log and plan are in/)
      .first()
      .waitFor();
    await workbench.shot("k7-removed");
    workbench.say("a project is removed, and the window says where it is");
  }

  /** As a whole, with the line above the view while it runs. */
  async runAgain(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    await workbench.choose(/^tour, project/, "Run Again");
    await workbench.row(/^tour, project, running here/).waitFor({ timeout: 60_000 });
    await page.locator(".pane-header + .pane-body, .monaco-progress-container.active").first().waitFor();
    await workbench.shot("k8-again");
    await workbench.row(/^tour, project, done/).waitFor({ timeout: 180_000 });
    workbench.say("a project that is done runs again from its row");
  }
}

void walk("k", async (workbench) => {
  const keep = new KeepWalk(workbench);
  await keep.begins();
  await keep.areKept();
  await keep.runAgain();
});
