import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../support/until";
import { MirrorMouse } from "./mirrorMouse";
import { MirrorView } from "./mirrorView";
import { walk, themeOfEachKind } from "./workbench";

const plan = `project: shop
goal: Be used with the mouse
max_sessions: 1
roles: { full: {} }
tasks:
  - { id: full, role: full, run: "true" }
`;

/** CSS pixels of the window: 700 is one of 1400 that is magnified to 200 %; in the last ones the header has 290. */
const widths = [1400, 1000, 700, 560, 340];

interface Room {
  /** Columns and rows that the page says the session has. */
  readonly size: string;
  /** Pixels that the content is wider than the view. */
  readonly over: number;
}

/** How a mirror and its session fit each other, at every size of text and window and in every kind of theme. */
class MirrorRoom extends MirrorView {
  async fits(): Promise<void> {
    const { workbench } = this;
    await this.takeKeyboard("full");
    await workbench.page.keyboard.type("clear; printf '%*s\\n' 1000 | tr ' ' x | cut -c1-$(tput cols)\n");
    for (const zooms of [0, 1, 3, 5]) {
      await workbench.run("wsh Orchestrator: Reset Mirror Zoom");
      for (let count = 0; count < zooms; count++) await workbench.run("wsh Orchestrator: Zoom Mirror In");
      const before = await this.#room();
      await workbench.run("wsh Orchestrator: Resize Session to Fit Mirror");
      await until("the session has another size", async () => (await this.#room()).size !== before.size);
      const { size, over } = await this.#room();
      if (over > 0) throw new Error(`At ${zooms} steps ${size} is ${over} pixels too wide.`);
      const told = workbench.cli("send", "full::1", "stty size", "--wait");
      const [cols, rows] = size.split(" × ");
      if (!told.includes(`${rows} ${cols}`)) throw new Error(`The header says ${size}, the session ${told}`);
      workbench.say(`fitted ${zooms} steps larger: ${size}`);
    }
    await workbench.shot("u12-fitted");
  }

  /** A session that is wider than the view: every column of it can be reached. */
  async wide(): Promise<void> {
    const { workbench, front } = this;
    const { page } = workbench;
    await workbench.run("wsh Orchestrator: Reset Mirror Zoom");
    await workbench.run("wsh Orchestrator: Resize Session to Fit Mirror");
    await until("the session fits", async () => (await this.#room()).over === 0);
    workbench.cli("send", "full::1", `clear; printf "%$(($(tput cols) - 3))send\\n" ''`, "--wait");
    for (let count = 0; count < 5; count++) await workbench.run("wsh Orchestrator: Zoom Mirror In");
    await until("the session is wider than the view", async () => (await this.#room()).over > 0);
    const end = this.rows(/ end$/);
    await end.hover({ position: { x: 40, y: 6 } });
    await page.mouse.wheel(5000, 0);
    await until("the last column is in sight", async () => {
      const [view, row] = [await front.locator("#scroller").boundingBox(), await end.boundingBox()];
      return view !== null && row !== null && row.x + row.width <= view.x + view.width;
    });
    await workbench.shot("u13-wide");
    await workbench.run("wsh Orchestrator: Reset Mirror Zoom");
    workbench.say("lines that are wider than the view can be scrolled to");
  }

  /** The header is one row at every width of the window, and what has no room in it is in its box. */
  async widths(): Promise<void> {
    const { workbench, front } = this;
    const { page } = workbench;
    await this.open("full");
    const whole = page.viewportSize() ?? { width: 1400, height: 900 };
    const bar = front.locator("#bar");
    for (const width of widths) {
      await page.setViewportSize({ width, height: 450 });
      await until("the header is one row", async () => ((await bar.boundingBox())?.height ?? 99) < 45);
      await until("nothing of it is cut off", () => bar.evaluate((row) => row.scrollWidth <= row.clientWidth));
      workbench.say(`a header of ${(await bar.boundingBox())?.width} pixels`);
      await workbench.shot(`u14-width-${width}`);
    }
    await front.locator("#more").click();
    await front.getByRole("button", { name: "Open as Text" }).waitFor();
    await workbench.shot("u15-more");
    await workbench.noAxeProblems("the box of a narrow mirror");
    await page.keyboard.press("Escape");
    await page.setViewportSize(whole);
    workbench.say("the header stays in one row");
  }

  async themes(): Promise<void> {
    const { workbench, front } = this;
    const { page } = workbench;
    for (const [theme, kind] of themeOfEachKind) {
      await workbench.chooseTheme(theme, kind);
      await page.setViewportSize({ width: 700, height: 450 });
      await this.takeKeyboard("full");
      await workbench.shot(`u16-${kind}-typing`);
      await workbench.noAxeProblems(`a narrow mirror that has the keyboard in ${theme}`);
      await front.locator("#more").click();
      await front.getByRole("button", { name: "Open as Text" }).waitFor();
      await workbench.shot(`u16-${kind}-more`);
      await workbench.noAxeProblems(`the box of a narrow mirror in ${theme}`);
      await page.keyboard.press("Escape");
      await page.setViewportSize({ width: 1400, height: 900 });
    }
  }

  #room(): Promise<Room> {
    return this.front.locator("#scroller").evaluate((scroller) => ({
      size: scroller.ownerDocument.getElementById("size")?.textContent ?? "",
      over: scroller.scrollWidth - scroller.clientWidth,
    }));
  }
}

void walk("u", async (workbench) => {
  const mouse = new MirrorMouse(workbench);
  const room = new MirrorRoom(workbench);
  await workbench.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  writeFileSync(join(workbench.workspace, "plan.yaml"), plan);
  workbench.cli("do", "shop", "--plan", join(workbench.workspace, "plan.yaml"));
  await workbench.showSidebar();
  await workbench.row(/full::1, session/).waitFor({ timeout: 60_000 });
  await mouse.links();
  await mouse.menu();
  await mouse.programs();
  await room.fits();
  await room.wide();
  await room.widths();
  await room.themes();
});
