import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { FileProjectStore } from "../../src/adapters/ledger/fileProjectStore";
import { createIds } from "../../src/adapters/ledger/ids";
import { systemClock } from "../support/systemClock";
import { until } from "../support/until";
import { everyLook, narrow } from "./looks";
import { walk, type Workbench } from "./workbench";

const plan = `project: shown
goal: Show what happened
roles: { shell: { count: 2 } }
tasks:
  - id: lint
    role: shell
    cwd: parts
    retries: { attempts: 2, backoff: 1s }
    run: "for n in 1 2 3; do echo line $n of the check; done; printf 'a.ts:%s this name is wrong\\n' 3:5; false"
  - { id: clean, role: shell, run: "rm -rf ./attic", handoff: "Look at parts/a.ts:3 first" }
`;
const strange = "Look [here](command:workbench.action.quit) <img src=x onerror=alert(1)> or at https://evil.example";
/** Entries of a long log; the first of them is found by its text. */
const many = 4000;
const oldest = "the oldest note of all";

async function longLog(workspace: string): Promise<void> {
  const store = new FileProjectStore(workspace, { clock: systemClock, ids: createIds(), sanitize: (text) => text });
  const ledger = await store.create({
    ...{ project_id: "long", name: "long", goal: "Have a long log", status: "done", default_cwd: workspace },
    ...{ active_branch: null, owner: "walk", updated_at: new Date().toISOString() },
  });
  const about = { kind: "note", actor: "human:walk", session_name: null, task_id: "long" } as const;
  await ledger.append({ ...about, text: oldest }, "written");
  await Promise.all(
    Array.from({ length: many }, (_, index) => ledger.append({ ...about, text: `note ${index}` }, "written")),
  );
  await store.close();
}

/** What Activity and the pages of its entries show, and that the keyboard alone leads from one to the other. */
class EntriesWalk {
  constructor(readonly workbench: Workbench) {}

  async opens(): Promise<void> {
    const { workbench } = this;
    mkdirSync(join(workbench.workspace, "parts"));
    writeFileSync(join(workbench.workspace, "parts/a.ts"), "let a;\n\nlet b: wrong;\n");
    writeFileSync(join(workbench.workspace, "plan.yaml"), plan);
    await workbench.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await workbench.showSidebar();
    await narrow(workbench);
    workbench.cli("do", "shown", "--plan", "plan.yaml", "--detach");
    await workbench.row(/^shown, project, needs/).waitFor({ timeout: 60_000 });
    await workbench.run("wsh Orchestrator: Focus on Activity View");
    await this.row(/^lint, task, needs your answer, project shown, last entry/).waitFor({ timeout: 60_000 });
    await this.row(/^clean, task, needs approval/).waitFor();
    workbench.cli("note", "shown", strange);
    await this.row(/^shown, project/).waitFor();
  }

  /** From the view to the file that an error names, without the mouse. */
  async leadByKeys(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    await workbench.run("wsh Orchestrator: Focus on Activity View");
    await this.goTo(/^lint, task/);
    await page.keyboard.press("ArrowRight");
    await this.row(/^lint: exit code 1.*, result/).waitFor();
    await everyLook(workbench, "en1-groups", this.row(/^lint: exit code 1.*, result/));
    await workbench.run("wsh Orchestrator: Focus on Activity View");
    await this.goTo(/^lint: exit code 1.*, result/);
    await page.keyboard.press("Enter");
    await this.line("Command and output").waitFor();
    await page.locator(".editor-instance .monaco-editor.focused").waitFor();
    workbench.say("Enter on an entry goes to its page");
    await everyLook(workbench, "en2-result", this.line("lint: exit code 1"));
    await this.openLink("a.ts:3:5");
    await page.getByRole("tab", { name: /^a\.ts/ }).waitFor();
    await this.line("let b").waitFor();
    workbench.say("a name of a file on the page of an entry leads to its line");
  }

  async followOneToTheOther(): Promise<void> {
    const { workbench } = this;
    await this.row(/^lint failed: .*, error/).click();
    await this.line("Tries of lint").waitFor();
    await this.line("Try 2: failed").waitFor();
    await workbench.shot("en3-failure");
    // Links are found some time after the text is there.
    await this.line("All output of lint")
      .locator(".detected-link")
      .first()
      .click({ modifiers: ["Control"] });
    await workbench.page.getByRole("tab", { name: /lint\.txt/ }).waitFor();
    workbench.cli("answer", "--json", this.questionOf("clean"), "skip");
    await this.row(/^clean, task/).click();
    await this.row(/^clean needs approval: .*, approval needed/).click();
    await this.line(/answered\sby\s.*:\sskip/).waitFor();
    await workbench.shot("en4-question");
    workbench.say("a failure shows its tries, and a question its answer");
  }

