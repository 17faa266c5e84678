import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, extname } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import type { Screen } from "../../src/core/ports/sessions";
import { mirrorMarkup, mirrorTexts } from "../../src/extension/mirrors/mirrorMarkup";
import { pageHtml } from "../../src/extension/mirrors/pageHtml";
import type { MirrorEvents, MirrorRequests, TerminalLook } from "../../src/protocol/mirror";
import { PictureSender } from "../../src/viewing/pictureSender";
import { until } from "./until";

/** Scripts and styles by their names, such as `mirror.js`. */
type PageFiles = ReadonlyMap<string, string>;

async function builtPages(): Promise<PageFiles> {
  const { outputFiles } = await build({
    entryPoints: {
      mirror: "webview-ui/mirror/main.ts",
      "mirror-styles": "webview-ui/mirror/mirror.css",
      cells: "test/pages/cells.ts",
    },
    outdir: "pages",
    write: false,
    bundle: true,
    platform: "browser",
    target: "es2022",
    format: "iife",
    logLevel: "silent",
  });
  return new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
}

/** With colours as they are. */
export const mirrorLook: TerminalLook = {
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
  ["--vscode-font-family", "sans-serif"],
  ["--vscode-font-size", "13px"],
]);

interface AskedOfHost {
  readonly id: number;
  readonly name: keyof MirrorRequests;
  readonly params: unknown;
}

/**
 * Our mirror page as VS Code's webview has it, with its policy, and a session's screens for it. Tests that open it stand
 * `vscode` in with `pageVscode`.
 */
export class MirrorInBrowser {
  readonly complaints: string[] = [];
  /** What the page asked and said, oldest first. */
  readonly requests: Omit<AskedOfHost, "id">[] = [];
  /** What is answered to requests of that name instead of nothing; a text refuses them with it. */
  readonly answers: Partial<Record<keyof MirrorRequests, object | string>> = {};
  readonly #sender = new PictureSender();
  #screen: Screen | undefined;
  #ready = false;

  private constructor(
    readonly page: Page,
    readonly files: PageFiles,
    private readonly http: Server,
    private readonly look: TerminalLook,
  ) {}

  /** `zoom`: of the person's window; `look`: what is not as in `mirrorLook`. */
  static async open(
    browser: Browser,
    {
      bypassCSP = false,
      zoom = 1,
      look = {},
    }: { bypassCSP?: boolean; zoom?: number; look?: Partial<TerminalLook> } = {},
  ): Promise<MirrorInBrowser> {
    const files = await builtPages();
    // As a browser zooms: more pixels of the machine for each of the page, and less room.
    const viewport = { width: Math.floor(1000 / zoom), height: Math.floor(1200 / zoom) };
    const page = await browser.newPage({ bypassCSP, viewport, deviceScaleFactor: zoom });
    let html = "";
    const http = createServer(({ url = "/" }, response) => {
      const type = { "": "text/html", ".js": "text/javascript", ".css": "text/css" }[extname(url)];
      response.writeHead(type === undefined ? 204 : 200, type === undefined ? {} : { "content-type": type });
      response.end(type === undefined ? undefined : type === "text/html" ? html : files.get(url.slice(1)));
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const webview = { cspSource: origin, asWebviewUri: (uri: unknown) => String(uri).replace(/^.*\/webview/, origin) };
    html = pageHtml(webview as never, "extension" as never, "mirror", "Mirror", mirrorMarkup());
    const mirror = new MirrorInBrowser(page, files, http, { ...mirrorLook, ...look });
    page.on("console", (message) => message.type() === "error" && mirror.complaints.push(message.text()));
    page.on("pageerror", (error) => mirror.complaints.push(String(error)));
    await page.exposeFunction("toHost", (message: string) => mirror.#asked(JSON.parse(message) as AskedOfHost));
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

  /** What its host tells. */
  tell<N extends keyof MirrorEvents>(name: N, params: MirrorEvents[N]): Promise<void> {
    return this.#post({ kind: "event", name, params });
  }

  /** Parameters of all requests of that name until now, and of none of them the next time. */
  asked(name: keyof MirrorRequests): unknown[] {
    const asked = this.requests.filter((request) => request.name === name).map(({ params }) => params);
    this.requests.splice(0, this.requests.length, ...this.requests.filter((request) => request.name !== name));
    return asked;
  }

  async close(): Promise<void> {
    await this.page.close();
    this.http.close();
    this.http.closeAllConnections();
  }

  async #asked({ id, name, params }: AskedOfHost): Promise<void> {
    this.requests.push({ name, params });
    const answer =
      name === "ready"
        ? { identity: { session: "s", project_id: "p", folder: "f" }, look: this.look, texts: mirrorTexts() }
        : (this.answers[name] ?? null);
    await this.#post(
      typeof answer === "string" ? { kind: "refusal", id, sentence: answer } : { kind: "answer", id, result: answer },
    );
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
