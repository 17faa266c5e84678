import type { Locator } from "playwright-core";
import { themeOfEachKind, type Workbench } from "./workbench";

/** Pixels of a side bar in which everything must still say what counts. */
export const narrowSideBar = 290;

/** Makes the side bar as narrow as people have it. */
export async function narrow(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  const part = page.locator(".part.sidebar");
  const box = await part.boundingBox();
  if (!box) throw new Error("There is no side bar.");
  await page.mouse.move(box.x + box.width, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + narrowSideBar, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  const { width = 0 } = (await part.boundingBox()) ?? {};
  if (Math.abs(width - narrowSideBar) > 2) throw new Error(`The side bar has ${width} px.`);
  // Where nothing shows a word about itself.
  await page.mouse.move(box.x + box.width * 2, box.y + box.height / 2);
}

/**
 * Pictures of the window as it stands: in a theme of each kind, and with half the room, as it is magnified to 200 %. In
 * each axe looks at what is ours: at the page in front, at the side bar's views, at lists and messages. `seen`: has to be
 * in sight each time. `reopen`: opens once more what closes when the window has another size, as a menu does.
 */
export async function everyLook(
  workbench: Workbench,
  name: string,
  seen: Locator,
  reopen?: () => Promise<unknown>,
): Promise<void> {
  const { page } = workbench;
  const look = async (kind: string): Promise<void> => {
    await seen.waitFor();
    await workbench.shot(`${name}-${kind}`);
    await workbench.noAxeProblemsAround(`${name} (${kind})`);
  };
  for (const [theme, kind] of themeOfEachKind) {
    await workbench.chooseTheme(theme, kind);
    await look(kind);
  }
  const whole = page.viewportSize() ?? { width: 1400, height: 900 };
  await page.setViewportSize({ width: whole.width / 2, height: whole.height / 2 });
  await reopen?.();
  await look("magnified");
  await page.setViewportSize(whole);
  await reopen?.();
  await seen.waitFor();
  workbench.say(`${name} is seen in each kind of theme and at 200 %`);
}
