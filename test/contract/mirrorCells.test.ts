import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Screen, SessionServer } from "../../src/core/ports/sessions";
import { stripControlCharacters } from "../../src/core/safety/controlCharacters";
import type { TerminalLook } from "../../src/protocol/mirror";
import { drawings } from "../support/escapeCorpus";
import { type RunningServer, serverKinds } from "../support/servers";
import { until } from "../support/until";
import { launchBrowser } from "../support/vscode-server/browser";

vi.mock("vscode", () => ({
  env: { language: "en" },
  l10n: {
    t: (text: string, ...parts: string[]) => text.replace(/\{(\d)\}/g, (_, index) => parts[Number(index)] ?? ""),
  },
  Uri: { joinPath: (base: string, ...parts: string[]) => [base, ...parts].join("/") },
}));

const { mirrorMarkup, mirrorTexts } = await import("../../src/extension/mirrors/mirrorMarkup");
const { pageHtml } = await import("../../src/extension/mirrors/pageHtml");
const { PictureSender } = await import("../../src/viewing/pictureSender");

/** The browser may have to be installed first. */
const installMs = 600_000;
const size = { rows: 20, cols: 60 };
const look: TerminalLook = {
  fontFamily: "monospace",
  fontSize: 14,
  lineHeight: 1,
  letterSpacing: 0,
  fontWeight: "normal",
  fontWeightBold: "bold",
  minimumContrastRatio: 1,
  brightBold: true,
  cursorStyle: "block",
};
const theme: Readonly<Record<string, string>> = Object.fromEntries<string>([
  ...["Black", "Red", "Green", "Yellow", "Blue", "Magenta", "Cyan", "White"].flatMap((name, index) => [
    [`--vscode-terminal-ansi${name}`, `rgb(${index * 20}, ${160 - index * 20}, ${index * 10 + 40})`] as const,
    [
      `--vscode-terminal-ansiBright${name}`,
      `rgb(${index * 20 + 80}, ${255 - index * 20}, ${index * 10 + 140})`,
    ] as const,
  ]),
  ["--vscode-terminal-background", "#101418"],
  ["--vscode-terminal-foreground", "#d0d4d8"],
]);

interface Cell {
  readonly text: string;
  /** Three numbers of up to 255. */
  readonly color: string;
  readonly background: string;
}

type Cells = readonly (readonly (Cell | null)[])[];

/**
 * Every cell that is not the same, in words. Half-transparent colours are rounded differently on their ways; characters
 * that hide others are dropped by us.
 */
function differences(ours: Cells, theirs: Cells): string[] {
  return theirs.flatMap((row, index) =>
    row.flatMap((theirCell, column) => {
      const [our, their] = [ours[index]?.[column] ?? null, theirCell].map(
        (cell) => cell && { ...cell, text: stripControlCharacters(cell.text.replace(/[\u2028\u2029]/g, " ")) },
      );
      const near = our && their && isNear(our.color, their.color) && isNear(our.background, their.background);
      const [one, other] = [our, their].map((cell) =>
        JSON.stringify(near && cell ? { ...cell, color: "", background: "" } : cell),
      );
      return one === other ? [] : [`${index}:${column} ours ${one} xterm's ${other}`];
    }),
  );
}

function isNear(one: string, other: string): boolean {
  const others = other.split(" ").map(Number);
  return (
    one === other || one.split(" ").every((part, index) => Math.abs(Number(part) - (others[index] ?? Number.NaN)) <= 2)
  );
}

/** Our mirror page as VS Code's webview has it, with its policy, and a session's screens for it. */
class MirrorInBrowser {
  readonly complaints: string[] = [];
  readonly #sender = new PictureSender();
  #screen: Screen | undefined;
  #ready = false;

  private constructor(
    readonly page: Page,
    private readonly http: Server,
  ) {}

