import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../support/until";
import { MirrorTyping } from "./mirrorTyping";
import { MirrorView } from "./mirrorView";
import { walk, type Workbench, themeOfEachKind } from "./workbench";

const many = 50;

/** A project whose sessions show what terminals can: each role prints one thing. */
const plan = `project: shop
goal: Show what mirrors show
max_sessions: 4
roles: { colors: {}, long: {}, full: {}, hostile: {} }
tasks:
  - id: colors
    role: colors
    run: printf '\\033[31mred \\033[1;44mbold on blue\\033[0m \\033[7minverse\\033[0m \\033[38;5;208mcube\\033[0m \\033[38;2;90;200;90mrgb\\033[0m \\033[2;3;4;9mall\\033[0m\\n漢字|👍|e\\314\\201|─┼─|\\n'
  - id: long
    role: long
    run: seq -f 'line %g of many' 500
  - id: full
    role: full
    run: "true"
  - id: hostile
    role: hostile
    run: printf '\\033]8;;command:workbench.action.quit\\007link\\033]8;;\\007 \\033]52;c;ZXZpbA==\\007 <img src=x onerror=alert(1)><script>alert(2)</script> \\033[c\\033[6n\\033]10;?\\007\\n'; head -c 1000000 /dev/zero | tr '\\0' x; echo; echo after-all
`;

/** A step of the person's; each waits for what they would see. */
class Mirrors extends MirrorView {
  readonly problems: string[] = [];

