import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../support/until";
import { belowTitle, writePicture } from "./smallPicture";
import { walk, type Workbench } from "./workbench";

/** Makes the pictures of README and walkthrough anew: a project at work, and one question of it. */

/** As a walkthrough shows them: 1.5 of their pixels for one of the page. */
const scale = 1.5;
const size = { width: 1060, height: 640 };
const smallSize = { width: 800, height: 460 };

/** What the sessions run: slow enough to be seen at work. */
const scripts = {
  "build.sh": `for page in home search basket login help; do printf '  \\033[36mcompile\\033[0m pages/%s \\033[2m%s ms\\033[0m\\n' $page $((RANDOM % 80 + 20)); sleep 0.1; done; printf '\\033[1;32mbuilt\\033[0m 5 pages into site/\\n'`,
  "test.sh": `for number in $(seq 2000); do for part in basket search login; do printf '\\033[32m✓\\033[0m %s keeps what it was given, round %s \\033[2m(%s ms)\\033[0m\\n' $part $number $((RANDOM % 30 + 2)); sleep 0.9; done; done`,
  "watch.sh": `printf '\\033[1mhttp://localhost:8000\\033[0m\\n'; for number in $(seq 2000); do printf '\\033[35mGET\\033[0m /search?page=%s \\033[32m200\\033[0m\\n' $number; sleep 1.5; done`,
  "docs.sh": `for page in start plans questions record; do printf 'docs/%s.md \\033[32mok\\033[0m\\n' $page; sleep 0.1; done; printf 'docs/links.md \\033[31m2 broken links\\033[0m\\n'; test -f mended`,
};

const plan = `project: shop
goal: Bring the new shop online
max_sessions: 6
roles: { builder: {}, tester: {}, server: {}, writer: {} }
tasks:
  - { id: build, role: builder, run: bash build.sh }
  - { id: docs, role: writer, run: bash docs.sh }
  - { id: test, role: tester, run: bash test.sh }
  - { id: serve, role: server, run: bash watch.sh }
`;

const asking = `project: online
goal: Show the new shop to everybody
roles: { publisher: {} }
tasks:
  - { id: publish, role: publisher, run: rm -rf ./online && cp -r site online }
`;

async function atWork(workbench: Workbench): Promise<void> {
  const { page, front } = workbench;
  await workbench.row(/^tester::1, session, working/).waitFor({ timeout: 60_000 });
  await workbench.row(/^writer::1, session, needs your answer/).waitFor({ timeout: 60_000 });
  await workbench.run("wsh Orchestrator: Open Mirror", "tester::1");
  await until(
    "some tests have run",
    async () => (await front.locator(".screen .row").filter({ hasText: "round" }).count()) > 8,
    60_000,
  );
  await page.mouse.move(size.width / 2, 5);
  await page.locator(".notifications-toasts").getByText("docs failed").waitFor();
  await writePicture(workbench, "work", belowTitle(size));
  await workbench.run("Notifications: Clear All Notifications");
  await workbench.run("View: Close All Editors");
}

async function overview(workbench: Workbench, theme: string): Promise<void> {
  const { page, front } = workbench;
  await workbench.run("wsh Orchestrator: Open Overview");
  for (const [session, text] of Object.entries({ builder: "built", tester: "round", server: "GET", writer: "broken" }))
    await front
      .locator(".tile")
      .filter({ hasText: `${session}::1` })
      .locator(".row")
      .filter({ hasText: text })
      .first()
      .waitFor();
  await page.mouse.move(size.width / 2, 5);
  const editor = await page.locator(".part.editor").boundingBox();
  if (!editor) throw new Error("There is no editor.");
  await writePicture(workbench, `overview-${theme}`, { ...editor, height: 470 });
  await workbench.run("View: Close All Editors");
}

/** A question with all that tells of it. */
async function question(workbench: Workbench, theme: string): Promise<void> {
  const { page, front } = workbench;
  await page.setViewportSize(smallSize);
  await workbench.run("wsh Orchestrator: Open Mirror", "server::1");
  await front.locator(".screen .row").filter({ hasText: "GET" }).first().waitFor();
  workbench.cli("do", "online", "--plan", join(workbench.workspace, "asking.yaml"), "--detach");
  const toast = page
    .locator(".notifications-toasts .notification-list-item")
    .filter({ hasText: "publish (online) wants to run: rm -rf ./online" });
  await toast.waitFor({ timeout: 60_000 });
  await page.locator(".statusbar-item").filter({ hasText: 'Answer "' }).waitFor({ state: "hidden" });
  await workbench.row(/publish, project online, needs your answer/).waitFor();
  await page.mouse.move(smallSize.width / 2, 5);
  await writePicture(workbench, `question-${theme}`, belowTitle(smallSize));
  await toast.getByRole("button", { name: "Skip", exact: true }).click();
  await workbench.row(/^online, project, done/).waitFor();
  await workbench.run("View: Close All Editors");
  // It is asked anew for the next picture.
  rmSync(join(workbench.workspace, ".orchestrator/projects/online"), { recursive: true });
  await workbench.page.getByRole("treeitem", { name: /^online, project/ }).waitFor({ state: "hidden" });
  await page.setViewportSize(size);
}

void walk(
  "pictures",
  async (workbench) => {
    const { workspace, scratch } = workbench;
    for (const [name, text] of Object.entries(scripts)) writeFileSync(join(workspace, name), `${text}\n`);
    writeFileSync(join(scratch, "home/.bashrc"), "PS1='\\[\\e[34m\\]shop\\[\\e[0m\\] $ '\n");
    writeFileSync(join(workspace, "plan.yaml"), plan);
    writeFileSync(join(workspace, "asking.yaml"), asking);
    await workbench.showSidebar();
    workbench.cli("do", "shop", "--plan", join(workspace, "plan.yaml"), "--detach");
    await atWork(workbench);
    for (const [theme, title, kind] of [
      ["light", "Light Modern", "vs"],
      ["dark", "Dark Modern", "vs-dark"],
    ] as const) {
      await workbench.chooseTheme(title, kind);
      await overview(workbench, theme);
      await question(workbench, theme);
    }
    // Its runner would write while the folder goes.
    workbench.cli("stop", "shop");
  },
  { size, scale },
);
