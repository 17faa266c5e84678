import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { themeOfEachKind, walk, type Workbench } from "./workbench";

/** A build that asks in the middle, and programs that people start by hand. */
const plan = `project: shop
goal: Bring the shop online
max_sessions: 8
roles: { builder: {}, reader: {}, editor: {}, python: {}, admin: {}, gate: {} }
tasks:
  - { id: build, role: builder, run: "bash build.sh" }
  - { id: read, role: reader, run: "true" }
  - { id: edit, role: editor, run: "true" }
  - { id: calculate, role: python, run: "true" }
  - { id: manage, role: admin, run: "true" }
  - { id: open, role: gate, run: "true" }
`;
const build = `echo compiled 12 files
read -p "Apply 3 migrations to production? [y/N] " answer
echo applied
`;
/** What a person says of a program of their own, which shows its question without a question mark. */
const rules = `program: gate
role: tool
known: { commands: [] }
rules:
  - name: opens
    state: waiting
    kind: confirm
    when: [{ in: screen, matches: "^The gate opens at your word" }]
`;
const byHand: readonly (readonly [string, string, string])[] = [
  ["reader::1", "seq 500 | less", "in a pager"],
  ["editor::1", "vi notes.txt", "in an editor"],
  ["python::1", "python3", "at a prompt"],
  ["admin::1", "read -s -p 'Password: ' word", "needs a password"],
];

/** What somebody sees of what their terminals do, and of why that is known. */
class StatesWalk {
  constructor(readonly workbench: Workbench) {}

  async opens(): Promise<void> {
    const { workbench } = this;
    const { workspace } = workbench;
    writeFileSync(join(workspace, "plan.yaml"), plan);
    writeFileSync(join(workspace, "build.sh"), build);
    await workbench.showSidebar();
    workbench.cli("do", "shop", "--plan", join(workspace, "plan.yaml"), "--detach");
    await this.row("builder::1", "needs confirmation").waitFor({ timeout: 60_000 });
    for (const [session, command, word] of byHand) {
      await this.row(session, "idle").waitFor({ timeout: 60_000 });
      workbench.cli("send", session, command);
      await this.row(session, word).waitFor({ timeout: 60_000 });
      workbench.say(`${session} is ${word}`);
    }
  }

  /** In the row, its tooltip, the tile, Attention and the status bar. */
  async isShownEverywhere(): Promise<void> {
    const { workbench } = this;
    const { page, front } = workbench;
    await workbench.run("wsh Orchestrator: Open Overview");
    for (const word of ["needs confirmation", "needs a password", "in a pager", "in an editor", "at a prompt"])
      await front.locator(".tile").filter({ hasText: word }).first().waitFor();
    await workbench.row(/^Apply 3 migrations.*; builder::1, project shop, needs your answer/).waitFor();
    await page.locator(".statusbar-item").filter({ hasText: "questions" }).waitFor();
    await this.row("builder::1", "needs confirmation").hover();
    const tooltip = page.locator(".workbench-hover");
    await tooltip
      .getByText(/Confidence: high/)
      .first()
      .waitFor();
    await tooltip
      .getByText(/Apply 3 migrations to production/)
      .first()
      .waitFor();
    await workbench.shot("s1-tooltip");
    await page.mouse.move(700, 5);
    for (const [theme, kind] of themeOfEachKind) {
      await workbench.chooseTheme(theme, kind);
      await workbench.run("wsh Orchestrator: Open Overview");
      await front.locator(".tile").nth(5).waitFor();
      await workbench.shot(`s2-${kind}`);
      await workbench.noAxeProblems(`the overview in ${theme}`);
    }
    workbench.say("row, tooltip, tile, Attention and status bar say what each session needs");
  }

  /** By a key from anywhere to what needs the person, with its question; also where there is half as much room. */
  async isGoneTo(): Promise<void> {
    const { workbench } = this;
    const { page, front } = workbench;
    await page.keyboard.press("Control+Alt+U");
    await front.locator("#state").getByText("needs confirmation for").waitFor();
    await front.locator("#banner-answer").waitFor();
    await page.keyboard.press("Control+Alt+U");
    await front.locator("#state").getByText("needs a password for").waitFor();
    await page.locator(".statusbar-item").filter({ hasText: "2 of 2" }).waitFor();
    await workbench.noAxeProblems("a mirror with a question");
    await workbench.shot("s9-next");
    const whole = page.viewportSize() ?? { width: 1400, height: 900 };
    await page.setViewportSize({ width: whole.width / 2, height: whole.height / 2 });
    await workbench.shot("s10-magnified");
    await page.setViewportSize(whole);
    workbench.say("a key goes from one thing that needs the person to the next");
  }