  constructor(workbench: Workbench) {
    super(workbench);
    const { page } = workbench;
    page.on("console", (message) => {
      if (/Content Security Policy|Refused to|Uncaught/i.test(message.text())) this.problems.push(message.text());
    });
    page.on("pageerror", (error) => this.problems.push(String(error)));
    page.on("dialog", (dialog) => {
      this.problems.push(`A page showed a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  async prints(): Promise<void> {
    await this.open("colors");
    await this.rows("red bold on blue inverse cube rgb all").first().waitFor();
    await this.workbench.shot("m1-colors");
    await this.workbench.noAxeProblems("a mirror");
  }

  /** Colours that the person's system forces: all can be read, and cursor, selection and inverse text can be told. */
  async forcedColors(): Promise<void> {
    const { page } = this.workbench;
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ forcedColors: "active", colorScheme });
      // The editor follows with a theme of its own, for which it makes all pages anew.
      await page.locator(`.monaco-workbench.${colorScheme === "dark" ? "hc-black" : "hc-light"}`).waitFor();
      await this.open("colors");
      await this.front.getByRole("button", { name: "Take Keyboard" }).click();
      await this.front.locator(".cursor.block").waitFor();
      const seen = await this.front.locator("body").evaluate((body) => {
        const colors = (selector: string): string[] => {
          const { color, backgroundColor } = getComputedStyle(body.querySelector(selector) ?? body);
          return [color, backgroundColor];
        };
        return {
          page: colors("body"),
          text: colors(".screen .row"),
          inverse: colors(".screen .row .inverse"),
          cursor: colors(".cursor"),
        };
      });
      const [ink, paper] = [seen.text[0], seen.page[1]];
      if (ink === paper || seen.inverse.join() !== [paper, ink].join() || seen.cursor[1] === paper)
        throw new Error(`Not all can be told apart: ${JSON.stringify(seen)}`);
      const row = this.rows("red bold on blue").first();
      // A picture of the row alone: the browser's own way to it lays out the window anew, and the editor then makes its
      // pages anew.
      const place = (await row.boundingBox()) ?? undefined;
      const picture = (): Promise<Buffer> => page.screenshot(place && { clip: place });
      const plain = await picture();
      await row.click({ clickCount: 3, position: { x: 20, y: 8 } });
      await until("what is selected looks different", async () => !plain.equals(await picture()));
      await this.front.getByText(/Click the screen to type into/).waitFor();
      await this.workbench.shot(`m12-forced-${colorScheme}`);
      await page.keyboard.press("Control+]");
      await this.front.getByRole("button", { name: "Take Keyboard" }).waitFor();
    }
    await page.emulateMedia({ forcedColors: "none", colorScheme: null });
    this.workbench.say("forced colours are followed");
  }

  async reads(): Promise<void> {
    const { page } = this.workbench;
    await this.open("long");
    await this.rows("line 500 of many").waitFor();
    await this.front.getByRole("button", { name: /earlier lines/ }).click();
    await this.rows(/^line 1 of many$/).waitFor({ state: "attached" });
    await this.front.locator("#scroller").focus();
    await page.keyboard.press("Home");
    await until(
      "the oldest line is in sight",
      async () => ((await this.rows(/^line 1 of many$/).boundingBox())?.y ?? -1) > 0,
    );
    await this.workbench.shot("m4-history");
    await this.workbench.run("wsh Orchestrator: Find in Mirror");
    await this.front.locator("#find-text").waitFor();
    await page.keyboard.type("line 25");
    await this.front.getByText("11 of 11").waitFor();
    await page.keyboard.press("Enter");
    await this.front.getByText("1 of 11").waitFor();
    await this.workbench.shot("m5-find");
    await this.workbench.noAxeProblems("the find bar");
    await page.keyboard.press("Escape");
    await this.workbench.run("wsh Orchestrator: Copy from Mirror");
    await this.front.getByText(/lines copied/).waitFor();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    if (!/line 1 of many\nline 2 of many\n/.test(copied) || !copied.includes("line 500 of many"))
      throw new Error(`Not all was copied: ${copied.slice(0, 200)}`);
    await this.rows(/^line 25 of many$/).click({ clickCount: 3 });
    await this.workbench.run("wsh Orchestrator: Copy from Mirror");
    await until(
      "only what is selected is copied",
      async () => (await page.evaluate<string>("navigator.clipboard.readText()")).trim() === "line 25 of many",
    );
    this.workbench.say("history, find and copy work");
    await this.workbench.run("wsh Orchestrator: Zoom Mirror In");
    const size = (): string => this.workbench.cli("send", "long::1", "stty size", "--wait");
    const before = size();
    await this.workbench.run("wsh Orchestrator: Resize Session to Fit Mirror");
    const drawn = this.front.locator(".screen .row");
    const fitted = await until("the session has the size of the view", () => [size()].find((now) => now !== before));
    await page.keyboard.press("End");
    await until(`the mirror shows its ${fitted} rows and columns`, async () =>
      fitted.includes(`${await drawn.count()} `),
    );
    await this.workbench.shot("m6-fit");
    this.workbench.say("a session is fitted to the view");
  }

  async hostile(): Promise<void> {
    await this.open("hostile");
    await this.rows(/^after-all$/).waitFor();
    await this.workbench.shot("m7-hostile");
    if ((await this.front.locator("#content img, #content script, #content a").count()) > 0)
      throw new Error("Output became markup.");
    this.workbench.say("hostile output is text");
  }

  async trouble(): Promise<void> {
    const { workbench } = this;
    await this.open("colors");
    workbench.cli("kill", "colors::1", "--yes");
    await this.front.getByText(/ended.*last screen/).waitFor();
    await this.rows("red bold on blue").first().waitFor();
    await this.front.locator("#line").filter({ hasText: "Not live" }).waitFor();
    await this.workbench.shot("m8-ended");
    for (const name of ["Take Keyboard", "Reconnect", "Pause"])
      await this.front.getByRole("button", { name }).waitFor({ state: "hidden" });
    await this.workbench.run("wsh Orchestrator: Copy from Mirror");
    await this.front.getByText(/lines copied/).waitFor();
    if (!(await workbench.page.evaluate<string>("navigator.clipboard.readText()")).includes("red bold on blue"))
      throw new Error("The last screen was not copied.");
    await this.workbench.noAxeProblems("the banner");
    this.workbench.say("a session that ended says so and keeps its last screen");
    await this.open("long");
    const record = join(workbench.workspace, ".orchestrator");
    renameSync(record, `${record}-away`);
    await this.front.getByText(/project of this session is no longer/).waitFor({ timeout: 60_000 });
    renameSync(`${record}-away`, record);
    await this.front.getByText(/project of this session is no longer/).waitFor({ state: "hidden", timeout: 60_000 });
    this.workbench.say("a record that is gone is told, and forgotten when it is back");
  }

  async reloads(): Promise<void> {
    await this.workbench.reload();
    await this.front.locator("#name").filter({ hasText: "hostile::1" }).waitFor({ timeout: 60_000 });
    await this.rows(/^after-all$/).waitFor({ timeout: 60_000 });
    await this.workbench.page.getByRole("tab", { name: /^long::1/ }).click();
    await this.rows("line 500 of many")
      .or(this.rows(/\$ |# /))
      .first()
      .waitFor({ timeout: 60_000 });
    this.workbench.say("a mirror is back after a reload");
    const tabs = this.workbench.page.getByRole("tab", { name: /^colors::1/ });
    await this.open("colors");
    await tabs.first().click();
    await until("there is one mirror of a session", async () => (await tabs.count()) === 1);
    await this.rows("red bold on blue").first().waitFor();
    this.workbench.say("a mirror that was opened before its panel was looked at again is the only one");
  }

  async overview(): Promise<void> {
    const { workbench } = this;
    const roles = Array.from({ length: many }, (_, index) => `r${index}`);
    const file = join(workbench.workspace, "many.yaml");
    writeFileSync(
      file,
      `project: many\ngoal: Fill the overview\nmax_sessions: 64\nroles: { ${roles.map((role) => `${role}: {}`).join(", ")} }\ntasks:\n${roles.map((role, index) => `  - { id: t${index}, role: ${role}, run: "${index === 0 ? "seq 25; " : ""}printf '\\\\033[3${(index % 7) + 1}mtile ${index}\\\\033[0m\\\\n'" }`).join("\n")}\n`,
    );
    workbench.cli("do", "many", "--plan", file);
    this.workbench.say(`${many} sessions are there`);
    await workbench.run("wsh Orchestrator: Open Overview");
    await until("all tiles are there", async () => (await this.front.locator(".tile").count()) >= many, 60_000);
    await this.front.locator(".tile .row").filter({ hasText: "tile 3" }).first().waitFor({ timeout: 30_000 });
    const half = this.front.locator(".tile").filter({ hasText: "r0::1" });
    const [frame, last] = [
      await half.locator(".frame").boundingBox(),
      await half
        .locator(".row")
        .filter({ hasText: /^tile 0$/ })
        .boundingBox(),
    ];
    if (!frame || !last || last.y < frame.y || last.y + last.height > frame.y + frame.height)
      throw new Error("A tile does not show where things happen.");
    await this.workbench.shot("m9-overview");
    await this.workbench.noAxeProblems("the overview");
    await this.front.locator("#grid").focus();
    for (const key of ["End", "Home", "ArrowRight", "ArrowDown"]) await workbench.page.keyboard.press(key);
    await this.workbench.shot("m10-overview-keys");
    await workbench.page.keyboard.press("Enter");
    await this.front.locator("#name").filter({ hasText: /::1/ }).waitFor();
    this.workbench.say("the overview opens mirrors by keyboard");
  }

  async themes(): Promise<void> {
    const { workbench } = this;
    for (const [theme, kind] of themeOfEachKind) {
      await workbench.chooseTheme(theme, kind);
      for (const what of ["mirror", "overview"] as const) {
        if (what === "mirror") await this.open("hostile");
        else await workbench.run("wsh Orchestrator: Open Overview");
        // The page of before may be in front for a moment more.
        await this.front.locator(what === "mirror" ? "#scroller" : "#grid").waitFor();
        await this.front.locator(".row").filter({ hasText: /\S/ }).first().waitFor();
        await this.workbench.noAxeProblems(`${what} in ${theme}`);
        await this.workbench.shot(`m11-${kind}-${what}`);
      }
    }
  }
}

void walk("m", async (workbench) => {
  const mirrors = new Mirrors(workbench);
  const typing = new MirrorTyping(workbench);
  await workbench.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  writeFileSync(join(workbench.workspace, "plan.yaml"), plan);
  workbench.cli("do", "shop", "--plan", join(workbench.workspace, "plan.yaml"));
  workbench.say("a project has sessions");
  await workbench.showSidebar();
  await workbench.row(/long::1, session/).waitFor({ timeout: 60_000 });
  await mirrors.prints();
  await typing.types();
  await typing.composes();
  await mirrors.forcedColors();
  await mirrors.reads();
  await mirrors.hostile();
  await mirrors.reloads();
  await mirrors.overview();
  await mirrors.themes();
  await mirrors.trouble();
  if (mirrors.problems.length > 0) throw new Error(mirrors.problems.join("\n"));
  workbench.say("nothing was refused by a page's policy");
});
