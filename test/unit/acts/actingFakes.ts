import type { Acting } from "../../../src/core/acts/acting";
import type { ProjectRecord } from "../../../src/core/record/projectRecord";
import type { ContextEntry } from "../../../src/core/model/entry";
// Loaded at once, so that reading a plan takes no longer than its promises.
import "../../../src/core/run/planFunctions";
import { plansHere } from "../../../src/core/run/plansHere";
import type { ConsentKeeper } from "../../../src/core/ports/consent";
import { FakeClock } from "../../support/fakeClock";
import { testConsents } from "../../support/testConsents";
import { SharedRecord } from "../../support/sharedRecord";

/** Of this host only; `alive` are the processes that live. */
export function somebody(
  clock: FakeClock,
  alive: ReadonlySet<number>,
  runsHere = false,
  consents: ConsentKeeper = testConsents(),
): Acting {
  const processes = {
    host: "here",
    pid: 1,
    started_at: "start",
    isAlive: ({ pid }: { pid: number }) => Promise.resolve(alive.has(pid)),
  };
  return { actor: "human:ada", processes, clock, consents, plans: plansHere, insideSession: undefined, runsHere };
}

/** A project with a record, and processes that may run it; nothing of a shell. */
export class ActScene {
  readonly clock = new FakeClock();
  readonly shared = new SharedRecord();
  /** This process is 1. */
  readonly alive = new Set([1]);
  runsHere = false;

  static async open(): Promise<ActScene> {
    const scene = new ActScene();
    scene.#record = await scene.shared.record();
    return scene;
  }

  #record: ProjectRecord | undefined;

  get record(): ProjectRecord {
    if (!this.#record) throw new Error("not open");
    return this.#record;
  }

  get by(): Acting {
    return somebody(this.clock, this.alive, this.runsHere);
  }

  /** Lets promises settle, and the clock go on. */
  pass(ms = 0): Promise<void> {
    return this.clock.advanceAsync(ms);
  }

  /** A process begins to run the project. */
  async runs(pid: number, generation = 1): Promise<void> {
    this.alive.add(pid);
    this.shared.add({
      kind: "lease",
      actor: "human:bob",
      session_name: null,
      event: "claimed",
      holder: "human:bob",
      host: "here",
      pid,
      started_at: "start",
      generation,
      text: "runs",
    });
    await this.pass();
  }

  /** It has ended as runs do. */
  async ends(generation = 1): Promise<void> {
    const holder = "human:bob";
    this.shared.add({
      kind: "lease",
      actor: holder,
      session_name: null,
      event: "released",
      holder,
      generation,
      text: "",
    });
    await this.pass();
  }

  /** What becomes of a task. */
  async task(event: string, state: string, task_id = "build"): Promise<ContextEntry> {
    const entry = this.shared.add({
      kind: "task",
      actor: "engine",
      session_name: null,
      event,
      state,
      task_id,
      role: "w",
      text: event,
    });
    await this.pass();
    return entry;
  }

  /** A question about a task, or about a session only. */
  async question(task_id?: string): Promise<ContextEntry> {
    const entry = this.shared.add({
      kind: task_id === undefined ? "blocked" : "error",
      actor: "engine",
      session_name: null,
      text: "Again?",
      options: ["retry", "skip"],
      human_attention_needed: true,
      ...(task_id === undefined ? {} : { task_id }),
    });
    await this.pass();
    return entry;
  }

  close(): Promise<void> {
    return this.record.close();
  }
}
