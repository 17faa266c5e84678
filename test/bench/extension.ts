import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright-core";
import { until } from "../support/until";
import { bundleSizes } from "./bundleSizes";
import type { LoopFigures } from "./host/calls";
import { MeasuredEditor, type MeasuredWindow } from "./hostWindow";
import { ManyProjects } from "./manyProjects";
import { summarize, verdict } from "./measures";

type Report = (line: string) => void;

const freshWindows = 5;
/** A host that has just begun works on other things; nothing is measured before this. */
const settleMs = 3000;
const stretchMs = 10_000;
const loopGoalMs = 25;
/** The host is asked this often whether something has happened; an answer costs it work that is not the extension's. */
const askMs = 250;

/**
 * All in the extension host of a real VS Code: its server build in a headless Chromium, on this machine, with the
 * extension as it is shipped.
 */
export async function benchExtension(report: Report): Promise<void> {
  report("\nExtension, in the extension host of a real VS Code");
  sizes(report);
  const editor = await MeasuredEditor.start();
  try {
    await activation(editor, report);
    await runs(editor, report);
  } finally {
    await editor.stop();
  }
  await tree(report);
}

function sizes(report: Report): void {
  const { atOnce, all } = bundleSizes("dist/metafiles.json", "dist/extension.js");
  report(
    verdict("minified code that is loaded at activation", atOnce / 1024, " KB", "<= 450 KB", atOnce <= 450 * 1024),
  );
  report(`  ${"with all that is loaded when it is needed".padEnd(58)} ${(all / 1024).toFixed(2)} KB`);
}

/**
 * Each in a window of its own: loading the code and `activate()`, measured by VS Code, and around both by other code in
 * the host.
 */
async function activation(editor: MeasuredEditor, report: Report): Promise<void> {
  const [own, total]: [number[], number[]] = [[], []];
  for (let index = 0; index < freshWindows; index++) {
    const window = await editor.open(editor.folder(`empty-${index}`));
    await delay(settleMs);
    const figures = await window.call("activate");
    total.push(figures.total);
    if (figures.load !== undefined && figures.activate !== undefined) own.push(figures.load + figures.activate);
    await window.close();
  }
  const middle = summarize(total).p50;
  report(
    verdict(
      `activation in ${freshWindows} fresh windows, seen in the host: median`,
      middle,
      " ms",
      "<= 50 ms",
      middle <= 50,
    ),
  );
  report(`  ${"each of them".padEnd(58)} ${total.map((ms) => ms.toFixed(0)).join(" ")} ms`);
  report(
    `  ${"by VS Code's own figures (load code + call activate)".padEnd(58)} ${own.length === 0 ? "not told" : `${own.join(" ")} ms`}`,
  );
}

function loopLine(label: string, figures: LoopFigures, goal: boolean): string {
  const more = `   (p50 ${figures.p50.toFixed(1)}, longest ${figures.longest.toFixed(0)} ms, ${(figures.processor * 100).toFixed(0)} % of a core, ${figures.seconds.toFixed(0)} s)`;
  const name = `loop of the host, p99: ${label}`;
  return goal
    ? verdict(name, figures.p99, " ms", `<= ${loopGoalMs} ms`, figures.p99 <= loopGoalMs) + more
    : `  ${name.padEnd(58)} ${figures.p99.toFixed(2)} ms${more}`;
}

/** Figures of a stretch; with BENCH_PROFILE set to a folder, a profile of it lies there afterwards. */
async function stretch(window: MeasuredWindow, name: string, work: () => Promise<unknown>): Promise<LoopFigures> {
  const profiles = process.env.BENCH_PROFILE;
  if (profiles !== undefined) await window.call("beginProfile");
  await window.call("begin");
  try {
    await work();
  } finally {
    if (profiles !== undefined) await window.call("endProfile", join(profiles, `${name}.cpuprofile`));
  }
  return window.call("end");
}

async function rarely<T>(ask: () => Promise<T>): Promise<T> {
  await delay(askMs);
  return ask();
}

const runIsOver = (window: MeasuredWindow): Promise<unknown> =>
  until("the project is over", () => rarely(async () => (await window.call("running")).length === 0), 120_000);

async function runs(editor: MeasuredEditor, report: Report): Promise<void> {
  const window = await editor.open(editor.folder("runs"));
  try {
    await delay(settleMs);
    await window.call("activate");
    await window.call("command", "wshOrchestrator.projects.focus");
    await delay(settleMs);
    report(loopLine("idle", await stretch(window, "idle", () => delay(stretchMs)), false));
    const tour = await stretch(window, "tour", async () => {
      await window.call("command", "wshOrchestrator.takeTour");
      await runIsOver(window);
    });
    report(loopLine("while the tour runs", tour, true));
    const flood = { project: "flood", goal: "Print a lot", run: ["sleep 2", "seq 1 2000000"] };
    report(loopLine("while a session floods", await stretch(window, "flood", () => floods(window, flood)), true));
    const again = { ...flood, project: "shown" };
    report(
      loopLine(
        "while a session with a terminal on it floods",
        await stretch(window, "shown", () => floods(window, again, "proj-shown::shell::1")),
        true,
      ),
    );
  } finally {
    await window.close();
  }
}

