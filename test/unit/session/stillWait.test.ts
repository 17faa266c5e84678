import { describe, expect, it } from "vitest";
import { OrchestratorError } from "../../../src/core/model/errors";
import { nothingToDo } from "../../../src/core/model/remedy";
import type { Screen, ScreenListener, SessionServer } from "../../../src/core/ports/sessions";
import { untilStill } from "../../../src/core/session/stillWait";
import { FakeClock } from "../../support/fakeClock";

/** A server with one screen, of which it tells only what a test lets it. */
class World {
  readonly clock = new FakeClock();
  readonly stop = new AbortController();
  shown = "";
  away = false;
  closed = false;
  listener: ScreenListener | undefined;

  get screen(): Screen {
    const cursor = { row: 0, col: this.shown.length, visible: true };
    return { lines: [this.shown], cursor, rows: 1, cols: 80, total_lines: 1, alternate_active: false };
  }

  readonly server: Pick<SessionServer, "openScreen" | "screen"> = {
    screen: () =>
      this.away
        ? Promise.reject(new OrchestratorError("server_unreachable", "away", nothingToDo))
        : Promise.resolve(this.screen),
    openScreen: (_name, _format, listener) => {
      this.listener = listener;
      return { opened: Promise.resolve(), dispose: () => (this.closed = true) };
    },
  };

  wait(ms: number): Promise<Screen | undefined> {
    return untilStill(this.server, "wire", ms, this.clock, this.stop.signal);
  }

  draw(text: string): void {
    this.shown = text;
    this.listener?.screen(this.screen);
  }
}

describe("a screen that is to hold still", () => {
  it("has to do so from now on, and each change counts anew", async () => {
    const world = new World();
    let still: Screen | undefined;
    const waiting = world.wait(1000).then((screen) => (still = screen));
    world.draw("a");
    await world.clock.advanceAsync(900);
    world.draw("b");
    await world.clock.advanceAsync(999);
    expect(still).toBeUndefined();
    // The same picture again is no change.
    world.draw("b");
    await world.clock.advanceAsync(1);
    await waiting;
    expect(still?.lines).toEqual(["b"]);
    expect([world.closed, world.clock.pending]).toEqual([true, 0]);
  });

  it("is not still while it changes unseen, or its server is away", async () => {
    const world = new World();
    let over = false;
    const waiting = world.wait(1000).then(() => (over = true));
    world.draw("a");
    world.shown = "b";
    await world.clock.advanceAsync(1500);
    expect(over).toBe(false);
    world.away = true;
    await world.clock.advanceAsync(5000);
    expect(over).toBe(false);
    world.away = false;
    await world.clock.advanceAsync(1000);
    await waiting;
  });

  it("ends with its session, and with who waits", async () => {
    const ended = new World();
    const waiting = ended.wait(1000);
    ended.draw("a");
    ended.listener?.ended({ exit_code: 0 });
    expect(await waiting).toBeUndefined();
    const left = new World();
    const other = left.wait(1000);
    left.draw("a");
    left.stop.abort(new Error("enough"));
    await expect(other).rejects.toThrow("enough");
    expect(left.clock.pending).toBe(0);
  });
});