  static async open(browser: Browser, bypassCSP: boolean): Promise<MirrorInBrowser> {
    await build({
      entryPoints: {
        mirror: "webview-ui/mirror/main.ts",
        "mirror-styles": "webview-ui/mirror/mirror.css",
        cells: "test/pages/cells.ts",
      },
      outdir: "node_modules/.cache/mirror-cells",
      bundle: true,
      platform: "browser",
      target: "es2022",
      format: "iife",
      logLevel: "silent",
    });
    const page = await browser.newPage({ bypassCSP, viewport: { width: 1000, height: 1200 } });
    let html = "";
    const http = createServer(({ url = "/" }, response) => {
      const type = { "": "text/html", ".js": "text/javascript", ".css": "text/css" }[extname(url)];
      response.writeHead(type === undefined ? 204 : 200, type === undefined ? {} : { "content-type": type });
      response.end(
        type === undefined
          ? undefined
          : type === "text/html"
            ? html
            : readFileSync(join("node_modules/.cache/mirror-cells", url.slice(1))),
      );
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const webview = { cspSource: origin, asWebviewUri: (uri: unknown) => String(uri).replace(/^.*\/webview/, origin) };
    html = pageHtml(webview as never, "extension" as never, "mirror", "Mirror", mirrorMarkup());
    const mirror = new MirrorInBrowser(page, http);
    page.on("console", (message) => message.type() === "error" && mirror.complaints.push(message.text()));
    page.on("pageerror", (error) => mirror.complaints.push(String(error)));
    await page.exposeFunction("toHost", (message: string) =>
      mirror.#asked(JSON.parse(message) as { id: number; name: string }),
    );
    const kept = `{ postMessage: (message) => window.toHost(JSON.stringify(message)), getState: () => undefined, setState: () => undefined }`;
    const variables = Object.entries(theme).map(
      ([name, value]) =>
        `document.documentElement.style.setProperty(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
    );
    await page.addInitScript(
      `window.acquireVsCodeApi = () => (${kept}); document.addEventListener("DOMContentLoaded", () => { ${variables.join(" ")} });`,
    );
    await page.goto(origin);
    await until("the page is ready", () => mirror.#ready);
    return mirror;
  }

  show(screen: Screen): void {
    this.#screen = screen;
    void this.#send();
  }

  async close(): Promise<void> {
    await this.page.close();
    this.http.close();
    this.http.closeAllConnections();
  }

  async #asked({ id, name }: { id: number; name: string }): Promise<void> {
    const result =
      name === "ready"
        ? { identity: { session: "s", project_id: "p", folder: "f" }, look, texts: mirrorTexts() }
        : null;
    await this.#post({ kind: "answer", id, result });
    if (name === "ready") this.#ready = true;
    if (name !== "ready" && name !== "resync") return;
    this.#sender.forget();
    await this.#send();
  }

  async #send(): Promise<void> {
    const sent = this.#screen && this.#ready ? this.#sender.next(this.#screen) : undefined;
    if (!sent) return;
    if ("picture" in sent) await this.#post({ kind: "event", name: "picture", params: sent.picture });
    else await this.#post({ kind: "event", name: "change", params: sent.change });
  }

  async #post(message: unknown): Promise<void> {
    await this.page.evaluate(`window.postMessage(${JSON.stringify(message)})`);
  }
}

describe("the mirror's cells beside xterm's in the same page", () => {
  let running: RunningServer;
  let server: SessionServer;
  let browser: Browser;
  let mirror: MirrorInBrowser;
  let strict: MirrorInBrowser;
  let number = 0;

  beforeAll(async () => {
    const [builtin] = serverKinds;
    if (!builtin) throw new Error("There is no server.");
    running = await builtin.start();
    server = running.client();
    await server.create({ name: "cells", command: "stty raw -echo; printf READY; exec cat", ...size });
    browser = await launchBrowser();
    // xterm writes style attributes, which our policy forbids; under it stands a page of our own alone.
    mirror = await MirrorInBrowser.open(browser, true);
    strict = await MirrorInBrowser.open(browser, false);
    server.openScreen("cells", "styled", {
      screen: (screen) => [mirror, strict].forEach((each) => each.show(screen)),
      ended: () => undefined,
    });
    await mirror.page.locator(".row").filter({ hasText: "READY" }).waitFor();
    await mirror.page.evaluate(readFileSync("node_modules/.cache/mirror-cells/cells.js", "utf8"));
    const stylesheet = readFileSync(createRequire(import.meta.url).resolve("@xterm/xterm/css/xterm.css"), "utf8");
    await mirror.page.evaluate(
      `cellsOfPage.open(${JSON.stringify(look)}, ${size.rows}, ${size.cols}, ${JSON.stringify(stylesheet)})`,
    );
  }, installMs);
  afterAll(async () => {
    await mirror.close();
    await strict.close();
    await browser.close();
    await running.stop();
  });

  /** Shows the output in a fresh terminal, with a mark in the last row, without a cursor. */
  async function cells(output: string): Promise<{ ours: Cells; theirs: Cells }> {
    const mark = `mark-${++number}`;
    const text = `\x1bc${output}\x1b[0m\x1b(B\x1b[?7h\x1b[?25l\x1b[${size.rows};1H\x1b[2K${mark}`;
    await server.sendInput("cells", text);
    await mirror.page.evaluate(`cellsOfPage.write(${JSON.stringify(text)})`);
    await mirror.page
      .locator("#content .row")
      .filter({ hasText: new RegExp(`^${mark}$`) })
      .waitFor();
    // Each side has the whole picture at the mark; a frame later it is drawn.
    return {
      ours: await mirror.page.evaluate(`cellsOfPage.ours(${size.rows}, ${size.cols})`),
      theirs: await mirror.page.evaluate("cellsOfPage.theirs()"),
    };
  }

  it.each(drawings)("shows %s as xterm does", async (_name, output) => {
    const { ours, theirs } = await cells(output);
    expect(theirs).toHaveLength(size.rows);
    expect(differences(ours, theirs)).toEqual([]);
  });

  it("notices a difference", async () => {
    const { ours } = await cells("a\x1b[31mb");
    const { theirs } = await cells("a\x1b[32mb");
    expect(differences(ours.slice(0, 1), theirs.slice(0, 1))).toHaveLength(1);
  });

  it("keeps hidden text hidden", async () => {
    await cells("a\x1b[8msecret\x1b[0mb");
    expect(await mirror.page.locator("#content .row").first().textContent()).toBe("a      b");
  });

  it("shows all of it under its strict policy without a complaint", async () => {
    const { ours } = await cells("\x1b[38;2;200;100;50mrgb \x1b[7minverse");
    expect(await strict.page.locator("#content .row").first().textContent()).toBe(
      await mirror.page.locator("#content .row").first().textContent(),
    );
    expect(await strict.page.evaluate(`getComputedStyle(document.querySelector("#content .row span")).color`)).toBe(
      "rgb(200, 100, 50)",
    );
    expect(ours).toHaveLength(size.rows);
    expect(strict.complaints).toEqual([]);
  });
});
