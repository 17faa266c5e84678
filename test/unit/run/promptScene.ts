import type { ContextEntry } from "../../../src/core/model/entry";
import { openEscalations } from "../../../src/core/model/projectState";
// They are loaded for the first text: later than time passes here.
import "../../../src/core/command/agentTyping";
import type { FakeAnswer, FakeTerminal } from "../../support/fakeTerminal";
import { fakeAgentCatalog } from "../../support/fakeAgents";
import { FakeProject, type FakeRun } from "../../support/fakeProject";

export const minute = 60_000;
/** How an agent works at a prompt for a moment, and what it shows then. */
export const says =
  (output: string) =>
  (terminal: FakeTerminal, finish: (output: string) => void): FakeAnswer => {
    terminal.print("Working (1s)\r\n");
    finish(output);
    return "runs";
  };

export const done = says("Done.\r\n");
export const noNetwork = says("Error: no connection\r\n");
export const limited = says("Error: rate limit, try again in 30 minutes.\r\n");

export type Turn = ReturnType<typeof says>;

export class Scene extends FakeProject {
  override catalog = fakeAgentCatalog;
  now!: FakeRun;
  /** What agents do with prompts, by their number from 0. */
  turns: (text: string, n: number, terminal: FakeTerminal) => Turn | FakeAnswer = () => done;
  /** How the check ends. */
  check: (n: number) => FakeAnswer = () => ({ status: 0 });
  #prompts = 0;
  #checks = 0;

  static async of(
    yaml: string,
    prepare: (scene: Scene) => void = () => undefined,
    waitForAnswers = true,
  ): Promise<Scene> {
    const scene = new Scene();
    scene.server.shell = (text, terminal) => {
      if (!terminal.isProgram) return text === "npm test" ? scene.check(scene.#checks++) : { status: 0 };
      const turn = scene.turns(text, scene.#prompts++, terminal);
      if (typeof turn !== "function") return turn;
      return turn(terminal, (output) => void scene.clock.after(3000, () => terminal.finish(0, output)));
    };
    prepare(scene);
    scene.now = await scene.begin(yaml, { waitForAnswers });
    return scene;
  }

  async pass(ms: number): Promise<void> {
    const step = ms > 5 * minute ? 1000 : 100;
    for (let passed = 0; passed < ms; passed += step) await this.clock.advanceAsync(step);
  }

  /** What agents were told, in the order of the record; the beginning of each. */
  get prompts(): string[] {
    return this.entries.flatMap(({ typed_as, input = "" }) =>
      typed_as === "prompt" ? [input.split("\n")[0]?.slice(0, 60) ?? ""] : [],
    );
  }

  get results(): ContextEntry[] {
    return this.entries.filter(({ kind, step }) => kind === "result" && step !== undefined);
  }

  get limits(): string[] {
    return this.entries.flatMap(({ event, text }) => (event?.startsWith("agent_limit") === true ? [text] : []));
  }

  get open(): ContextEntry[] {
    return openEscalations(this.now.record.state);
  }

  state(task_id: string): string | undefined {
    return this.now.record.state.tasks.get(task_id)?.state;
  }

  /** The next runner. */
  async again(yaml: string): Promise<void> {
    await this.now.result;
    this.now = await this.begin(yaml, { waitForAnswers: true });
    await this.pass(minute);
  }

  async end(): Promise<void> {
    this.now.stop.abort();
    await this.pass(minute);
    await this.now.result;
  }
}

export const plan = (more = "", role = "agent: codex"): string => `
roles: { coder: { ${role} } }
tasks: [{ id: mend, role: coder, prompt: "Mend the parser."${more} }]`;
