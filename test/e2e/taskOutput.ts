import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { until } from "../support/until";
import { everyLook, narrow } from "./looks";
import { walk, type Workbench } from "./workbench";

const plan = `project: shown
goal: Show what its tasks print
roles: { shell: { count: 2 } }
tasks:
  - id: lint
    role: shell
    cwd: parts
    retries: { attempts: 2, backoff: 1s }
    run: "for n in 1 2 3; do echo line $n of the check; done; printf 'a.ts:%s this name is wrong\\n' 3:5; false"
  - { id: long, role: shell, run: "seq 1 300" }
  - id: types
    role: shell
    problems: $tsc
    run: test -f mended || cat found.txt
  - { id: wait, role: shell, needs: long, run: "echo it begins; until test -f go; do sleep 0.2; done; echo it ends" }
`;

function line(workbench: Workbench, text: string | RegExp): Locator {
  return workbench.page.locator(".monaco-editor .view-line").filter({ hasText: text }).first();
}

async function retry(workbench: Workbench): Promise<void> {
  await workbench.row(/^lint, task/).click();
  await line(workbench, "a.ts:3:5 this name is wrong").waitFor();
  await workbench.page.getByRole("tab", { name: /lint\.txt/ }).waitFor();
  await workbench.shot("to1-click");
  workbench.say("a click on a task's row shows its output");
  await everyLook(workbench, "to2", line(workbench, "a.ts:3:5 this name is wrong"));
}

async function question(workbench: Workbench): Promise<void> {
  await workbench.run("wsh Orchestrator: Review Question…");
  await line(workbench, "Output of lint:").waitFor();
  await everyLook(workbench, "to3-question", line(workbench, "Output of lint:"));
  await workbench.page.locator(".editor-actions").getByRole("button", { name: "Show Output" }).click();
  await line(workbench, "Try 2: failed").waitFor();
  workbench.say("a question shows the output above it, and leads to all of it");
}

/** Only keys, from the view to the file that an error names. */
async function keysAlone(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  await workbench.run("wsh Orchestrator: Show Output", "long");
  await line(workbench, "The log has only the end of this output").waitFor();
  await workbench.shot("to4-tail");
  await workbench.run("wsh Orchestrator: Show Output", "wait");
  await line(workbench, "it begins").waitFor();
  await line(workbench, "This page follows.").waitFor();
  await workbench.shot("to5-running");
  writeFileSync(join(workbench.workspace, "go"), "");
  await line(workbench, "it ends").waitFor();
  await line(workbench, "Succeeded after").waitFor();
  await workbench.shot("to6-ended");
  workbench.say("the page follows its task");
  await workbench.run("wsh Orchestrator: Show Output", "lint");
  // Until it is there the keys are those of the page before it.
  await line(workbench, "Try 2: failed").waitFor();
  await page.locator(".editor-instance .monaco-editor.focused").waitFor();
  await page.keyboard.press("Control+f");
  const find = page.locator(".find-widget.visible");
  const found = find.locator(".matchesCount");
  await find.getByRole("textbox", { name: "Find" }).fill("a.ts:3:5");
  // It searches some time after the last key.
  await found.getByText(/ of 2$/).waitFor();
  await page.keyboard.press("Enter");
  await found.getByText(/^[12] of 2$/).waitFor();
  await until("nothing is looked for any more", async () => {
    await page.keyboard.press("Escape");
    return (await find.count()) === 0;
  });
  await workbench.run("Open Link");
  await page.getByRole("tab", { name: /^a\.ts/ }).waitFor();
  await line(workbench, "let b").waitFor();
  await workbench.shot("to7-file");
  workbench.say("the keyboard alone leads from the palette to the line in the file");
}

/** What a problem matcher finds in the output, until the next run finds nothing. */
async function problems(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  const problem = page.locator(".markers-panel").getByText("Cannot find name 'gone'.");
  await workbench.run("View: Focus Problems");
  await problem.waitFor({ timeout: 30_000 });
  await everyLook(workbench, "to8-problems", problem);
  await page.keyboard.press("Escape");
  writeFileSync(join(workbench.workspace, "mended"), "");
  workbench.cli("stop", "shown");
  await workbench.row(/^shown, project, (?!running)/).waitFor({ timeout: 30_000 });
  workbench.cli("do", "shown", "--task", "types", "--again");
  await problem.waitFor({ state: "hidden", timeout: 30_000 });
  workbench.say("problems of an output are listed, and go away with the next run");
}

void walk("to", async (workbench) => {
  mkdirSync(join(workbench.workspace, "parts"));
  writeFileSync(join(workbench.workspace, "parts/a.ts"), "let a;\n\nlet b: wrong;\n");
  // TypeScript looks by itself only at files that are open.
  writeFileSync(join(workbench.workspace, "parts/b.ts"), "let c: gone;\n");
  const found = "parts/b.ts(1,8): error TS2304: Cannot find name 'gone'.\n";
  writeFileSync(join(workbench.workspace, "found.txt"), found);
  writeFileSync(join(workbench.workspace, "plan.yaml"), plan);
  await workbench.showSidebar();
  await narrow(workbench);
  workbench.cli("do", "shown", "--plan", "plan.yaml", "--detach");
  await workbench.row(/^shown, project/).waitFor();
  await workbench.row(/^Tasks/).click();
  await workbench.row(/^lint, task, (?:failed|needs)/).waitFor({ timeout: 60_000 });
  await retry(workbench);
  await question(workbench);
  await keysAlone(workbench);
  await problems(workbench);
});
