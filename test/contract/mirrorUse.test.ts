import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Screen } from "../../src/core/ports/sessions";
import type { MouseAct } from "../../src/protocol/mouseReport";
import { MirrorInBrowser } from "../support/mirrorInBrowser";
import { mirrorStatus, screenOf } from "../support/mirrorScreens";
import { until } from "../support/until";
import { launchBrowser } from "../support/vscode-server/browser";

vi.mock("vscode", () => import("../support/pageVscode"));

/** The browser may have to be installed first. */
const installMs = 600_000;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
}, installMs);
afterAll(() => browser.close());

/** The size that a person who asks for it gets, shown with rows that are filled to the last cell. */
async function fitted(mirror: MirrorInBrowser): Promise<{ rows: number; cols: number }> {
  await mirror.tell("act", { act: "fit" });
  await until("the page asks for a size", () => mirror.requests.some(({ name }) => name === "fit"));
  const [size] = mirror.asked("fit") as { rows: number; cols: number }[];
  if (!size) throw new Error("No size was asked for.");
  return size;
}

describe("a session that is fitted to a mirror", () => {
  it.each([
    { zoom: 1, fontSize: 14, letterSpacing: 0, earlier: true },
    { zoom: 1.1, fontSize: 14, letterSpacing: 0, earlier: true },
    { zoom: 1.5, fontSize: 13, letterSpacing: 0.3, earlier: false },
    { zoom: 2, fontSize: 15, letterSpacing: 0, earlier: true },
    { zoom: 1, fontSize: 11, letterSpacing: 0, earlier: false },
    { zoom: 1.25, fontSize: 17, letterSpacing: 0, earlier: true },
  ])("has no column too many and none too few: %o", async ({ zoom, fontSize, letterSpacing, earlier }) => {
    const mirror = await MirrorInBrowser.open(browser, { zoom, look: { fontSize, letterSpacing } });
    try {
      await mirror.tell("status", mirrorStatus);
      mirror.show(screenOf(["before"]));
      await mirror.page.locator(".row").filter({ hasText: "before" }).waitFor();
      const { rows, cols } = await fitted(mirror);
      const full = (more: number): Screen =>
        screenOf(
          Array.from({ length: rows }, () => "W".repeat(cols + more)),
          { rows, cols: cols + more, total_lines: earlier ? 500 : rows },
        );
      const widths = `(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])(document.querySelector("#scroller"))`;
      mirror.show(full(0));
      await until("all rows are there", async () => (await mirror.page.locator(".screen .row").count()) === rows);
      const [content, view] = await mirror.page.evaluate<[number, number]>(widths);
      expect(content).toBeLessThanOrEqual(view);
      const inner = `[...document.querySelectorAll(".screen .row")].map((row) => row.scrollWidth - row.clientWidth)`;
      expect(Math.max(...(await mirror.page.evaluate<number[]>(inner)))).toBeLessThanOrEqual(0);
      mirror.show(full(1));
      await until("one column more is too many", async () => {
        const [wider, same] = await mirror.page.evaluate<[number, number]>(widths);
        return wider > same;
      });
    } finally {
      await mirror.close();
    }
  });
});

