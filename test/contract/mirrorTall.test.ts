import type { Browser, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { MouseAct } from "../../src/protocol/mouseReport";
import { MirrorInBrowser } from "../support/mirrorInBrowser";
import { mirrorStatus, screenOf } from "../support/mirrorScreens";
import { until } from "../support/until";
import { launchBrowser } from "../support/vscode-server/browser";

vi.mock("vscode", () => import("../support/pageVscode"));

/** The browser may have to be installed first. */
const installMs = 600_000;
const rows = 90;
const lines = Array.from({ length: rows }, (_, index) => `line ${index}.`);

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
}, installMs);
afterAll(() => browser.close());

describe("a screen that is higher than the view, with the person's keyboard", () => {
  let mirror: MirrorInBrowser;
  const row = (text: string): Locator => mirror.page.locator(".screen .row").filter({ hasText: text }).first();
  const scroller = `document.querySelector("#scroller")`;
  const top = (): Promise<number> => mirror.page.evaluate<number>(`${scroller}.scrollTop`);
  /** Resolves when it is drawn. */
  const shows = async (cursor: number, count = rows, modes: readonly number[] = []): Promise<void> => {
    const place = { row: cursor, col: 0, visible: true };
    const more = { rows, total_lines: rows, cursor: place, private_modes: [...modes], alternate_active: true };
    mirror.show(screenOf(lines.slice(0, count), more));
    await row("line 0.").waitFor({ state: "attached" });
    const { height = 0 } = (await row("line 0.").boundingBox()) ?? {};
    await until("the cursor is there", () =>
      mirror.page.evaluate<boolean>(
        `document.querySelector(".cursor").style.transform.endsWith(" ${cursor * height}px)")`,
      ),
    );
    await until("all rows are there", async () => (await row(`line ${count}.`).count()) === 0);
  };
  const seen = async (text: string): Promise<boolean> => {
    const [line, view] = [await row(text).boundingBox(), await mirror.page.locator("#scroller").boundingBox()];
    return line !== null && view !== null && line.y >= view.y && line.y + line.height <= view.y + view.height;
  };

  beforeEach(async () => {
    mirror = await MirrorInBrowser.open(browser);
    await mirror.tell("status", mirrorStatus);
    await shows(rows - 1, rows, [1002, 1006]);
    await mirror.page.click("#take");
    await mirror.page.locator("#line").filter({ hasText: "Your keys go to" }).waitFor();
  });
  afterEach(async () => {
    expect(mirror.complaints).toEqual([]);
    await mirror.close();
  });

  it("has its cursor in sight, and moves no further than that takes", async () => {
    expect([await seen("line 89."), await seen("line 0.")]).toEqual([true, false]);
    await shows(0);
    expect(await seen("line 0.")).toBe(true);
    await shows(30);
    expect(await top()).toBe(0);
    await shows(80);
    expect(await seen("line 80.")).toBe(true);
    await shows(2, 3);
    expect(await top()).toBe(0);
    await shows(2);
    expect(await seen("line 2.")).toBe(true);
  });

  it("stays where the person has scrolled it", async () => {
    await mirror.page.evaluate(`${scroller}.scrollTop = 100`);
    await until("it is scrolled", async () => (await top()) === 100);
    await shows(88);
    expect(await top()).toBe(100);
  });

  it.each([0, 40, 85])("is pressed and let go at one place with the cursor in row %i", async (cursor) => {
    await shows(cursor, rows, [1002, 1006]);
    await mirror.page.evaluate(`${scroller}.scrollTop = 10000`);
    const before = await top();
    const place = await row("line 80.").boundingBox();
    if (!place) throw new Error("The row is not there.");
    await mirror.page.mouse.move(place.x + 20, place.y + place.height / 2);
    await mirror.page.mouse.down();
    await mirror.page.mouse.up();
    const acts = (): MouseAct[] =>
      mirror.requests.filter(({ name }) => name === "mouse").map(({ params }) => params as MouseAct);
    await until("the release is told", () => acts().some(({ action }) => action === "release"));
    expect(acts().map(({ action, row: at }) => [action, at])).toEqual([
      ["press", 80],
      ["release", 80],
    ]);
    expect(await top()).toBe(before);
  });
});
