import type { CDPSession } from "playwright-core";
import { until } from "../support/until";
import { MirrorView } from "./mirrorView";

/** What a person types into a mirror: text, keys, pastes and compositions. */
export class MirrorTyping extends MirrorView {
  async types(): Promise<void> {
    const { page } = this.workbench;
    await this.takeKeyboard("full");
    await page.keyboard.type("echo typed-$((40+2))\n");
    await this.rows(/^typed-42$/).waitFor();
    await page.keyboard.type("echo oops");
    await page.keyboard.press("Control+u");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await until("history and control keys work", async () => (await this.rows(/^typed-42$/).count()) === 2);
    await this.workbench.shot("m2-typed");
    await this.workbench.noAxeProblems("a mirror that has the keyboard");
    await this.front.locator("textarea.keyboard").evaluate((field) => {
      const data = new DataTransfer();
      data.setData("text/plain", "echo one\necho two");
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await this.rows(/echo two$/).waitFor();
    if ((await this.rows(/^one$/).count()) > 0) throw new Error("The paste was not bracketed: its first line has run.");
    await page.keyboard.press("Enter");
    await this.rows(/^two$/).waitFor();
    this.workbench.say("typing, keys and a bracketed paste work");
    await this.fullScreen();
    await page.keyboard.press("F1");
    await page.locator(".quick-input-widget .quick-input-box input").waitFor();
    await page.keyboard.press("Escape");
    this.workbench.say("F1 is VS Code's while a session has the keyboard");
    await this.front.locator("#scroller").click({ position: { x: 300, y: 10 } });
    await page.keyboard.press("Control+]");
    await this.front.getByRole("button", { name: "Take Keyboard" }).waitFor();
    await page.keyboard.type("nobody");
    await page.waitForTimeout(300);
    if ((await this.rows("nobody").count()) > 0) throw new Error("Keys went to a session without its keyboard.");
    this.workbench.say("Ctrl+] gives the keyboard back");
  }

  /** Of the process that the page in front lives in. */
  async devtools(): Promise<CDPSession> {
    const { page } = this.workbench;
    let frame = await (await this.front.locator("body").elementHandle())?.ownerFrame();
    while (frame && frame !== page.mainFrame()) {
      const session = await page
        .context()
        .newCDPSession(frame)
        .catch(() => undefined);
      if (session) return session;
      frame = frame.parentFrame();
    }
    return page.context().newCDPSession(page);
  }

  /** Text of input methods and dead keys comes once, when it is done, and the person sees it come about. */
  async composes(): Promise<void> {
    const { page } = this.workbench;
    await this.takeKeyboard("full");
    const devtools = await this.devtools();
    await page.keyboard.type("cat -u");
    await page.keyboard.press("Enter");
    for (const text of ["k", "か", "かん", "漢字"])
      await devtools.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    await until("what is being composed can be seen", () =>
      this.front
        .locator("textarea.keyboard")
        .evaluate((field) => getComputedStyle(field).opacity === "1" && field.clientWidth >= field.scrollWidth),
    );
    await this.workbench.shot("m2b-composing");
    if ((await this.rows(/[か漢]/).count()) > 0) throw new Error("Half of a composition was typed.");
    await devtools.send("Input.insertText", { text: "漢字" });
    // As browsers do that tell of it once more.
    await this.front
      .locator("textarea.keyboard")
      .evaluate((field) =>
        field.dispatchEvent(
          new InputEvent("input", { data: "漢字", inputType: "insertCompositionText", bubbles: true }),
        ),
      );
    await page.keyboard.press("Enter");
    await until("the composed text came once", async () => (await this.rows(/^漢字$/).count()) === 2);
    for (const text of ["´", "é"])
      await devtools.send("Input.imeSetComposition", { text, selectionStart: 1, selectionEnd: 1 });
    await devtools.send("Input.insertText", { text: "é" });
    await page.keyboard.type("t");
    await devtools.send("Input.imeSetComposition", { text: "left", selectionStart: 4, selectionEnd: 4 });
    await devtools.send("Input.imeSetComposition", { text: "", selectionStart: 0, selectionEnd: 0 });
    await page.keyboard.type("é");
    await page.keyboard.press("Enter");
    await until(
      "dead keys make one letter, and what was given up is nowhere",
      async () => (await this.rows(/^été$/).count()) === 2,
    );
    // A composition that the page never hears the end of.
    await this.front
      .locator("textarea.keyboard")
      .evaluate((field) => field.dispatchEvent(new CompositionEvent("compositionstart")));
    await this.front.getByRole("button", { name: "Give Back Keyboard" }).click();
    await this.front.getByRole("button", { name: "Take Keyboard" }).click();
    await this.front.getByText(/Your keys go to/).waitFor();
    await page.keyboard.type("after all");
    await page.keyboard.press("Enter");
    await until("what is typed after it comes", async () => (await this.rows(/^after all$/).count()) === 2);
    await page.keyboard.press("Control+c");
    await devtools.detach();
    await page.keyboard.press("Control+]");
    await this.front.getByRole("button", { name: "Take Keyboard" }).waitFor();
    this.workbench.say("composed text and dead keys are typed once");
  }

  async fullScreen(): Promise<void> {
    const { page } = this.workbench;
    await page.keyboard.type(
      "printf '\\033[?1049h\\033[2J\\033[3;5HFULL \\033[7mSCREEN\\033[0m'; read -r; printf '\\033[?1049l'\n",
    );
    await this.rows("FULL SCREEN").waitFor();
    await this.workbench.shot("m3-full-screen");
    await page.keyboard.press("Enter");
    await this.rows(/^typed-42$/)
      .first()
      .waitFor();
    this.workbench.say("the alternate screen comes and goes");
  }
}
