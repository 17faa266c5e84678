import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Workbench } from "./workbench";

const pictures = resolve(process.env.E2E_PICTURES ?? "dist/e2e");

/** The tour as a person clicks through it; each step waits for what the person would see. */
async function main(): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  const workbench = await Workbench.open();
  const { page } = workbench;
  const shot = (name: string): Promise<unknown> => page.screenshot({ path: join(pictures, `${name}.png`) });
  const say = (what: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${what}`);
  try {
    say("the window is open");
    await workbench.showSidebar();
    await shot("1-welcome");
    await page.getByText("Take the Tour").first().click();
    await workbench.row(/^tour, project/).waitFor({ timeout: 60_000 });
    say("the project has a row");
    await workbench.row(/scribe.*session|scribe, role/).waitFor({ timeout: 60_000 });
    await shot("2-running");
    await workbench.row(/^tour, project, done/).waitFor({ timeout: 120_000 });
    say("the tour is done");
    await shot("3-done");
    await workbench.row(/^reader::1, session/).click();
    await page.locator(".xterm-screen").first().waitFor();
    await page.locator(".xterm-rows").getByText("LIGHT").first().waitFor({ timeout: 30_000 });
    say("a session is attached");
    await page.locator(".xterm-screen").first().click();
    await page.keyboard.type("echo typed-$((40+2))\n");
    await page.locator(".xterm-rows").getByText("typed-42").first().waitFor({ timeout: 30_000 });
    say("what was typed was answered");
    await shot("4-attached");
  } catch (error) {
    await shot("failure");
    console.error(workbench.diagnostics);
    throw error;
  } finally {
    await workbench.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
