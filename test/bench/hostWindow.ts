import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../support/vscode-server/browser";
import { startServer, type WorkbenchServer, workbenchUrl } from "../support/vscode-server/server";
import type { HostAnswer, HostCalls, HostRequest } from "./host/calls";

const root = resolve(".");
const callMs = 120_000;

/** A real VS Code, whose windows each have an extension host that does what it is asked. */
export class MeasuredEditor {
  #socket: ((socket: Socket) => void) | undefined;

  private constructor(
    readonly scratch: string,
    private readonly server: WorkbenchServer,
    private readonly browser: Browser,
    private readonly listener: Server,
  ) {
    listener.on("connection", (socket) => this.#socket?.(socket));
  }

  static async start(settings: Readonly<Record<string, unknown>> = {}): Promise<MeasuredEditor> {
    const scratch = realpathSync(mkdtempSync(join(tmpdir(), "wso-bench-")));
    for (const name of ["runtime", "home"]) mkdirSync(join(scratch, name), { mode: 0o700 });
    const socket = join(scratch, "bench.sock");
    const listener = createServer();
    await new Promise<void>((listening) => listener.listen(socket, listening));
    process.env.XDG_CACHE_HOME ??= join(homedir(), ".cache");
    const server = await startServer({
      userDataDir: join(scratch, "user"),
      extensionsDir: join(scratch, "extensions"),
      driver: true,
      // Looking for ports that programs open is the editor's work, in the same process.
      settings: {
        "wshOrchestrator.server": "builtin",
        "wshOrchestrator.notifications": "off",
        "remote.autoForwardPorts": false,
        "git.enabled": false,
        ...settings,
      },
      env: {
        HOME: join(scratch, "home"),
        WSH_ORCHESTRATOR_RUNTIME_DIR: join(scratch, "runtime"),
        BENCH_SOCKET: socket,
      },
      args: ["--reconnection-grace-time", "1"],
    });
    return new MeasuredEditor(scratch, server, await launchBrowser(), listener);
  }

  /** A fresh folder below the scratch folder. */
  folder(name: string): string {
    const path = join(this.scratch, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Opens a window with a host of its own; one at a time. */
  async open(folder: string): Promise<MeasuredWindow> {
    const connected = new Promise<Socket>((settle) => (this.#socket = settle));
    const page = await this.browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.exposeFunction("codeAutomationLog", () => undefined);
    await page.exposeFunction("codeAutomationExit", () => undefined);
    await page.goto(
      workbenchUrl(this.server, {
        folder,
        extensionDevelopmentPaths: [root],
        extensionTestsPath: join(root, "dist/test/bench/host/index.js"),
      }),
    );
    return new MeasuredWindow(page, await connected);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    this.listener.close();
    spawnSync(process.execPath, [join(root, "dist/cli.js"), "wsh-server", "stop"], {
      env: { ...process.env, WSH_ORCHESTRATOR_RUNTIME_DIR: join(this.scratch, "runtime") },
    });
    rmSync(this.scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class MeasuredWindow {
  readonly #waiting = new Map<
    number,
    { readonly settle: (answer: HostAnswer) => void; readonly fail: (error: Error) => void }
  >();
  #asked = 0;

  constructor(
    readonly page: Page,
    private readonly socket: Socket,
  ) {
    createInterface({ input: socket }).on("line", (line) => {
      const answer = JSON.parse(line) as HostAnswer;
      this.#waiting.get(answer.id)?.settle(answer);
      this.#waiting.delete(answer.id);
    });
    socket.on("close", () => {
      for (const { fail } of this.#waiting.values()) fail(new Error("The extension host is gone."));
    });
  }

  async call<Name extends keyof HostCalls>(
    name: Name,
    ...args: Parameters<HostCalls[Name]>
  ): Promise<Awaited<ReturnType<HostCalls[Name]>>> {
    const request: HostRequest = { id: ++this.#asked, name, args };
    const answer = await new Promise<HostAnswer>((settle, fail) => {
      this.#waiting.set(request.id, { settle, fail });
      this.socket.write(`${JSON.stringify(request)}\n`);
      setTimeout(
        () => fail(new Error(`The extension host did not answer ${name} within ${callMs} ms.`)),
        callMs,
      ).unref();
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value as Awaited<ReturnType<HostCalls[Name]>>;
  }

  async close(): Promise<void> {
    await this.call("leave").catch(() => undefined);
    await this.page.close();
    this.socket.destroy();
  }
}
