import { agentCatalog } from "../../../src/core/session/agentCatalog";
import { describe, expect, it, vi } from "vitest";
import { OrchestratorError } from "../../../src/core/model/errors";
import type { PlanRole } from "../../../src/core/model/plan";
import type { SessionContext } from "../../../src/core/model/session";
import type { Folders } from "../../../src/core/ports/machine";
import { SessionOpener } from "../../../src/core/session/sessionOpener";
import { FakeClock } from "../../support/fakeClock";
import { agreeable, FakeServer } from "../../support/fakeServer";
import { MemoryRecord } from "../../support/memoryRecord";
import { silentLogger } from "../../support/systemClock";
import { nothingToDo } from "../../../src/core/model/remedy";
import { openRoles } from "../../support/policies";

const role: PlanRole = { name: "worker", env: {}, count: 1, shell: "bash" };
const name = "proj-alpha::worker::1";
const wire = "proj-alpha.worker.1";
const { signal } = new AbortController();

/** A project on a server in memory. */
class World {
  readonly clock = new FakeClock();
  readonly record = new MemoryRecord(this.clock);
  readonly server = new FakeServer(agreeable);
  folderIsThere = true;
  formerServer: string | undefined;
  columns: number | undefined;
  #keys = 0;

  /** As the next run has one: it knows what the record knows. */
  async opener(project_id = "alpha"): Promise<SessionOpener> {
    const { record, server, clock } = this;
    return new SessionOpener({
      record: record.open,
      server,
      info: await server.info(),
      clock,
      ids: { next: () => "id", secret: () => `key${++this.#keys}` },
      folders: {
        resolve: (base: string) => base,
        isFolder: () => Promise.resolve(this.folderIsThere),
      } as unknown as Folders,
      logger: silentLogger,
      guard: () => Promise.resolve(),
      project_id,
      baseFolder: "/site",
      formerServer: this.formerServer,
      roles: openRoles(),
      agents: agentCatalog(),
      agentMachine: undefined,
      workspaceTag: "ws",
      defaultShell: undefined,
      columns: this.columns,
    });
  }

  get known(): SessionContext {
    const known = this.record.state.sessions.get(name);
    if (!known) throw new Error("The record has no session.");
    return known;
  }

  get listening(): number {
    return this.server.terminals.get(wire)?.listeners.size ?? 0;
  }
}

