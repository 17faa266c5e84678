import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { SessionServer } from "../../src/core/ports/sessions";
import { stripControlCharacters } from "../../src/core/safety/controlCharacters";
import { drawings } from "../support/escapeCorpus";
import { MirrorInBrowser, mirrorLook as look } from "../support/mirrorInBrowser";
import { type RunningServer, serverKinds } from "../support/servers";
import { launchBrowser } from "../support/vscode-server/browser";

vi.mock("vscode", () => import("../support/pageVscode"));

/** The browser may have to be installed first. */
const installMs = 600_000;
const size = { rows: 20, cols: 60 };
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
    mirror = await MirrorInBrowser.open(browser, { bypassCSP: true });
    strict = await MirrorInBrowser.open(browser);
    server.openScreen("cells", "styled", {
      screen: (screen) => [mirror, strict].forEach((each) => each.show(screen)),
      ended: () => undefined,
    });
    await mirror.page.locator(".row").filter({ hasText: "READY" }).waitFor();
    await mirror.page.evaluate(mirror.files.get("cells.js") ?? "");
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
