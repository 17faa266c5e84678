import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuiltinServer } from "../support/builtinServer";
import { PageServer } from "../support/pageServer";
import type { RawHttp } from "../support/rawHttp";
import { until } from "../support/until";
import { launchBrowser } from "../support/vscode-server/browser";
import { plainRows, untilRow } from "../support/wireSessions";

/** A folder with the built web page of wsh, which is no part of this project. */
const folder = process.env.WSH_WEB;
const missing = folder === undefined ? " [not run: WSH_WEB names no built web page of wsh]" : "";

interface Info {
  name: string;
  rows: number;
  cols: number;
  tags: string[];
}

describe.skipIf(missing !== "")(`wsh's own web page on the built-in server${missing}`, () => {
  let server: BuiltinServer;
  let http: RawHttp;
  let pages: PageServer;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await BuiltinServer.start();
    http = server.unix;
    for (const name of ["alpha", "beta"]) {
      await http.post("/sessions", {
        name,
        command: "exec bash --norc --noprofile -i",
        env: { PS1: "$ ", TERM: "xterm-256color" },
      });
      await untilRow(http, name, "$");
    }
    pages = await PageServer.start(folder ?? "", http.endpoint);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => void dialog.accept());
    await page.goto(`${pages.url}/ui/`);
  });
  afterAll(async () => {
    await browser.close();
    pages.stop();
    await server.stop();
  });

  // The last group has them all.
  const listed = (name: string): Locator => page.getByRole("button", { name: new RegExp(`^Session ${name}, `) }).last();
  const titleBar = (): Locator => page.locator(".pane-title-name:visible").first();
  const row = (text: string): Locator =>
    page.locator(".session-pane .term-line").getByText(text, { exact: true }).first();
  const sessions = async (): Promise<Info[]> => (await http.get("/sessions")).json as Info[];
  const info = async (name: string): Promise<Info | undefined> =>
    (await sessions()).find((session) => session.name === name);

  async function show(name: string): Promise<void> {
    await listed(name).click();
    await page.locator(".session-pane").getByText(name, { exact: true }).first().waitFor();
  }

  async function type(line: string): Promise<void> {
    await page.locator(".session-pane .terminal-container").first().click();
    await page.keyboard.type(line);
    await page.keyboard.press("Enter");
  }

  it("lists the sessions and shows what is on their screens", async () => {
    await listed("alpha").waitFor();
    await listed("beta").waitFor();
    await show("alpha");
    await row("$").waitFor();
  });

  it("types into a session, with every key in order, and shows the answer in its colours", async () => {
    await show("alpha");
    await type("printf '\\033[31m%s\\033[0m\\n' re''d the-quick-brown-fox");
    await row("red").waitFor();
    await row("the-quick-brown-fox").waitFor();
    await untilRow(http, "alpha", "the-quick-brown-fox");
    expect(await row("red").getAttribute("style")).toMatch(/color/);
    expect((await row("$").getAttribute("style")) ?? "").not.toMatch(/color/);
  });

  it("resizes a session to its window, and shows the new picture", async () => {
    await show("alpha");
    const before = await until("the first size has arrived", async () => {
      const size = await info("alpha");
      return size?.cols !== 80 && size;
    });
    await page.setViewportSize({ width: 900, height: 600 });
    const after = await until("the session is smaller", async () => {
      const size = await info("alpha");
      return size && size.cols < before.cols && size.rows < before.rows && size;
    });
    await type("stty size");
    await row(`${after.rows} ${after.cols}`).waitFor();
    await page.setViewportSize({ width: 1200, height: 800 });
    await until("it is larger again", async () => (await info("alpha"))?.cols === before.cols);
  });

  it("fetches what has left the screen", async () => {
    await show("alpha");
    await type("clear; seq -f 'line-%g' 500");
    await row("line-500").waitFor();
    const terminal = page.locator(".session-pane .terminal-container").first();
    await until("the first line is there", async () => {
      await terminal.hover();
      await page.mouse.wheel(0, -4_000);
      return (await row("line-1").count()) > 0;
    });
  });

  it("creates a session", async () => {
    const before = new Set((await sessions()).map(({ name }) => name));
    await page.getByRole("button", { name: "+ New" }).click();
    const created = await until("it is there", async () => (await sessions()).find(({ name }) => !before.has(name)));
    await listed(created.name).waitFor();
    await http.send("DELETE", `/sessions/${created.name}`);
    await listed(created.name).waitFor({ state: "detached" });
  });

  it("renames a session, which goes on under its new name", async () => {
    await show("beta");
    await titleBar().click();
    await page.locator(".pane-rename-input").fill("gamma");
    await page.keyboard.press("Enter");
    await until(
      "the server knows it",
      async () => (await info("gamma")) !== undefined && (await info("beta")) === undefined,
    );
    await listed("gamma").waitFor();
    await listed("beta").waitFor({ state: "detached" });
    await show("gamma");
    await type("echo still''-here");
    await row("still-here").waitFor();
  });

  it("tags a session, shows the tag at once, and takes it away", async () => {
    await show("gamma");
    await page.locator(".pane-tag-add-btn:visible").first().click();
    await page.locator(".tag-editor-input").fill("night");
    await page.keyboard.press("Enter");
    await until("the server knows it", async () => (await info("gamma"))?.tags.includes("night"));
    const pill = page.locator(".pane-tag-pill:visible").first();
    await pill.getByText("night").waitFor();
    await page.keyboard.press("Escape");
    await pill.getByRole("button").click();
    await until("it is gone", async () => (await info("gamma"))?.tags.length === 0);
    await pill.waitFor({ state: "detached" });
  });

  it("kills a session", async () => {
    await show("gamma");
    await page.keyboard.press("Control+Shift+W");
    await until("the server has ended it", async () => (await info("gamma")) === undefined);
    await listed("gamma").waitFor({ state: "detached" });
  });

  it("follows what others do", async () => {
    await http.post("/sessions", { name: "delta", command: "printf here; exec sleep 1000" });
    await listed("delta").waitFor();
    await show("delta");
    await row("here").waitFor();
    await http.send("DELETE", "/sessions/delta");
    await listed("delta").waitFor({ state: "detached" });
    expect(await plainRows(http, "alpha")).toContain("line-500");
  });

  it("asks for the token of a server that wants one, refuses a wrong one, and connects with a ticket for the right one", async () => {
    const guarded = await BuiltinServer.start("--port", "0");
    await guarded.unix.post("/sessions", { name: "guarded", command: "printf in''side; exec sleep 1000" });
    const front = await PageServer.start(folder ?? "", guarded.tcp.endpoint);
    const visitor = await browser.newPage();
    await visitor.goto(`${front.url}/ui/`);
    const enter = async (token: string): Promise<void> => {
      await visitor.getByPlaceholder("Paste token here").fill(token);
      await visitor.getByRole("button", { name: "Connect" }).click();
    };
    await enter("a-token-that-is-wrong");
    await visitor.getByText("Invalid token").waitFor();
    await enter(guarded.token ?? "");
    await visitor.locator(".session-pane .term-line").getByText("inside", { exact: true }).first().waitFor();
    await visitor.close();
    front.stop();
    await guarded.stop();
  });

  it("has nothing to complain about", () => {
    // It sends each rename twice, and asks for an icon that it does not have.
    expect(
      complaints.filter((text) => !/favicon\.ico|Failed to rename session: Error: session_not_found/.test(text)),
    ).toEqual([]);
  });
});
