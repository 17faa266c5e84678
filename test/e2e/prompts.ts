import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { until } from "../support/until";
import { themeOfEachKind, walk, type Workbench } from "./workbench";

const secret = "correct-horse-9";
const roles = ["button", "secret", "list", "typed", "change"] as const;

type Role = (typeof roles)[number];

/** Each asks once the one before it is answered; `change` asks something else while its answer is thought about. */
const commands: Readonly<Record<Role, string>> = {
  button: `read -p "Apply 3 migrations? [y/N] " x; echo "got=$x"`,
  secret: `read -s -p "Password: " x; echo; echo "got=\${#x}"`,
  list: `select x in red green blue; do echo "got=$x"; break; done`,
  typed: `read -p "Name of the release: " x; echo "got=$x"`,
  change: `read -t 12 -p "Delete a? [y/N] " x; echo; read -p "Delete b? [y/N] " x; echo "got=$x"`,
};

const plan = `project: prompts
goal: Answer what programs ask
roles: { ${roles.map((role) => `${role}: { shell: bash }`).join(", ")} }
tasks:
${roles.map((role, index) => `  - { id: ${role}, role: ${role}, ${index === 0 ? "" : `needs: [${roles[index - 1] ?? ""}], `}run: ${JSON.stringify(commands[role])} }`).join("\n")}
`;

/** What programs ask in their sessions, as a person meets it in a window. */
class PromptsWalk {
  constructor(readonly workbench: Workbench) {}

  get events(): string {
    return readFileSync(join(this.workbench.workspace, ".orchestrator/projects/prompts/events-000001.jsonl"), "utf8");
  }

  /** How often its program has asked. */
  asked(role: Role): number {
    return this.events
      .split("\n")
      .filter((line) => line.includes('"terminal_asks"') && line.includes(`"role":"${role}"`)).length;
  }

  toast(text: string | RegExp): Locator {
    return this.workbench.page.locator(".notifications-toasts .notification-list-item").filter({ hasText: text });
  }

  question(role: Role): Locator {
    return this.workbench.row(new RegExp(`${role}::1, project prompts, needs your answer`));
  }

  async isAsked(role: Role, words: RegExp): Promise<void> {
    await this.question(role).waitFor({ timeout: 60_000 });
    await this.toast(words).waitFor({ timeout: 30_000 });
  }

  /** Its program has read the answer, and nothing waits any more. */
  async goesOn(role: Role, got: string): Promise<void> {
    await until(`${role} printed ${got}`, () => this.events.includes(`got=${got}`), 30_000);
    await this.question(role).waitFor({ state: "hidden" });
    this.workbench.say(`a program's question is answered: ${role}`);
  }

  async inEachTheme(picture: string): Promise<void> {
    for (const [theme, kind] of themeOfEachKind) {
      await this.workbench.chooseTheme(theme, kind);
      await this.workbench.shot(`${picture}-${kind}`);
    }
  }

  async byButton(): Promise<void> {
    await this.isAsked("button", /Apply 3 migrations/);
    await this.workbench.row(/^button::1, session, needs confirmation/).waitFor();
    const buttons = await this.toast(/Apply 3/)
      .locator(".monaco-text-button")
      .allInnerTexts();
    if (buttons.join() !== "Review,N,Y,Interrupt,Open Session,Snooze")
      throw new Error(`The message offers: ${buttons.join()}`);
    await this.inEachTheme("p1-message");
    await this.toast(/Apply 3/)
      .getByRole("button", { name: "Y", exact: true })
      .click();
    await this.goesOn("button", "y");
  }

  async bySecret(): Promise<void> {
    await this.isAsked("secret", /asks for a password/);
    await this.workbench.choose(/secret::1, project prompts, needs your answer/, "Answer Question…");
    const box = this.workbench.page.locator(".quick-input-widget:visible input");
    await box.waitFor();
    if ((await box.getAttribute("type")) !== "password") throw new Error("The password is shown while it is typed.");
    await box.fill(secret);
    await this.workbench.shot("p2-password");
    await box.press("Enter");
    await this.goesOn("secret", String(secret.length));
    if (this.events.includes(secret)) throw new Error("The password stands in the log.");
  }

