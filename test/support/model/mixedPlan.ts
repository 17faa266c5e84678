import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContextEntry } from "../../../src/core/model/entry";
import { killRunners } from "../runnerKills";
import type { AgentName } from "./agentPrograms";
import { AgentWorld } from "./agentWorld";
import type { Scenario } from "./scenario";

/** What each task of the plan is, for three agents and two shells; `a`: its prompt makes its agent ask for a permission. */
const tasks: readonly { readonly role: string; readonly needs: readonly number[]; readonly asks?: true }[] = [
  { role: "agent0", needs: [] },
  { role: "agent1", needs: [], asks: true },
  { role: "agent2", needs: [] },
  { role: "shell0", needs: [] },
  { role: "shell1", needs: [3] },
  { role: "agent0", needs: [0, 3], asks: true },
  { role: "agent1", needs: [1, 2] },
  { role: "agent2", needs: [2, 4], asks: true },
  { role: "shell0", needs: [5] },
  { role: "agent0", needs: [6, 8] },
  { role: "agent1", needs: [7], asks: true },
  { role: "shell1", needs: [9, 10] },
];

const ranFile = "ran";
const allowedFile = "allowed";
/** A question is looked for this often, as somebody sees it. */
const lookMs = 300;

/** What became of a plan whose runner was killed again and again. */
export interface MixedFigures {
  readonly kills: number;
  /** Tasks that are done, of all. */
  readonly succeeded: number;
  readonly tasks: number;
  /** Prompts that the model heard once, of all. */
  readonly heardOnce: number;
  readonly prompts: number;
  /** Permissions that were asked once, answered once and used once, of all. */
  readonly allowedOnce: number;
  readonly permissions: number;
  /** Commands of the shells that ran once, of all. */
  readonly ranOnce: number;
  readonly commands: number;
  /** All that should not be, in words. */
  readonly faults: readonly string[];
  readonly seconds: number;
}

export interface MixedCampaign {
  readonly agents: readonly [AgentName, AgentName, AgentName];
  /** How long a runner lives, in milliseconds. */
  readonly lifeMs: () => number;
}

const markOf = (index: number): string => `thing${index}end`;

/** What the agents do: some tasks want a command that has to be allowed. */
const scenarios: readonly Scenario[] = [
  ...tasks.flatMap(({ asks }, index): Scenario[] =>
    asks === undefined
      ? []
      : [
          {
            // Claude Code says of a long text that it was pasted.
            match: new RegExp(`^\\s*(?:<pasted_content[^>]*>)?\\s*Make ${markOf(index)}\\b`, "u"),
            steps: [
              {
                tool: "shell",
                command: `echo ${markOf(index)} >> ${allowedFile}`,
                outsideSandbox: "to write it down",
              },
              { say: "It is made." },
            ],
          },
        ],
  ),
  { steps: [{ say: "It is done." }] },
];

/** Runs the plan to its end; a person allows what the agents ask for. */
export async function runMixedPlan({ agents, lifeMs }: MixedCampaign): Promise<MixedFigures> {
  const world = await AgentWorld.open([...new Set(agents)], scenarios);
  const begun = Date.now();
  const plan = {
    project: "live",
    roles: {
      ...Object.fromEntries(agents.map((use, index) => [`agent${index}`, { agent: { use, mode: "ask" } }])),
      shell0: { shell: "bash" },
      shell1: { shell: "bash" },
    },
    tasks: tasks.map(({ role, needs, asks }, index) => ({
      id: `t${index}`,
      role,
      needs: needs.map((need) => `t${need}`),
      ...(role.startsWith("shell")
        ? { run: `echo ${markOf(index)} >> ${ranFile}` }
        : { prompt: `${asks === true ? "Make" : "Look at"} ${markOf(index)}, please.` }),
    })),
  };
  const file = world.write("live.yaml", JSON.stringify(plan));
  const person = new Person(world);
  try {
    const { kills } = await killRunners(world, ["do", "live", "--plan", file], {}, lifeMs);
    await person.leave();
    return { ...figuresOf(world), kills, seconds: Math.round((Date.now() - begun) / 1000) };
  } finally {
    await person.leave();
    await world.run(["stop", "live"]);
    await world.close();
  }
}