async function floods(
  window: MeasuredWindow,
  project: { readonly project: string; readonly goal: string; readonly run: readonly string[] },
  attached?: string,
): Promise<void> {
  await window.call("command", "wshOrchestrator.doProject", project);
  if (attached !== undefined) {
    await until("the session is there", async () =>
      (await window.call("rows")).some((row) => row.startsWith(`session ${attached} `)),
    );
    await window.call("command", "wshOrchestrator.attachSession", attached);
  }
  await runIsOver(window);
}

async function tree(report: Report): Promise<void> {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "wso-many-")));
  const projects = await ManyProjects.make(scratch);
  const editor = await MeasuredEditor.start({ "wshOrchestrator.server": projects.address });
  const window = await editor.open(scratch);
  const rows = 50 + projects.sessionCount;
  try {
    // The editor starts its own extensions; what is measured is ours.
    await delay(settleMs);
    const opening = await stretch(window, "records", async () => {
      await window.call("command", "wshOrchestrator.projects.focus");
      await until(
        "all rows are there",
        () => rarely(async () => new Set(await window.call("rows")).size === rows),
        60_000,
      );
    });
    report(loopLine(`while ${rows - projects.sessionCount} records are read and shown`, opening, true));
    await delay(settleMs * 2);
    report(
      loopLine(
        `${projects.sessionCount} sessions, nothing changes`,
        await stretch(window, "still", () => delay(stretchMs)),
        false,
      ),
    );
    entryLine(report, "with nothing else", await entryToRow(window.page, projects));
    const [lists, looks] = [projects.lists, projects.looks];
    const times: number[] = [];
    const busy = await stretch(window, "busy", async () => {
      await changing(projects, async () => {
        times.push(...(await entryToRow(window.page, projects)));
      });
    });
    report(loopLine(`10 % of ${projects.sessionCount} sessions change at 10 Hz`, busy, true));
    entryLine(report, "meanwhile", times);
    report(
      `  ${"requests for lists of sessions, and for one meanwhile".padEnd(58)} ${projects.lists - lists}, ${projects.looks - looks} in ${busy.seconds.toFixed(0)} s`,
    );
    await window.call("command", "workbench.view.explorer");
    const hidden = await stretch(window, "hidden", () => changing(projects, () => delay(stretchMs)));
    report(loopLine("the same with the views hidden", hidden, true));
  } finally {
    await window.close();
    await editor.stop();
    await projects.stop();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One session in ten changes ten times a second while `work` runs. */
async function changing(projects: ManyProjects, work: () => Promise<unknown>): Promise<void> {
  const timer = setInterval(() => void projects.changeTenth(), 100);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

function entryLine(report: Report, label: string, times: readonly number[]): void {
  const { p50, p95 } = summarize(times);
  report(
    `  ${`from an entry written to its row in the page, ${label}`.padEnd(58)} p50 ${p50.toFixed(0)} ms   p95 ${p95.toFixed(0)} ms   (${times.length} entries)`,
  );
}

/** Milliseconds from an entry that is in the file until the page has the row that tells it, for a while. */
async function entryToRow(page: Page, projects: ManyProjects): Promise<number[]> {
  const { label, project } = projects.first;
  const times: number[] = [];
  const end = performance.now() + 2 * stretchMs;
  for (let count = 0; performance.now() < end; count++) {
    const state = count % 2 === 0 ? "working" : "idle";
    const works = `[aria-label*=", working"]`;
    await watchRow(
      page,
      `[aria-label^="${label}, session, "][aria-label*=" project ${project}"]${state === "working" ? works : `:not(${works})`}`,
    );
    await projects.changeFirst(state);
    const written = Date.now();
    times.push((await rowShown(page)) - written);
    // Not in step with what the views do.
    await delay(100 + ((count * 37) % 200));
  }
  return times;
}

/** From here on the page waits for such a row. */
async function watchRow(page: Page, attributes: string): Promise<void> {
  const selector = JSON.stringify(`[role="treeitem"]${attributes}`);
  await page.evaluate(`{
    globalThis.rowShown = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error("The row never came.")), 20000);
      const observer = new MutationObserver(() => {
        if (document.querySelector(${selector}) === null) return;
        observer.disconnect();
        resolve(Date.now());
      });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"] });
    });
    undefined;
  }`);
}

/** When that row was there, in milliseconds since 1970. */
function rowShown(page: Page): Promise<number> {
  return page.evaluate<number>("globalThis.rowShown");
}
