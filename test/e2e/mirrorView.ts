import type { FrameLocator, Locator } from "playwright-core";
import type { Workbench } from "./workbench";

/** The mirror in front, as a person sees it. */
export class MirrorView {
  constructor(readonly workbench: Workbench) {}

  get front(): FrameLocator {
    return this.workbench.front;
  }

  rows(text: string | RegExp): Locator {
    return this.front.locator("#content .row").filter({ hasText: text });
  }

  async open(session: string): Promise<void> {
    await this.workbench.run("wsh Orchestrator: Open Mirror", `${session}::1`);
    await this.front
      .locator("#name")
      .filter({ hasText: `${session}::1` })
      .waitFor();
    await this.front.locator(".screen .row").first().waitFor();
  }

  /** Opens the mirror of a session and takes its keyboard, or goes on typing where it is taken. */
  async takeKeyboard(session: string): Promise<void> {
    await this.open(session);
    const take = this.front.locator("#take");
    if ((await take.getAttribute("aria-pressed")) === "true") await this.front.locator(".screen").click();
    else await this.front.getByRole("button", { name: "Take Keyboard" }).click();
    await this.front.getByText(/Your keys go to/).waitFor();
  }
}