describe("a mirror in use", () => {
  let mirror: MirrorInBrowser;
  const row = (text: string) => mirror.page.locator(".screen .row").filter({ hasText: text }).first();
  const draws = async (screen: Screen, text: string): Promise<void> => {
    mirror.show(screen);
    await row(text).waitFor();
  };
  /** The middle of the cell. */
  const cell = async (text: string, column: number): Promise<{ x: number; y: number }> => {
    const place = await row(text).boundingBox();
    const width = await mirror.page.evaluate<number>(
      `Number.parseFloat(document.querySelector("#content").style.getPropertyValue("--cell-width"))`,
    );
    if (!place) throw new Error("The row is not there.");
    return { x: place.x + (column + 0.5) * width, y: place.y + place.height / 2 };
  };
  const point = async (text: string, column: number): Promise<void> => {
    const { x, y } = await cell(text, column);
    await mirror.page.mouse.move(x + 1, y);
    await mirror.page.mouse.move(x, y);
  };
  const tip = () => mirror.page.locator("#tip");
  const menu = async (): Promise<Record<string, unknown>> =>
    JSON.parse(
      await mirror.page.evaluate<string>(`document.querySelector("#scroller").dataset.vscodeContext ?? "{}"`),
    ) as Record<string, unknown>;

  beforeEach(async () => {
    mirror = await MirrorInBrowser.open(browser);
    await mirror.tell("status", mirrorStatus);
  });
  afterEach(async () => {
    expect(mirror.complaints).toEqual([]);
    await mirror.close();
  });

  it("says its session's size", async () => {
    await draws(screenOf(["x"], { rows: 12, cols: 120 }), "x");
    await expect.poll(() => mirror.page.locator("#size").textContent()).toBe("120 × 12");
    expect(await mirror.page.locator("#size").getAttribute("aria-label")).toBe("120 columns, 12 rows");
  });

  describe("its links", () => {
    const given = [[{ text: "the " }, { text: "docs", link: "https://a.example/hidden", underline: true }]];

    it("say where they lead, and are opened with Ctrl and a click, not with a click alone", async () => {
      await draws(screenOf(["see https://a.example/x, and on"]), "see");
      await point("see", 6);
      await tip().filter({ hasText: "https://a.example/x (Ctrl+click to open)" }).waitFor();
      expect(await mirror.page.evaluate(`[...CSS.highlights.get("link")].map(String)`)).toEqual([
        "https://a.example/x",
      ]);
      const { x, y } = await cell("see", 6);
      await mirror.page.mouse.click(x, y);
      await mirror.page.keyboard.down("Control");
      await mirror.page.mouse.click(x, y);
      await mirror.page.keyboard.up("Control");
      await until("it is opened", () => mirror.requests.some(({ name }) => name === "openLink"));
      expect(mirror.asked("openLink")).toEqual([
        { text: "https://a.example/x", target: { kind: "address", address: "https://a.example/x" }, given: false },
      ]);
      await point("see", 1);
      await tip().waitFor({ state: "hidden" });
    });

    it("are files only where the host finds them", async () => {
      mirror.answers.openable = { openable: [true] };
      await draws(screenOf(["src/a.ts:12:3 and src/b.ts(4)"]), "src");
      await point("src", 3);
      await tip().filter({ hasText: "src/a.ts:12:3" }).waitFor();
      expect(mirror.asked("openable")).toEqual([
        { targets: [{ kind: "file", path: "src/a.ts", line: 12, column: 3 }] },
      ]);
      mirror.answers.openable = { openable: [false] };
      await point("src", 20);
      await until("the host is asked", () => mirror.requests.some(({ name }) => name === "openable"));
      await tip().waitFor({ state: "hidden" });
      await mirror.page.keyboard.down("Control");
      const { x, y } = await cell("src", 20);
      await mirror.page.mouse.click(x, y);
      await mirror.page.keyboard.up("Control");
      expect(mirror.asked("openLink")).toEqual([]);
    });

    it("of a program show their target, whatever their text is", async () => {
      await draws(screenOf(given), "the");
      await point("the", 5);
      await tip().filter({ hasText: "https://a.example/hidden" }).waitFor();
    });

    it("are in the menu where it is opened on one, and in a list for the keyboard", async () => {
      await draws(screenOf([...given, "and http://b.example/y"]), "docs");
      const { x, y } = await cell("the", 5);
      await mirror.page.mouse.click(x, y, { button: "right" });
      expect(await menu()).toMatchObject({
        webviewSection: "session",
        preventDefaultContextMenuItems: true,
        onLink: true,
        hasSelection: false,
        hasKeyboard: false,
        canType: true,
      });
      await mirror.tell("act", { act: "openLink" });
      await until("it is opened", () => mirror.requests.some(({ name }) => name === "openLink"));
      expect(mirror.asked("openLink")).toMatchObject([{ text: "docs", given: true }]);
      const beside = await cell("the", 1);
      await mirror.page.mouse.click(beside.x, beside.y, { button: "right" });
      expect(await menu()).toMatchObject({ onLink: false });
      await mirror.tell("act", { act: "listLinks" });
      await until("the host lets choose", () => mirror.requests.some(({ name }) => name === "chooseLink"));
      expect(mirror.asked("chooseLink")).toMatchObject([{ links: [{ text: "docs" }, { text: "http://b.example/y" }] }]);
    });
  });

  describe("its mouse", () => {
    const full = { alternate_active: true };
    const acts = (): MouseAct[] => mirror.asked("mouse") as MouseAct[];
    const take = async (): Promise<void> => {
      await mirror.page.click("#take");
      await until("the keyboard is taken", () => mirror.requests.some(({ name }) => name === "takeKeyboard"));
      await mirror.page.locator("#line").filter({ hasText: "Your keys go to" }).waitFor();
    };

    it("is the program's that asked for it while the keyboard is taken, and selects with Shift", async () => {
      await draws(screenOf(["some text", "to be selected"], { ...full, private_modes: [1002, 1006] }), "some");
      const [from, to] = [await cell("some", 2), await cell("some", 8)];
      await mirror.page.mouse.click(from.x, from.y);
      await mirror.page.mouse.wheel(0, 100);
      expect(acts()).toEqual([]);
      await take();
      await mirror.page.mouse.move(from.x, from.y);
      await mirror.page.mouse.down();
      await mirror.page.mouse.move(to.x, to.y);
      await mirror.page.mouse.move(to.x, 5);
      await mirror.page.mouse.up();
      await until("the release is told", () =>
        mirror.requests.some(({ params }) => (params as MouseAct).action === "release"),
      );
      expect(acts().map(({ action, button, row: at, col }) => [action, button, at, col])).toEqual([
        ["press", "left", 0, 2],
        ["move", "left", 0, 8],
        ["release", "left", 0, 8],
      ]);
      expect(await mirror.page.evaluate("String(getSelection())")).toBe("");
      const [begin, end] = [await cell("to be", 3), await cell("to be", 11)];
      await mirror.page.keyboard.down("Shift");
      await mirror.page.mouse.move(begin.x, begin.y);
      await mirror.page.mouse.down();
      await mirror.page.mouse.move(end.x, end.y);
      await mirror.page.mouse.up();
      await mirror.page.keyboard.up("Shift");
      expect(await mirror.page.evaluate("String(getSelection())")).toMatch(/^b?e select?$/);
      expect(acts()).toEqual([]);
    });

    it("turns its wheel for a program that asked for it or fills the screen, and scrolls the page elsewhere", async () => {
      await draws(screenOf(["full"], { ...full, private_modes: [] }), "full");
      await take();
      const { x, y } = await cell("full", 2);
      await mirror.page.mouse.move(x, y);
      await mirror.page.mouse.wheel(0, -100);
      await until("the wheel is told", () => mirror.requests.some(({ name }) => name === "mouse"));
      const [act] = acts();
      expect(act).toMatchObject({ action: "wheelUp", button: "none" });
      expect(act?.lines).toBeGreaterThan(2);
      await draws(screenOf(["plain"], { total_lines: 500 }), "plain");
      mirror.answers.history = { rows: Array.from({ length: 60 }, (_, index) => [{ text: `old ${index}` }]) };
      await mirror.page.mouse.wheel(0, -100);
      await until("the page looks for what is above", () => mirror.requests.some(({ name }) => name === "history"));
      expect(acts()).toEqual([]);
    });

    it("follows a link for a program that has it, too", async () => {
      await draws(screenOf(["http://a.example/x"], { ...full, private_modes: [1000, 1006] }), "http");
      await take();
      const { x, y } = await cell("http", 4);
      await mirror.page.keyboard.down("Control");
      await mirror.page.mouse.click(x, y);
      await mirror.page.keyboard.up("Control");
      await until("it is opened", () => mirror.requests.some(({ name }) => name === "openLink"));
      expect(acts()).toEqual([]);
    });

    it("has a menu that pastes once the keyboard is taken", async () => {
      await draws(screenOf(["some text"]), "some");
      await take();
      await row("some").click({ clickCount: 3 });
      await row("some").click({ button: "right" });
      expect(await menu()).toMatchObject({ hasKeyboard: true, hasSelection: true, onLink: false });
      await mirror.tell("act", { act: "paste" });
      await until("the host pastes", () => mirror.requests.some(({ name }) => name === "pasteClipboard"));
    });
  });

  describe("its toolbar", () => {
    it.each([1000, 700, 480, 320, 200, 110])("is one row with all its controls at %i pixels", async (width) => {
      await draws(screenOf(["x"], { rows: 40, cols: 120 }), "x");
      await mirror.page.setViewportSize({ width, height: 500 });
      const facts = `(() => {
        const bar = document.querySelector("#bar");
        const seen = [...bar.children].filter((each) => !each.hidden && each.getBoundingClientRect().width > 0);
        return { height: bar.offsetHeight, over: bar.scrollWidth - bar.clientWidth, page: document.documentElement.scrollWidth,
          tops: new Set(seen.filter((each) => each.matches("vscode-button")).map((each) => Math.round(each.getBoundingClientRect().top))).size,
          cut: [...bar.querySelectorAll("#name, #state, #size")].filter((each) => each.scrollWidth > each.clientWidth).map(({ id }) => id).join() };
      })()`;
      await until("it is arranged", async () => (await mirror.page.evaluate<{ over: number }>(facts)).over <= 0);
      const { height, page, tops, cut } = await mirror.page.evaluate<{
        height: number;
        page: number;
        tops: number;
        cut: string;
      }>(facts);
      expect(height).toBeLessThan(45);
      expect(page).toBeLessThanOrEqual(width);
      expect(tops).toBe(1);
      // The button and three words have no room in less.
      if (width >= 320) expect(cut).toBe("");
      for (const id of ["take", "pause", "find-open", "copy", "zoom-out", "zoom-in", "fit", "as-text", "spoken"]) {
        const control = mirror.page.locator(`#${id}`);
        if (!(await control.isVisible())) {
          await mirror.page.locator("#more").focus();
          await mirror.page.keyboard.press("Enter");
          await control.waitFor();
          await mirror.page.keyboard.press("Escape");
          await control.waitFor({ state: "hidden" });
          expect(await mirror.page.evaluate("document.activeElement.id")).toBe("more");
        }
      }
    });
  });

  it("keeps the cursor of who types in sight, in a line longer than the view too, and comes back to its beginning", async () => {
    const left = (): Promise<number> => mirror.page.evaluate(`document.querySelector("#scroller").scrollLeft`);
    const seen = (): Promise<boolean> =>
      mirror.page.evaluate(
        `(() => { const cursor = document.querySelector(".cursor").getBoundingClientRect(); const view = document.querySelector("#scroller").getBoundingClientRect(); return cursor.left >= view.left && cursor.right <= view.right; })()`,
      );
    const at = (col: number, text: string, row = 0): Promise<void> =>
      draws(screenOf([text], { rows: 20, cols: 300, cursor: { row, col, visible: true } }), text);
    await at(2, "$ start");
    await mirror.page.click("#take");
    await mirror.page.locator("#line").filter({ hasText: "Your keys go to" }).waitFor();
    for (const col of [100, 130, 160, 290]) {
      await mirror.page.keyboard.type("x");
      await at(col, `$ long to ${col} ${"y".repeat(200)}`);
      await until("the cursor is in sight", seen);
    }
    expect(await left()).toBeGreaterThan(100);
    await at(2, "$ next", 1);
    await until("the beginning of the row is in sight", async () => (await left()) === 0);
    await mirror.page.evaluate(`document.querySelector("#scroller").scrollLeft = 300`);
    await at(2, "$ other text", 1);
    expect(await left()).toBe(300);
  });

  it("scrolls to what is wider than the view, by keyboard too, and keeps its header and its vertical scrollbar in place", async () => {
    await draws(screenOf([`start${"x".repeat(380)}end`], { rows: 80, cols: 400 }), "start");
    const box = async (id: string) => mirror.page.locator(id).boundingBox();
    const before = [await box("#bar"), await box("#line"), await box("#scroller")];
    await mirror.page.locator("#scroller").focus();
    for (let presses = 0; presses < 5; presses++) await mirror.page.keyboard.press("ArrowRight");
    const left = (): Promise<number> => mirror.page.evaluate(`document.querySelector("#scroller").scrollLeft`);
    await until("the keyboard scrolls sideways", async () => (await left()) > 100);
    await mirror.page.evaluate(`document.querySelector("#scroller").scrollLeft = 1e6`);
    const place = await mirror.page.evaluate<[number, number]>(
      `(() => { const range = document.createRange(); const row = document.querySelector(".screen .row"); range.selectNodeContents(row); const scroller = document.querySelector("#scroller"); return [range.getBoundingClientRect().right, scroller.getBoundingClientRect().left + scroller.clientWidth + 2]; })()`,
    );
    expect(place[0]).toBeLessThanOrEqual(place[1]);
    const at = await left();
    mirror.show(screenOf(["start again"], { rows: 80, cols: 400 }));
    await row("start again").waitFor({ state: "attached" });
    expect(await left()).toBe(at);
    expect([await box("#bar"), await box("#line"), await box("#scroller")]).toEqual(before);
    expect(await mirror.page.evaluate(`document.documentElement.scrollWidth <= innerWidth`)).toBe(true);
  });
});
