import { afterEach, describe, expect, it } from "vitest";
import { type Deferred, deferred } from "../../../src/core/base/async";
import type { EntryDraft } from "../../../src/core/model/entry";
import { OrchestratorError } from "../../../src/core/model/errors";
import type { ProjectContext } from "../../../src/core/model/project";
import type { ChosenServer } from "../../../src/core/ports/sessions";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import type { ViewedFolder } from "../../../src/viewing/viewingWorld";
import { type ChangedProjects, WorkspaceRecords } from "../../../src/viewing/workspaceRecords";
import { FakeClock } from "../../support/fakeClock";
import { FakeServer } from "../../support/fakeServer";
import { SharedRecord } from "../../support/sharedRecord";
import { silentLogger } from "../../support/systemClock";
import { advice } from "../../../src/core/model/remedy";

const session = "proj-alpha::shell::1";
const opened: EntryDraft = {
  kind: "session",
  actor: "engine",
  session_name: session,
  text: "opened",
  event: "opened",
  wire_name: "proj-alpha.shell.1",
  server_id: "fake-1",
};
const lease = (pid: number, host = "h"): EntryDraft => ({
  kind: "lease",
  actor: "human:x",
  session_name: null,
  text: "drives",
  event: "claimed",
  holder: `${host}:${pid}`,
  host,
  pid,
  started_at: "1",
  generation: pid,
  expires_at: new Date(Date.UTC(2030, 0, 1)).toISOString(),
});
const worlds: World[] = [];
afterEach(() => {
  for (const { records } of worlds.splice(0)) records.dispose();
});

/** A workspace whose folders, records, processes and server a test plays. */
class World {
  readonly clock = new FakeClock();
  readonly server = new FakeServer();
  folders: readonly ViewedFolder[] = [{ path: "/one", name: "one" }];
  /** Of folder `/one`, by project id. */
  readonly shared = new Map<string, SharedRecord>();
  readonly living = new Set<number>();
  /** Set: the system does not say which processes live. */
  silent: Error | undefined;
  readonly warned: string[] = [];
  trusted = true;
  asked = 0;
  /** Set: the server answers when it is resolved. */
  answering: Deferred<undefined> | undefined;
  /** Set: what keeps the server from being asked. */
  refusing: Error | undefined;
  /** Set: project.json is read when it settles. */
  reading: Promise<unknown> = Promise.resolve();
  readonly told: string[] = [];
  readonly records: WorkspaceRecords;
  #changed: () => void = () => undefined;

