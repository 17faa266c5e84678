import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { until } from "../support/until";
import { everyLook, narrow } from "./looks";
import { walk, type Workbench } from "./workbench";

/** What asks in all ways, what fails, what works and what is done: twelve sessions of two projects. */
const shop = `project: shop
goal: Bring the shop online
max_sessions: 16
roles: { builder: {}, cleaner: {}, watcher: {}, tester: { count: 3 }, writer: {}, mailer: {} }
tasks:
  - { id: build, role: builder, run: "sleep 1; echo compiled" }
  - { id: migrate, role: builder, needs: [build], run: "bash migrate.sh" }
  - { id: clean, role: cleaner, run: "rm -rf ./attic" }
  - { id: watch, role: watcher, run: "echo watching; sleep 3600" }
  - { id: unit, role: tester, run: "sleep 3600" }
  - { id: pages, role: tester, run: "sleep 3601" }
  - { id: links, role: tester, run: "sleep 3602" }
  - { id: docs, role: writer, run: "sleep 2; echo written" }
  - { id: mail, role: mailer, needs: [clean], run: "echo sent" }
`;
const broken = `project: archive
goal: Read the old records
max_sessions: 8
roles: { reader: {}, sorter: {}, printer: {}, keeper: {} }
tasks:
  - { id: read, role: reader, run: "echo cannot read; exit 3" }
  - { id: sort, role: sorter, run: "sleep 1; echo sorted" }
  - { id: print, role: printer, run: "sleep 3600" }
  - { id: keep, role: keeper, run: "sleep 3600" }
`;
const migrate = `read -p "Apply 3 migrations to production? [y/N] " answer
echo applied
`;

/** Fifty sessions of one project. */
function many(): string {
  const roles = Array.from({ length: 10 }, (_, index) => `team-${index}`);
  const tasks = Array.from(
    { length: 50 },
    (_, index) =>
      `  - { id: job-${index}, role: ${roles[index % 10] ?? ""}, run: "${index % 7 === 0 ? "echo done" : `sleep ${3600 + index}`}" }`,
  );
  return `project: crowd\ngoal: Keep fifty busy\nmax_sessions: 64\nroles: { ${roles.map((role) => `${role}: { count: 5 }`).join(", ")} }\ntasks:\n${tasks.join("\n")}\n`;
}

/** What rows say where there is little room, and that they stay as a person left them. */
class RowsWalk {
  constructor(readonly workbench: Workbench) {}

  async opens(): Promise<void> {
    const { workbench } = this;
    const { workspace, page } = workbench;
    for (const [name, text] of [
      ["shop", shop],
      ["archive", broken],
      ["crowd", many()],
    ] as const)
      writeFileSync(join(workspace, `${name}.plan.yaml`), text);
    writeFileSync(join(workspace, "migrate.sh"), migrate);
    await workbench.showSidebar();
    await narrow(workbench);
    for (const name of ["shop", "archive"])
      workbench.cli("do", name, "--plan", join(workspace, `${name}.plan.yaml`), "--detach");
    for (const asks of [
      /^Apply 3 migrations.*; builder::1, project shop, needs your answer/,
      /^Run rm -rf .*attic.*; clean, project shop, needs your answer/,
      /^read failed.*; read.*, project archive, needs your answer/,
    ]) {
      await workbench.row(asks).waitFor({ timeout: 120_000 });
      workbench.say(`Attention says what is asked first: ${String(asks)}`);
    }
    await page.mouse.move(900, 5);
  }

  async areShown(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    // Before the tasks take the room.
    await workbench.row(/^watcher::1, session, working .*, task watch/).waitFor();
    await workbench.row(/^Tasks, .* waiting for approval/).click();
    await workbench.row(/^clean, task, needs approval, asked/).waitFor();
    await workbench.row(/^migrate, task, needs your answer/).waitFor();
    await workbench.row(/^build, task, succeeded after /).waitFor();
    await workbench.row(/^tester, role, 3 sessions/).waitFor();
    await page.mouse.move(900, 5);
    await everyLook(workbench, "r1", workbench.row(/^clean, task, needs approval/));
    workbench.say("rows say their tasks, durations and ages in all themes, also where there is half as much room");
  }

  /** By the keyboard, also over a reload. */
  async stayAsTheyWereLeft(): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    const role = workbench.row(/^tester, role/);
    await role.click();
    await this.is(role, "false");
    await workbench.row(/^archive, project/).click();
    await page.keyboard.press("ArrowLeft");
    await this.is(workbench.row(/^archive, project/), "false");
    await workbench.reload();
    await workbench.showSidebar();
    await workbench.row(/^clean, task, needs approval/).waitFor({ timeout: 60_000 });
    await this.is(workbench.row(/^tester, role/), "false");
    await this.is(workbench.row(/^archive, project/), "false");
    await workbench.shot("r3-reloaded");
    workbench.say("rows are open and closed as they were left, also after a reload");
  }

  async is(row: Locator, expanded: "true" | "false"): Promise<void> {
    await row.and(this.workbench.page.locator(`[aria-expanded="${expanded}"]`)).waitFor({ timeout: 20_000 });
  }

  async areMany(): Promise<void> {
    const { workbench } = this;
    await workbench.row(/^shop, project/).click();
    await workbench.page.keyboard.press("ArrowLeft");
    workbench.cli("do", "crowd", "--plan", join(workbench.workspace, "crowd.plan.yaml"), "--detach");
    await workbench.row(/^crowd, project, running/).waitFor({ timeout: 60_000 });
    // What is below the view's edge has no rows yet.
    const last = workbench.row(/^team-3, role, 5 sessions/);
    await until(
      "the roles come into sight",
      async () => {
        await workbench.page.keyboard.press("PageDown");
        return last.isVisible();
      },
      60_000,
    );
    await workbench.page.mouse.move(900, 5);
    await workbench.shot("r4-many");
    workbench.say("fifty sessions are ten rows that open");
    for (const name of ["shop", "archive", "crowd"]) workbench.cli("stop", name);
  }
}

void walk("r", async (workbench) => {
  const rows = new RowsWalk(workbench);
  await rows.opens();
  await rows.areShown();
  await rows.stayAsTheyWereLeft();
  await rows.areMany();
});
