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
}
