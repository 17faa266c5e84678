import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { sessionRows } from "../../../src/protocol/sessionRows";
import { taskRows } from "../../../src/protocol/taskRows";
import { FakeProject, type FakeRun } from "../../support/fakeProject";
import { picture as pictureOf } from "../protocol/rowScene";

const session = "proj-alpha::builder::1";
const plan = `
roles: { builder: {} }
tasks: [{ id: build, role: builder, run: [make, make check], timeout: 1m }]`;

class Scene extends FakeProject {
  now!: FakeRun;

  /** The first of two commands runs. */
  static async begun(): Promise<Scene> {
    const scene = new Scene();
    scene.server.shell = () => "runs";
    scene.now = await scene.begin(plan, { waitForAnswers: true });
    await scene.pass(500);
    expect(scene.running).toEqual(["make"]);
    return scene;
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) await this.clock.advanceAsync(100);
  }

  /** A person in another process, a window, takes the keyboard. */
  take(pid = 7, actor = "human:ada"): ContextEntry {
    return this.shared.add({
      ...{ kind: "session", actor, session_name: session, event: "attached" },
      ...{ keyboard: { host: "here", pid, started_at: "1" }, text: "ada took the keyboard of builder::1 in a mirror." },
    });
  }

  give({ id, actor }: ContextEntry): void {
    const refs = [{ type: "entry", id }];
    this.shared.add({ kind: "session", actor, session_name: session, event: "detached", refs, text: "Given back." });
  }

  finish(): void {
    this.runningIn("make")?.finish(0, "");
  }

  rows(reader: string): string[] {
    const { state } = this.now.record;
    const picture = { ...pictureOf(this.entries), state, sessions: [...state.sessions.values()], reader };
    const now = this.clock.now();
    return [...sessionRows(picture, "builder", now), ...taskRows(picture, now)].map(({ description }) => description);
  }
}

describe("a session whose keyboard a person has", () => {
  it("gets no command of a task until it is given back, and the row says why", async () => {
    const scene = await Scene.begun();
    scene.alive.add(7);
    const taken = scene.take();
    await scene.pass(500);
    expect(scene.rows("human:ada")[0]).toContain(" · paused: you have the keyboard · ");
    expect(scene.rows("human:ada")[1]).not.toContain("paused");
    scene.finish();
    // Longer than the task may take: that is none of its time.
    await scene.pass(120_000);
    expect(scene.commands).toEqual(["make"]);
    expect(scene.rows("human:ada")[1]).toContain("running for 1 min · paused: you have the keyboard · ");
    expect(scene.rows("human:bob")[1]).toContain("running for 1 min · paused: ada has the keyboard · ");
    scene.give(taken);
    await scene.pass(2000);
    expect(scene.commands).toEqual(["make", "make check"]);
    expect(scene.rows("human:ada").join()).not.toContain("paused");
    scene.runningIn("make check")?.finish(0, "");
    expect((await scene.now.result).status).toBe("done");
  });

  it("is free again once the window is gone in which it was taken, and the log says so", async () => {
    const scene = await Scene.begun();
    scene.alive.add(7);
    scene.take();
    scene.finish();
    await scene.pass(20_000);
    expect(scene.commands).toEqual(["make"]);
    scene.alive.delete(7);
    await scene.pass(7000);
    expect(scene.commands).toEqual(["make", "make check"]);
    expect(scene.entries.find(({ event }) => event === "keyboard_given")?.text).toBe(
      "The keyboard of builder::1 is free: the process in which ada had it has ended.",
    );
    scene.now.stop.abort();
    scene.runningIn("make check")?.finish(0, "");
    await scene.pass(20_000);
    await scene.now.result;
  });

  it("is no longer held when the run is stopped meanwhile", async () => {
    const scene = await Scene.begun();
    scene.alive.add(7);
    scene.take();
    scene.finish();
    await scene.pass(5000);
    scene.now.stop.abort();
    await scene.pass(5000);
    expect((await scene.now.result).status).toBe("stopped");
    expect(scene.commands).toEqual(["make"]);
  });

  it("has none any more once it has ended, and of two people the other one after one has left", async () => {
    const scene = await Scene.begun();
    scene.alive.add(7).add(8);
    const first = scene.take(7);
    scene.take(8, "human:bob");
    await scene.pass(500);
    expect(scene.rows("human:ada")[0]).toContain("paused: you have the keyboard");
    scene.give(first);
    await scene.pass(500);
    expect(scene.rows("human:ada")[0]).toContain("paused: bob has the keyboard");
    scene.shared.add({
      ...{ kind: "session", actor: "human:ada", session_name: session, event: "ended", state: "exited" },
      text: "builder::1 was killed.",
    });
    await scene.pass(500);
    expect(scene.now.record.state.sessions.get(session)?.keyboards).toBeUndefined();
    scene.now.stop.abort();
    scene.finish();
    await scene.pass(20_000);
    await scene.now.result;
  });
});
