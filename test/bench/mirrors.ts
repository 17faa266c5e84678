import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CDPSession, Frame, Page } from "playwright-core";
import { Workbench } from "../e2e/workbench";
import { until } from "../support/until";
import { summarize, verdict } from "./measures";

const keys = Number(process.env.BENCH_KEYS ?? 120);
const warmUpKeys = 20;
/** Mirror and terminal take turns of so many keys, so that both meet the same machine. */
const turnKeys = 20;
/** Between two keys, so that each is drawn by itself. */
const keyMs = 90;
const floodLines = Number(process.env.BENCH_FLOOD ?? 2_000_000);
const many = 50;
const watchSeconds = 15;

/** Where a terminal is drawn, and the way to its keyboard. */
interface Screen {
  readonly frame: Frame;
  /** Selector of what changes when something is drawn. */
  readonly rows: string;
  readonly focus: () => Promise<void>;
}

interface Latencies {
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly count: number;
}

/**
 * Runs in a page: milliseconds from a key's event until the frame that shows other rows has been painted. Rows that
 * change within a frame's own callbacks are painted by that frame, others by the next one: one of the two terminals
 * draws so, the other so.
 */
function watchKeys(rows: string): void {
  const state = window as unknown as { samples: number[]; measuring: boolean };
  Object.assign(state, { samples: [], measuring: false });
  let pressed = 0;
  window.addEventListener("keydown", () => (pressed = performance.now()), true);
  const nextFrame = window.requestAnimationFrame.bind(window);
  let inFrame = false;
  window.requestAnimationFrame = (callback) =>
    nextFrame((time) => {
      inFrame = true;
      callback(time);
      // After the observer of what the callback changed.
      queueMicrotask(() => (inFrame = false));
    });
  const drawn = (since: number): void => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => state.samples.push(performance.now() - since);
    channel.port2.postMessage(0);
  };
  const element = document.querySelector(rows) ?? document.body;
  let shown = element.textContent;
  new MutationObserver(() => {
    const text = element.textContent;
    // A row that is drawn anew with the same text shows no key.
    if (text === shown) return;
    shown = text;
    const since = pressed;
    pressed = 0;
    if (since === 0 || !state.measuring) return;
    if (inFrame) drawn(since);
    else nextFrame(() => drawn(since));
  }).observe(element, { subtree: true, childList: true, characterData: true });
}

function latenciesOf(samples: readonly number[]): Latencies {
  const measured = samples.slice(warmUpKeys).sort((one, other) => one - other);
  return {
    p50: summarize(measured).p50,
    p95: measured[Math.floor(measured.length * 0.95)] ?? Number.NaN,
    count: measured.length,
  };
}

/** What a small extension beside ours tells of the extension host that both run in. */
interface HostFigures {
  /** Milliseconds by which timers were late since the last reset. */
  readonly p99: number;
  /** Microseconds of CPU since the start. */
  readonly cpu: number;
}

/** Mirrors and overview beside VS Code's own terminal, with the same shell, in the same window. */
export async function benchMirrors(report: (line: string) => void): Promise<void> {
  const bench = new MirrorBench(
    await Workbench.open({
      settings: {
        "terminal.integrated.defaultProfile.linux": "bash",
        "terminal.integrated.shellIntegration.enabled": false,
      },
      prepare: installProbe,
    }),
  );
  try {
    await bench.run(report);
  } finally {
    await bench.workbench.close();
  }
}

class MirrorBench {
  readonly #page: Page;

  constructor(readonly workbench: Workbench) {
    this.#page = workbench.page;
  }

