import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { everyLook, narrow } from "./looks";
import { walk, type Workbench } from "./workbench";

const plan = `project: house
roles:
  builder: {}
  painter: {}
tasks:
  - id: build
    role: builder
    run: echo built
  - id: paint
    role: painter
    needs: [build]
    run: echo painted
`;

/** The editor's text has that line. */
const line = (workbench: Workbench, text: string | RegExp): ReturnType<Workbench["page"]["locator"]> =>
  workbench.page.locator(".monaco-editor .view-line").filter({ hasText: text }).first();

async function open(workbench: Workbench, file: string): Promise<void> {
  const { page } = workbench;
  await page.keyboard.press("Control+p");
  await page.locator(".quick-input-widget .quick-input-box input").fill(file);
  await page.getByRole("option", { name: file }).first().click();
  await page.getByRole("tab", { name: file }).first().waitFor();
}

/** To a line and column, by keyboard. */
async function go(workbench: Workbench, place: string): Promise<void> {
  const { page } = workbench;
  await page.keyboard.press("Control+g");
  await page.locator(".quick-input-widget .quick-input-box input").fill(`:${place}`);
  await page.keyboard.press("Enter");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
}

/** Plans are written, run and looked at by keyboard alone. */
void walk(
  "plans",
  async (workbench) => {
    const { page, workspace } = workbench;
    writeFileSync(join(workspace, "house.plan.yaml"), plan);
    await workbench.showSidebar();
    await narrow(workbench);
    await open(workbench, "house.plan.yaml");
    await page.locator(".codelens-decoration").getByText("Run Task").first().waitFor({ timeout: 60_000 });
    workbench.say("the plan has what runs it");
    await workbench.shot("plans-1-open");
    await go(workbench, "7:14");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+Space");
    await page.locator(".suggest-widget").getByText("timeout").first().waitFor();
    await everyLook(workbench, "plans-2-keys", page.locator(".suggest-widget").getByText("timeout").first());
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+z");
    await go(workbench, "11:7");
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Control+i");
    await page.locator(".monaco-hover").getByText("Tasks that must succeed").first().waitFor();
    await everyLook(
      workbench,
      "plans-3-meaning",
      page.locator(".monaco-hover").getByText("Tasks that must succeed").first(),
    );
    await page.keyboard.press("Escape");
    await go(workbench, "7:18");
    for (let left = 0; left < 7; left++) await page.keyboard.press("Backspace");
    await page.keyboard.type("bilder");
    await page.keyboard.press("Escape");
    await page.locator(".squiggly-error").first().waitFor();
    await page.keyboard.press("Control+.");
    await page.getByText('Change "bilder" to "builder"').first().waitFor();
    await everyLook(workbench, "plans-4-mend", page.getByText('Change "bilder" to "builder"').first(), () =>
      page.keyboard.press("Control+."),
    );
    await page.keyboard.press("Enter");
    await line(workbench, "role: builder").waitFor();
    await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
    workbench.say("a misspelt name is mended");
    await workbench.run("wsh Orchestrator: Run Plan");
    await page.locator(".codelens-decoration").getByText("succeeded").first().waitFor({ timeout: 60_000 });
    await workbench.row(/^house, project, done/).waitFor({ timeout: 60_000 });
    workbench.say("the edited plan was saved and run");
    await workbench.shot("plans-5-done");
    await open(workbench, "house.plan.yaml");
    await go(workbench, "12:14");
    await page.keyboard.press("End");
    await page.keyboard.type(" && echo twice");
    await page.locator(".codelens-decoration").getByText("Changed since it was run").first().waitFor();
    await workbench.run("wsh Orchestrator: Compare with Saved Plan");
    await page
      .getByRole("tab", { name: /saved plan/ })
      .first()
      .waitFor();
    await page
      .locator(".monaco-diff-editor .modified .view-line")
      .filter({ hasText: /echo.twice/ })
      .first()
      .waitFor();
    await everyLook(workbench, "plans-6-difference", page.locator(".monaco-diff-editor .modified").first());
    await page.keyboard.press("Control+w");
    await everyLook(workbench, "plans-7", page.locator(".codelens-decoration").getByText("succeeded").first());
  },
  { settings: { "editor.inlayHints.enabled": "off", "workbench.sideBar.location": "left" } },
);
