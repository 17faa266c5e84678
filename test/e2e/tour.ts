import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../support/until";
import { walk, type Workbench } from "./workbench";

/** What a person does to sessions by their rows' menus. */
async function menus(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  const reader = /^reader::1, session/;
  const input = page.locator(".quick-input-widget .quick-input-box input");
  const typed = async (prompt: string | RegExp, text: string): Promise<void> => {
    await page.locator(".quick-input-widget").getByText(prompt).first().waitFor();
    await input.fill(text);
    await page.keyboard.press("Enter");
  };
  // The editor forgets a row that is drawn anew while its menu is open; then the command asks which one was meant.
  const sameSession = async (prompt: string): Promise<void> => {
    const widget = page.locator(".quick-input-widget");
    const asks = widget.getByPlaceholder(/^Choose a (session|project)$/);
    await asks
      .or(widget.getByText(prompt))
      .or(widget.getByPlaceholder(prompt))
      .or(page.getByRole("dialog").getByText(prompt))
      .first()
      .waitFor();
    if (await asks.isVisible())
      await page
        .getByRole("option", { name: /reader::1|^tour/ })
        .first()
        .click();
  };
  const record = (): string =>
    readFileSync(join(workbench.workspace, ".orchestrator/projects/tour/events-000001.jsonl"), "utf8");
  const written = (text: string): Promise<unknown> =>
    until(`the record has ${text}`, () => record().includes(text), 30_000);
  await workbench.choose(reader, "Open Session as Text");
  await page.getByRole("tab", { name: /reader::1\.txt/ }).waitFor();
  await page.locator(".monaco-editor .view-line").getByText("typed-42").first().waitFor();
  await workbench.shot("4b-as-text");
  await workbench.choose(reader, "Add Note…");
  await sameSession("The note is saved in the project's log.");
  await typed("The note is saved in the project's log.", "looked at by hand");
  await written("looked at by hand");
  await workbench.choose(reader, "Send Text…");
  await sameSession("The text is sent with Enter.");
  await typed(
    "The text is sent with Enter.",
    "wsh-orchestrator note tour 'from within the session' && echo sent-$((40+3))",
  );
  await written("from within the session");
  workbench.say("a note, and one that a session wrote itself");
  await workbench.choose(reader, "Leave Handoff Note…");
  await sameSession("Choose the role or session that gets the note");
  await page
    .getByRole("option", { name: /^scribe/ })
    .first()
    .click();
  await typed("What should the receiver know?", "the book is read");
  await written("the book is read");
  await workbench.choose(reader, "Restart Session…");
  await sameSession("Restart proj-tour::reader::1?");
  await page.getByRole("dialog").getByRole("button", { name: "Restart Session" }).waitFor();
  await workbench.shot("4c-restart");
  await page.getByRole("dialog").getByRole("button", { name: "Restart Session" }).click();
  await written("is restarting reader::1");
  await workbench.row(/^reader::1, session, idle/).waitFor({ timeout: 30_000 });
  await workbench.choose(reader, "Kill Session…");
  await sameSession("Kill proj-tour::reader::1?");
  await page.getByRole("dialog").getByRole("button", { name: "Kill Session" }).click();
  await workbench.row(/^reader::1, session, ended/).waitFor({ timeout: 30_000 });
  workbench.say("a session was restarted, and one was killed");
  await workbench.shot("4d-menus");
}

/** From a goal to a question and its answer, all by keyboard and toast. */
async function doProject(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  await workbench.run("wsh Orchestrator: Do Project…");
  const input = page.locator(".quick-input-widget .quick-input-box input");
  for (const [prompt, text] of [
    ["What is the goal?", "Clean the house"],
    ["A short name", "house"],
  ] as const) {
    await page.locator(".quick-input-widget").getByText(prompt).waitFor();
    await input.fill(text);
    await page.keyboard.press("Enter");
  }
  await page.getByRole("option", { name: /Type roles and commands/ }).click();
  for (const line of ["cleaner: rm -rf ./attic", "keeper: for i in $(seq 25); do echo tick $i; sleep 1; done", ""]) {
    await page
      .locator(".quick-input-widget")
      .getByText(line.startsWith("cleaner") ? "The first command" : "So far:")
      .waitFor();
    await page.waitForTimeout(200);
    await input.fill(line);
    await page.keyboard.press("Enter");
  }
  await page.locator(".notifications-toasts").getByRole("button", { name: "Run", exact: true }).waitFor();
  workbench.say("the plan is reviewed");
  await workbench.shot("5-review");
  await page.locator(".notifications-toasts").getByRole("button", { name: "Run", exact: true }).click();
  await page
    .locator(".notifications-toasts")
    .getByText(/cleaner.*house/)
    .first()
    .waitFor({ timeout: 60_000 });
  workbench.say("a question has come");
  await workbench.shot("6-question");
  await workbench.run("wsh Orchestrator: Answer Question…");
  await page.locator(".monaco-dialog-box").getByRole("button", { name: "Run", exact: true }).click();
  await workbench.row(/^keeper::1, session, working/).waitFor({ timeout: 60_000 });
  workbench.say("the answer has taken effect");
  await workbench.shot("7-answered");
}

