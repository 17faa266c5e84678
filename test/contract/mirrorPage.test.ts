import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Screen } from "../../src/core/ports/sessions";
import { MirrorInBrowser } from "../support/mirrorInBrowser";
import { launchBrowser } from "../support/vscode-server/browser";

vi.mock("vscode", () => import("../support/pageVscode"));

/** The browser may have to be installed first. */
const installMs = 600_000;
const gone = "shell::1 no longer exists; its log is kept.";

const screen = (text: string): Screen => ({
  lines: [[{ text }], ...Array.from({ length: 19 }, () => [])],
  rows: 20,
  cols: 60,
  cursor: { row: 0, col: 0, visible: true },
  total_lines: 500,
  alternate_active: false,
});

describe("the line below a mirror", () => {
  let browser: Browser;
  let mirror: MirrorInBrowser;
  const line = async (): Promise<string> => (await mirror.page.locator("#line").textContent()) ?? "";
  /** A new screen has been drawn since. */
  const draws = async (text: string): Promise<void> => {
    mirror.show(screen(text));
    await mirror.page.locator(".screen .row").filter({ hasText: text }).first().waitFor();
  };

  beforeAll(async () => {
    browser = await launchBrowser();
    mirror = await MirrorInBrowser.open(browser);
    await draws("first");
  }, installMs);
  afterAll(async () => {
    await mirror.close();
    await browser.close();
  });

  it("says why nothing was copied of a session that is gone, and goes on saying it while the screen changes", async () => {
    mirror.answers.history = gone;
    await mirror.page.click("#copy");
    await mirror.page.locator("#line").filter({ hasText: gone }).waitFor({ timeout: 5000 });
    await draws("second");
    expect(await line()).toBe(gone);
  });

  it("says that everything was copied", async () => {
    mirror.answers.history = { rows: [[{ text: "one" }], [{ text: "two" }]] };
    await mirror.page.click("#copy");
    await mirror.page.locator("#line").filter({ hasText: "2 lines copied" }).waitFor({ timeout: 5000 });
    await draws("third");
    expect(await line()).toBe("2 lines copied");
  });

  it("says why there is nothing to read above, and the page is live again", async () => {
    mirror.answers.history = gone;
    await mirror.page.click("#earlier");
    await mirror.page.locator("#line").filter({ hasText: gone }).waitFor({ timeout: 5000 });
    await draws("fourth");
    expect(await line()).toBe(gone);
  });

  it("says at once that the screen stands still, whatever it said before", async () => {
    await mirror.page.click("#pause");
    await mirror.page.locator("#line").filter({ hasText: "Paused" }).waitFor({ timeout: 5000 });
    expect(mirror.complaints).toEqual([]);
  });
});
