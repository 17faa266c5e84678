import { describe, expect, it } from "vitest";
import { EventEmitter } from "../../../src/core/base/event";
import type { ContextEntry } from "../../../src/core/model/entry";
import type { SessionContext } from "../../../src/core/model/session";
import type { WantedState } from "../../../src/core/model/wantedState";
import type { SessionFinding } from "../../../src/core/session/sessionState";
import { ShellSession } from "../../../src/core/session/shellSession";
import { type RecordedSigns, untilState } from "../../../src/core/session/stateWait";
import { askingCatalog } from "../../support/catalogs";
import { FakeClock } from "../../support/fakeClock";
import { FakeServer } from "../../support/fakeServer";
import { silentLogger } from "../../support/systemClock";

/** A session whose terminal prints what a test says. */
class World {
  readonly clock = new FakeClock();
  readonly server = new FakeServer();
  readonly stop = new AbortController();
  readonly record = new EventEmitter<void>();
  recorded: RecordedSigns | undefined;
  session!: ShellSession;

  static async open(): Promise<World> {
    const world = new World();
    await world.server.create({ name: "wire" });
    const identity = { name: "a", wire: "wire", key: "other", rows: 24, cols: 80 };
    world.session = new ShellSession(world.server, world.clock, identity);
    await world.session.open();
    return world;
  }

  wait(wanted: WantedState): { found: SessionFinding | undefined; over: Promise<unknown> } {
    const waiting: { found: SessionFinding | undefined; over: Promise<unknown> } = {
      found: undefined,
      over: Promise.resolve(),
    };
    const { session, server, clock, record, stop } = this;
    waiting.over = untilState(
      {
        session,
        atMarks: false,
        runs: () => ({}),
        recorded: () => this.recorded,
        onRecord: record.event,
        server,
        clock,
        logger: silentLogger,
        catalog: askingCatalog,
      },
      wanted,
      stop.signal,
    ).then((found) => (waiting.found = found));
    return waiting;
  }
}

const context = (state: SessionContext["state"]): SessionContext => ({
  session_name: "a",
  project_id: "p",
  agent_id: null,
  role: "a",
  state,
  next_action: "",
  last_signal: "",
  updated_at: "2026-01-01T00:00:00.000Z",
});

describe("a wait for a state", () => {
  it("ends with a question that the project asks there, when the record has it", async () => {
    const world = await World.open();
    world.recorded = { session: context("idle") };
    const waiting = world.wait({ state: "waiting", kind: "permission" });
    await world.clock.advanceAsync(5000);
    expect(waiting.found).toBeUndefined();
    const question = { kind: "approval_needed", text: "May it?" } as ContextEntry;
    world.recorded = { session: context("idle"), question };
    world.record.fire();
    await world.clock.advanceAsync(0);
    expect(waiting.found).toMatchObject({ state: "waiting", kind: "permission", why: "May it?", by: "question" });
  });

  it("ends with another state where the session ends before, and leaves nothing behind", async () => {
    const world = await World.open();
    const waiting = world.wait({ state: "waiting" });
    await world.clock.advanceAsync(1000);
    world.server.end("wire", 6);
    await world.clock.advanceAsync(0);
    expect(waiting.found).toMatchObject({ state: "exited", by: "end" });
    expect(world.clock.pending).toBe(0);
  });

  it("rejects when it is left", async () => {
    const world = await World.open();
    const { over } = world.wait({ state: "waiting" });
    over.catch(() => undefined);
    world.stop.abort(new Error("enough"));
    await expect(over).rejects.toThrow("enough");
    expect(world.clock.pending).toBe(0);
  });
});
