import { projectFiles } from "../../src/adapters/machine/projectFiles";
import { createRedactor } from "../../src/core/safety/redaction";
import { agentCatalog } from "../../src/core/session/agentCatalog";
import { deferred } from "../../src/core/base/async";
import type { ContextEntry } from "../../src/core/model/entry";
import { parsePlan } from "../../src/core/model/plan";
import type { ProjectContext } from "../../src/core/model/project";
import type { Folders, Ids, LocalPorts, Processes } from "../../src/core/ports/machine";
import type { Policy } from "../../src/core/ports/safety";
import type { ProjectRecord } from "../../src/core/record/projectRecord";
import { ProjectRun, type RunResult } from "../../src/core/run/projectRun";
import type { ProjectRunOptions } from "../../src/core/run/projectRunOptions";
import { Consents, sealYes } from "../../src/core/safety/consent";
import { emptyCatalog } from "./catalogs";
import { FakeClock } from "./fakeClock";
import { FakeServer } from "./fakeServer";
import type { FakeTerminal } from "./fakeTerminal";
import { SharedRecord } from "./sharedRecord";
import { testConsents } from "./testConsents";
import { silentLogger } from "./systemClock";
import { allowAll } from "./policies";

const project: ProjectContext = {
  project_id: "alpha",
  name: "alpha",
  goal: "test",
  status: "planned",
  default_cwd: "/site",
  active_branch: null,
  owner: "test",
  updated_at: new Date(0).toISOString(),
};

/** A run that is under way. */
export interface FakeRun {
  readonly run: ProjectRun;
  readonly record: ProjectRecord;
  readonly result: Promise<RunResult>;
  readonly stop: AbortController;
}

/** One project in memory: its record, a session server, time that stands still, and runs of plans. */
export class FakeProject {
  readonly clock = new FakeClock();
  readonly shared = new SharedRecord(this.clock);
  readonly server = new FakeServer();
  /** How often the state of a work tree was asked for. */
  gitStates = 0;
  consents = testConsents();
  /** The folder that paths of the plan start from. */
  baseFolder = "/site";
  policy: Policy = allowAll;
  catalog = emptyCatalog;
  /** Ports that a program accepts connections on. */
  readonly openPorts = new Set<number>();
  ports: LocalPorts | undefined = { isOpen: (port) => Promise.resolve(this.openPorts.has(port)) };
  /** Processes that live beside those that run the project. */
  readonly alive = new Set<number>();
  #pids = 100;
  #ids = 0;

  readonly ids: Ids = {
    next: () => `id${++this.#ids}`,
    secret: () => `key${++this.#ids}`,
  };
  readonly folders: Folders = {
    resolve: (base, path) => (path.startsWith("/") ? path : path === "." ? base : `${base}/${path}`),
    isFolder: () => Promise.resolve(true),
    isSame: (one, other) => Promise.resolve(one === other),
    hitBy: () => Promise.resolve(undefined),
    gitState: () => {
      this.gitStates++;
      return Promise.resolve(undefined);
    },
  };

  get entries(): readonly ContextEntry[] {
    return this.shared.entries;
  }

  /** A process of its own begins to run the plan; `roles`, `tasks` and the rest in YAML. */
  async begin(yaml: string, options: Partial<ProjectRunOptions> = {}): Promise<FakeRun> {
    const record = await this.shared.record();
    const processes: Processes = {
      host: "here",
      pid: ++this.#pids,
      started_at: "test",
      isAlive: ({ pid }) => Promise.resolve(this.alive.has(pid)),
    };
    const { server, clock, ids, folders, policy } = this;
    const run = new ProjectRun(
      {
        record,
        server,
        info: await server.info(),
        policy,
        consents: new Consents(this.consents, clock, { workspace: "/site", project_id: "alpha" }),
        clock,
        ids,
        folders,
        ports: this.ports,
        processes,
        logger: silentLogger,
        catalog: this.catalog,
        agents: agentCatalog(),
        agentMachine: undefined,
        files: projectFiles,
        redactor: createRedactor({ key: "test" }),
      },
      { ...project, default_cwd: this.baseFolder },
      parsePlan(`project: alpha\ngoal: test\n${yaml}`),
      {
        actor: "human:test",
        workspaceTag: "ws-test",
        workspace: "/site",
        again: false,
        waitForAnswers: false,
        heartbeatMs: 1e9,
        ...options,
      },
    );
    const stop = new AbortController();
    const result = run.run(stop.signal).finally(() => record.close());
    result.catch(() => undefined);
    return { run, record, result, stop };
  }

  async run(yaml: string, options: Partial<ProjectRunOptions> = {}): Promise<RunResult> {
    return (await this.begin(yaml, options)).result;
  }

  /** Until `holds`, which is asked at once, after each entry, and when the run ends; then it must hold. */
  async until({ record, result }: FakeRun, holds: () => boolean): Promise<void> {
    const held = deferred<undefined>();
    const look = (): void => {
      if (holds()) held.resolve(undefined);
    };
    // A command is in the record before it is typed.
    const listener = record.onEntry(() => setImmediate(look));
    look();
    const over = result.then(() => Promise.reject(new Error(`The run ended as ${this.entries.at(-2)?.text ?? ""}`)));
    over.catch(() => undefined);
    try {
      await Promise.race([held.promise, over]);
    } finally {
      listener.dispose();
    }
  }

  /** Tasks by their state, as the record has it after that run. */
  static states({ tasks }: RunResult): Record<string, string> {
    return Object.fromEntries(tasks.map(({ id, state }) => [id, state]));
  }

  /** What a task went through, in the record's order. */
  lifeOf(task_id: string): string[] {
    return this.entries
      .filter((entry) => entry.kind === "task" && entry.task_id === task_id)
      .map(({ event }) => event ?? "");
  }

  /** The terminal that runs this command now; undefined when none does. */
  runningIn(command: string): FakeTerminal | undefined {
    return [...this.server.terminals.values()].find((terminal) => terminal.running === command);
  }

  /** Commands that run now, in the order of their sessions. */
  get running(): string[] {
    return [...this.server.terminals.values()].flatMap(({ running }) => (running === undefined ? [] : [running]));
  }

  /** All commands that tasks have run, in the order of the record. */
  get commands(): string[] {
    return this.entries.flatMap(({ kind, input, step }) =>
      kind === "command" && step !== undefined ? [input ?? ""] : [],
    );
  }

  /** The newest open question about a task. */
  question(task_id: string): ContextEntry {
    const found = this.entries.findLast((entry) => entry.human_attention_needed === true && entry.task_id === task_id);
    if (!found) throw new Error(`Nobody was asked about ${task_id}.`);
    return found;
  }

  /** Some other process of this user writes an answer. */
  answer(question: ContextEntry, answer: string, actor = "human:other"): ContextEntry {
    const { id, task_id } = question;
    return this.shared.add({
      kind: "answer",
      actor,
      session_name: null,
      text: `${actor} answered: ${answer}`,
      answer,
      refs: [{ type: "entry", id }],
      ...(task_id === undefined ? {} : { task_id }),
      sealWith: answer === "run" ? sealYes(this.consents, question) : undefined,
    });
  }
}
