import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { until } from "../support/until";
import { walk, type Workbench } from "./workbench";

/** Each asks before it goes on, once the one before it is answered. */
const roles = ["toast", "tree", "palette", "status", "review", "terminal", "both", "later"] as const;

type Role = (typeof roles)[number];

/** All ask before they begin; `status` fails, so that its session waits, until there is a folder for it. */
const commandOf = (role: Role | "stranger"): string =>
  role === "status" ? "test -d status-folder" : `rm -rf ./${role}-folder`;

const plan = `project: asks
goal: Be asked in every way
max_sessions: 10
roles: { ${roles.map((role) => `${role}: {}`).join(", ")} }
tasks:
${roles.map((role, index) => `  - { id: ${role}, role: ${role}, ${index === 0 ? "" : `needs: [${roles[index - 1] ?? ""}], `}run: "${commandOf(role)}" }`).join("\n")}
`;

const strangersName = "[Update](command:workbench.action.openSettings) $(trash)";
const stranger = { hasText: /\[Update\]/ };

const answeredAlready = /\S+ already answered this question with run, at/;

interface Entry {
  readonly kind: string;
  readonly id: string;
  readonly answer?: string;
  readonly input?: string;
  readonly event?: string;
  readonly task_id?: string | null;
  readonly refs?: readonly { readonly type: string; readonly id: string }[];
}

/** Questions as a person meets them, each answered in another way. */
class Asked {
  constructor(readonly workbench: Workbench) {}

  toast(text: string | RegExp): Locator {
    return this.workbench.page.locator(".notifications-toasts .notification-list-item").filter({ hasText: text });
  }

  get dialog(): Locator {
    return this.workbench.page.locator(".monaco-dialog-box");
  }

  /** Titles of the dialog's buttons; the first one has the focus. */
  async buttons(): Promise<string[]> {
    await this.dialog.waitFor();
    await this.dialog.getByRole("button", { name: "Review", exact: true }).and(this.dialog.locator(":focus")).waitFor();
    return this.dialog.locator(".dialog-buttons-row .monaco-button:visible").allInnerTexts();
  }

  async chooseInDialog(name: string): Promise<void> {
    await this.dialog.getByRole("button", { name, exact: true }).click();
    await this.dialog.waitFor({ state: "hidden" });
  }

  /** The button above the question's page. */
  async answerAbovePage(): Promise<void> {
    await this.workbench.page.locator(".editor-actions").getByRole("button", { name: "Answer Question…" }).click();
  }

  /** The page of a question whose command it is, with nothing cut at its side. */
  async page(command: string): Promise<void> {
    await this.workbench.page.locator(".monaco-editor .view-line").getByText(command).first().waitFor();
    await this.workbench.page.locator(".monaco-editor.focused").waitFor();
  }

  /** What Enter alone sets off, wherever it is pressed: nothing. */
  async enterRunsNothing(role: Role, id: string): Promise<void> {
    for (let times = 0; times < 4; times++) await this.workbench.page.keyboard.press("Enter");
    // Whatever an answer sets off has the time to do so.
    await this.workbench.page.waitForTimeout(1000);
    if (this.answersOf(id).length > 0 || !existsSync(join(this.workbench.workspace, `${role}-folder`)))
      throw new Error(`Enter alone answered the question of ${role}.`);
    this.workbench.say(`Enter alone answers nothing: ${role}`);
  }

  option(name: string | RegExp): Locator {
    return this.workbench.page.locator(".quick-input-widget:visible").getByRole("option", { name });
  }

