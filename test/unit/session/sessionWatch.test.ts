import { agentCatalog } from "../../../src/core/session/agentCatalog";
import { Consents } from "../../../src/core/safety/consent";
import { testConsents } from "../../support/testConsents";
import { describe, expect, it } from "vitest";
import { deferred } from "../../../src/core/base/async";
import type { PlanRole } from "../../../src/core/model/plan";
import type { Folders } from "../../../src/core/ports/machine";
import type { RuleCatalog } from "../../../src/core/sense/senseTerminal";
import type { OpenSession } from "../../../src/core/session/openSession";
import { SessionOpener } from "../../../src/core/session/sessionOpener";
import { senseOnce } from "../../../src/core/session/sensedTerminal";
import { SessionWatch } from "../../../src/core/session/sessionWatch";
import { askingCatalog, emptyCatalog } from "../../support/catalogs";
import { FakeClock } from "../../support/fakeClock";
import { FakeServer } from "../../support/fakeServer";
import type { FakeTerminal } from "../../support/fakeTerminal";
import { MemoryRecord } from "../../support/memoryRecord";
import { silentLogger } from "../../support/systemClock";
import { openRoles } from "../../support/policies";

const role: PlanRole = { name: "worker", env: {}, count: 1, shell: "bash" };
const name = "proj-alpha::worker::1";
const wire = "proj-alpha.worker.1";

/** A session that is free, at its prompt, and watched. */
class World {
  readonly clock = new FakeClock();
  readonly record = new MemoryRecord(this.clock);
  /** What is typed runs until it is told to finish. */
  readonly server = new FakeServer(() => "runs");
  readonly sessions: OpenSession[] = [];
  screens = 0;

  private constructor() {
    const screen = this.server.screen.bind(this.server);
    this.server.screen = (asked) => {
      this.screens++;
      return screen(asked);
    };
  }

  static async begin(
    catalog: RuleCatalog = emptyCatalog,
    of: PlanRole = role,
  ): Promise<World & { watch: SessionWatch }> {
    const world = new World();
    const { clock, record, server } = world;
    const opener = new SessionOpener({
      record: record.open,
      server,
      info: await server.info(),
      clock,
      ids: { next: () => "id", secret: () => "key" },
      folders: { resolve: (base: string) => base, isFolder: () => Promise.resolve(true) } as unknown as Folders,
      logger: silentLogger,
      guard: () => Promise.resolve(),
      project_id: "alpha",
      baseFolder: "/site",
      roles: openRoles(),
      agents: agentCatalog(),
      agentMachine: undefined,
      workspaceTag: "ws",
      defaultShell: undefined,
    });
    const opening = opener.create(of, new AbortController().signal);
    // A program is given a moment in which to fail.
    await clock.advanceAsync(1000);
    world.sessions.push(Object.assign(await opening, { busy: false }));
    const watch = new SessionWatch(
      { sessions: world.sessions, onTaken: () => ({ dispose: () => undefined }) },
      {
        record,
        server,
        clock,
        logger: silentLogger,
        catalog,
        consents: new Consents(testConsents(), clock, { workspace: "/site", project_id: "alpha" }),
      },
    );
    record.entries.length = 0;
    return Object.assign(world, { watch });
  }

  get terminal(): FakeTerminal {
    return this.server.terminal(wire);
  }

  /** Somebody types a line by hand. */
  type(text: string): void {
    this.terminal.type(`\x1b[200~ ${text}\x1b[201~\r`);
  }

  async command(text: string): Promise<void> {
    await this.record.append({
      kind: "command",
      actor: "engine",
      session_name: name,
      command_id: "c",
      text,
      input: text,
    });
    this.type(text);
  }

  async result(): Promise<void> {
    this.terminal.finish(0);
    const about = { kind: "result", actor: "engine", session_name: name, command_id: "c", text: "It ended." } as const;
    await this.record.append({ ...about, outcome: "exited", exit_code: 0 });
  }

  get written(): string[] {
    return this.record.entries
      .filter(({ kind }) => kind === "state")
      .map(({ state, text }) => `${state ?? ""}: ${text}`);
  }

  get recorded(): string | undefined {
    return this.record.state.sessions.get(name)?.state;
  }
}