  async stayAsChosen(): Promise<void> {
    const { workbench } = this;
    await workbench.run("wsh Orchestrator: List Activity by Time");
    await this.row(/^shown: Look .*, note/).waitFor();
    await everyLook(workbench, "en5-by-time", this.row(/^shown: Look .*, note/));
    await workbench.reload();
    await this.row(/^shown: Look .*, note/).waitFor({ timeout: 60_000 });
    // VS Code does not bring back read-only texts.
    await this.row(/ skipped "rm -rf .*, answer, /).click();
    await this.line(/answered\sby\s.*:\sskip/).waitFor();
    await workbench.shot("en6-reloaded");
    workbench.say("the order stands after a reload, and entries open");
  }

  async copies(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    await workbench.run("wsh Orchestrator: Focus on Activity View");
    await this.goTo(/^shown: Look .*, note/);
    await page.keyboard.press("Shift+F10");
    await workbench.shot("en7-menu");
    await workbench.chooseItem("Copy Day as Markdown");
    await until("the day is copied", async () => (await this.clipboard()).startsWith("## shown, "));
    const text = await this.clipboard();
    if (!text.includes("\\<img src=x onerror=alert(1)\\>") || !text.includes("`https://evil.example`"))
      throw new Error(text);
    await page.keyboard.press("Shift+F10");
    await workbench.chooseItem("Copy Line");
    await until("the line is copied", async () => /^\d{4}-\d\d-\d\d .* shown: Look /.test(await this.clipboard()));
    await workbench.run("wsh Orchestrator: Group Activity by Task");
    await this.row(/^lint, task/).waitFor();
    workbench.say("a line and a day are copied by the keyboard");
  }

  async findsTheOldest(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    await longLog(workbench.workspace);
    await this.row(/^long, task/).waitFor({ timeout: 60_000 });
    await workbench.run("wsh Orchestrator: Search Output…");
    await page.locator(".quick-input-widget:visible .quick-input-box input").fill(oldest);
    await page.getByRole("option", { name: new RegExp(oldest) }).waitFor({ timeout: 60_000 });
    await page.keyboard.press("Enter");
    await this.line("What followed").waitFor({ timeout: 60_000 });
    await this.line("note 19").waitFor();
    await workbench.shot("en8-oldest");
    workbench.say(`the oldest of ${many} entries opens`);
  }

  /** A row of Activity. */
  row(label: RegExp): Locator {
    return this.workbench.page.getByRole("tree", { name: "Activity" }).getByRole("treeitem", { name: label }).first();
  }

  line(text: string | RegExp): Locator {
    return this.workbench.page.locator(".monaco-editor .view-line").filter({ hasText: text }).first();
  }

  /** Down the rows of Activity, from its first. */
  async goTo(label: RegExp): Promise<void> {
    const { page } = this.workbench;
    const focused = page.getByRole("tree", { name: "Activity" }).locator(".monaco-list-row.focused");
    await page.keyboard.press("Home");
    await until("the row has the focus", async () => {
      const now = (await focused.count()) === 0 ? "" : ((await focused.first().getAttribute("aria-label")) ?? "");
      if (label.test(now)) return true;
      await page.keyboard.press("ArrowDown");
      return false;
    });
  }

  async openLink(text: string): Promise<void> {
    const { page } = this.workbench;
    await page.keyboard.press("Control+f");
    const find = page.locator(".find-widget.visible");
    await find.getByRole("textbox", { name: "Find" }).fill(text);
    await find
      .locator(".matchesCount")
      .getByText(/ of \d+$/)
      .waitFor();
    await until("nothing is looked for any more", async () => {
      await page.keyboard.press("Escape");
      return (await find.count()) === 0;
    });
    await this.workbench.run("Open Link");
  }

  questionOf(task: string): string {
    const asked = JSON.parse(this.workbench.cli("attention", "shown", "--json")) as { id: string; task_id?: string }[];
    return asked.find(({ task_id }) => task_id === task)?.id ?? "";
  }

  clipboard(): Promise<string> {
    return this.workbench.page.evaluate<string>("navigator.clipboard.readText()");
  }
}

void walk("en", async (workbench) => {
  const entries = new EntriesWalk(workbench);
  await entries.opens();
  await entries.leadByKeys();
  await entries.followOneToTheOther();
  await entries.stayAsChosen();
  await entries.copies();
  await entries.findsTheOldest();
});
