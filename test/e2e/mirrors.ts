import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { FrameLocator, Page } from "playwright-core";
import { Workbench } from "./workbench";

const pictures = resolve(process.env.E2E_PICTURES ?? "dist/e2e");
const say = (what: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${what}`);

/** What is in the webview in front. */
export function frontPage(page: Page): FrameLocator {
  return page.frameLocator("iframe.webview.ready:visible").frameLocator("#active-frame");
}

/** Mirrors and the overview as a person uses them; each step waits for what the person would see. */
async function main(): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  const workbench = await Workbench.open();
  const { page } = workbench;
  const problems: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to|Uncaught/i.test(message.text())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  const shot = (name: string): Promise<unknown> => page.screenshot({ path: join(pictures, `${name}.png`) });
  try {
    workbench.cli("do", "shop", "--run", "printf '\\033[31mred \\033[1;44mbold on blue\\033[0m 漢字 👍 e\\314\\201!\\n'; seq 500");
    say("a project has a session");
    await workbench.showSidebar();
    await workbench.row(/shell::1, session/).waitFor({ timeout: 60_000 });
    await workbench.run("wsh Orchestrator: Open Mirror");
    await page.getByRole("option", { name: /shell::1/ }).click();
    const mirror = frontPage(page);
    await mirror.locator(".screen .row").getByText("500", { exact: true }).waitFor({ timeout: 60_000 });
    say("the mirror shows the session");
    await shot("m1-mirror");
    await mirror.getByRole("button", { name: "Take Keyboard" }).click();
    await mirror.getByText(/What you type goes to/).waitFor();
    await page.keyboard.type("echo typed-$((40+2))\n");
    await mirror.locator(".screen .row").getByText("typed-42", { exact: true }).waitFor();
    say("what was typed was answered");
    await shot("m2-typed");
    console.log(problems.join("\n"));
  } catch (error) {
    await shot("m-failure");
    console.error(problems.join("\n"), workbench.diagnostics);
    throw error;
  } finally {
    await workbench.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