  async run(report: (line: string) => void): Promise<void> {
    const { workbench } = this;
    workbench.cli("do", "bench", "--run", "true");
    await workbench.showSidebar();
    await workbench.row(/shell::1, session/).waitFor({ timeout: 60_000 });
    const terminal = await this.#terminal();
    const mirror = await this.#mirror();
    report("mirrors: key to picture, in the same window");
    const [ours, theirs] = await this.#latencies(mirror, terminal);
    await mirror.focus();
    this.#resetHost();
    const ourFlood = await this.#flood(mirror);
    const { p99 } = await this.#host();
    await terminal.focus();
    const theirFlood = await this.#flood(terminal);
    for (const [label, samples] of [
      ["mirror", ours],
      ["VS Code's terminal", theirs],
    ] as const)
      report(
        `  ${label.padEnd(58)} p50 ${samples.p50.toFixed(1)} ms   p95 ${samples.p95.toFixed(1)} ms   (${samples.count} keys)`,
      );
    report(
      verdict(
        "key to picture, p50, mirror : terminal",
        ours.p50 / theirs.p50,
        "",
        "<= 1.2",
        ours.p50 / theirs.p50 <= 1.2,
      ),
    );
    report(
      verdict(
        "key to picture, p95, mirror : terminal",
        ours.p95 / theirs.p95,
        "",
        "<= 1.2",
        ours.p95 / theirs.p95 <= 1.2,
      ),
    );
    report(
      `mirrors: seq 1 ${floodLines}: mirror ${(ourFlood / 1000).toFixed(2)} s, VS Code's terminal ${(theirFlood / 1000).toFixed(2)} s`,
    );
    report(
      verdict(
        "time to the last line, mirror : terminal",
        ourFlood / theirFlood,
        "",
        "<= 1.2",
        ourFlood / theirFlood <= 1.2,
      ),
    );
    report(verdict("host's event loop late meanwhile, p99", p99, " ms", "<= 25 ms", p99 <= 25));
    await this.#overview(report);
  }

  async #terminal(): Promise<Screen> {
    await this.workbench.run("Terminal: Create New Terminal");
    await this.#page
      .locator(".xterm-rows")
      .getByText("$")
      .or(this.#page.locator(".xterm-rows").getByText("#"))
      .first()
      .waitFor();
    return {
      frame: this.#page.mainFrame(),
      rows: ".xterm-rows",
      focus: () => this.#page.locator(".xterm-screen").first().click(),
    };
  }

  async #mirror(): Promise<Screen> {
    await this.workbench.run("wsh Orchestrator: Open Mirror", "shell::1");
    const front = this.#page.frameLocator("iframe.webview.ready:visible").frameLocator("#active-frame");
    await front.locator(".screen .row").first().waitFor();
    const frame = (await (await front.locator("body").elementHandle())?.ownerFrame()) as Frame;
    return {
      frame,
      // Without the cursor, which is beside them.
      rows: ".screen > div",
      focus: async () => {
        if ((await front.locator("#take").getAttribute("aria-pressed")) === "true")
          await front.locator(".screen").click();
        else await front.locator("#take").click();
        await front.getByText(/Your keys go to/).waitFor();
      },
    };
  }

  async #latencies(...screens: readonly [Screen, Screen]): Promise<[Latencies, Latencies]> {
    for (const { frame, rows } of screens) await frame.evaluate(watchKeys, rows);
    for (let count = 0; count < keys + warmUpKeys; count += turnKeys) {
      for (const { frame, focus } of screens) {
        await focus();
        // The first keys after the focus meet what the editor does for it.
        await this.#type(4);
        await frame.evaluate("window.measuring = true; 0");
        await this.#type(turnKeys);
        await frame.evaluate("window.measuring = false; 0");
        await this.#page.keyboard.press("Control+u");
        await this.#page.waitForTimeout(keyMs);
      }
    }
    const [ours, theirs] = await Promise.all(
      screens.map(async ({ frame }) => latenciesOf(await frame.evaluate<number[]>("window.samples"))),
    );
    return [ours as Latencies, theirs as Latencies];
  }

  async #type(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      await this.#page.keyboard.press("x");
      await this.#page.waitForTimeout(keyMs);
    }
  }

  /** Milliseconds from Enter until the last line is drawn. */
  async #flood({ frame, rows }: Pick<Screen, "frame" | "rows">): Promise<number> {
    await this.#page.keyboard.type(`seq 1 ${floodLines}; echo 'do''ne'`);
    await this.#page.waitForTimeout(500);
    // The promise itself must not be the value, or it would be waited for.
    await frame.evaluate(`window.flood = new Promise((resolve) => {
      const begun = performance.now();
      const look = () => (/(^|[^'])done/.test(document.querySelector(${JSON.stringify(rows)}).textContent.replace(/'do''ne'/g, "")) ? resolve(performance.now() - begun) : requestAnimationFrame(look));
      window.addEventListener("keydown", () => requestAnimationFrame(look), { capture: true, once: true });
    }); 0`);
    await this.#page.keyboard.press("Enter");
    const taken = await frame.evaluate<number>("window.flood");
    await this.#page.keyboard.type("clear\n");
    await this.#page.waitForTimeout(500);
    return taken;
  }

  async #overview(report: (line: string) => void): Promise<void> {
    const { workbench } = this;
    const roles = Array.from({ length: many }, (_, index) => `r${index}`);
    const file = join(workbench.workspace, "many.yaml");
    const busy = (index: number): string =>
      index % 10 === 0 ? "(i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo tick $i; sleep 0.1; done) &" : "true";
    writeFileSync(
      file,
      `project: many\ngoal: Fill the overview\nmax_sessions: 64\nroles: { ${roles.map((role) => `${role}: {}`).join(", ")} }\ntasks:\n${roles.map((role, index) => `  - { id: t${index}, role: ${role}, run: "${busy(index)}" }`).join("\n")}\n`,
    );
    workbench.cli("do", "many", "--plan", file);
    await workbench.run("wsh Orchestrator: Open Overview");
    const front = this.#page.frameLocator("iframe.webview.ready:visible").frameLocator("#active-frame");
    await until("all tiles are there", async () => (await front.locator(".tile").count()) >= many, 60_000);
    const browser = await workbench.browser.newBrowserCDPSession();
    const before = { page: await pageSeconds(browser), host: (await this.#host()).cpu, at: performance.now() };
    await this.#page.waitForTimeout(watchSeconds * 1000);
    const seconds = (performance.now() - before.at) / 1000;
    const share = (part: number): string => `${((part / seconds) * 100).toFixed(1)} % of one core`;
    report(`mirrors: overview of ${many}, every tenth changes ten times a second, for ${watchSeconds} s`);
    report(
      `  browser, all processes: ${share((await pageSeconds(browser)) - before.page)}; extension host: ${share(((await this.#host()).cpu - before.host) / 1e6)}`,
    );
  }

  #resetHost(): void {
    writeFileSync(join(this.workbench.scratch, "reset"), "");
  }

  /** As the probe writes them next. */
  async #host(): Promise<HostFigures> {
    const file = join(this.workbench.scratch, "host.json");
    const read = (): string => {
      try {
        return readFileSync(file, "utf8");
      } catch {
        return "";
      }
    };
    const old = read();
    await until("the probe has written", () => read() !== old && read().endsWith("}"));
    return JSON.parse(read()) as HostFigures;
  }
}

