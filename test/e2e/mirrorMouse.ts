import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { until } from "../support/until";
import { MirrorView } from "./mirrorView";

const webLink = "https://example.com/x?to=a%2Fb";
const hiddenLink = "https://example.com/hidden";

/** Stands in the menu of each session. */
const aboutState = ["Explain State", "This Is Wrong…"];

/** What a person does in a mirror with the mouse: links, the menu, programs that ask for the mouse. */
export class MirrorMouse extends MirrorView {
  async links(): Promise<void> {
    const { page, workspace } = this.workbench;
    mkdirSync(join(workspace, "src"), { recursive: true });
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`);
    writeFileSync(join(workspace, "src/a.txt"), lines.join(""));
    await this.takeKeyboard("full");
    await page.keyboard.type(
      `clear; printf 'file src/a.txt:12:3, none src/b.txt:1\\nweb %s.\\n\\033]8;;%s\\033\\\\docs\\033]8;;\\033\\\\ here\\n' '${webLink}' ${hiddenLink}\n`,
    );
    const [file, web, hidden] = [this.rows(/^file src/), this.rows(/^web https/), this.rows(/^docs here/)];
    await hidden.waitFor();
    await this.#point(file, "file src/a".length);
    const tip = this.front.locator("#tip");
    await tip.filter({ hasText: "src/a.txt:12:3" }).waitFor();
    await this.workbench.shot("u1-file");
    await this.#point(file, "file src/a.txt:12:3, none src/".length);
    await tip.waitFor({ state: "hidden" });

    await this.#follow(web, "web https".length);
    const dialog = page.getByRole("dialog");
    await dialog.filter({ hasText: "example.com" }).waitFor();
    await this.workbench.shot("u2-web");
    const opened = await this.#opens(() => dialog.getByRole("button", { name: "Open", exact: true }).click());
    if (opened !== webLink) throw new Error(`Another address was opened: ${opened}`);
    await page.bringToFront();

    await this.#point(hidden, 2);
    await tip.filter({ hasText: hiddenLink }).waitFor();
    await this.workbench.shot("u3-hidden-target");
    await this.#follow(hidden, 2);
    await dialog.filter({ hasText: "Open this link?" }).filter({ hasText: hiddenLink }).waitFor();
    await this.workbench.shot("u4-open-this");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });

    await this.open("full");
    await this.#follow(file, "file src/a".length);
    await page.getByRole("tab", { name: /a\.txt/ }).waitFor();
    await page.getByRole("button", { name: /Ln 12, Col 3/ }).waitFor();
    await this.workbench.shot("u5-file-opened");
    await this.workbench.run("View: Close Editor");
    await this.open("full");
    await this.front.locator("#scroller").focus();
    await page.keyboard.press("Control+Shift+O");
    await page.getByRole("option", { name: /docs.*https:\/\/example\.com\/hidden/ }).waitFor();
    await this.workbench.shot("u6-all-links");
    await page.keyboard.press("Escape");
    this.workbench.say("links say where they lead, and open where they may");
  }

  /** Every entry of the menu is there when it can be used, and does what it says. */
  async menu(): Promise<void> {
    const { workbench, front } = this;
    const { page } = workbench;
    const hidden = this.rows(/^docs here/);
    const web = this.rows(/^web https/);
    await this.open("full");
    await this.#giveBack();
    await this.#opensMenu(hidden, ["Open Link", "Find", ...aboutState, "Take Keyboard", "Fit Session", "Open as Text"]);
    await workbench.shot("u7-menu-of-a-link");
    await workbench.chooseItem("Open Link");
    const dialog = page.getByRole("dialog");
    await dialog.filter({ hasText: hiddenLink }).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await this.#chooses(web, "Take Keyboard");
    await front.getByText(/Your keys go to/).waitFor();
    await this.#chooses(web, "Give Back Keyboard");
    await front.getByRole("button", { name: "Take Keyboard" }).waitFor();
    await this.#chooses(web, "Find");
    await front.locator("#find-text").waitFor();
    await page.keyboard.type("docs");
    await front.getByText("1 of ").waitFor();
    await page.keyboard.press("Escape");
    await front.locator("#find").waitFor({ state: "hidden" });
    const { scrollLeft } = await this.#scrolled();
    if (scrollLeft !== 0) throw new Error(`Find left the screen ${scrollLeft} pixels further right.`);

    await this.takeKeyboard("full");
    await this.#copies(
      2,
      ["Copy", "Paste", "Find", ...aboutState, "Give Back Keyboard", "Fit Session", "Open as Text"],
      "web",
    );
    await this.#copies(3, undefined, `web ${webLink}.`);
    await page.evaluate("navigator.clipboard.writeText('echo pasted-$((40+2))')");
    await this.#chooses(web, "Paste");
    await this.rows(/echo pasted/).waitFor();
    // Keys reach the session without one more click.
    await front.getByText(/Your keys go to/).waitFor();
    await page.keyboard.press("Enter");
    await this.rows(/^pasted-42$/).waitFor();
    await this.#chooses(web, "Open as Text");
    await page.locator(".monaco-editor .view-line").filter({ hasText: "pasted-42" }).first().waitFor();
    await workbench.shot("u9-as-text");
    await workbench.run("View: Close Editor");
    workbench.say("the menu has what can be done, and does it");
  }

  /** vim and less ask for the mouse in their own ways; a prompt asks for none. */
  async programs(): Promise<void> {
    const { page, workspace } = this.workbench;
    const lines = Array.from({ length: 300 }, (_, index) => `row ${index + 1} of the text\n`).join("");
    writeFileSync(join(workspace, "long.txt"), lines);
    await this.takeKeyboard("full");
    await page.keyboard.type("vim -u NONE -N -c 'set mouse=a ruler laststatus=0' long.txt\n");
    const [first, tenth] = [this.rows(/^row 1 of the text/), this.rows(/^row 10 of the text/)];
    await first.waitFor();
    await this.#point(tenth, 4);
    await page.mouse.down();
    await page.mouse.up();
    await this.rows(/10,5/).waitFor();
    await page.mouse.wheel(0, 120);
    await first.waitFor({ state: "detached" });
    await this.workbench.shot("u10-vim");
    const { x, y } = await this.#point(tenth, 1);
    await page.keyboard.down("Shift");
    await page.mouse.down();
    for (const further of [30, 60]) await page.mouse.move(x + further, y);
    await page.mouse.up();
    await page.keyboard.up("Shift");
    await until("Shift selects", async () => (await this.#selected()).startsWith("ow 10"));
    await this.workbench.shot("u11-vim-selected");
    await page.mouse.click(x, y);
    await until("a click takes the selection away", async () => (await this.#selected()) === "");
    await page.keyboard.type(":q!\n");
    await this.rows(/^pasted-42$/).waitFor();
    await page.keyboard.type("less long.txt\n");
    await first.waitFor();
    // Its cursor stands in the last row, and the first ones are above a view that has less room.
    await this.#point(this.rows(/^row 40 of the text/), 4);
    await page.mouse.wheel(0, 120);
    await first.waitFor({ state: "detached" });
    await page.keyboard.type("q");
    await page.keyboard.type("echo at-the-prompt\n");
    const prompt = this.rows(/^at-the-prompt$/);
    await prompt.waitFor();
    await this.#point(prompt, 3);
    await page.mouse.down();
    await page.mouse.up();
    await page.keyboard.type("echo clean\n");
    await this.rows(/^clean$/).waitFor();
    this.workbench.say("wheel and click reach vim and less, and no prompt");
  }

  /** Two clicks select a word, a part of what is drawn in one piece; three the row. */
  async #copies(clickCount: number, menu: readonly string[] | undefined, wanted: string): Promise<void> {
    const { page } = this.workbench;
    const web = this.rows(/^web https/);
    await web.click({ clickCount, position: { x: 12, y: 6 } });
    await this.#opensMenu(web, menu);
    await this.workbench.shot(`u8-menu-of-a-selection-${clickCount}`);
    await this.workbench.chooseItem("Copy");
    let copied = "";
    await until(
      () => `"${wanted}" is copied, not "${copied}"`,
      async () => (copied = (await page.evaluate<string>("navigator.clipboard.readText()")).trim()) === wanted,
    );
  }

  #scrolled(): Promise<{ scrollLeft: number }> {
    return this.front.locator("#scroller").evaluate(({ scrollLeft }) => ({ scrollLeft }));
  }

  async #giveBack(): Promise<void> {
    if ((await this.front.locator("#take").getAttribute("aria-pressed")) === "true")
      await this.workbench.page.keyboard.press("Control+]");
    await this.front.getByRole("button", { name: "Take Keyboard" }).waitFor();
  }

  async #opensMenu(on: Locator, wanted?: readonly string[]): Promise<void> {
    const { page } = this.workbench;
    const menu = page.locator(".monaco-menu");
    // The editor gives the focus back to the page some time after a dialog, and a menu that was opened meanwhile closes.
    await until("the menu stays", async () => {
      await on.click({ button: "right", position: { x: 20, y: 6 } });
      return menu.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    });
    // It fades in.
    await page
      .locator(".context-view")
      .evaluate((view) => Promise.all(view.getAnimations({ subtree: true }).map(({ finished }) => finished)));
    const found = (await menu.locator(".action-label:not(.separator)").allTextContents()).filter((text) => text !== "");
    if (wanted && found.join() !== wanted.join())
      throw new Error(`The menu has ${found.join()}, not ${wanted.join()}.`);
  }

  async #chooses(on: Locator, item: string): Promise<void> {
    await this.#opensMenu(on);
    await this.workbench.chooseItem(item);
  }

  /** The address of the page that is opened beside the editor. */
  async #opens(act: () => Promise<void>): Promise<string> {
    const { context } = this.workbench;
    await context.route("https://example.com/**", (route) => route.fulfill({ body: "opened" }));
    const [opened] = await Promise.all([context.waitForEvent("page"), act()]);
    await opened.waitForURL("https://example.com/**");
    const address = opened.url();
    await opened.close();
    return address;
  }

  #selected(): Promise<string> {
    return this.front.locator("body").evaluate(() => String(getSelection()));
  }

  /** Moves the mouse over the character of a row. */
  async #point(row: Locator, column: number): Promise<{ x: number; y: number }> {
    const cell = await row
      .first()
      .evaluate((element) => Number.parseFloat(getComputedStyle(element).getPropertyValue("--cell-width")));
    const [place, view] = [await row.first().boundingBox(), await this.front.locator("#scroller").boundingBox()];
    if (!place || !view || place.y < view.y || place.y + place.height > view.y + view.height)
      throw new Error("The row is not in sight.");
    const at = { x: place.x + (column + 0.5) * cell, y: place.y + place.height / 2 };
    await this.workbench.page.mouse.move(at.x + 2, at.y);
    await this.workbench.page.mouse.move(at.x, at.y);
    return at;
  }

  async #follow(row: Locator, column: number): Promise<void> {
    const { page } = this.workbench;
    const { x, y } = await this.#point(row, column);
    await this.front.locator("#tip").waitFor();
    await page.keyboard.down("Control");
    await page.mouse.click(x, y);
    await page.keyboard.up("Control");
  }
}