describe("whoever runs a project", () => {
  it("does not count as silence that the machine slept, where its clock went on", async () => {
    const world = await World.begin();
    await world.command("npm ci");
    const watching = world.watch.start();
    await world.clock.advanceAsync(5 * 60_000);
    const silent = (): number => Math.round((world.watch.live()[0]?.silentMs ?? 0) / 60_000);
    expect(silent()).toBe(5);
    world.clock.sleep(8 * 3_600_000);
    await world.clock.advanceAsync(60_000);
    expect(silent()).toBe(6);
    watching.dispose();
  });

  it("writes what a person does in a session, once it lasts", async () => {
    const world = await World.begin();
    const watching = world.watch.start();
    await world.clock.advanceAsync(3000);
    expect(world.written).toEqual([]);
    world.type("vim notes");
    await world.clock.advanceAsync(1000);
    expect(world.written).toEqual([]);
    await world.clock.advanceAsync(5000);
    expect(world.written).toEqual(["working: The shell reports that a command is running."]);
    world.terminal.finish(0);
    await world.clock.advanceAsync(5000);
    expect(world.written[1]).toMatch(/^idle: .*at its prompt/);
    expect([world.written.length, world.recorded]).toEqual([2, "idle"]);
    watching.dispose();
    expect(world.clock.pending).toBe(0);
  });

  it("writes nothing that commands and results say already", async () => {
    const world = await World.begin();
    world.watch.start();
    await world.command("npm ci");
    await world.clock.advanceAsync(60_000);
    await world.result();
    await world.clock.advanceAsync(60_000);
    expect(world.written).toEqual([]);
    expect(world.recorded).toBe("idle");
  });

  it("writes nothing between the entry of a command and its start, nor between its end and its result", async () => {
    const world = await World.begin();
    world.watch.start();
    await world.record.append({ kind: "command", actor: "engine", session_name: name, command_id: "c", text: "ls" });
    await world.clock.advanceAsync(10_000);
    expect([world.written, world.recorded]).toEqual([[], "working"]);
  });

  it("writes the end of a session that nobody used, and leaves that of a used one to its user", async () => {
    for (const busy of [false, true]) {
      const world = await World.begin();
      for (const session of world.sessions) session.busy = busy;
      world.watch.start();
      world.server.end(wire, 7);
      await world.clock.advanceAsync(10_000);
      expect(world.written).toEqual(busy ? [] : ["exited: The session ended with exit code 7."]);
    }
  });

  it("writes nothing of a session that it gave up, or that another has taken the name of", async () => {
    const given = await World.begin();
    given.watch.start();
    given.type("vim");
    await given.clock.advanceAsync(1000);
    given.sessions.length = 0;
    await given.clock.advanceAsync(5000);
    expect(given.written).toEqual([]);

    const renewed = await World.begin();
    renewed.watch.start();
    const entry = { kind: "session", actor: "human:test", session_name: name, event: "starting", k: "other" } as const;
    await renewed.record.append({ ...entry, state: "starting", text: "Starts." });
    await renewed.clock.advanceAsync(5000);
    expect(renewed.written).toEqual([]);
  });

  it("writes nothing of a session that is given up while its screen is asked for, nor after it was told to stop", async () => {
    for (const how of ["given up", "stopped"]) {
      const world = await World.begin(askingCatalog);
      const watching = world.watch.start();
      await world.command("agent");
      const held = deferred<undefined>();
      const screen = world.server.screen.bind(world.server);
      world.server.screen = (asked) => held.promise.then(() => screen(asked));
      world.terminal.print("Proceed? (y/n)");
      await world.clock.advanceAsync(1000);
      if (how === "stopped") watching.dispose();
      else world.sessions.length = 0;
      held.resolve(undefined);
      await world.clock.advanceAsync(3000);
      expect(world.written).toEqual([]);
    }
  });

  it("goes on after an entry that could not be written, and stops when it is told to", async () => {
    const world = await World.begin();
    const append = world.record.append.bind(world.record);
    let failing = true;
    world.record.append = (draft) => (failing ? Promise.reject(new Error("disk full")) : append(draft));
    const watching = world.watch.start();
    world.type("vim");
    await world.clock.advanceAsync(5000);
    failing = false;
    await world.clock.advanceAsync(2000);
    expect(world.written).toHaveLength(1);
    watching.dispose();
    world.terminal.finish(0);
    await world.clock.advanceAsync(5000);
    expect(world.written).toHaveLength(1);
  });
});