  constructor() {
    worlds.push(this);
    const chosen = async (): Promise<ChosenServer> => {
      this.asked++;
      await this.answering?.promise;
      if (this.refusing) throw this.refusing;
      return { server: this.server, info: await this.server.info(), builtin: true };
    };
    this.records = new WorkspaceRecords(
      {
        actor: "human:x",
        clock: this.clock,
        logger: { ...silentLogger, warn: (message) => this.warned.push(message) },
        processes: Promise.resolve({
          host: "h",
          pid: 1,
          started_at: "1",
          isAlive: ({ pid }) => (this.silent ? Promise.reject(this.silent) : Promise.resolve(this.living.has(pid))),
        }),
        quietAfterMs: () => 600_000,
        redactor: Promise.resolve({ redact: (text: string) => text.replaceAll("hunter2", "‹secret›") }),
        servers: { asReference: chosen },
        store: (folder) =>
          Promise.resolve({
            list: () => Promise.resolve(folder === "/one" ? [...this.shared.keys()] : []),
            open: (project_id) => {
              const record = this.shared.get(project_id);
              if (!record) throw new Error("There is no such record.");
              return Promise.resolve(
                record.ledger({
                  project_id,
                  readProject: () =>
                    this.reading.then(
                      () =>
                        ({
                          project_id,
                          name: project_id,
                          server: { address: "unix:/fake", server_id: "fake-1" },
                        }) as ProjectContext,
                    ),
                }),
              );
            },
          }),
        programRules: () => Promise.resolve(shippedCatalog),
        isTrusted: () => this.trusted,
        requireTrust: () => undefined,
      },
      {
        all: () => this.folders,
        watch: (changed) => {
          this.#changed = changed;
          return { dispose: () => (this.#changed = () => undefined) };
        },
      },
    );
    this.records.onFound(({ project }) => this.told.push(`found ${project.name}`));
    this.records.onChange((changed) => this.told.push(`changed ${words(changed)}`));
  }

  add(...ids: readonly string[]): SharedRecord {
    for (const id of ids) this.shared.set(id, new SharedRecord());
    return this.shared.get(ids[0] ?? "") as SharedRecord;
  }

  async start(): Promise<void> {
    this.records.start();
    await this.settle();
  }

  /** As the file system tells. */
  async changes(): Promise<void> {
    this.#changed();
    await this.settle();
  }

  /** Lets everything happen that waits for no time, and what is told together within a quarter of a second. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
    await this.clock.advanceAsync(250);
  }

  runner(id = "alpha"): string {
    const runner = this.records.find("/one", id)?.runner;
    return runner?.who === "other" ? `${runner.name}${runner.gone ? ", gone" : ""}` : (runner?.who ?? "not followed");
  }

  state(): string | undefined {
    return this.records.pictures()[0]?.sessions.find(({ session_name }) => session_name === session)?.state;
  }
}

function words(changed: ChangedProjects): string {
  return changed === "all" ? changed : [...changed].join();
}

describe("the followed records of a workspace", () => {
  it("are found when they are there and when they come, and forgotten when they or their folder go", async () => {
    const world = new World();
    const alpha = world.add("alpha", "beta");
    await world.start();
    expect(world.told).toEqual(["found alpha", "found beta", "changed all"]);
    expect(alpha.openLedgers).toBe(1);
    world.add("gamma");
    world.shared.delete("alpha");
    await world.changes();
    expect(world.records.all().map(({ project }) => project.name)).toEqual(["beta", "gamma"]);
    expect([alpha.openLedgers, alpha.followers.size]).toEqual([0, 0]);
    world.folders = [{ path: "/two", name: "two" }];
    await world.changes();
    expect(world.records.all()).toEqual([]);
  });

  it("tell of what is written together, and nothing where nothing is", async () => {
    const world = new World();
    const alpha = world.add("alpha");
    await world.start();
    world.told.splice(0);
    await world.clock.advanceAsync(60_000);
    expect(world.told).toEqual([]);
    for (let note = 0; note < 20; note++)
      alpha.add({ kind: "note", actor: "human:x", session_name: null, text: `${note}` });
    await world.settle();
    expect(world.told).toEqual(["changed /one#alpha"]);
  });

  it("say who runs a project: nobody, this window, another one, one that has ended", async () => {
    const world = new World();
    const alpha = world.add("alpha");
    await world.start();
    const seen = [world.runner()];
    alpha.add(lease(1));
    await world.settle();
    seen.push(world.runner());
    world.living.add(7);
    alpha.add(lease(7));
    await world.settle();
    seen.push(world.runner());
    // Nothing tells that a process has ended: it is asked while somebody looks.
    world.living.delete(7);
    world.records.watchers = () => 1;
    await world.clock.advanceAsync(4000);
    seen.push(world.runner());
    alpha.add(lease(8, "elsewhere"));
    world.records.hasLeft = () => true;
    await world.settle();
    seen.push(world.runner());
    expect(seen).toEqual(["nobody", "this_window", "process 7", "process 7, gone", "process 8 on elsewhere, gone"]);
    alpha.add(lease(1));
    alpha.add({ ...lease(1), generation: 20 });
    await world.settle();
    expect(world.runner()).toBe("nobody");
  });

  it("go on where the system does not say which processes live, and log it", async () => {
    const world = new World();
    const alpha = world.add("alpha");
    await world.start();
    world.living.add(7);
    world.silent = new Error("No more processes.");
    world.records.watchers = () => 1;
    alpha.add(lease(7));
    await world.settle();
    await world.clock.advanceAsync(4000);
    expect([world.runner(), new Set(world.warned)]).toEqual([
      "nobody",
      new Set(["Whether a project is running cannot be checked: No more processes."]),
    ]);
    world.silent = undefined;
    await world.clock.advanceAsync(4000);
    expect(world.runner()).toBe("process 7");
  });

  it("believe a server that a session is gone, but not over what was written while it was asked", async () => {
    const world = new World();
    const alpha = world.add("alpha");
    alpha.add(opened);
    world.records.watchers = () => 1;
    world.answering = deferred();
    await world.start();
    const before = world.state();
    await world.clock.advanceAsync(4000);
    alpha.add({ ...opened, kind: "note", text: "It works." });
    await world.settle();
    world.answering.resolve(undefined);
    await world.settle();
    expect([world.state(), before === "lost"]).toEqual([before, false]);
    world.answering = undefined;
    await world.clock.advanceAsync(4000);
    await world.settle();
    expect(world.state()).toBe("lost");
    // What the record says later counts more than what a server said before.
    alpha.add({ ...opened, kind: "note", text: "It is here again." });
    await world.settle();
    expect(world.state()).toBe(before);
  });

  it("ask no server while nobody looks, nor for a folder that is not trusted", async () => {
    const world = new World();
    world.add("alpha").add(opened);
    await world.start();
    await world.clock.advanceAsync(60_000);
    world.records.watchers = () => 1;
    world.trusted = false;
    await world.clock.advanceAsync(60_000);
    expect(world.asked).toBe(0);
    world.trusted = true;
    await world.clock.advanceAsync(4000);
    expect(world.asked).toBe(1);
  });

  it("say which project's server was not asked because nobody chose it, until somebody does", async () => {
    const world = new World();
    world.add("alpha").add(opened);
    const remedy = { kind: "choose_address", address: "http://stranger.example" } as const;
    world.refusing = new OrchestratorError("server_not_chosen", "It was not asked.", remedy);
    world.records.watchers = () => 1;
    await world.start();
    await world.clock.advanceAsync(4000);
    await world.settle();
    const unchosen = (): unknown => world.records.pictures().map((each) => each.server_unchosen);
    expect([unchosen(), world.records.problems]).toEqual([[true], [{ message: "It was not asked.", remedy }]]);
    world.refusing = undefined;
    await world.clock.advanceAsync(4000);
    await world.settle();
    expect([unchosen(), world.records.problems]).toEqual([[false], []]);
  });

  it("say what cannot be read, until it can", async () => {
    const world = new World();
    const alpha = world.add("alpha");
    world.reading = Promise.reject(new OrchestratorError("ledger_unsafe", "It is a link.", advice("Look at it.")));
    await world.start();
    expect([world.records.problems, alpha.openLedgers]).toEqual([
      [{ message: "alpha: It is a link.", remedy: advice("Look at it.") }],
      0,
    ]);
    world.reading = Promise.resolve();
    await world.changes();
    expect([world.records.problems, world.records.all().length]).toEqual([[], 1]);
  });

  it("follow nothing any more when they are disposed of, not even what was being opened", async () => {
    const world = new World();
    const alpha = world.add("alpha");
    const reading = deferred<undefined>();
    world.reading = reading.promise;
    await world.start();
    expect(alpha.openLedgers).toBe(1);
    world.records.dispose();
    reading.resolve(undefined);
    await world.settle();
    expect([alpha.openLedgers, alpha.followers.size, world.clock.pending]).toEqual([0, 0, 0]);
  });
});
