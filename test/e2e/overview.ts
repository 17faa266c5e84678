import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ThemeKind, themeKinds, themeVariablesFile, themeVariablesText } from "../support/themeVariables";
import { until } from "../support/until";
import { bareThemes, installBareThemes } from "./bareThemes";
import { everyLook } from "./looks";
import { walk, type Workbench } from "./workbench";

const longName = "a-shop-whose-name-is-much-longer-than-a-tile-is-wide";
const longState = "quiet for 12 min · Proceed with the installation of 128 packages? [y/N]";
/** Of the window, in pixels; one that is magnified to 200 % is half as wide. */
const widths = [1400, 1000, 700, 560, 460];

const plan = `project: ${longName}
goal: Fill the overview
max_sessions: 4
roles: { reader: {}, a-role-with-quite-a-long-name: {}, asker: {} }
tasks:
  - { id: read, role: reader, run: "seq 25; echo read-all" }
  - { id: write, role: a-role-with-quite-a-long-name, run: sleep 3600 }
  - { id: ask, role: asker, run: "echo it went wrong; false" }
`;

/** What of a tile is not in sight whole; the project's name alone may be cut. */
function cutParts(workbench: Workbench): Promise<string[]> {
  return workbench.front.locator("#grid").evaluate((grid) => {
    const found: string[] = grid.scrollWidth > grid.clientWidth ? [`the grid is ${grid.scrollWidth} wide`] : [];
    for (const tile of grid.querySelectorAll(".tile")) {
      const outer = tile.getBoundingClientRect();
      for (const part of tile.querySelectorAll(".name, .word, .doing > .quiet:not(:empty), .state-icon")) {
        const { left, right, bottom, width } = part.getBoundingClientRect();
        const head = part.closest(".head")?.getBoundingClientRect() ?? outer;
        const whole =
          width > 0 &&
          left >= outer.left &&
          right <= outer.right + 0.5 &&
          bottom <= head.bottom + 0.5 &&
          part.scrollWidth <= Math.ceil(part.clientWidth || width);
        if (!whole) found.push(`${part.classList.value} of ${tile.textContent.slice(0, 60)}`);
      }
    }
    return found;
  });
}

class OverviewWalk {
  constructor(readonly workbench: Workbench) {}

  tile(name: string) {
    return this.workbench.front.locator(".tile").filter({ hasText: name });
  }

  async open(): Promise<void> {
    await this.workbench.run("wsh Orchestrator: Open Overview");
    await this.tile("reader::1").waitFor();
    // Keys and menus that come before are lost when VS Code gives the page the focus.
    await until("the overview has the focus", () =>
      this.workbench.front.locator("body").evaluate(() => document.hasFocus()),
    );
  }