  async byPage(): Promise<void> {
    const { page } = this.workbench;
    await this.isAsked("list", /asks a question/);
    await this.question("list").click();
    await page.locator(".monaco-editor .view-line").getByText("2) green").first().waitFor();
    await this.inEachTheme("p3-page");
    await page.locator(".editor-actions").getByRole("button", { name: "Answer Question…" }).click();
    await page.locator(".monaco-dialog-box").getByRole("button", { name: "2", exact: true }).click();
    await this.goesOn("list", "green");
  }

  async inTerminal(): Promise<void> {
    await this.isAsked("typed", /Name of the release/);
    await this.heldBack("rm -rf /srv");
    await this.workbench.cliMeanwhile("send", "typed::1", "blue");
    await this.goesOn("typed", "blue");
  }

  /** VS Code takes no message away; one whose question is closed says so, and leads to where it was asked. */
  async isClosed(): Promise<void> {
    const { page } = this.workbench;
    await this.workbench.run("Notifications: Show Notifications");
    const message = page.locator(".notifications-center .notification-list-item");
    await message
      .filter({ hasText: "Name of the release" })
      .getByRole("button", { name: "Answer…", exact: true })
      .press("Enter");
    const closed = page.locator(".notification-list-item:visible").filter({ hasText: "The question is closed" });
    await closed.waitFor();
    const asks = page.locator(".quick-input-widget:visible").filter({ hasText: "typed::1 (prompts)" });
    if ((await asks.count()) > 0) throw new Error("What is closed is asked once more.");
    await this.workbench.shot("p6-closed");
    await closed.getByRole("button", { name: "Open Mirror", exact: true }).press("Enter");
    await page.getByRole("tab", { name: /typed::1/ }).waitFor();
    // While the list of messages is open none comes up by itself.
    await this.workbench.run("Notifications: Clear All Notifications");
    this.workbench.say("the message of a closed question says so, and leads to its session");
  }

  /** Words that destroy something where they are run are asked about, and not typed by whoever closes the message. */
  async heldBack(words: string): Promise<void> {
    const { page } = this.workbench;
    await this.workbench.choose(/typed::1, project prompts, needs your answer/, "Answer Question…");
    const box = page.locator(".quick-input-widget:visible input");
    await box.fill(words);
    await box.press("Enter");
    const dialog = page.locator(".monaco-dialog-box");
    await dialog.getByText("Send this to typed::1?").waitFor();
    await this.workbench.shot("p5-held-back");
    await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
    await this.question("typed").waitFor();
    if (this.events.includes(`"answer":"${words}"`)) throw new Error("The words were taken for an answer.");
  }

  /** An answer to what is asked no more is not typed, and whoever gave it is told. */
  async tooLate(): Promise<void> {
    const { page } = this.workbench;
    await this.isAsked("change", /Delete a/);
    await this.workbench.choose(/change::1, project prompts, needs your answer/, "Answer Question…");
    const dialog = page.locator(".monaco-dialog-box");
    await dialog.getByText("Delete a?").waitFor();
    await until("something else is asked", () => this.asked("change") > 1, 30_000);
    await dialog.getByRole("button", { name: "Y", exact: true }).click();
    await this.toast(/question is closed|no longer asks that/).waitFor();
    await this.workbench.shot("p4-too-late");
    if (/got=y"/.test(this.events.slice(this.events.indexOf("Delete b?"))))
      throw new Error("The answer got to another question.");
    await this.question("change").waitFor();
    await this.workbench.choose(/change::1, project prompts, needs your answer/, "Answer Question…");
    await dialog.getByText("Delete b?").waitFor();
    await dialog.getByRole("button", { name: "N", exact: true }).click();
    await this.goesOn("change", "n");
  }
}

/** What prints nothing is interrupted from everywhere, and what the messages lead to opens. */
class QuietWalk extends PromptsWalk {
  begins(): void {
    const { workbench } = this;
    const tasks = ["message", "row", "page"].map((id) => ({
      id,
      role: id,
      run: `sh -c 'trap "echo stopped; exit 0" INT; echo it begins; sleep 3600'`,
    }));
    const needs = tasks.map((task, index) => ({
      ...task,
      needs: tasks.slice(Math.max(0, index - 1), index).map(({ id }) => id),
    }));
    const roles = Object.fromEntries(tasks.map(({ id }) => [id, { shell: "bash" }]));
    const file = join(workbench.workspace, "quiet.yaml");
    writeFileSync(file, JSON.stringify({ project: "quiet", quiet: "3s", roles, tasks: needs }));
    workbench.cli("do", "quiet", "--plan", file, "--detach");
  }

