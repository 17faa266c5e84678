import { describe, expect, it } from "vitest";
import type { Screen } from "../../../src/core/ports/sessions";
import { type SensedSession, SessionSensor } from "../../../src/core/session/sessionSensor";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { TerminalSignals } from "../../../src/core/sense/terminalSignals";
import { askingCatalog } from "../../support/catalogs";
import { FakeClock } from "../../support/fakeClock";
import { silentLogger } from "../../support/systemClock";

/** One terminal, whose screen is asked for. */
class World implements SensedSession {
  readonly identity = { wire: "wire" };
  readonly over = undefined;
  readonly clock = new FakeClock();
  readonly told = new TerminalSignals();
  readonly states: (string | undefined)[] = [];
  lines: string[] = [];
  looks = 0;
  /** How often its server was asked how it takes what is typed. */
  modes = 0;
  isAtPrompt = false;
  fails = false;
  runs: { started?: string; running?: boolean } = {};
  #heard: number | undefined;
  readonly sensor: SessionSensor;

  constructor(catalog = askingCatalog) {
    const server = {
      look: () => {
        this.looks++;
        return this.fails
          ? Promise.reject(new Error("away"))
          : Promise.resolve({ screen: this.screen, signs: undefined });
      },
      terminalMode: () => {
        this.modes++;
        return Promise.resolve({ echo: false, canonical: true, foreground: "sudo" });
      },
    };
    this.sensor = new SessionSensor(this, () => this.runs, {
      server,
      clock: this.clock,
      logger: silentLogger,
      catalog,
    });
    this.sensor.onChange(() => this.states.push(this.sensor.state?.state));
  }

  get marks(): { ready: boolean } {
    return { ready: this.isAtPrompt };
  }

  get quietMs(): number | null {
    return this.#heard === undefined ? null : this.clock.monotonic() - this.#heard;
  }

  get screen(): Screen {
    const { lines } = this;
    const cursor = { row: Math.max(0, lines.length - 1), col: lines.at(-1)?.length ?? 0, visible: true };
    return { lines, cursor, rows: 24, cols: 80, total_lines: 24, alternate_active: false };
  }

  print(...lines: string[]): void {
    this.lines.push(...lines);
    this.#heard = this.clock.monotonic();
    this.sensor.activity();
  }
}

