// Its code is loaded before time is moved on.
import "../../../src/core/command/untilConditions";
import "../../../src/core/command/portUntil";
import { describe, expect, it } from "vitest";
import { openEscalations } from "../../../src/core/model/projectState";
import type { ContextEntry } from "../../../src/core/model/entry";
import { FakeProject, type FakeRun } from "../../support/fakeProject";

const plan = (quiet: string): string => `
roles: { builder: { shell: bash } }
tasks: [{ id: build, role: builder, run: make, ${quiet} }]`;
const minute = 60_000;

class Scene extends FakeProject {
  run1!: FakeRun;

  static async of(yaml: string, asksWhenQuiet = false): Promise<Scene> {
    const scene = new Scene();
    scene.server.shell = () => "runs";
    scene.run1 = await scene.begin(yaml, { waitForAnswers: true, asksWhenQuiet });
    for (let tries = 0; !scene.runningIn("make") && tries < 100; tries++) await scene.clock.advanceAsync(100);
    return scene;
  }

  get asked(): ContextEntry[] {
    return this.entries.filter(({ event }) => event === "quiet_asks");
  }

  get open(): number {
    return openEscalations(this.run1.record.state).length;
  }

  async says(answer: string): Promise<void> {
    const question = this.asked.at(-1)?.id ?? "";
    const about = { kind: "answer", actor: "human:ada", session_name: null, text: answer, answer };
    await this.run1.record.append({ ...about, refs: [{ type: "entry", id: question }] }, "synced");
    await this.clock.advanceAsync(0);
  }

  async end(): Promise<void> {
    this.run1.stop.abort();
    for (let tries = 0; tries < 30; tries++) await this.clock.advanceAsync(1000);
    await this.run1.result;
  }
}

describe("a command that prints nothing for as long as its plan allows", () => {
  it("is asked about once, with its last line and what can be done", async () => {
    const scene = await Scene.of(plan("quiet: 10m"));
    await scene.clock.advanceAsync(9.9 * minute);
    expect(scene.asked).toEqual([]);
    await scene.clock.advanceAsync(minute);
    expect(scene.asked).toMatchObject([{ kind: "blocked", task_id: "build", options: ["wait", "interrupt"] }]);
    expect(scene.asked[0]?.text).toMatch(/^"make" of build in builder::1 has printed nothing for 10 min\./);
    await scene.clock.advanceAsync(60 * minute);
    expect(scene.asked).toHaveLength(1);
    await scene.end();
  });

  it("is waited for, and asked about again after the same time", async () => {
    const scene = await Scene.of(plan("quiet: 10m"));
    await scene.clock.advanceAsync(11 * minute);
    await scene.says("wait");
    expect(scene.open).toBe(0);
    await scene.clock.advanceAsync(9 * minute);
    expect(scene.asked).toHaveLength(1);
    await scene.clock.advanceAsync(2 * minute);
    expect(scene.asked).toHaveLength(2);
    await scene.end();
  });

  it("is interrupted once, by the first answer", async () => {
    const scene = await Scene.of(plan("quiet: 10m"));
    await scene.clock.advanceAsync(11 * minute);
    const terminal = scene.runningIn("make");
    await Promise.all([scene.says("interrupt"), scene.says("interrupt")]);
    for (let tries = 0; tries < 20; tries++) await scene.clock.advanceAsync(100);
    expect(terminal?.typed.filter((keys) => keys === "\x03")).toHaveLength(1);
    expect(scene.entries.find(({ kind }) => kind === "error")?.text).toContain('"make" ended with exit code 130');
    expect(FakeProject.states(await scene.run1.result)).toEqual({ build: "failed" });
  });

  it("is no question any more once it prints again, or ends", async () => {
    const scene = await Scene.of(plan("quiet: 10m"));
    await scene.clock.advanceAsync(11 * minute);
    scene.runningIn("make")?.print("more");
    await scene.clock.advanceAsync(0);
    expect(scene.open).toBe(0);
    await scene.clock.advanceAsync(11 * minute);
    expect(scene.asked).toHaveLength(2);
    scene.runningIn("make")?.finish(0);
    for (let tries = 0; tries < 20; tries++) await scene.clock.advanceAsync(100);
    expect(scene.open).toBe(0);
    expect(FakeProject.states(await scene.run1.result)).toEqual({ build: "succeeded" });
  });

  it.each([
    ["the one of its role counts where it has none", "", 1],
    ["0 is never", "quiet: 0", 0],
  ])("…: %s", async (_name, own, questions) => {
    const scene = await Scene.of(plan(own).replace("{ shell: bash }", "{ shell: bash, quiet: 5m }"));
    await scene.clock.advanceAsync(30 * minute);
    expect(scene.asked).toHaveLength(questions);
    await scene.end();
  });

  it.each([
    ["the one of its plan counts where neither task nor role has one", "", 1],
    ["that of its task counts before", "quiet: 0", 0],
  ])("…: %s", async (_name, own, questions) => {
    const scene = await Scene.of(`quiet: 5m${plan(own)}`);
    for (let minutes = 0; minutes < 15; minutes++) await scene.clock.advanceAsync(minute);
    expect(scene.asked).toHaveLength(questions);
    await scene.end();
  });

  it.each([
    ["after the time of the setting, by the setting alone", "", 1],
    ["and never where its plan says never", "quiet: 0", 0],
  ])("is asked about %s", async (_name, own, questions) => {
    const scene = await Scene.of(plan(own), true);
    await scene.clock.advanceAsync(9.9 * minute);
    expect(scene.asked).toEqual([]);
    for (let minutes = 0; minutes < 9; minutes++) await scene.clock.advanceAsync(minute);
    expect(scene.asked).toHaveLength(questions);
    await scene.end();
  });

  it("that keeps running once it is ready is not asked about: nothing is expected of it", async () => {
    const scene = new Scene();
    scene.server.shell = (text) => {
      if (text === "serve") scene.openPorts.add(3000);
      return text === "serve" || text === "make" ? "runs" : { status: 0 };
    };
    scene.run1 = await scene.begin(
      `
quiet: 5m
roles: { builder: { shell: bash }, other: { shell: bash, quiet: 0 } }
tasks:
  - { id: serve, role: builder, run: serve, until: { port: 3000 } }
  - { id: test, role: other, needs: serve, run: make }`,
      { waitForAnswers: true, asksWhenQuiet: true },
    );
    for (let tries = 0; !scene.runningIn("make") && tries < 100; tries++) await scene.clock.advanceAsync(100);
    for (let minutes = 0; minutes < 30; minutes++) await scene.clock.advanceAsync(minute);
    expect(scene.runningIn("serve") && scene.runningIn("make")).toBeDefined();
    expect(scene.asked).toEqual([]);
    await scene.end();
  });

  it("is not asked about where neither plan nor setting says so", async () => {
    const scene = await Scene.of(plan(""));
    await scene.clock.advanceAsync(30 * minute);
    expect(scene.asked).toEqual([]);
    await scene.end();
  });
});