  quiet(name: string): Locator {
    return this.toast(new RegExp(`${name}::1 \\(quiet\\): .*has printed nothing`));
  }

  async press(name: string, button: string): Promise<void> {
    await this.quiet(name).waitFor({ timeout: 60_000 });
    await this.quiet(name).getByRole("button", { name: button, exact: true }).press("Enter");
  }

  /** As a person said, and its task has gone on. */
  async isInterrupted(name: string): Promise<void> {
    const log = join(this.workbench.workspace, ".orchestrator/projects/quiet/events-000001.jsonl");
    const isDone = new RegExp(`"kind":"result".*"task_id":"${name}"|"task_id":"${name}".*"kind":"result"`);
    await until(`${name} is interrupted`, () => isDone.test(readFileSync(log, "utf8")), 60_000);
    await this.workbench.row(new RegExp(`(^|; )${name}::1, project quiet`)).waitFor({ state: "hidden" });
    this.workbench.say(`a quiet command is interrupted: ${name}`);
  }

  async walks(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    const row = (name: string): RegExp => new RegExp(`${name}::1, project quiet, needs your answer`);
    const dialog = page.locator(".monaco-dialog-box");
    await this.press("message", "Interrupt");
    await this.isInterrupted("message");
    await this.press("row", "Show Output");
    await page.getByRole("tab", { name: /^row\.txt/ }).waitFor();
    await page.locator(".monaco-editor .view-line").getByText("it begins").first().waitFor();
    await workbench.choose(row("row"), "Answer Question…");
    await dialog.waitFor();
    await workbench.shot("p7-quiet-dialog");
    await dialog.getByRole("button", { name: "Interrupt", exact: true }).click();
    await this.isInterrupted("row");
    await this.press("page", "Review");
    await page.locator(".editor-actions").getByRole("button", { name: "Answer Question…" }).waitFor();
    await workbench.shot("p8-quiet-page");
    await page.locator(".editor-actions").getByRole("button", { name: "Answer Question…" }).click();
    await dialog.getByRole("button", { name: "Interrupt", exact: true }).click();
    await workbench.row(/^quiet, project, done/).waitFor({ timeout: 60_000 });
    workbench.say("a quiet command is interrupted: page");
  }
}

void walk("p", async (workbench) => {
  const prompts = new PromptsWalk(workbench);
  writeFileSync(join(workbench.workspace, "plan.yaml"), plan);
  await workbench.showSidebar();
  workbench.cli("do", "prompts", "--plan", join(workbench.workspace, "plan.yaml"), "--detach");
  await prompts.byButton();
  await prompts.bySecret();
  await prompts.byPage();
  await prompts.inTerminal();
  await prompts.tooLate();
  await workbench.row(/^prompts, project, done/).waitFor({ timeout: 60_000 });
  await workbench.page.getByText("No question needs your answer.").waitFor();
  await prompts.isClosed();
  const quiet = new QuietWalk(workbench);
  quiet.begins();
  await quiet.walks();
});
