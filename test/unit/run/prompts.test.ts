import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
// It is loaded for the first text: later than time passes here.
import "../../../src/core/command/programTyping";
import { createDefaultPolicy } from "../../../src/core/safety/defaultPolicy";
import type { FakeShell } from "../../support/fakeTerminal";
import { fakeAgentCatalog } from "../../support/fakeAgents";
import { FakeProject, type FakeRun } from "../../support/fakeProject";

class Scene extends FakeProject {
  override catalog = fakeAgentCatalog;
  now!: FakeRun;

  static async of(yaml: string, shell: FakeShell, prepare: (scene: Scene) => void = () => undefined): Promise<Scene> {
    const scene = new Scene();
    prepare(scene);
    scene.server.shell = shell;
    scene.now = await scene.begin(yaml, { waitForAnswers: true });
    return scene;
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) await this.clock.advanceAsync(100);
  }

  /** What agents were told, in all sessions. */
  get prompts(): string[] {
    return [...this.server.terminals.values()].filter(({ isProgram }) => isProgram).flatMap(({ commands }) => commands);
  }

  get results(): ContextEntry[] {
    return this.entries.filter(({ kind, step }) => kind === "result" && step !== undefined);
  }

  state(task_id: string): string | undefined {
    return this.now.record.state.tasks.get(task_id)?.state;
  }
}

const plan = (more = ""): string => `
roles: { coder: { agent: codex } }
tasks: [{ id: mend, role: coder, prompt: "Mend the parser."${more} }]`;

describe("a task with a prompt", () => {
  it("is done when its agent has finished", async () => {
    const scene = await Scene.of(plan(), (_text, terminal) => {
      terminal.print("Working (1s)\r\n");
      return "runs";
    });
    await scene.pass(20_000);
    expect(scene.prompts).toEqual(["Mend the parser."]);
    expect(scene.state("mend")).toBe("running");
    [...scene.server.terminals.values()][0]?.finish(0, "It\r\nis\r\nmended.\r\n");
    await scene.pass(10_000);
    expect(scene.state("mend")).toBe("succeeded");
    expect((await scene.now.result).status).toBe("done");
  });

  it("is done once its check has succeeded too, in a shell of the same folder", async () => {
    const scene = await Scene.of(plan(", check: npm test"), () => ({ status: 0, output: "Done.\r\n" }));
    await scene.pass(30_000);
    expect(scene.commands).toEqual(["Mend the parser.", "npm test"]);
    expect(scene.results.map(({ session_name, step }) => [session_name, step])).toEqual([
      ["proj-alpha::coder::1", 0],
      ["proj-alpha::coder-check::1", 1],
    ]);
    expect(scene.state("mend")).toBe("succeeded");
  });

  it("is not judged as a command, whatever it says", async () => {
    const scene = await Scene.of(
      plan().replace("Mend the parser.", "rm -rf build"),
      () => ({ status: 0, output: "Done.\r\n" }),
      (each) => (each.policy = createDefaultPolicy()),
    );
    await scene.pass(20_000);
    expect(scene.prompts).toEqual(["rm -rf build"]);
    expect(scene.entries.filter(({ kind }) => kind === "approval_needed")).toEqual([]);
  });
});
