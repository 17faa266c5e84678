import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { deferred } from "../../../src/core/base/async";
import { Attachment, type PersonsTerminal, type TerminalListener } from "../../../src/core/session/attachment";
import { FakeClock } from "../../support/fakeClock";
import { FakeServer } from "../../support/fakeServer";

const own = { rows: 50, cols: 200 };

class World {
  readonly clock = new FakeClock();
  readonly server = new FakeServer();
  readonly sizes: string[] = [];
  size = { rows: 24, cols: 80 };
  listener: TerminalListener | undefined;
  readonly typed: string[] = [];
  shown = "";

  async attach(): Promise<Attachment> {
    if (this.server.terminals.size === 0) await this.server.create({ name: "s", ...own });
    const sizeNow = (): { rows: number; cols: number } => this.size;
    const terminal: PersonsTerminal = {
      get size() {
        return sizeNow();
      },
      enter: () => undefined,
      write: (bytes) => (this.shown += new TextDecoder().decode(bytes)),
      draw: () => (this.shown += "[picture]"),
      leave: () => undefined,
    };
    return new Attachment({
      server: this.server,
      server_id: this.server.server_id,
      clock: this.clock,
      wire: "s",
      terminal: (listener) => {
        this.listener = listener;
        return terminal;
      },
      // Ctrl-D detaches.
      readKeys: (keys) => (keys[0] === 4 ? { keys: new Uint8Array(), detach: true } : { keys, detach: false }),
      mostKeyBytes: 100,
      canResize: true,
      formerSize: own,
    });
  }

  detach(): void {
    this.listener?.keys(new Uint8Array([4]));
  }

  type(text: string): void {
    this.listener?.keys(new TextEncoder().encode(text));
  }

  get given(): { rows: number; cols: number } {
    const { rows, cols } = this.server.terminal("s");
    return { rows, cols };
  }
}

describe("a terminal that leaves a session", () => {
  const { signal } = new AbortController();

  it("gives the size back that the session had", async () => {
    const world = new World();
    const run = (await world.attach()).run(signal);
    await world.clock.advanceAsync(100);
    expect(world.given).toEqual({ rows: 24, cols: 80 });
    world.detach();
    await world.clock.advanceAsync(0);
    expect(await run).toEqual({ how: "detached" });
    expect(world.given).toEqual(own);
    expect(world.clock.pending).toBe(0);
  });

  it("gives it back also while a size of its own is on its way", async () => {
    const world = new World();
    const onItsWay = deferred<undefined>();
    const resize = world.server.resize.bind(world.server);
    let held = true;
    world.server.resize = async (name, size) => {
      if (held) await onItsWay.promise;
      return resize(name, size);
    };
    const run = (await world.attach()).run(signal);
    await world.clock.advanceAsync(0);
    world.detach();
    await world.clock.advanceAsync(0);
    held = false;
    onItsWay.resolve(undefined);
    await world.clock.advanceAsync(100);
    await run;
    expect(world.given).toEqual(own);
  });

  it("gives no size any more that it changed to while it left", async () => {
    const world = new World();
    const run = (await world.attach()).run(signal);
    await world.clock.advanceAsync(0);
    // The picture after the first size is on its way.
    world.size = { rows: 30, cols: 90 };
    world.listener?.resized();
    world.detach();
    await world.clock.advanceAsync(5000);
    await run;
    expect(world.given).toEqual(own);
  });

  it("takes no keys any more: what is typed behind the detach key belongs to nobody", async () => {
    const world = new World();
    const sendInput = world.server.sendInput.bind(world.server);
    world.server.sendInput = (name, keys) => {
      world.typed.push(typeof keys === "string" ? keys : new TextDecoder().decode(keys));
      return sendInput(name, keys);
    };
    const run = (await world.attach()).run(signal);
    await world.clock.advanceAsync(100);
    world.type("a");
    await world.clock.advanceAsync(0);
    world.detach();
    world.type("b");
    await world.clock.advanceAsync(0);
    world.type("c");
    await world.clock.advanceAsync(5000);
    await run;
    world.type("d");
    await world.clock.advanceAsync(0);
    expect(world.typed).toEqual(["a"]);
  });

  it("leaves nothing behind on a signal that lives on", async () => {
    const world = new World();
    const living = new AbortController();
    for (let times = 0; times < 3; times++) {
      const run = (await world.attach()).run(living.signal);
      await world.clock.advanceAsync(100);
      world.detach();
      await world.clock.advanceAsync(100);
      await run;
    }
    // One listener for all who ever wait for the signal.
    expect(getEventListeners(living.signal, "abort").length).toBeLessThanOrEqual(1);
  });
});

describe("what a program asks of its terminal", () => {
  const { signal } = new AbortController();
  const asked = "\x1b]11;?\x07\x1b[6n\x1b]0;ž\x07\x1b]7501;state=done\x1b\\";

  it("is asked of the attached terminal also where only the picture shows the output it came in", async () => {
    const world = new World();
    const attachment = await world.attach();
    const screen = world.server.screen.bind(world.server);
    let pictures = 0;
    world.server.screen = (name) => {
      if (pictures++ === 0) world.server.terminal("s").print(`before${asked}after`);
      return screen(name);
    };
    void attachment.run(signal);
    await world.clock.advanceAsync(200);
    expect(pictures).toBe(2);
    expect(world.shown).toContain(`[picture]${asked}`);
    expect(world.shown.split(asked)).toHaveLength(2);
    world.detach();
  });

  it("is asked although the size has to wait until the program has started", async () => {
    const world = new World();
    const attachment = await world.attach();
    world.server.resize = () => deferred<undefined>().promise;
    void attachment.run(signal);
    await world.clock.advanceAsync(10);
    world.server.terminal("s").print(asked);
    await world.clock.advanceAsync(300);
    expect(world.shown).toContain(asked);
  });
});
