// Its code is loaded before time is moved on.
import "../../../src/core/command/untilConditions";
import "../../../src/core/command/portUntil";
import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { FakeProject, type FakeRun } from "../../support/fakeProject";

const serve = "serve it";
const plan = (more = "", restart = ""): string => `
roles: { web: { shell: bash }, test: { shell: bash } }
tasks:
  - { id: serve, role: web, run: ${serve}, until: { port: 3000 }${restart} }${more}`;
const test = `
  - { id: test, role: test, needs: [serve], run: test it }`;

/** A project whose server opens its port as soon as it runs, and whose test runs until it is finished. */
class Scene extends FakeProject {
  constructor() {
    super();
    this.server.shell = (text) => {
      if (text === serve) this.openPorts.add(3000);
      return text === serve || text === "test it" ? "runs" : { status: 0 };
    };
  }

  async untilRuns(run: FakeRun, command: string): Promise<void> {
    await this.#until(run, () => this.runningIn(command) !== undefined);
  }

  async untilSaid(run: FakeRun, said: (entry: ContextEntry) => boolean): Promise<void> {
    await this.#until(run, () => this.entries.some(said));
  }

  async #until({ result }: FakeRun, holds: () => boolean): Promise<void> {
    let over = false;
    result.finally(() => (over = true)).catch(() => undefined);
    for (let tries = 0; !holds(); tries++) {
      if (over || tries > 100) throw new Error(`Not so: ${this.entries.map(({ text }) => text).join("\n")}`);
      await this.clock.advanceAsync(100);
    }
  }

  /** Its server ends with that code. */
  async dies(code: number): Promise<void> {
    this.openPorts.clear();
    this.runningIn(serve)?.finish(code);
    await this.clock.advanceAsync(0);
  }

  async over({ result }: FakeRun): Promise<Record<string, string>> {
    let over = false;
    result.finally(() => (over = true)).catch(() => undefined);
    for (let tries = 0; !over && tries < 200; tries++) await this.clock.advanceAsync(1000);
    return FakeProject.states(await result);
  }

  said(kind: string): string[] {
    return this.entries.filter((entry) => entry.kind === kind).map(({ text }) => text);
  }

  started(): number {
    return [...this.server.terminals.values()].flatMap(({ commands }) => commands).filter((text) => text === serve)
      .length;
  }
}

const isReady = ({ kind, outcome }: ContextEntry): boolean => kind === "result" && outcome === "still_running";
const lasts = ({ event }: ContextEntry): boolean => event === "lasts";

describe("a command that keeps running for other tasks", () => {
  it("ends with the project", async () => {
    const project = new Scene();
    const run = await project.begin(plan(test));
    await project.untilRuns(run, "test it");
    expect(project.runningIn(serve)).toBeDefined();
    project.runningIn("test it")?.finish(0);
    expect(await project.over(run)).toEqual({ serve: "succeeded", test: "succeeded" });
    expect(project.runningIn(serve)).toBeUndefined();
    expect(project.entries.filter(({ event }) => event === "command_ended")).toMatchObject([
      { outcome: "interrupted" },
    ]);
    expect(project.said("error")).toEqual([]);
  });

  it("is started again when a task that needs it is still to be done, and not otherwise", async () => {
    const project = new Scene();
    const run = await project.begin(plan(test));
    await project.untilRuns(run, "test it");
    project.runningIn("test it")?.finish(1);
    expect(await project.over(run)).toEqual({ serve: "succeeded", test: "failed" });
    expect(project.runningIn(serve)).toBeUndefined();
    project.openPorts.clear();
    const again = await project.begin(plan(test));
    await project.untilRuns(again, "test it");
    expect(project.started()).toBe(2);
    project.runningIn("test it")?.finish(0);
    expect(await project.over(again)).toEqual({ serve: "succeeded", test: "succeeded" });
    project.openPorts.clear();
    expect(await project.over(await project.begin(plan(test)))).toEqual({ serve: "succeeded", test: "succeeded" });
    expect(project.started()).toBe(2);
  });

  it("is an error when it ends, about which a person is asked", async () => {
    const project = new Scene();
    const run = await project.begin(plan(test));
    await project.untilRuns(run, "test it");
    await project.clock.advanceAsync(60_000);
    await project.dies(1);
    project.runningIn("test it")?.finish(0);
    expect(await project.over(run)).toEqual({ serve: "failed", test: "succeeded" });
    expect(project.said("error")).toEqual([
      expect.stringMatching(
        /^serve failed: "serve it" ended with exit code 1, 1 min( \d+ s)? after it was ready\. 1 task depends on serve\.$/,
      ),
    ]);
  });
});