describe("a session that is made", () => {
  it("has its key in the record before it exists, and is ready at its first prompt", async () => {
    const world = new World();
    const entriesAtCreation: string[] = [];
    const create = world.server.create.bind(world.server);
    world.server.create = (spec) => {
      entriesAtCreation.push(...world.record.lines);
      return create(spec);
    };
    const session = await (await world.opener()).create(role, signal);
    expect(entriesAtCreation).toEqual(["session starting: worker::1 is starting."]);
    expect(world.known).toMatchObject({
      state: "idle",
      mode: "marks",
      k: "key1",
      wire_name: wire,
      server_id: "fake-1",
    });
    expect(session).toMatchObject({ name, mode: "marks", startedIn: "/site", busy: true });
    expect(world.server.terminal(wire).info.tags).toContain("ws");
  });

  it("is as wide as new ones are now; its record keeps that, also for the one that takes its place", async () => {
    const world = new World();
    const made: (number | undefined)[] = [];
    const create = world.server.create.bind(world.server);
    world.server.create = (spec) => {
      made.push(spec.cols);
      return create(spec);
    };
    (await (await world.opener()).create(role, signal)).shell.dispose();
    expect(world.known.cols).toBe(120);
    world.columns = 160;
    const opener = await world.opener();
    const reopened = await opener.reopen(world.known, role, signal);
    expect(reopened?.shell.identity).toMatchObject({ rows: 50, cols: 120 });
    reopened?.shell.dispose();
    (await opener.restart(world.known, role, "human:ada", signal)).shell.dispose();
    expect(world.known.cols).toBe(120);
    (await opener.create(role, signal)).shell.dispose();
    expect(made).toEqual([120, 120, 160]);
  });

  it("gets the next number where somebody else has the name", async () => {
    const world = new World();
    await world.server.create({ name: wire });
    const session = await (await world.opener()).create(role, signal);
    expect(session.name).toBe("proj-alpha::worker::2");
    expect(world.record.lines[0]).toMatch(/^session taken: /);
  });

  it("gets the same number after a look for a free name that failed", async () => {
    const world = new World();
    const opener = await world.opener();
    const get = world.server.get.bind(world.server);
    world.server.get = () =>
      Promise.reject(new OrchestratorError("server_error", "The server is too busy.", nothingToDo));
    await expect(opener.create(role, signal)).rejects.toMatchObject({ code: "server_error" });
    world.server.get = get;
    expect((await opener.create(role, signal)).name).toBe(name);
  });

  it("is not, where its folder does not exist", async () => {
    const world = new World();
    world.folderIsThere = false;
    await expect((await world.opener()).create(role, signal)).rejects.toMatchObject({ code: "request_invalid" });
    expect(world.record.entries).toEqual([]);
  });

  it("is unclear when its first prompt is overdue, with what it shows, and is waited for all the same", async () => {
    const world = new World();
    const create = world.server.create.bind(world.server);
    world.server.create = async (spec) => {
      const info = await create(spec);
      const terminal = world.server.terminal(spec.name);
      terminal.deaf = true;
      terminal.open = (listener) => void terminal.listeners.add(listener);
      return info;
    };
    const opening = (await world.opener()).create(role, signal);
    await world.clock.advanceAsync(100);
    world.server.terminal(wire).print("Update now? [y/N] ");
    await world.clock.advanceAsync(20_000);
    expect(world.known.state).toBe("unclear");
    expect(world.known.last_signal).toMatch(/has not shown a prompt yet\. Last output: "Update now\?/);
    const terminal = world.server.terminal(wire);
    terminal.deaf = false;
    terminal.resize({ rows: 50, cols: 200 });
    await world.clock.advanceAsync(2000);
    expect((await opening).mode).toBe("marks");
    expect(world.known.state).toBe("idle");
  });

  it("is let go when whoever wanted it leaves before its first prompt, and its failure is in the record", async () => {
    const world = new World();
    const leaving = new AbortController();
    const silent: PlanRole = { ...role, shell: "sh" };
    const opening = (await world.opener()).create(silent, leaving.signal);
    opening.catch(() => undefined);
    await world.clock.advanceAsync(500);
    expect(world.listening).toBe(1);
    leaving.abort(new Error("left"));
    await expect(opening).rejects.toThrow("left");
    expect(world.listening).toBe(0);
    expect(world.known.state).toBe("failed");
    expect(world.clock.pending).toBe(0);
  });
});

describe("a session that an earlier run left", () => {
  async function left(): Promise<World> {
    const world = new World();
    (await (await world.opener()).create(role, signal)).shell.dispose();
    return world;
  }

  it("is used again while it waits at its prompt", async () => {
    const world = await left();
    const session = await (await world.opener()).reuse(role, signal);
    expect(session?.name).toBe(name);
    expect(world.record.lines.at(-1)).toBe("session reused: worker::1 reconnected.");
  });

  it("is let go where something runs in it", async () => {
    const world = await left();
    world.server.terminal(wire).deaf = true;
    const reused = (await world.opener()).reuse(role, signal);
    await world.clock.advanceAsync(2000);
    expect(await reused).toBeUndefined();
    expect(world.listening).toBe(0);
    expect(world.known.state).toBe("idle");
  });

  it("is used again by the same run after a look at it that failed", async () => {
    const hiccup = new OrchestratorError("server_error", "The server is too busy.", nothingToDo);
    for (const fails of ["get", "openRaw", "resize"] as const) {
      const world = new World();
      const made = (await world.opener()).create(role, signal);
      await world.clock.advanceAsync(2000);
      (await made).shell.dispose();
      const opener = await world.opener();
      const failing = vi.spyOn(world.server, fails).mockImplementation(() => {
        throw hiccup;
      });
      await expect(opener.reuse(role, signal)).rejects.toBe(hiccup);
      failing.mockRestore();
      expect([fails, (await opener.reuse(role, signal))?.name]).toEqual([fails, name]);
    }
  });

  it("is ended where its role has changed", async () => {
    const world = await left();
    expect(await (await world.opener()).reuse({ ...role, env: { A: "1" } }, signal)).toBeUndefined();
    expect(world.known.state).toBe("exited");
    expect(world.server.terminals.get(wire)?.over).toBeDefined();
  });

  it("is lost where its server was started anew, or has somebody else's of its name", async () => {
    const restarted = await left();
    restarted.server.server_id = "fake-2";
    expect(await (await restarted.opener()).reuse(role, signal)).toBeUndefined();
    expect(restarted.known.state).toBe("lost");
    expect(restarted.record.lines.at(-1)).toBe("session lost: worker::1 is lost: its session server was restarted.");

    const moved = await left();
    moved.formerServer = "unix:/elsewhere";
    moved.server.server_id = "fake-2";
    await (await moved.opener()).reuse(role, signal);
    expect(moved.record.lines.at(-1)).toMatch(/is lost: the project now uses a different session server\.$/);

    const taken = await left();
    taken.server.end(wire, 0);
    await taken.server.create({ name: wire });
    expect(await (await taken.opener()).reuse(role, signal)).toBeUndefined();
    expect(taken.record.lines.at(-1)).toMatch(/another session has its name/);
  });

  it("that ended while nobody looked is said to have ended as its server tells it, also when it is restarted", async () => {
    const lines = ["$ make; exit 3", "make: *** [all] Error 2", "exit"];
    const used = await left();
    used.server.end(wire, 3, lines);
    expect(await (await used.opener()).reuse(role, signal)).toBeUndefined();
    expect(used.known.state).toBe("exited");
    const how = 'worker::1 ended with exit code 3. Last output: "make: *** [all] Error 2".';
    expect(used.record.lines.at(-1)).toBe(`session ended: ${how}`);

    const restarted = await left();
    restarted.server.end(wire, 3, lines);
    await (await restarted.opener()).restart(restarted.known, role, "human:test", signal);
    expect(restarted.record.lines).toContain(`session ended: ${how} test is restarting worker::1.`);
  });

  it("is used again when it could not be made anew", async () => {
    const world = await left();
    const opener = await world.opener();
    world.server.kill = () =>
      Promise.reject(new OrchestratorError("server_error", "The server is too busy.", nothingToDo));
    const made = opener.restart(world.known, role, "human:test", signal);
    await expect(made).rejects.toMatchObject({ code: "server_error" });
    expect((await opener.reuse(role, signal))?.name).toBe(name);
  });

  it("is made anew under its name, with what runs there ended first", async () => {
    const world = await left();
    const before = world.server.terminal(wire);
    const session = await (await world.opener()).restart(world.known, role, "human:test", signal);
    expect([session.name, before.over !== undefined]).toEqual([name, true]);
    expect(world.record.lines).toContain("session ended: test is restarting worker::1.");
    expect(world.known).toMatchObject({ state: "idle", k: "key2" });
  });
});
