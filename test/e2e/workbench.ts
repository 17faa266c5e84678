import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser, BrowserContext, Frame, FrameLocator, Locator, Page } from "playwright-core";
import { WshServer } from "../../src/adapters/wsh/wshServer";
import { RealWsh } from "../support/realWsh";
import { silentLogger, systemClock } from "../support/systemClock";
import { until } from "../support/until";
import { launchBrowser } from "../support/vscode-server/browser";
import { startServer, type WorkbenchServer, workbenchUrl } from "../support/vscode-server/server";
import { wshBinaries } from "../support/wshBinaries";

/** Tests and benches run in the package's folder. */
const root = realpathSync(".");
const pictures = resolve(process.env.E2E_PICTURES ?? "dist/e2e");
const axe = readFileSync(createRequire(join(root, "package.json")).resolve("axe-core/axe.min.js"), "utf8");
/** What VS Code draws of what we give it. */
const oursInWorkbench = [
  ".part.sidebar .split-view-view.visible .pane",
  ".quick-input-widget",
  ".notifications-toasts",
  ".notifications-center",
  ".monaco-dialog-box",
];
/** What we give it decides these; roles, their attributes and the colours of texts are VS Code's own. */
const rulesOfOurs = ["aria-treeitem-name", "button-name", "image-alt", "link-name", "svg-img-alt"];
/** A list that is going to stay is there by then. */
const pickMs = 5000;

export interface WorkbenchOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** May put more extensions beside ours. */
  readonly prepare?: (extensions: string, scratch: string) => void;
  readonly size?: { readonly width: number; readonly height: number };
  /** Pixels of a picture for one of the page. */
  readonly scale?: number;
}

/**
 * Walks through a window from its opening to its end. When it fails, a picture of that moment and the extension's log
 * tell why.
 */
export async function walk(
  name: string,
  steps: (workbench: Workbench) => Promise<void>,
  options: WorkbenchOptions = {},
): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  try {
    const workbench = await Workbench.open(options);
    try {
      await steps(workbench);
    } catch (error) {
      // A window that is closed by now hides the fault itself otherwise.
      await workbench.shot(`${name}-failure`).catch((unseen: unknown) => console.error(unseen));
      console.error(workbench.diagnostics);
      // What cannot be taken away afterwards, as something still runs there, would hide it.
      console.error(error);
      process.exitCode = 1;
    } finally {
      await workbench.close();
    }
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
}

/** The id of one theme of each kind and the kind, ending with the one that VS Code begins with. */
export const themeOfEachKind = [
  ["Light Modern", "vs"],
  ["Default High Contrast", "hc-black"],
  ["Default High Contrast Light", "hc-light"],
  ["Dark Modern", "vs-dark"],
] as const;

/**
 * A window of a real VS Code with the packed extension installed, as a person has it; on real wsh where WSH_BIN names
 * one.
 */
export class Workbench {
  private constructor(
    readonly scratch: string,
    readonly workspace: string,
    readonly server: WorkbenchServer,
    readonly browser: Browser,
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly wsh: RealWsh | undefined,
  ) {}

  static async open({
    settings = {},
    prepare,
    size = { width: 1400, height: 900 },
    scale = 1,
  }: WorkbenchOptions = {}): Promise<Workbench> {
    const scratch = realpathSync(mkdtempSync(join(tmpdir(), "wso-e2e-")));
    const [workspace, runtime, home] = ["workspace", "runtime", "home"].map((name) => join(scratch, name)) as [
      string,
      string,
      string,
    ];
    for (const folder of [workspace, runtime, home]) mkdirSync(folder, { mode: 0o700 });
    const extensionsDir = join(scratch, "extensions");
    process.env.XDG_CACHE_HOME ??= join(homedir(), ".cache");
    install(extensionsDir, join(scratch, "user"));
    prepare?.(extensionsDir, scratch);
    const [binary] = wshBinaries();
    const wsh = binary === undefined ? undefined : await RealWsh.start(binary);
    const server = await startServer({
      userDataDir: join(scratch, "user"),
      extensionsDir,
      driver: false,
      settings: {
        "wshOrchestrator.server": wsh?.address ?? "builtin",
        "terminal.integrated.gpuAcceleration": "off",
        "workbench.colorTheme": "Default Dark Modern",
        ...settings,
      },
      env: { HOME: home, WSH_ORCHESTRATOR_RUNTIME_DIR: runtime },
      args: ["--reconnection-grace-time", "2"],
    });
    const browser = await launchBrowser();
    const context = await browser.newContext({ viewport: size, deviceScaleFactor: scale });
    const page = await context.newPage();
    const workbench = new Workbench(scratch, workspace, server, browser, context, page, wsh);
    await workbench.load();
    return workbench;
  }

