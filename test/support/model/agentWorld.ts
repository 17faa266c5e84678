import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { ContextEntry } from "../../../src/core/model/entry";
import { type CliOptions, CliWorld } from "../cliWorld";
import { RealWsh } from "../realWsh";
import { until } from "../until";
import { wshBinaries } from "../wshBinaries";
import { type AgentName, type AgentPlace, agentPrograms } from "./agentPrograms";
import { installedAgent } from "./installAgents";
import { ModelServer } from "./modelServer";
import type { Scenario } from "./scenario";

/** The first start in a new home takes longest, a minute where the machine has other work. */
export const agentStartMs = 120_000;

/**
 * A person's machine with coding agents that are set up for the scripted model: a home, a workspace that is a Git
 * repository, a session server (the built-in one, or the real wsh that WSH_BIN names), and one model that all of them talk to.
 */
export class AgentWorld extends CliWorld {
  readonly home = join(this.root, "home");
  #model: ModelServer | undefined;
  #wsh: RealWsh | undefined;
  #environment: Readonly<Record<string, string>> = {};

  static async open(names: readonly AgentName[], scenarios: readonly Scenario[]): Promise<AgentWorld> {
    const world = new AgentWorld();
    const [wsh] = wshBinaries();
    if (wsh !== undefined) world.#wsh = await RealWsh.start(wsh);
    execFileSync("git", ["init", "-q", world.workspace]);
    const model = await ModelServer.start({ folder: world.workspace, scenarios });
    world.#model = model;
    const programs = names.map((name) => agentPrograms[name](world.place));
    for (const [path, text] of programs.flatMap(({ files }) => Object.entries(files))) {
      mkdirSync(dirname(join(world.home, path)), { recursive: true });
      writeFileSync(join(world.home, path), text);
    }
    world.#environment = {
      ...Object.fromEntries(programs.flatMap(({ environment }) => Object.entries(environment))),
      PATH: [...programs.flatMap((program) => installedAgent(program.package).bin ?? []), process.env["PATH"]].join(
        delimiter,
      ),
    };
    return world;
  }

  get model(): ModelServer {
    if (!this.#model) throw new Error("The world has no model yet.");
    return this.#model;
  }

  /** What the agents are set up with. */
  get place(): AgentPlace {
    return { url: this.model.url, home: this.home, folder: this.workspace };
  }

  /** As of a person whose shell knows the agents. */
  override env(more: CliOptions["env"] = {}): NodeJS.ProcessEnv {
    const server = this.#wsh && { WSH_ORCHESTRATOR_SERVER: this.#wsh.address };
    return super.env({ ...this.#environment, ...server, ...more });
  }

  /** Begins to run the plan, in a process of its own. */
  async begin(plan: { readonly project: string; readonly [key: string]: unknown }): Promise<void> {
    const file = this.write(`${plan.project}.yaml`, JSON.stringify(plan));
    await this.json(["do", plan.project, "--plan", file, "--detach"]);
  }

  results(project: string): ContextEntry[] {
    return this.entries(project).filter(({ kind }) => kind === "result");
  }

  /** How often a text was said to the model by its user: in each conversation, as often as it stands in the longest request. */
  taken(text: string): number {
    return Math.max(0, ...this.model.requests.map(({ said }) => said.filter((each) => each.includes(text)).length));
  }

  /** Gives the answer that the question names first: agents have their yes there. */
  async approve({ id, options = [] }: ContextEntry): Promise<void> {
    const [yes = "y"] = options;
    await this.json(["answer", id, yes]);
  }

  /** The question that is open, once there is one; `but`: those that were answered. */
  asked(project: string, but: readonly ContextEntry[] = [], ms = agentStartMs): Promise<ContextEntry> {
    const told = new Set(but.map(({ id }) => id));
    return until(
      () => `${project} asks something: ${this.#told(project)}`,
      () =>
        this.entries(project).find(
          ({ id, kind, human_attention_needed }) =>
            human_attention_needed === true && kind !== "answer" && !told.has(id),
        ),
      ms,
    );
  }

  /** What the project has come to, once it is at its end or needs somebody. */
  ended(project: string, ms = agentStartMs): Promise<ContextEntry> {
    return until(
      () => `${project} is at its end: ${this.#told(project)}`,
      () => this.entries(project).findLast(({ kind, state }) => kind === "project" && state !== "running"),
      ms,
    );
  }

  /** Processes that were started in this home, by their ids, with their command lines. Linux only; else none. */
  processes(): Map<number, string> {
    const found = new Map<number, string>();
    if (process.platform !== "linux") return found;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/u.test(name))) {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`HOME=${this.home}`)) continue;
        found.set(Number(pid), readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim());
      } catch {
        // It has ended in the meantime, or is another user's.
      }
    }
    return found;
  }

  override async close(): Promise<void> {
    await this.#model?.stop();
    await this.#wsh?.stop();
    await super.close();
  }

  /** Agents leave processes behind that write into their home. */
  protected override remove(): void {
    for (const pid of this.processes().keys()) process.kill(pid, "SIGKILL");
    super.remove();
  }

  #told(project: string): string {
    return this.entries(project)
      .slice(-12)
      .map(({ text }) => text)
      .join("\n");
  }
}
