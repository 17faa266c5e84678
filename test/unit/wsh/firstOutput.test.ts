import { describe, expect, it } from "vitest";
import { FirstOutput } from "../../../src/adapters/wsh/firstOutput";
import type { WireScreen, WireSessionInfo } from "../../../src/adapters/wsh/wire";
import { FakeClock } from "../../support/fakeClock";

class World {
  readonly clock = new FakeClock();
  lastActivity = 0;
  text = "";
  looks = 0;
  readonly output = new FirstOutput(this.clock, {
    session: () => {
      this.looks++;
      return Promise.resolve({ last_activity_ms: this.clock.monotonic() - this.lastActivity } as WireSessionInfo);
    },
    screen: () => Promise.resolve({ lines: ["", this.text, ""] } as unknown as WireScreen),
  });

  print(text: string): void {
    this.text = text;
    this.lastActivity = this.clock.monotonic();
  }

  /** After how many milliseconds a resize may come, at most 10 s. */
  async waited(): Promise<number> {
    const begun = this.clock.monotonic();
    let come = false;
    void this.output.come("s").then(() => (come = true));
    await this.clock.advanceAsync(0);
    while (!come && this.clock.monotonic() - begun < 10_000) await this.clock.advanceAsync(10);
    return this.clock.monotonic() - begun;
  }
}

describe("a terminal that is to be resized", () => {
  it("waits for the first output and a moment of silence behind it", async () => {
    const world = new World();
    world.clock.after(400, () => world.print("$"));
    const waited = await world.waited();
    expect(waited).toBeGreaterThanOrEqual(550);
    expect(waited).toBeLessThan(700);
  });

  it("waits 3 s at most for a program that shows nothing", async () => {
    const waited = await new World().waited();
    expect(waited).toBeGreaterThanOrEqual(3_000);
    expect(waited).toBeLessThan(3_200);
  });

  it("waits a second at most for one that never stops printing", async () => {
    const world = new World();
    const print = (): void => {
      world.print("more");
      world.clock.after(20, print);
    };
    print();
    const waited = await world.waited();
    expect(waited).toBeGreaterThanOrEqual(1_000);
    expect(waited).toBeLessThan(1_200);
  });

  it("is resized at once from then on, until a session of its name begins anew", async () => {
    const world = new World();
    world.print("$");
    await world.clock.advanceAsync(1_000);
    expect(await world.waited()).toBe(0);
    world.print("$");
    const { looks } = world;
    expect(await world.waited()).toBe(0);
    expect(world.looks).toBe(looks);
    world.output.forget("s");
    world.text = "";
    expect(await world.waited()).toBeGreaterThan(2_000);
  });
});