  /** One more window on the same folder. It closes by itself with `leave`, or with all that there is. */
  async another(): Promise<Workbench> {
    const context = await this.browser.newContext({ viewport: this.page.viewportSize() });
    const other = new Workbench(
      this.scratch,
      this.workspace,
      this.server,
      this.browser,
      context,
      await context.newPage(),
      this.wsh,
    );
    await other.load();
    return other;
  }

  /** This window is closed; the others and the editor's server go on. */
  leave(): Promise<void> {
    return this.context.close();
  }

  say(what: string): void {
    console.log(`${new Date().toISOString().slice(11, 19)} ${what}`);
  }

  shot(name: string): Promise<unknown> {
    return this.page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  /** What is in the webview in front. */
  get front(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready:visible").frameLocator("#active-frame");
  }

  async noAxeProblems(what: string): Promise<void> {
    const handle = await this.front.locator("body").elementHandle();
    await this.#noAxeProblemsIn((await handle?.ownerFrame()) as Frame, "", what);
  }

  /** In what VS Code draws of ours, and in the page in front where there is one. */
  async noAxeProblemsAround(what: string): Promise<void> {
    const parts = { include: await this.#shownParts(), exclude: [["iframe"]] };
    const options = { runOnly: { type: "rule", values: rulesOfOurs } };
    if (parts.include.length > 0)
      await this.#noAxeProblemsIn(this.page.mainFrame(), `${JSON.stringify(parts)}, ${JSON.stringify(options)}`, what);
    if (await this.page.locator("iframe.webview.ready:visible").first().isVisible()) await this.noAxeProblems(what);
  }

  async #shownParts(): Promise<string[][]> {
    const shown: string[][] = [];
    for (const part of oursInWorkbench) if (await this.page.locator(part).first().isVisible()) shown.push([part]);
    return shown;
  }

  /** `given`: what axe is given, as the text of its arguments. */
  async #noAxeProblemsIn(frame: Frame, given: string, what: string): Promise<void> {
    await frame.evaluate(axe);
    const found = await frame.evaluate<string[]>(
      `axe.run(${given}).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ')))`,
    );
    if (found.length > 0) throw new Error(`${what}: ${found.join("\n").slice(0, 2000)}`);
    this.say(`axe finds nothing in ${what}`);
  }

