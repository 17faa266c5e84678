import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { until } from "../support/until";
import { everyLook, narrow } from "./looks";
import { walk, type Workbench } from "./workbench";

const plan = `project: tabs
goal: Look at sessions
roles: { one: {}, two: {}, three: {} }
tasks:
  - { id: first, role: one, run: "echo this is one; stty size" }
  - { id: second, role: two, run: "echo this is two" }
  - { id: third, role: three, run: "echo this is three" }
`;

function tab({ page }: Workbench, name: RegExp): Locator {
  return page.locator(".editor-group-container .tab").filter({ hasText: name });
}

async function previews(workbench: Workbench): Promise<void> {
  writeFileSync(join(workbench.workspace, "plan.yaml"), plan);
  workbench.cli("do", "tabs", "--plan", "plan.yaml");
  await workbench.showSidebar();
  await narrow(workbench);
  await workbench.row(/^three::1, session/).waitFor({ timeout: 60_000 });
  await workbench.row(/^one::1, session/).click();
  await tab(workbench, /one::1 · /).waitFor();
  await workbench.front.locator(".row").filter({ hasText: "50 120" }).first().waitFor({ timeout: 30_000 });
  await workbench.row(/^two::1, session/).click();
  await tab(workbench, /two::1 · /).waitFor();
  await until("the first look has gone", async () => (await tab(workbench, /one::1/).count()) === 0);
  await workbench.shot("tt1-preview");
  workbench.say("one click after the other shows one mirror; a session is 120 columns wide");
  await workbench.row(/^two::1, session/).dblclick();
  await workbench.row(/^three::1, session/).click();
  await tab(workbench, /three::1 · /).waitFor();
  await tab(workbench, /two::1 · /).waitFor();
  workbench.say("a double click keeps it");
}

async function enterKeeps(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  await workbench.row(/^three::1, session/).focus();
  await page.keyboard.press("Home");
  for (let left = 20; left > 0; left--) {
    if ((await page.locator(".monaco-list-row.focused").getAttribute("aria-label"))?.startsWith("one::1, session"))
      break;
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  await tab(workbench, /one::1 · /).waitFor();
  await until("the focus is in the mirror", async () =>
    page.evaluate<boolean>("document.activeElement?.tagName === 'IFRAME'"),
  );
  await workbench.row(/^three::1, session/).click();
  await tab(workbench, /three::1 · /).waitFor();
  await tab(workbench, /one::1 · /).waitFor();
  await workbench.shot("tt2-kept");
  workbench.say("Enter on a row opens it, goes there and keeps it");
}

async function states(workbench: Workbench): Promise<void> {
  await workbench.run("wsh Orchestrator: Attach in Panel", "proj-tabs::one::1");
  const terminals = workbench.page.locator(".panel .terminal-outer-container, .panel").first();
  await terminals
    .getByText(/one::1 · /)
    .first()
    .waitFor();
  workbench.cli("send", "one::1", "sleep 8");
  await tab(workbench, /one::1 · working/).waitFor();
  await workbench.page.getByText("one::1 · working").first().waitFor();
  await workbench.shot("tt3-working");
  await tab(workbench, /one::1 · (idle|done)/).waitFor({ timeout: 30_000 });
  await workbench.shot("tt4-idle");
  await everyLook(workbench, "tt5", tab(workbench, /one::1 · (idle|done)/));
  workbench.say("tabs of mirror and terminal say the state, live");
}

async function dropped(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  await workbench.run("View: Close All Editors");
  await workbench.row(/^one::1, session/).click();
  await tab(workbench, /one::1/).waitFor();
  await workbench.run("View: Split Editor Right");
  await workbench.run("wsh Orchestrator: Open Session as Text", "proj-tabs::three::1");
  const groups = page.locator(".editor-group-container");
  await groups.nth(1).locator(".tab").filter({ hasText: "three::1" }).waitFor();
  await workbench.shot("tt6-before-drop");
  const row = await workbench.row(/^two::1, session/).boundingBox();
  const place = await groups.nth(1).locator(".editor-container, .monaco-editor").first().boundingBox();
  if (!row || !place) throw new Error("There is nothing to drag.");
  await page.mouse.move(row.x + 60, row.y + row.height / 2);
  await page.mouse.down();
  await page.mouse.move(row.x + 90, row.y + row.height / 2 + 4, { steps: 4 });
  await page.mouse.move(place.x + place.width / 2, place.y + place.height / 2, { steps: 15 });
  await workbench.shot("tt7-drag");
  await page.mouse.up();
  await groups
    .nth(1)
    .locator(".tab")
    .filter({ hasText: /two::1 · / })
    .waitFor({ timeout: 20_000 });
  await until("its screen is there", async () => {
    const frames = page.frames().map((frame) => frame.locator(".row").filter({ hasText: "this is two" }).count());
    return (await Promise.all(frames)).some((count) => count > 0);
  });
  await until("there is one of it", async () => (await tab(workbench, /two::1/).count()) === 1);
  await workbench.shot("tt8-dropped");
  workbench.say("a dragged session opens where it is dropped");
}

void walk("tt", async (workbench) => {
  await previews(workbench);
  await enterKeeps(workbench);
  await states(workbench);
  await dropped(workbench);
});