  /** At every width, with long names and long states. */
  async fits(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      await this.tile("reader::1").waitFor();
      const word = this.tile("reader::1").locator(".word");
      const before = await word.textContent();
      await word.evaluate((element, text) => (element.textContent = text), longState);
      const cut = await cutParts(workbench);
      await workbench.shot(`o1-width-${width}`);
      await word.evaluate((element, text) => (element.textContent = text), before);
      if (cut.length > 0) throw new Error(`In a window of ${width} pixels: ${cut.join("\n")}`);
    }
    await page.setViewportSize({ width: 1400, height: 900 });
    for (const whole of [
      await this.tile("reader::1").locator(".head").getAttribute("title"),
      await this.workbench.front.getByRole("option", { name: longName }).first().textContent(),
    ])
      if (!whole?.includes(longName)) throw new Error(`A tile does not say its project: ${whole}`);
    workbench.say("tiles show their states whole at every width");
  }

  /** The chosen tile is marked in every kind of theme, also where the theme chooses no colour. */
  async themes(): Promise<void> {
    const { workbench } = this;
    const defined: Partial<Record<ThemeKind, readonly string[]>> = {};
    for (const kind of themeKinds) {
      await workbench.chooseTheme(bareThemes[kind], kind);
      await this.open();
      const grid = workbench.front.locator("#grid");
      const body = workbench.front.locator(
        `body.${{ vs: "vscode-light", "vs-dark": "vscode-dark", "hc-black": "vscode-high-contrast", "hc-light": "vscode-high-contrast-light" }[kind]}`,
      );
      await body.waitFor();
      defined[kind] = await body.evaluate(() => {
        const { style } = document.documentElement;
        return [...style].filter((name) => name.startsWith("--vscode-") && style.getPropertyValue(name).trim() !== "");
      });
      await grid.focus();
      const outline = await grid.locator('.tile[aria-selected="true"]').evaluate((tile) => {
        const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(tile);
        const paper = getComputedStyle(document.body).backgroundColor;
        return { seen: outlineStyle === "solid" && outlineWidth === "2px", outlineColor, paper };
      });
      if (!outline.seen || outline.outlineColor === outline.paper || /, 0\)$/.test(outline.outlineColor))
        throw new Error(`The chosen tile is not marked in ${kind}: ${JSON.stringify(outline)}`);
      await workbench.shot(`o2-${kind}`);
      await workbench.noAxeProblems(`the overview in a bare theme (${kind})`);
    }
    const text = themeVariablesText(defined as Record<ThemeKind, readonly string[]>);
    if (process.env.UPDATE_THEME_VARIABLES !== undefined) writeFileSync(themeVariablesFile, text);
    else if (text !== readFileSync(themeVariablesFile, "utf8"))
      throw new Error(`${themeVariablesFile} is not what this VS Code has; UPDATE_THEME_VARIABLES=1 writes it anew.`);
    await workbench.chooseTheme("Dark Modern", "vs-dark");
    workbench.say("the list of the theme's variables is true");
  }

  /** Chosen by text and by state, in another order and size, which are kept over a reload; by the keyboard alone. */
  async filters(): Promise<void> {
    const { workbench } = this;
    const { page, front } = workbench;
    const count = (text: string): Promise<void> => front.locator("#count").filter({ hasText: text }).waitFor();
    await this.open();
    await count("3 sessions");
    await front.locator("#grid").focus();
    await page.keyboard.press("/");
    await page.keyboard.type("read");
    await count("1 of 3 sessions");
    if ((await front.locator(".tile").count()) !== 1) throw new Error("Not only the session with that text is shown.");
    await page.keyboard.type(" nothing like it");
    await front.getByRole("button", { name: "Clear Filter" }).waitFor();
    await workbench.shot("o9-none");
    await workbench.noAxeProblems("the overview without a session that fits its filter");
    await page.keyboard.press("Escape");
    await count("3 sessions");
    const working = front.getByRole("button", { name: "1 working" });
    await working.focus();
    await page.keyboard.press("Space");
    await count("1 of 3 sessions");
    await this.tile("a-role-with-quite-a-long-name::1").waitFor();
    await workbench.shot("o9-working");
    await workbench.noAxeProblems("the overview with one state");
    await page.keyboard.press("Space");
    await count("3 sessions");
    for (const [id, value] of [
      ["size", "Large tiles"],
      ["sort", "By name"],
    ]) {
      await front.locator(`#${id}`).click();
      await front.getByRole("option", { name: value }).click();
    }
    await workbench.shot("o9-large");
    await workbench.reload();
    await front.locator('#grid[data-size="large"]').waitFor({ timeout: 60_000 });
    const names = await front.locator(".tile .name").allTextContents();
    if (names.join() !== [...names].sort().join()) throw new Error(`The order was not kept: ${names.join(", ")}`);
    await front.locator("#size").click();
    await front.getByRole("option", { name: "Medium tiles" }).click();
    workbench.say("the overview is filtered by text and state, and keeps order and size");
  }

  /** Those that are over, where they are wanted. */
  async ended(): Promise<void> {
    const { workbench } = this;
    const { page, front } = workbench;
    await this.open();
    await front.getByRole("button", { name: "1 ended" }).click();
    const tile = this.tile("a-role-with-quite-a-long-name::1");
    await tile.filter({ hasText: "ended" }).waitFor();
    await workbench.shot("o9-ended");
    await tile.dblclick();
    await page
      .locator(".monaco-editor .view-line")
      .filter({ hasText: /From.the.log/ })
      .first()
      .waitFor();
    await workbench.run("wsh Orchestrator: Open Overview");
    await front.getByRole("button", { name: "1 ended" }).click();
    await this.tile("reader::1").waitFor();
    workbench.say("the overview shows what is over where that is wanted");
  }

  /** By the mouse and by the keyboard. */
  async menus(): Promise<void> {
    const { workbench } = this;
    const { page, front } = workbench;
    const menu = page.locator(".monaco-menu");
    const items = async (): Promise<string[]> => {
      await menu.getByRole("menuitem").first().waitFor();
      return (await menu.getByRole("menuitem").allTextContents()).map((text) => text.trim());
    };
    await this.open();
    await this.tile("asker::1").click({ button: "right" });
    const asking = await items();
    await workbench.shot("o3-menu");
    await page.keyboard.press("Escape");
    await this.tile("reader::1").click();
    await page.keyboard.press("Shift+F10");
    const plain = await items();
    await workbench.shot("o4-menu-by-key");
    for (const item of ["Open Mirror", "Attach in Terminal", "Open as Text", "Copy Screen", "Kill Session…"])
      if (!plain.includes(item)) throw new Error(`The menu has no ${item}: ${plain.join(", ")}`);
    if (!asking.includes("Answer Question…") || plain.includes("Answer Question…"))
      throw new Error(`Not the tile that asks offers to answer: ${asking.join(", ")}`);
    await workbench.chooseItem("Copy Screen");
    await until("the screen is copied", async () => (await this.#clipboard()).includes("read-all"));
    await page.evaluate("navigator.clipboard.writeText('')");
    await front.locator("#grid").focus();
    await page.keyboard.press("Control+c");
    await until("the screen is copied by its key", async () => (await this.#clipboard()).includes("read-all"));
    await this.tile("a-role-with-quite-a-long-name::1").click({ button: "right" });
    await workbench.chooseItem("Kill Session…");
    await page.getByRole("dialog").getByRole("button", { name: "Kill Session" }).click();
    await this.tile("a-role-with-quite-a-long-name::1").waitFor({ state: "hidden" });
    await front
      .locator("#count")
      .filter({ hasText: /^\d sessions?$/ })
      .waitFor();
    await this.tile("reader::1").click();
    await page.keyboard.press("ContextMenu");
    await workbench.chooseItem("Open Mirror");
    await front.locator("#name").filter({ hasText: "reader::1" }).waitFor();
    workbench.say("tiles have a menu, by mouse and by keyboard");
  }

  /** A session's text says which moment it shows, where its reader looks, and is read again by the title's button. */
  async text(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    await this.open();
    await this.tile("reader::1").click({ button: "right" });
    await workbench.chooseItem("Open as Text");
    const lines = page.locator(".monaco-editor .view-line");
    await lines
      .filter({ hasText: /^As.it.was.at/ })
      .first()
      .waitFor();
    workbench.cli("send", "reader::1", "echo printed-$((50+5))", "--wait");
    await page.getByRole("button", { name: "Refresh Session Text" }).first().click();
    await lines.filter({ hasText: "printed-55" }).first().waitFor();
    await workbench.shot("o7-text");
    workbench.say("a session's text says its moment, and is read again");
  }

  /** A text is found on screens and in logs while it is typed, and its place is opened; by the keyboard alone. */
  async search(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    await workbench.run("wsh Orchestrator: Search Output…");
    const found = page.locator(".quick-input-list .monaco-list-row");
    await page.getByPlaceholder("Text on any screen, in any history or log").fill("read-al");
    await found
      .filter({ hasText: /^read-all/ })
      .first()
      .waitFor();
    await found.filter({ hasText: "Log of" }).first().waitFor();
    await everyLook(workbench, "o10-search", found.filter({ hasText: /^read-all/ }).first());
    await page.keyboard.press("Enter");
    await page
      .locator(".monaco-editor .view-line")
      .filter({ hasText: /read-all/ })
      .first()
      .waitFor();
    await workbench.shot("o11-found");
    workbench.say("a text is found on screens and in logs, and its place is opened");
  }

  /** Nothing is left, also after a reload. */
  async empty(): Promise<void> {
    const { workbench } = this;
    for (const session of ["reader::1", "asker::1"]) workbench.cli("kill", session, "--yes");
    await workbench.run("wsh Orchestrator: Open Overview");
    const empty = workbench.front.getByText("No session is open. A running project opens sessions.");
    await empty.waitFor();
    await workbench.noAxeProblems("the overview without sessions");
    await workbench.reload();
    await empty.waitFor({ timeout: 60_000 });
    await workbench.shot("o8-empty");
    workbench.say("the overview says that no session is open, also after a reload");
  }

  /** Attached terminals are there again after a reload, where they were; one that was closed is not. */
  async terminals(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    const attached = (session: string): number =>
      readFileSync(join(workbench.workspace, ".orchestrator/projects", this.#project(), "events-000001.jsonl"), "utf8")
        .split("\n")
        .filter((line) => line.includes('"event":"attached"') && line.includes(`::${session}::1`)).length;
    await workbench.run("View: Close All Editors");
    await workbench.run("wsh Orchestrator: Attach in Panel", "reader::1");
    await page.locator(".terminal-wrapper.active .xterm-rows").getByText("read-all").first().waitFor();
    await workbench.run("wsh Orchestrator: Attach in Editor Area", "asker::1");
    await page.locator(".editor-instance .xterm-rows").getByText("it went wrong").first().waitFor();
    await until("both are in the log", () => attached("reader") === 1 && attached("asker") === 1);
    await workbench.shot("o5-attached");
    // What is attached is remembered once it has stood still.
    await page.waitForTimeout(2000);
    await workbench.reload();
    const tab = page.getByRole("tab", { name: /asker::1/ });
    await tab.waitFor({ timeout: 60_000 });
    await page.locator(".editor-instance .xterm-rows").getByText("it went wrong").first().waitFor({ timeout: 60_000 });
    await until("both are attached again", () => attached("reader") === 2 && attached("asker") === 2, 30_000);
    if (await page.locator(".xterm-helper-textarea:focus").isVisible())
      throw new Error("A terminal that came back took the keyboard.");
    if ((await tab.count()) !== 1) throw new Error("A session has several terminals.");
    await workbench.shot("o6-reloaded");
    await tab.click();
    await workbench.run("View: Close All Editors");
    await tab.waitFor({ state: "detached" });
    await page.waitForTimeout(2000);
    await workbench.reload();
    await until("the one that was not closed is attached again", () => attached("reader") === 3, 60_000);
    if (attached("asker") !== 2) throw new Error("A terminal that was closed came back.");
    workbench.say("attached terminals come back after a reload, the closed one does not");
  }

  #project(): string {
    const projects = readdirSync(join(this.workbench.workspace, ".orchestrator/projects"));
    return projects[0] ?? "";
  }

  #clipboard(): Promise<string> {
    return this.workbench.page.evaluate<string>("navigator.clipboard.readText()");
  }
}

void walk(
  "o",
  async (workbench) => {
    const overview = new OverviewWalk(workbench);
    await workbench.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    writeFileSync(join(workbench.workspace, "plan.yaml"), plan);
    workbench.cli("do", longName, "--plan", join(workbench.workspace, "plan.yaml"), "--detach");
    await workbench.showSidebar();
    await workbench.row(/^reader::1, session/).waitFor({ timeout: 60_000 });
    await workbench.row(/^asker::1, session, needs your answer/).waitFor({ timeout: 60_000 });
    try {
      await overview.open();
      await overview.fits();
      await overview.themes();
      await overview.filters();
      await overview.menus();
      await overview.ended();
      await overview.text();
      await overview.search();
      await overview.terminals();
      await overview.empty();
    } finally {
      // Its runner would write while the folder goes.
      workbench.cli("stop", longName);
    }
  },
  { prepare: installBareThemes },
);