describe("a rule for screens, plugged in", () => {
  it("makes what it finds an entry while a command runs, and what follows another", async () => {
    const world = await World.begin(askingCatalog);
    world.watch.start();
    await world.command("agent");
    world.terminal.print("\x1b]0;agent\x07Proceed? (y/n)");
    await world.clock.advanceAsync(5000);
    expect(world.written).toEqual(["waiting: agent asks a question."]);
    expect(world.watch.live()).toMatchObject([
      { name, command: { input: "agent" }, sensed: { state: "waiting", kind: "question", by: "screen" } },
    ]);
    world.terminal.print("\n".repeat(60));
    await world.clock.advanceAsync(5000);
    expect(world.written[1]).toMatch(/^working: /);
    await world.result();
    await world.clock.advanceAsync(5000);
    expect([world.written.length, world.recorded]).toEqual([2, "idle"]);
  });

  it("is shown a screen only when that can have changed", async () => {
    const world = await World.begin(askingCatalog);
    world.watch.start();
    await world.clock.advanceAsync(10_000);
    expect(world.screens).toBe(0);
    await world.command("agent");
    await world.clock.advanceAsync(1000);
    const first = world.screens;
    await world.clock.advanceAsync(600_000);
    // Twice more, because a program that draws nothing may be stopped.
    expect(world.screens).toBeLessThanOrEqual(first + 2);
    const rested = world.screens;
    await world.clock.advanceAsync(3_600_000);
    expect(world.screens).toBe(rested);
    world.terminal.print("more");
    await world.clock.advanceAsync(1000);
    expect(world.screens).toBe(rested + 1);
  });

  it("takes back what it found in a program without marks, of which silence says nothing", async () => {
    const program: PlanRole = { name: "worker", env: {}, count: 1, program: "agent" };
    const world = await World.begin(askingCatalog, program);
    world.watch.start();
    await world.clock.advanceAsync(10_000);
    expect(world.written).toEqual([]);
    world.terminal.print("Proceed? (y/n)");
    await world.clock.advanceAsync(3000);
    expect(world.written).toEqual(["waiting: agent asks a question."]);
    world.terminal.print("\n".repeat(60));
    await world.clock.advanceAsync(10_000);
    expect(world.written).toHaveLength(2);
    expect(world.recorded).not.toBe("waiting");
  });
});

describe("what a program says of itself", () => {
  const program: PlanRole = { name: "worker", env: {}, count: 1, program: "agent" };

  async function agent(): Promise<World & { watch: SessionWatch }> {
    const world = await World.begin(emptyCatalog, program);
    world.watch.start();
    world.terminal.print("\x1b]7501;state=working:app=agent\x07thinking");
    await world.clock.advanceAsync(2000);
    return world;
  }

  it.each(["133;A", "633;A", "633;A;cl=m"])("is over where a shell's prompt begins (%s)", async (mark) => {
    const world = await agent();
    world.terminal.print("\x1b]7501;state=blocked:app=agent\x07");
    await world.clock.advanceAsync(2000);
    expect(world.watch.live()).toMatchObject([{ sensed: { state: "waiting" } }]);
    world.terminal.print(`\x1b]${mark}\x07$ `);
    await world.clock.advanceAsync(10_000);
    expect(world.watch.live()).not.toMatchObject([{ sensed: { state: "waiting" } }]);
  });

  it("is what a person says until its screen shows something else", async () => {
    const world = await World.begin(askingCatalog);
    const watching = world.watch.start();
    await world.command("deploy");
    world.terminal.print("What now");
    await world.clock.advanceAsync(2000);
    expect(world.recorded).toBe("working");
    const { shows } = senseOnce(await world.server.screen(wire), { denied: true }, askingCatalog);
    const about = { kind: "note", actor: "human:ada", session_name: name, event: "state_wrong", text: "Ada says." };
    const said = { ...about, state: "waiting", told: { state: "working" }, shows: shows ?? "" };
    await world.record.append(said);
    await world.clock.advanceAsync(120_000);
    expect(world.recorded).toBe("waiting");
    expect(world.watch.live()).toMatchObject([{ sensed: { state: "waiting", why: "Ada says.", by: "record" } }]);
    world.terminal.print("\r\nGoing on");
    await world.clock.advanceAsync(5000);
    expect([world.recorded, world.record.state.sessions.get(name)?.denied]).toEqual(["working", undefined]);
    watching.dispose();
  });

  it("is done until a person looked, in the sensor as in the record", async () => {
    const world = await agent();
    world.terminal.print("\x1b]7501;state=done:app=agent\x07");
    await world.clock.advanceAsync(2000);
    expect(world.recorded).toBe("done_unseen");
    world.watch.seen("proj-alpha::worker::2");
    expect(world.watch.live()).toMatchObject([{ sensed: { state: "done_unseen" } }]);
    world.watch.seen(name);
    expect(world.watch.live()).toMatchObject([{ sensed: { state: "idle" } }]);
    // The program goes on saying so, and draws; that was seen.
    world.terminal.print("\x1b]7501;state=done:app=agent\x07.");
    await world.clock.advanceAsync(10_000);
    expect(world.recorded).toBe("idle");
    world.terminal.print("\x1b]7501;state=working:app=agent\x07");
    await world.clock.advanceAsync(2000);
    world.terminal.print("\x1b]7501;state=done:app=agent\x07");
    await world.clock.advanceAsync(2000);
    expect(world.recorded).toBe("done_unseen");
  });
});

describe("a question that is open in a session", () => {
  it("is what it waits for, in every view of it", async () => {
    const world = await World.begin();
    const question = { kind: "error", actor: "engine", session_name: name, text: "build failed." } as const;
    await world.record.append({ ...question, human_attention_needed: true });
    expect(world.watch.live()).toMatchObject([{ sensed: { state: "waiting", why: "build failed.", by: "question" } }]);
  });
});
