import type { Locator } from "playwright-core";
import { until } from "../support/until";
import { walk, type Workbench } from "./workbench";

/**
 * What a person reads before they start: the walkthrough and the extension's own page, as the packed extension has
 * them.
 */

async function untilDrawn(what: string, image: Locator): Promise<void> {
  await image.waitFor();
  await until(`${what} is drawn`, () =>
    image.evaluate((element) => element instanceof HTMLImageElement && element.complete && element.naturalWidth > 400),
  );
}

async function walkthrough(workbench: Workbench, theme: "dark" | "light"): Promise<void> {
  const { page } = workbench;
  await workbench.run("Welcome: Open Walkthrough...", "Run a Project in Terminal Sessions");
  const steps = page.locator(".gettingStartedContainer .getting-started-step");
  await steps.first().waitFor();
  const titles = await steps.locator(".step-title").allTextContents();
  if (titles.length > 6) throw new Error(`Too many steps: ${titles.join(", ")}`);
  await steps.filter({ hasText: "Take the tour" }).click();
  await untilDrawn("the picture of the tour", workbench.front.locator("img"));
  await workbench.shot(`w1-tour-${theme}`);
  for (const [title, name] of [
    ["Watch all sessions", "w2-mirrors"],
    ["Answer questions where you are", "w3-escalations"],
  ] as const) {
    await steps.filter({ hasText: title }).click();
    const image = page.locator(".gettingStartedContainer .getting-started-media img");
    await untilDrawn(title, image);
    if (((await image.getAttribute("alt")) ?? "").length < 40)
      throw new Error(`The picture of "${title}" is not described.`);
    if (!((await image.getAttribute("srcset")) ?? "").includes(`-${theme}.webp`))
      throw new Error(`The picture of "${title}" is not that of a ${theme} theme.`);
    await workbench.shot(`${name}-${theme}`);
    workbench.say(`a step shows its picture: ${title}`);
  }
}

/** VS Code draws no pictures of a package there; none may be broken. */
async function details(workbench: Workbench): Promise<void> {
  const { page, front } = workbench;
  await workbench.run("Extensions: Show Installed Extensions");
  await page.locator(".extension-list-item").filter({ hasText: "wsh Orchestrator" }).first().click();
  await front.getByRole("heading", { name: "In VS Code" }).waitFor({ state: "attached" });
  const images = await front.locator("img").count();
  if (images > 0) throw new Error(`The extension's page has ${images} pictures that cannot be drawn.`);
  await workbench.shot("w4-details");
  workbench.say("the extension's page is whole");
}

void walk("w", async (workbench) => {
  await walkthrough(workbench, "dark");
  await workbench.run("View: Close All Editors");
  await workbench.chooseTheme("Light Modern", "vs");
  await walkthrough(workbench, "light");
  await details(workbench);
});