/** Somebody who allows each thing that is asked, once. */
class Person {
  readonly #answered = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #answering: Promise<void> = Promise.resolve();

  constructor(private readonly world: AgentWorld) {
    this.#timer = setInterval(() => {
      this.#answering = this.#answering.then(() => this.#look());
    }, lookMs);
  }

  async leave(): Promise<void> {
    clearInterval(this.#timer);
    await this.#answering;
  }

  async #look(): Promise<void> {
    if (!existsSync(join(this.world.projectFolder("live"), "events-000001.jsonl"))) return;
    const asked = this.world
      .entries("live")
      .filter(({ kind, state_kind, id }) => isPermission({ kind, state_kind }) && !this.#answered.has(id));
    for (const question of asked) {
      this.#answered.add(question.id);
      // One that is answered, or was taken back by its program, is refused; it is asked anew then.
      await this.world.approve(question).catch(() => undefined);
    }
  }
}

function isPermission({ kind, state_kind }: Pick<ContextEntry, "kind" | "state_kind">): boolean {
  return kind === "approval_needed" && state_kind === "permission";
}

function figuresOf(world: AgentWorld): Omit<MixedFigures, "kills" | "seconds"> {
  const entries = world.entries("live");
  const linesOf = (name: string): string[] => {
    const path = join(world.workspace, name);
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  };
  const [ran, allowed] = [linesOf(ranFile), linesOf(allowedFile)];
  const faults: string[] = [];
  /** Whether it is one; says what it is instead. */
  const isOne = (count: number, what: string): boolean => {
    if (count !== 1) faults.push(`${what}: ${count} times`);
    return count === 1;
  };
  const numbers = tasks.map((task, index) => ({ ...task, index, mark: markOf(index) }));
  const prompts = numbers.filter(({ role }) => role.startsWith("agent"));
  const commands = numbers.filter(({ role }) => role.startsWith("shell"));
  const permissions = prompts.filter(({ asks }) => asks === true);
  const count = (lines: readonly string[], mark: string): number => lines.filter((line) => line === mark).length;
  const questions = (mark: string): ContextEntry[] =>
    entries.filter((entry) => isPermission(entry) && (entry.input ?? "").includes(mark));
  const answers = (mark: string): number => {
    const ids = new Set(questions(mark).map(({ id }) => id));
    return entries.filter(({ kind, refs = [] }) => kind === "answer" && refs.some(({ id }) => ids.has(id))).length;
  };
  const stateOf = (index: number): unknown =>
    entries.findLast(({ kind, task_id, state }) => kind === "task" && task_id === `t${index}` && state !== undefined)
      ?.state;
  for (const { index } of numbers)
    if (stateOf(index) !== "succeeded") faults.push(`t${index} is ${String(stateOf(index))}`);
  for (const entry of entries)
    if (entry.human_attention_needed === true && !isPermission(entry)) faults.push(`asked: ${entry.text}`);
  return {
    tasks: tasks.length,
    succeeded: numbers.filter(({ index }) => stateOf(index) === "succeeded").length,
    prompts: prompts.length,
    heardOnce: prompts.filter(({ mark }) => isOne(world.taken(mark), `${mark} was heard`)).length,
    permissions: permissions.length,
    allowedOnce: permissions.filter(({ mark }) =>
      [
        isOne(questions(mark).length, `${mark} was asked`),
        isOne(answers(mark), `${mark} was answered`),
        isOne(count(allowed, mark), `${mark} was allowed`),
      ].every(Boolean),
    ).length,
    commands: commands.length,
    ranOnce: commands.filter(({ mark }) => isOne(count(ran, mark), `${mark} ran`)).length,
    faults,
  };
}

/** The figures on one line that a person can read. */
export function sayMixed(agents: readonly string[], figures: MixedFigures): string {
  const { kills, succeeded, heardOnce, prompts, allowedOnce, permissions, ranOnce, commands, seconds } = figures;
  return `${agents.join(", ")} and two shells: ${succeeded} of ${figures.tasks} tasks done in ${seconds} s with ${kills} kills; ${heardOnce} of ${prompts} prompts taken once, ${allowedOnce} of ${permissions} permissions asked, answered and used once, ${ranOnce} of ${commands} commands run once`;
}