  /**
   * Chooses a colour theme and waits until it is there; `kind` as the page's class has it. In a file of settings, so that a
   * list, a menu or a message that is open stays.
   */
  async chooseTheme(theme: string, kind: string): Promise<void> {
    const file = join(this.scratch, "user/Machine/settings.json");
    const settings = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...settings, "workbench.colorTheme": theme }, null, 2));
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  /** Opens the folder, or opens it again after a while away. */
  async load(): Promise<void> {
    await this.page.goto(workbenchUrl(this.server, { folder: this.workspace }));
    await this.#loaded();
  }

  /** As the editor's own command does, which writes down before which editors are open. */
  async reload(): Promise<void> {
    await Promise.all([this.page.waitForEvent("load"), this.run("Developer: Reload Window")]);
    await this.#loaded();
  }

  async #loaded(): Promise<void> {
    await this.page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
    await this.page
      .getByRole("tab", { name: /wsh Orchestrator/ })
      .first()
      .waitFor({ timeout: 60_000 });
  }

  async showSidebar(): Promise<void> {
    await this.page
      .getByRole("tab", { name: /wsh Orchestrator/ })
      .first()
      .click();
    await this.page
      .getByRole("tree", { name: "Projects" })
      .or(this.page.getByText("Watch a small project from beginning to end"))
      .first()
      .waitFor();
  }

  /**
   * Runs a command by its whole title, and picks from the list that it shows. Tried again when the list closes: the
   * editor gives the focus back to a webview some time after a command, and a list that was opened meanwhile loses it.
   */
  async run(title: string, choice?: string): Promise<void> {
    for (let left = 3; ; left--) {
      try {
        await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
        await this.page.keyboard.press("F1");
        await this.page.locator(".quick-input-widget .quick-input-box input").fill(`>${title}`, { timeout: pickMs });
        // Enter would take whatever is first before the list has been filtered.
        await this.page.getByRole("option", { name: title }).first().click({ timeout: pickMs });
        if (choice === undefined) return;
        // Of a long list only a part is there.
        await this.page.locator(".quick-input-widget:visible .quick-input-box input").fill(choice, { timeout: pickMs });
        await this.page.getByRole("option", { name: choice }).first().click({ timeout: pickMs });
        return;
      } catch (error) {
        if (left === 0) throw error;
        // Of the list alone: a session that has the keyboard would get one that is pressed after the list has closed.
        const field = this.page.locator(".quick-input-widget:visible .quick-input-box input");
        if (await field.isVisible()) await field.press("Escape", { timeout: pickMs }).catch(() => undefined);
      }
    }
  }

  /** Runs the command line on the window's folder and session server. Throws with what it printed when it fails. */
  cli(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "dist/cli.js"), ...args], {
      cwd: this.workspace,
      encoding: "utf8",
      env: this.#cliEnv,
    });
    if (status !== 0) throw new Error(`${args.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  }

  /** The same while the window is used. */
  async cliMeanwhile(...args: string[]): Promise<{ code: number; text: string }> {
    const child = spawn(process.execPath, [join(root, "dist/cli.js"), ...args], {
      cwd: this.workspace,
      env: this.#cliEnv,
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    const [code] = (await once(child, "close")) as [number];
    return { code, text };
  }

  get #cliEnv(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      HOME: join(this.scratch, "home"),
      WSH_ORCHESTRATOR_RUNTIME_DIR: join(this.scratch, "runtime"),
      ...(this.wsh === undefined ? {} : { WSH_ORCHESTRATOR_SERVER: this.wsh.address }),
    };
  }

  /** Of the server that has the sessions. */
  get sessionServerPid(): number {
    if (this.wsh !== undefined) return this.wsh.pid;
    return (JSON.parse(this.cli("wsh-server", "status", "--json")) as { readonly pid: number }).pid;
  }

  /** A client of it. Its owner closes it. */
  sessionClient(): WshServer {
    const { socket } =
      this.wsh === undefined
        ? (JSON.parse(this.cli("wsh-server", "status", "--json")) as { readonly socket: string })
        : { socket: "" };
    const address = this.wsh?.address ?? `unix:${socket}`;
    return new WshServer({ address, token: undefined, clock: systemClock, logger: silentLogger });
  }

  /** Chooses from the context menu of a row. */
  async choose(row: RegExp, item: string): Promise<void> {
    await this.row(row).click({ button: "right" });
    await this.chooseItem(item);
  }

  /** Chooses from the menu that is open. */
  async chooseItem(item: string): Promise<void> {
    // Its name has the keys in it.
    const choice = this.page
      .locator(".monaco-menu .action-item")
      .filter({ has: this.page.getByText(item, { exact: true }) });
    await choice.waitFor();
    // A menu takes no click for a moment after it has opened.
    await until("the menu takes the click", async () => {
      if (await choice.isVisible()) await choice.click({ timeout: 1000 }).catch(() => undefined);
      return !(await choice.isVisible());
    });
  }

  row(label: RegExp | string): Locator {
    return this.page.getByRole("treeitem", { name: label }).first();
  }

  get diagnostics(): string {
    const logs = spawnSync("find", [join(this.scratch, "user/logs"), "-name", "wsh Orchestrator.log"], {
      encoding: "utf8",
    })
      .stdout.trim()
      .split("\n");
    return logs
      .filter((path) => path !== "" && existsSync(path))
      .map((path) => readFileSync(path, "utf8"))
      .join("\n");
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    spawnSync(process.execPath, [join(root, "dist/cli.js"), "wsh-server", "stop"], {
      env: { ...process.env, WSH_ORCHESTRATOR_RUNTIME_DIR: join(this.scratch, "runtime") },
    });
    await this.wsh?.stop();
    if (process.env.KEEP_SCRATCH === undefined) rmSync(this.scratch, { recursive: true, force: true, maxRetries: 5 });
    else console.log(this.scratch);
  }
}

/** Packs what was built for this machine, and has the editor install it. */
function install(extensionsDir: string, userDataDir: string): void {
  const packed = spawnSync(process.execPath, [join(root, "package.mjs"), `${process.platform}-${process.arch}`], {
    cwd: root,
    encoding: "utf8",
  });
  const vsix = /^(\/.*\.vsix) /m.exec(packed.stdout)?.[1];
  if (packed.status !== 0 || vsix === undefined)
    throw new Error(`The extension could not be packed.\n${packed.stdout}${packed.stderr}`);
  const installed = spawnSync(
    process.execPath,
    [
      join(root, "dist/vscode-server.mjs"),
      "--install-extension",
      vsix,
      "--extensions-dir",
      extensionsDir,
      "--user-data-dir",
      userDataDir,
    ],
    { encoding: "utf8" },
  );
  if (installed.status !== 0)
    throw new Error(`The package could not be installed.\n${installed.stdout}${installed.stderr}`);
}
