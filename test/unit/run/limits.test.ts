import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { openEscalations } from "../../../src/core/model/projectState";
// It is loaded for the first text: later than time passes here.
import "../../../src/core/command/programTyping";
import type { FakeShell } from "../../support/fakeTerminal";
import { limitedCatalog } from "../../support/catalogs";
import { FakeProject, type FakeRun } from "../../support/fakeProject";

const minute = 60_000;
const limit = "Rate limit reached. Try again in 30 minutes.\r\n";

class Scene extends FakeProject {
  override catalog = limitedCatalog;
  run1!: FakeRun;

  static async of(yaml: string, shell: FakeShell): Promise<Scene> {
    const scene = new Scene();
    scene.server.shell = shell;
    scene.run1 = await scene.begin(yaml, { waitForAnswers: true });
    await scene.pass(10_000);
    return scene;
  }

  /** Time in steps in which what was typed is seen. */
  async pass(ms: number): Promise<void> {
    const step = ms > 5 * minute ? 1000 : 100;
    for (let passed = 0; passed < ms; passed += step) await this.clock.advanceAsync(step);
  }

  get typedTexts(): string[] {
    return [...this.server.terminals.values()].flatMap(({ commands }) => commands);
  }

  get sensed(): ContextEntry[] {
    return this.entries.filter(({ event, state }) => event === "sensed" && state === "limited");
  }

  get questions(): ContextEntry[] {
    return this.entries.filter(({ human_attention_needed }) => human_attention_needed);
  }

  get open(): number {
    return openEscalations(this.run1.record.state).length;
  }

  async end(): Promise<void> {
    this.run1.stop.abort();
    await this.pass(30_000);
    await this.run1.result;
  }
}

const agent = (more = ""): string => `
roles: { agent: { program: limited } }
tasks: [{ id: build, role: agent, run: [one, two]${more} }]`;

describe("a program that has reached a limit and says until when", () => {
  it("gets its next text at that time, with one sentence and without a question", async () => {
    const scene = await Scene.of(agent(), (text) => ({ status: 0, output: text === "one" ? limit : "" }));
    await scene.pass(minute);
    expect(scene.typedTexts).toEqual(["one"]);
    expect(scene.sensed.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^The agent has reached its rate limit until \d\d:\d\d; its work continues by itself then\.$/,
      ),
    ]);
    await scene.pass(27 * minute);
    expect(scene.typedTexts).toEqual(["one"]);
    expect(scene.questions).toEqual([]);
    await scene.pass(3 * minute);
    expect(scene.typedTexts).toEqual(["one", "two"]);
    expect(scene.sensed.filter(({ text }) => text.includes("by itself"))).toHaveLength(1);
    await scene.end();
  });

  it("gets the text of another task at that time", async () => {
    const plan = `
roles: { agent: { program: limited } }
tasks: [{ id: build, role: agent, run: one }, { id: next, role: agent, run: two }]`;
    const scene = await Scene.of(plan, (text, terminal) => {
      if (text !== "one") return { status: 0 };
      terminal.print(limit);
      return "runs";
    });
    scene.server.terminals.values().next().value?.finish(0);
    await scene.pass(28 * minute);
    expect(scene.typedTexts).toEqual(["one"]);
    await scene.pass(3 * minute);
    expect(scene.typedTexts).toEqual(["one", "two"]);
    await scene.end();
  });

  it("continues at once where the limit ends earlier", async () => {
    const scene = await Scene.of(agent(), (text) => ({ status: 0, output: text === "one" ? limit : "" }));
    const terminal = scene.server.terminals.values().next().value;
    await scene.pass(5 * minute);
    terminal?.print("Your limit\r\nis over.\r\nYou can\r\ncontinue.\r\n> ");
    await scene.pass(2 * minute);
    expect(scene.typedTexts).toEqual(["one", "two"]);
    await scene.end();
  });

  it("waits for the same time after the process that runs the project was replaced", async () => {
    const scene = await Scene.of(agent(), (text) => ({ status: 0, output: text === "one" ? limit : "" }));
    await scene.pass(10 * minute);
    scene.run1.stop.abort();
    await scene.pass(minute);
    await scene.run1.result;
    const before = scene.typedTexts.length;
    scene.run1 = await scene.begin(agent().replace("one, two", "three"), { waitForAnswers: true, again: true });
    await scene.pass(15 * minute);
    expect(scene.typedTexts).toHaveLength(before);
    await scene.pass(6 * minute);
    expect(scene.typedTexts).toHaveLength(before + 1);
    await scene.end();
  });
});

describe("a command whose program has reached a limit", () => {
  const plan = (more: string): string => `
roles: { builder: { shell: bash } }
tasks: [{ id: build, role: builder, run: agent, ${more} }]`;
  const reached =
    (says: string): FakeShell =>
    (_text, terminal) => {
      terminal.print(says);
      return "runs";
    };

  it("has its whole time left at the end of the limit", async () => {
    const scene = await Scene.of(plan("timeout: 5m"), reached(limit));
    await scene.pass(34 * minute);
    expect(scene.entries.filter(({ event }) => event === "interrupting")).toEqual([]);
    await scene.pass(2 * minute);
    expect(scene.entries.filter(({ event }) => event === "interrupting")).toHaveLength(1);
    await scene.end();
  });

  it("is out of time as soon as it is, where the limit ended earlier", async () => {
    const scene = await Scene.of(plan("timeout: 5m"), reached(limit));
    await scene.pass(10 * minute);
    scene.runningIn("agent")?.print("Your limit\r\nis over.\r\nIt\r\nworks.\r\n");
    await scene.pass(4 * minute);
    expect(scene.entries.filter(({ event }) => event === "interrupting")).toEqual([]);
    await scene.pass(2 * minute);
    expect(scene.entries.filter(({ event }) => event === "interrupting")).toHaveLength(1);
    await scene.end();
  });

  it("is quiet from the end of the limit", async () => {
    const scene = await Scene.of(plan("quiet: 10m"), reached(limit));
    await scene.pass(39 * minute);
    expect(scene.questions).toEqual([]);
    await scene.pass(11 * minute);
    expect(scene.questions).toMatchObject([{ event: "quiet_asks", task_id: "build" }]);
    await scene.end();
  });

  it("is asked about once where it does not say until when", async () => {
    const scene = await Scene.of(plan("timeout: 3h"), reached("Rate limit reached.\r\n"));
    await scene.pass(9 * minute);
    expect(scene.questions).toEqual([]);
    await scene.pass(60 * minute);
    expect(scene.questions.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^agent has reached its rate limit and does not say until when\. "agent" of build in builder::1 has printed nothing for 10 min\./,
      ),
    ]);
    expect(scene.open).toBe(1);
    await scene.end();
  });
});