/** The window goes while a command runs, and comes back: the command was typed once and goes on. */
async function survivesReload(workbench: Workbench): Promise<void> {
  const record = join(workbench.workspace, ".orchestrator/projects/house/events-000001.jsonl");
  const entries = (): { kind: string; event?: string; text: string; pid?: number; input?: string }[] =>
    readFileSync(record, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as ReturnType<typeof entries>[number]);
  const claims = (): number => entries().filter((entry) => entry.kind === "lease" && entry.event === "claimed").length;
  await workbench.load();
  await until("another process runs the project", () => claims() >= 2, 40_000);
  workbench.say("the window is closed and another process runs the project");
  await workbench.showSidebar();
  await until("this window runs the project again", () => claims() === 3, 60_000);
  workbench.say("the window runs the project again");
  await workbench.row(/^house, project, done/).waitFor({ timeout: 90_000 });
  await workbench.shot("8-reloaded");
  const typed = entries().filter(
    (entry) => entry.kind === "command" && entry.input?.includes("seq 25") === true,
  ).length;
  if (typed !== 1) throw new Error(`The command was typed ${typed} times.`);
  workbench.say("the project is done; its command was typed once");
}

/** Every kind of theme, to be looked at. */
async function themes(workbench: Workbench): Promise<void> {
  const { scratch, page } = workbench;
  const file = join(scratch, "user/User/settings.json");
  for (const [theme, kind] of [
    ["Default Light Modern", "vs"],
    ["Default High Contrast", "hc-black"],
    ["Default High Contrast Light", "hc-light"],
    ["Default Dark Modern", "vs-dark"],
  ] as const) {
    writeFileSync(
      file,
      JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), "workbench.colorTheme": theme }),
    );
    await workbench.load();
    await page.locator(`.monaco-workbench.${kind}`).waitFor();
    await workbench.showSidebar();
    await workbench.row(/^tour, project/).waitFor();
    await page.getByText("No question needs your answer.").waitFor({ timeout: 15_000 });
    await workbench.shot(`9-${kind}`);
  }
}

/** The tour as a person clicks through it; each step waits for what the person would see. */
void walk("tour", async (workbench) => {
  const { page } = workbench;
  workbench.say("the window is open");
  await workbench.showSidebar();
  await workbench.shot("1-welcome");
  await page.getByText("Take the Tour").first().click();
  await workbench.row(/^tour, project/).waitFor({ timeout: 60_000 });
  workbench.say("the project has a row");
  await workbench.row(/scribe.*session|scribe, role/).waitFor({ timeout: 60_000 });
  await workbench.shot("2-running");
  await workbench.row(/^tour, project, done/).waitFor({ timeout: 120_000 });
  workbench.say("the tour is done");
  await workbench.shot("3-done");
  await workbench.row(/^reader::1, session/).click();
  await workbench.front.locator(".screen .row").filter({ hasText: "LIGHT" }).first().waitFor({ timeout: 30_000 });
  if (await page.locator(".xterm-screen").first().isVisible()) throw new Error("A click on a row opened a terminal.");
  workbench.say("a click on a row shows the session");
  await workbench.choose(/^reader::1, session/, "Attach in Terminal");
  await page.locator(".xterm-screen").first().waitFor();
  await page.locator(".xterm-rows").getByText("LIGHT").first().waitFor({ timeout: 30_000 });
  workbench.say("a session is attached");
  await page.locator(".xterm-screen").first().click();
  await page.keyboard.type("echo typed-$((40+2))\n");
  await page.locator(".xterm-rows").getByText("typed-42").first().waitFor({ timeout: 30_000 });
  workbench.say("what was typed was answered");
  await workbench.shot("4-attached");
  await menus(workbench);
  await doProject(workbench);
  await survivesReload(workbench);
  await themes(workbench);
});