  /** By the keyboard alone, from the mirror: why it is known, the line, and the session again. */
  async isExplained(): Promise<void> {
    const { workbench } = this;
    const { page, front } = workbench;
    await workbench.run("wsh Orchestrator: Open Mirror", "builder::1");
    await front.locator("#state").getByText("needs confirmation").waitFor();
    await workbench.noAxeProblems("the mirror");
    await front.locator("#scroller").click({ button: "right" });
    await page.locator(".monaco-menu").getByText("Explain State", { exact: true }).waitFor();
    await workbench.shot("s3-menu");
    await workbench.chooseItem("Explain State");
    await this.explains(/asked\/yes_no/);
    await this.explains(/What.would.change.it/);
    await workbench.shot("s4-explained");
    await page.keyboard.press("Control+Home");
    await workbench.run("Open Link");
    await front.locator("#state").getByText("needs confirmation").waitFor();
    // In its toolbar, or in the box of what has no room there.
    const explain = front.locator("#explain");
    if (!(await explain.isVisible())) await front.locator("#more").click();
    await workbench.shot("s5-toolbar");
    await explain.focus();
    await page.keyboard.press("Enter");
    await this.explains(/What.would.change.it/);
    workbench.cli("send", "builder::1", "y");
    await this.explains(/idle,.since/);
    workbench.say("the state is explained from menu and toolbar, leads to its session, and the text follows it");
  }

  /** A rule of the person's own, without a reload; one with a mistake, told with its place. */
  async hasOwnRules(): Promise<void> {
    const { workbench } = this;
    const { page, scratch } = workbench;
    const folder = join(scratch, "runtime/config/programs");
    workbench.cli("send", "gate::1", 'printf "The gate opens at your word: "; read word');
    // A row that moves while its menu is open is forgotten by the editor.
    await this.row("gate::1", "asked a question").waitFor({ timeout: 30_000 });
    await workbench.choose(/^gate::1, session/, "Explain State");
    await this.explains(/read/);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "gate.yaml"), rules);
    await this.row("gate::1", "needs confirmation").waitFor({ timeout: 30_000 });
    await this.explains(/your.own.rule.gate\/opens/);
    await workbench.shot("s6-own-rule");
    writeFileSync(join(folder, "wrong.yaml"), "program: other\nrole: tool\nrules: []\nwehn: x\n");
    const toast = page.locator(".notifications-toasts .notification-list-item").filter({ hasText: "wrong.yaml" });
    await toast
      .getByText(/line 4, column 1/)
      .first()
      .waitFor();
    await workbench.shot("s7-broken");
    await toast.getByRole("button", { name: "Open File" }).click();
    await page.locator(".editor-instance .squiggly-error").first().waitFor({ timeout: 30_000 });
    await workbench.shot("s8-marked");
    workbench.say("a rule is used when it is saved; a broken one is told of, one click from its place, and marked");
  }

  /** That a state is wrong, from the mirror: which one is right, where the screen was saved, and a rule that is begun for it. */
  async isCorrected(): Promise<void> {
    const { workbench } = this;
    const { page, front } = workbench;
    await workbench.run("wsh Orchestrator: Open Mirror", "admin::1");
    await front.locator("#state").getByText("needs a password").waitFor();
    await front.locator("#scroller").click({ button: "right" });
    await page.locator(".monaco-menu").getByText("This Is Wrong…", { exact: true }).waitFor();
    await workbench.shot("s9-menu");
    await workbench.chooseItem("This Is Wrong…");
    await page
      .getByRole("option", { name: /^working/ })
      .first()
      .waitFor();
    await workbench.shot("s10-states");
    await page
      .getByRole("option", { name: /^working/ })
      .first()
      .click();
    const toast = page
      .locator(".notifications-toasts .notification-list-item")
      .filter({ hasText: "Saved as a sample" });
    await toast.first().waitFor({ timeout: 30_000 });
    await workbench.shot("s11-saved");
    await toast.getByRole("button", { name: "Write Rule" }).click();
    await this.explains(/state:.working/);
    await workbench.shot("s12-rule");
    await workbench.row(/^shop, project/).hover();
    await page
      .locator(".workbench-hover")
      .getByText(/Time of its sessions/)
      .first()
      .waitFor();
    await workbench.shot("s13-figures");
    workbench.say("a wrong state becomes a sample and a rule that is begun; the project's tooltip has its figures");
  }

  row(session: string, word: string): ReturnType<Workbench["row"]> {
    return this.workbench.row(new RegExp(`^${session}, session, ${word}`));
  }

  async explains(what: RegExp): Promise<void> {
    await this.workbench.page.locator(".editor-instance .view-lines").getByText(what).first().waitFor();
  }
}

void walk("s", async (workbench) => {
  const states = new StatesWalk(workbench);
  await states.opens();
  await states.isShownEverywhere();
  await states.isGoneTo();
  await states.isExplained();
  await states.hasOwnRules();
  await states.isCorrected();
});