describe("a command that keeps running for no other task", () => {
  it("keeps the project running until it is stopped, which ends it", async () => {
    const project = new Scene();
    const run = await project.begin(plan());
    await project.untilSaid(run, lasts);
    expect(project.said("project").at(-1)).toBe(
      'All tasks of alpha are done. "serve it" (serve) keeps running until alpha is stopped.',
    );
    await project.clock.advanceAsync(3_600_000);
    expect(project.runningIn(serve)).toBeDefined();
    run.stop.abort();
    expect(await project.over(run)).toEqual({ serve: "succeeded" });
    expect(project.runningIn(serve)).toBeUndefined();
    expect(project.entries.at(-2)).toMatchObject({ kind: "project", state: "stopped" });
  });

  it("may end with code 0, which ends the project", async () => {
    const project = new Scene();
    const run = await project.begin(plan("", ", restart: 2"));
    await project.untilSaid(run, lasts);
    await project.dies(0);
    expect(await project.over(run)).toEqual({ serve: "succeeded" });
    expect(project.said("error")).toEqual([]);
    expect(project.started()).toBe(1);
  });

  it("is not started twice by the runner behind one that was killed", async () => {
    const project = new Scene();
    const first = await project.begin(plan());
    await project.untilSaid(first, isReady);
    await project.untilSaid(first, lasts);
    // The first one is gone without a word: the second one takes its place.
    const second = await project.begin(plan(), { over: 1 });
    await project.untilSaid(second, ({ event, generation }) => event === "lasts" && generation === 2);
    expect(project.started()).toBe(1);
    second.stop.abort();
    expect(await project.over(second)).toEqual({ serve: "succeeded" });
  });

  it("is restarted as often as its plan says, later each time, then a person is asked", async () => {
    const project = new Scene();
    const run = await project.begin(plan("", ", restart: { attempts: 2, backoff: 2s }"));
    await project.untilSaid(run, lasts);
    await project.dies(1);
    expect(project.said("error")).toEqual([
      expect.stringMatching(
        /^serve: "serve it" ended with exit code 1, .* after it was ready\. It is restarted in 2 s \(restart 1 of 2\)\.$/,
      ),
    ]);
    await project.clock.advanceAsync(1900);
    expect(project.started()).toBe(1);
    await project.untilRuns(run, serve);
    expect(project.started()).toBe(2);
    await project.clock.advanceAsync(5000);
    await project.dies(2);
    await project.clock.advanceAsync(3800);
    expect(project.started()).toBe(2);
    await project.untilRuns(run, serve);
    await project.clock.advanceAsync(5000);
    await project.dies(3);
    expect(await project.over(run)).toEqual({ serve: "failed" });
    expect(project.started()).toBe(3);
    expect(project.entries.filter(({ kind }) => kind === "error").map((each) => each.human_attention_needed)).toEqual([
      undefined,
      undefined,
      true,
    ]);
  });

  it("has its restarts counted anew once it has run for long", async () => {
    const project = new Scene();
    const run = await project.begin(plan("", ", restart: { attempts: 1, backoff: 0 }"));
    for (let starts = 1; starts <= 3; starts++) {
      await project.untilRuns(run, serve);
      await project.clock.advanceAsync(11 * 60_000);
      expect(project.started()).toBe(starts);
      await project.dies(1);
    }
    await project.untilRuns(run, serve);
    run.stop.abort();
    await project.over(run);
  });

  it("uses a restart up when it ends before it is ready again", async () => {
    const project = new Scene();
    const run = await project.begin(plan("", ", restart: { attempts: 2, backoff: 1s }"));
    await project.untilSaid(run, lasts);
    project.server.shell = (text) => ({ status: text === serve ? 7 : 0 });
    await project.dies(1);
    expect(await project.over(run)).toEqual({ serve: "failed" });
    expect(project.started()).toBe(3);
    expect(project.said("error").at(-1)).toContain('"serve it" ended with exit code 7');
  });
});

describe("a port that is taken before its command starts", () => {
  it("keeps the task from starting, which a person is told", async () => {
    const project = new Scene();
    project.openPorts.add(3000);
    expect(await project.over(await project.begin(plan()))).toEqual({ serve: "blocked" });
    expect(project.started()).toBe(0);
    expect(project.said("blocked")).toEqual([
      'serve is blocked: port 3000 is already used by another program, so it would not tell when "serve it" is ready; end that program first.',
    ]);
  });

  it("cannot be looked at on another machine, which is said", async () => {
    const project = new Scene();
    project.ports = undefined;
    expect(await project.over(await project.begin(plan()))).toEqual({ serve: "blocked" });
    expect(project.said("blocked")).toEqual([
      "serve is blocked: its session runs on another machine, where port 3000 cannot be looked at from here.",
    ]);
  });
});