  get entries(): Entry[] {
    return readFileSync(join(this.workbench.workspace, ".orchestrator/projects/asks/events-000001.jsonl"), "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Entry);
  }

  answersOf(id: string): string[] {
    return this.entries
      .filter((entry) => entry.kind === "answer" && entry.refs?.some((ref) => ref.id === id))
      .map(({ answer }) => answer ?? "");
  }

  /** Waits until it is asked by message, row, badge and status bar; gives the question's id. */
  async comes(role: Role): Promise<string> {
    const { page } = this.workbench;
    await this.toast(
      role === "status" ? "status::1 (asks): " : `${role} (asks) wants to run: ${commandOf(role)}`,
    ).waitFor({ timeout: 60_000 });
    await this.row(role).waitFor();
    await page
      .getByRole("tab", { name: /wsh Orchestrator/ })
      .locator(".badge-content")
      .filter({ hasText: /^1$/ })
      .waitFor();
    await page.locator(".statusbar-item").filter({ hasText: "1 question" }).waitFor();
    return (
      await until("the record has the question", () =>
        this.entries.findLast(
          (entry) => ["approval_needed", "error", "blocked"].includes(entry.kind) && entry.task_id === role,
        ),
      )
    ).id;
  }

  row(role: Role): Locator {
    return this.workbench.row(new RegExp(`${role}(::1)?, project asks, needs your answer`));
  }

  /**
   * Waits until the answer has taken effect, here and on the disk. `atOnce`: so many answered at one moment; the record
   * keeps the answers that came too late behind the one that counts.
   */
  async isDone(role: Role, id: string, answer: "run" | "skip" | "retry" = "run", atOnce = 1): Promise<void> {
    const there = (): boolean => existsSync(join(this.workbench.workspace, `${role}-folder`));
    await until(
      () => `${role} is answered with ${answer}, and not with ${this.answersOf(id).join()}`,
      () => this.answersOf(id)[0] === answer,
      30_000,
    );
    if (this.answersOf(id).length > atOnce) throw new Error(`${role} has the answers ${this.answersOf(id).join()}.`);
    await this.row(role).waitFor({ state: "hidden" });
    if (answer === "run") await until("its command has run", () => !there(), 30_000);
    else if (!there()) throw new Error("What was skipped has run.");
    this.workbench.say(`a question is answered: ${role}`);
  }

  async dismiss(toast: Locator): Promise<void> {
    await toast.hover();
    await toast.getByRole("button", { name: /^Clear Notification/ }).click();
    await toast.waitFor({ state: "hidden" });
  }

  async byToast(): Promise<void> {
    const id = await this.comes("toast");
    await this.workbench.shot("q1-toast");
    const buttons = await this.toast("toast (asks)").locator(".monaco-text-button").allInnerTexts();
    if (buttons.join() !== "Review,Skip,Snooze") throw new Error(`The message offers: ${buttons.join()}`);
    await this.toast("toast (asks)").getByRole("button", { name: "Review", exact: true }).press("Enter");
    await this.page(commandOf("toast"));
    await this.enterRunsNothing("toast", id);
    await this.answerAbovePage();
    const answers = await this.buttons();
    if ([...answers].sort().join() !== "Cancel,Review,Run,Skip")
      throw new Error(`The dialog offers: ${answers.join()}`);
    await this.dialog.getByText(commandOf("toast")).waitFor();
    await this.workbench.shot("q1-dialog");
    await this.enterRunsNothing("toast", id);
    await this.answerAbovePage();
    await this.chooseInDialog("Run");
    await this.isDone("toast", id);
  }

  /** And the message that is still there tells who was first. */
  async byTree(): Promise<void> {
    const id = await this.comes("tree");
    await this.row("tree").click();
    await this.page(commandOf("tree"));
    await this.workbench.shot("q2-tree");
    await this.row("tree").press("Enter");
    await this.enterRunsNothing("tree", id);
    await this.row("tree").hover();
    await this.row("tree").getByRole("button", { name: "Answer Question…" }).click();
    await this.buttons();
    await this.workbench.page.keyboard.press("Escape");
    await this.dialog.waitFor({ state: "hidden" });
    if (this.answersOf(id).length > 0) throw new Error("Escape answered.");
    await this.answerAbovePage();
    await this.chooseInDialog("Run");
    await this.isDone("tree", id);
    await this.toast("tree (asks) wants").getByRole("button", { name: "Skip", exact: true }).click();
    await this.toast(answeredAlready).waitFor();
    await this.workbench.shot("q3-told-who-was-first");
    this.workbench.say("a button that comes late tells who was first");
    if (this.answersOf(id).length !== 1) throw new Error("A question has two answers.");
    await this.dismiss(this.toast(answeredAlready));
  }

  async byPalette(): Promise<void> {
    const id = await this.comes("palette");
    await this.dismiss(this.toast("palette (asks)"));
    await this.workbench.run("wsh Orchestrator: Answer Question…");
    await this.buttons();
    await this.enterRunsNothing("palette", id);
    await this.workbench.run("wsh Orchestrator: Answer Question…");
    await this.chooseInDialog("Run");
    await this.isDone("palette", id);
  }

  /** The overview has the session that waits as its first. */
  async byStatusBar(): Promise<void> {
    const { page, front } = this.workbench;
    const id = await this.comes("status");
    await this.dismiss(this.toast("status::1 (asks)"));
    await this.workbench.run("wsh Orchestrator: Open Overview");
    await front.locator(".tile").first().getByText("status::1").waitFor();
    await front.locator(".tile").first().getByText("needs your answer").waitFor();
    await front.locator(".tile").first().locator(".row").filter({ hasText: "test -d" }).first().waitFor();
    await this.workbench.shot("q4-overview");
    await this.workbench.noAxeProblems("the overview with a session that waits");
    await page.locator(".statusbar-item").filter({ hasText: "1 question" }).click();
    await this.option(/status::1 \(asks\)/).waitFor();
    await this.workbench.shot("q5-what-waits");
    await this.option(/status::1 \(asks\)/).click();
    mkdirSync(join(this.workbench.workspace, "status-folder"));
    await this.chooseInDialog("Retry");
    // Its failure has ended the project, since nothing else was left to do; the answer resumes it.
    await this.isDone("status", id, "retry");
  }

  async byReview(): Promise<void> {
    const id = await this.comes("review");
    await this.toast("review (asks)").getByRole("button", { name: "Review", exact: true }).click();
    await this.workbench.page
      .locator(".monaco-editor .view-line")
      .getByText("rm-recursive-or-forced")
      .first()
      .waitFor();
    await this.workbench.shot("q6-review");
    await this.answerAbovePage();
    await this.chooseInDialog("Run");
    await this.isDone("review", id);
  }

  async byTerminal(): Promise<void> {
    const id = await this.comes("terminal");
    const listed = this.workbench.cli("attention");
    if (!listed.includes("terminal")) throw new Error(listed);
    this.workbench.cli("answer", id, "run");
    await this.isDone("terminal", id);
    await this.dismiss(this.toast("terminal (asks)"));
  }

  /** A button and a terminal at one moment: one counts, the other is told. */
  async byBoth(): Promise<void> {
    const id = await this.comes("both");
    await this.workbench.run("wsh Orchestrator: Answer Question…");
    await this.buttons();
    const [other] = await Promise.all([this.workbench.cliMeanwhile("answer", id, "run"), this.chooseInDialog("Run")]);
    if (other.code === 0) await this.dismiss(this.toast(answeredAlready));
    else if (!/already answered this question with run/.test(other.text)) throw new Error(other.text);
    this.workbench.say(
      `of two answers at one moment the ${other.code === 0 ? "terminal's" : "window's"} counts, and the other side is told`,
    );
    await this.isDone("both", id, "run", 2);
    const typed = this.entries.filter(({ kind, input }) => kind === "command" && input === commandOf("both"));
    if (typed.length !== 1) throw new Error(`The command of both was sent ${String(typed.length)} times.`);
  }

  /** A project whose name would be a link and an icon, if something took it for one. */
  async byStranger(): Promise<void> {
    const { page } = this.workbench;
    this.workbench.cli("do", strangersName, "--detach", "--run", `${commandOf("stranger")} # $(pwd)`);
    const toast = this.toast("wants to run: rm -rf ./stranger-folder # $");
    await toast.waitFor({ timeout: 60_000 });
    await this.namedAsText("message", toast);
    await this.namedAsText(
      "row",
      page.getByRole("tree", { name: "Projects" }).getByRole("treeitem").filter(stranger).first(),
    );
    const row = page.getByRole("tree", { name: "Attention" }).getByRole("treeitem").filter(stranger);
    await this.namedAsText("question's row", row);
    await row.hover();
    const hover = page.locator(".workbench-hover:visible");
    await this.namedAsText("hover", hover.filter(stranger));
    await this.workbench.shot("q8-stranger-hover");
    await row.click();
    await this.namedAsText("page", page.locator(".monaco-editor .view-lines").filter(stranger));
    await page.locator(".statusbar-item").filter({ hasText: "1 question" }).hover();
    await this.namedAsText("hover of the status bar", hover.filter(stranger));
    await page.locator(".statusbar-item").filter({ hasText: "1 question" }).click();
    const option = this.option(/Update/).first();
    await this.namedAsText("list", option);
    await this.workbench.shot("q8-stranger-list");
    const spoken = ((await option.getAttribute("aria-label")) ?? "").replaceAll("\u2060", "");
    if (!spoken.includes(strangersName) || !spoken.includes("# $(pwd)") || spoken.includes("\\"))
      throw new Error(`The list says: ${spoken}`);
    await option.click();
    await this.namedAsText("dialog", this.dialog);
    await this.workbench.shot("q8-stranger-dialog");
    await this.chooseInDialog("Skip");
    await row.waitFor({ state: "hidden" });
    if (!existsSync(join(this.workbench.workspace, "stranger-folder"))) throw new Error("What was skipped has run.");
  }

  /** It is there in full, and neither a link nor an icon was made of it. */
  async namedAsText(where: string, place: Locator): Promise<void> {
    await place.waitFor({ timeout: 30_000 });
    const text = (await place.innerText()).replaceAll("\u2060", "").replaceAll("\u00a0", " ");
    const made = await place.locator("a[href], a[data-href], .codicon-trash").count();
    if (!text.includes(strangersName) || made > 0) throw new Error(`In the ${where}: ${String(made)} made of ${text}`);
    this.workbench.say(`a stranger's name is text in the ${where}`);
  }

  async putOff(): Promise<void> {
    const id = await this.comes("later");
    await this.toast("later (asks)").getByRole("button", { name: "Snooze", exact: true }).click();
    await until("it is put off", () =>
      this.entries.some((entry) => entry.event === "snoozed" && entry.refs?.some((ref) => ref.id === id)),
    );
    await this.row("later").waitFor();
    this.workbench.say("a question that is put off stays in Attention");
    await this.workbench.choose(/later, project asks, needs your answer/, "Answer Question…");
    await this.chooseInDialog("Skip");
    await this.isDone("later", id, "skip");
  }
}

void walk("q", async (workbench) => {
  const asked = new Asked(workbench);
  writeFileSync(join(workbench.workspace, "plan.yaml"), plan);
  for (const role of roles) if (role !== "status") mkdirSync(join(workbench.workspace, `${role}-folder`));
  await workbench.showSidebar();
  workbench.cli("do", "asks", "--plan", join(workbench.workspace, "plan.yaml"), "--detach");
  await asked.byToast();
  await asked.byTree();
  await asked.byPalette();
  await asked.byStatusBar();
  await asked.byReview();
  await asked.byTerminal();
  await asked.byBoth();
  await asked.putOff();
  await workbench.row(/^asks, project, done/).waitFor({ timeout: 60_000 });
  await workbench.page.getByText("No question needs your answer.").waitFor();
  await workbench.page
    .getByRole("tab", { name: /wsh Orchestrator/ })
    .locator(".badge-content")
    .filter({ hasText: /\d/ })
    .waitFor({ state: "hidden" });
  await workbench.shot("q7-done");
  mkdirSync(join(workbench.workspace, "stranger-folder"));
  await asked.byStranger();
  workbench.say("nothing waits any more");
});