async function pageSeconds(browser: CDPSession): Promise<number> {
  const { processInfo } = await browser.send("SystemInfo.getProcessInfo");
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** An extension that tells how late the host's timers are; it runs beside ours in the same process. */
function installProbe(extensions: string, scratch: string): void {
  const relativeLocation = "bench.probe-1.0.0";
  const folder = join(extensions, relativeLocation);
  mkdirSync(folder, { recursive: true });
  // Where the editor has installed something it has a list, and what is not in it is not there.
  const list = join(extensions, "extensions.json");
  const listed = JSON.parse(readFileSync(list, "utf8")) as unknown[];
  writeFileSync(
    list,
    JSON.stringify([
      ...listed,
      {
        identifier: { id: "bench.probe" },
        version: "1.0.0",
        location: { $mid: 1, path: folder, scheme: "file" },
        relativeLocation,
      },
    ]),
  );
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({
      name: "probe",
      publisher: "bench",
      version: "1.0.0",
      engines: { vscode: "^1.101.0" },
      main: "./probe.js",
      activationEvents: ["*"],
      extensionKind: ["workspace"],
    }),
  );
  writeFileSync(
    join(folder, "probe.js"),
    `const { monitorEventLoopDelay } = require("node:perf_hooks");
const { existsSync, rmSync, writeFileSync } = require("node:fs");
const scratch = ${JSON.stringify(scratch)};
exports.activate = () => {
  const resolution = 5;
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();
  setInterval(() => {
    if (existsSync(scratch + "/reset")) { rmSync(scratch + "/reset"); delays.reset(); }
    const { user, system } = process.cpuUsage();
    writeFileSync(scratch + "/host.json", JSON.stringify({ p99: delays.percentile(99) / 1e6 - resolution, cpu: user + system }));
  }, 250);
};`,
  );
}