describe("a sensor", () => {
  it("looks again when other rules are used", async () => {
    const world = new World();
    await world.clock.advanceAsync(120_000);
    const before = world.looks;
    askingCatalog.useOwn([]);
    await world.clock.advanceAsync(1000);
    expect(world.looks).toBe(before + 1);
    world.sensor.dispose();
    askingCatalog.useOwn([]);
    await world.clock.advanceAsync(1000);
    expect(world.looks).toBe(before + 1);
  });

  it("looks once a frame is drawn, and says what it shows", async () => {
    const world = new World();
    await world.clock.advanceAsync(1000);
    const before = world.looks;
    world.print("Proceed? (y/n)");
    await world.clock.advanceAsync(100);
    expect(world.looks).toBe(before);
    await world.clock.advanceAsync(100);
    expect([world.looks, world.states]).toEqual([before + 1, ["waiting"]]);
    expect(world.sensor.state).toMatchObject({
      kind: "question",
      why: "The program asks a question.",
      evidence: [{ signal: "screen", rule: "asking/proceed", lines: ["Proceed? (y/n)"] }],
    });
  });

  it("looks at output that never pauses once a second, however often it comes", async () => {
    const world = new World();
    await world.clock.advanceAsync(1000);
    const before = world.looks;
    for (let at = 0; at < 500; at++) {
      world.print(`line ${at}`);
      await world.clock.advanceAsync(10);
    }
    expect(world.looks - before).toBeGreaterThanOrEqual(4);
    expect(world.looks - before).toBeLessThanOrEqual(6);
  });

  it.each([80, 150, 200])(
    "looks once a second at what is drawn anew each %i ms, and soon once that ends",
    async (ms) => {
      const world = new World();
      await world.clock.advanceAsync(1000);
      const animate = async (): Promise<void> => {
        for (let at = 0; at < 10_000 / ms; at++) {
          world.lines = [`spinner ${at}`];
          world.print();
          await world.clock.advanceAsync(1);
          world.print("and the rest of its frame");
          await world.clock.advanceAsync(ms - 1);
        }
      };
      await animate();
      const before = world.looks;
      await animate();
      expect(world.looks - before).toBeLessThanOrEqual(11);
      expect(world.looks - before).toBeGreaterThanOrEqual(9);
      world.lines = [];
      world.print("Proceed? (y/n)");
      await world.clock.advanceAsync(240);
      expect(world.states.at(-1)).toBe("waiting");
      await world.clock.advanceAsync(10_000);
      world.lines = [];
      world.print("…");
      await world.clock.advanceAsync(4000);
      world.print("Proceed? (y/n)");
      await world.clock.advanceAsync(120);
      expect(world.states.at(-1)).toBe("waiting");
    },
  );

  it("is not woken while something is drawn again and again, but to look", async () => {
    const world = new World();
    let woken = 0;
    const { clock } = world;
    const after = clock.after.bind(clock);
    clock.after = (ms, callback) =>
      after(ms, () => {
        woken++;
        callback();
      });
    for (let at = 0; at < 20; at++) {
      world.print(`spinner ${at}`);
      await clock.advanceAsync(100);
    }
    const [before, looks] = [woken, world.looks];
    for (let at = 0; at < 100; at++) {
      world.print(`spinner ${at}`);
      await clock.advanceAsync(100);
    }
    expect(world.looks - looks).toBe(10);
    expect(woken - before).toBe(10);
  });

  it("looks at all sessions that draw without a pause at the same moments", async () => {
    const worlds = [new World(), new World(), new World()];
    const moments = new Set<number>();
    for (let at = 0; at < 1000; at++) {
      const world = worlds[at % 3];
      const before = world?.looks;
      world?.print(`spinner ${at}`);
      for (const { clock } of worlds) await clock.advanceAsync(25);
      if (at > 200 && world && world.looks !== before) moments.add(world.clock.monotonic() % 1000);
    }
    expect(moments.size).toBe(1);
  });

  it("looks at once when a program tells something beside its screen", async () => {
    const world = new World();
    await world.clock.advanceAsync(1000);
    const before = world.looks;
    world.told.osc(7501, "state=working:app=test");
    world.print("…");
    await world.clock.advanceAsync(40);
    expect(world.looks).toBe(before + 1);
  });

  it("asks how the terminal takes what is typed only where a rule would hold by it, and not while output flows", async () => {
    const world = new World(shippedCatalog);
    world.print("Proceed? [y/N] ");
    await world.clock.advanceAsync(1000);
    expect([world.states, world.modes]).toEqual([["waiting"], 0]);
    world.lines = [];
    world.print("");
    await world.clock.advanceAsync(10_000);
    expect(world.sensor.state?.state).not.toBe("waiting");
    const before = world.modes;
    for (let at = 0; at < 300; at++) {
      world.lines = [];
      world.print(`Password of line ${at}`);
      await world.clock.advanceAsync(10);
    }
    const [looks, modes] = [world.looks, world.modes];
    expect(modes).toBe(before);
    await world.clock.advanceAsync(1000);
    expect(world.looks).toBeGreaterThan(looks);
    expect(world.sensor.state).toMatchObject({ state: "waiting", kind: "password", program: { name: "sudo" } });
  });

  it("looks for what is told in a flood no more often than five times a second, and not for a spinner in a title", async () => {
    const world = new World();
    await world.clock.advanceAsync(1000);
    const looksAt = async (tell: (at: number) => void): Promise<number> => {
      const before = world.looks;
      for (let at = 0; at < 400; at++) {
        tell(at);
        world.print();
        await world.clock.advanceAsync(25);
      }
      return world.looks - before;
    };
    const flood = await looksAt((at) => world.told.osc(7501, `state=working:id=${at % 7}:msg=${at}${at}`));
    expect(flood).toBeLessThanOrEqual(51);
    expect(await looksAt((at) => world.told.title(`${"⠋⠙⠹"[at % 3]} Task ${at > 0}`))).toBeLessThanOrEqual(12);
    world.told.title("[ ! ] Action Required");
    const before = world.looks;
    world.print();
    await world.clock.advanceAsync(200);
    expect(world.looks).toBe(before + 1);
  });

  it("costs nothing while nothing happens", async () => {
    const world = new World();
    world.print("Proceed? (y/n)");
    await world.clock.advanceAsync(600_000);
    const rested = world.looks;
    await world.clock.advanceAsync(3_600_000);
    expect([world.looks, world.clock.pending]).toEqual([rested, 0]);
  });

  it("knows nothing at a prompt, and looks at nothing", async () => {
    const world = new World();
    world.print("Proceed? (y/n)");
    await world.clock.advanceAsync(1000);
    world.isAtPrompt = true;
    world.print("$ ");
    const looks = world.looks;
    await world.clock.advanceAsync(10_000);
    expect([world.looks, world.sensor.state, world.clock.pending]).toEqual([looks, undefined, 0]);
  });

  it("keeps what it knew while its server is away, and looks again with the next output", async () => {
    const world = new World();
    world.print("Proceed? (y/n)");
    await world.clock.advanceAsync(1000);
    world.fails = true;
    world.print(...Array<string>(40).fill("more"));
    await world.clock.advanceAsync(10_000);
    expect(world.sensor.state?.state).toBe("waiting");
    world.fails = false;
    world.print("more");
    await world.clock.advanceAsync(10_000);
    expect(world.sensor.state?.state).toBe("unclear");
  });

  it("looks again where a look failed, although nothing more is printed", async () => {
    const world = new World();
    await world.clock.advanceAsync(100_000);
    world.fails = true;
    world.print("Proceed? (y/n)");
    await world.clock.advanceAsync(1000);
    expect(world.sensor.state?.state).not.toBe("waiting");
    world.fails = false;
    await world.clock.advanceAsync(10_000);
    expect(world.sensor.state?.state).toBe("waiting");
  });

  it("looks again at a question that stands, because an answer may not be shown", async () => {
    const world = new World();
    world.print("Proceed? (y/n)");
    await world.clock.advanceAsync(1000);
    world.lines = [];
    await world.clock.advanceAsync(10_000);
    expect(world.sensor.state?.state).toBe("unclear");
  });

  it("names what a command started where its server does not tell what is in front", async () => {
    const world = new World();
    world.runs = { started: "/usr/bin/agent", running: true };
    world.print("Proceed? (y/n)");
    await world.clock.advanceAsync(1000);
    expect(world.sensor.state).toMatchObject({ program: { name: "agent" }, why: "agent asks a question." });
  });

  it("stops when it is disposed of", async () => {
    const world = new World();
    world.print("Proceed? (y/n)");
    world.sensor.dispose();
    await world.clock.advanceAsync(10_000);
    expect([world.states, world.clock.pending]).toEqual([[], 0]);
  });
});
