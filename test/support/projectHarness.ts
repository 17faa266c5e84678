import { agentMachine } from "../../src/adapters/machine/agentMachine";
import { agentCatalog } from "../../src/core/session/agentCatalog";
import { shippedCatalog } from "../../src/core/sense/programs/catalog";
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { FileProjectStore } from "../../src/adapters/ledger/fileProjectStore";
import { createIds } from "../../src/adapters/ledger/ids";
import { createFolders } from "../../src/adapters/machine/folders";
import { projectFiles } from "../../src/adapters/machine/projectFiles";
import { createLocalPorts } from "../../src/adapters/machine/localPorts";
import { ProjectRecord } from "../../src/core/record/projectRecord";
import { ProjectRun, type RunResult } from "../../src/core/run/projectRun";
import type { ProjectRunOptions } from "../../src/core/run/projectRunOptions";
import type { ContextEntry } from "../../src/core/model/entry";
import { parsePlan } from "../../src/core/model/plan";
import type { ProjectContext } from "../../src/core/model/project";
import type { Processes } from "../../src/core/ports/machine";
import type { Ledger } from "../../src/core/ports/ledger";
import type { SessionServer } from "../../src/core/ports/sessions";
import type { Policy } from "../../src/core/ports/safety";
import { Consents, sealYes } from "../../src/core/safety/consent";
import { createRedactor } from "../../src/core/safety/redaction";
import { createSanitizer } from "../../src/core/safety/sanitize";
import { temporaryFolder } from "./localAddresses";
import { testConsents } from "./testConsents";
import { silentLogger, systemClock } from "./systemClock";
import { allowAll } from "./policies";

/** This test process, as the lease sees it. */
export const testProcesses: Processes = {
  host: hostname(),
  pid: process.pid,
  started_at: "test",
  isAlive: () => Promise.resolve(false),
};

/** For tests that are about something else. */

/** The same object with some methods of its own; the others still see the original. */
export function overriding<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get: (original, key) => {
      const value: unknown = key in methods ? methods[key as keyof T] : original[key as keyof T];
      return typeof value === "function" && !(key in methods) ? (value.bind(original) as unknown) : value;
    },
  });
}

/** A workspace with one project in a folder of its own, run by the engine itself. */
export class ProjectHarness {
  readonly consents = testConsents();

  private constructor(
    public server: SessionServer,
    readonly workspace: string,
    readonly store: FileProjectStore,
    readonly project: ProjectContext,
    readonly policy: Policy,
  ) {}

  static async create(
    server: SessionServer,
    options: { name?: string; policy?: Policy; workspace?: string } = {},
  ): Promise<ProjectHarness> {
    const workspace = options.workspace ?? (await temporaryFolder());
    const sanitize = createSanitizer(createRedactor({ key: "test" }));
    const store = new FileProjectStore(workspace, { clock: systemClock, ids: createIds(), sanitize });
    const project_id = options.name ?? "alpha";
    const project: ProjectContext = {
      project_id,
      name: project_id,
      goal: "test",
      status: "planned",
      default_cwd: workspace,
      active_branch: null,
      owner: "test",
      updated_at: new Date(0).toISOString(),
    };
    await (await store.create(project)).close();
    return new ProjectHarness(server, workspace, store, project, options.policy ?? allowAll);
  }

  /** Runs a plan to its end; `roles`, `tasks` and the rest in YAML. */
  async run(
    yaml: string,
    options: Partial<ProjectRunOptions> & {
      server?: SessionServer;
      signal?: AbortSignal;
      onEntry?: (entry: ContextEntry) => void;
      info?: (run: ProjectRun) => void;
      ledger?: (ledger: Ledger) => Ledger;
      processes?: Processes;
    } = {},
  ): Promise<RunResult> {
    const ledger = await this.ledger();
    const record = await ProjectRecord.open(options.ledger?.(ledger) ?? ledger, silentLogger, { start: "beginning" });
    if (options.onEntry) record.onEntry(options.onEntry);
    const server = options.server ?? this.server;
    const run = new ProjectRun(
      {
        record,
        server,
        info: await server.info(),
        policy: this.policy,
        consents: new Consents(this.consents, systemClock, {
          workspace: this.workspace,
          project_id: this.project.project_id,
        }),
        clock: systemClock,
        ids: createIds(),
        folders: createFolders(),
        ports: createLocalPorts(),
        processes: options.processes ?? testProcesses,
        logger: silentLogger,
        catalog: shippedCatalog,
        agents: agentCatalog(),
        agentMachine,
        files: projectFiles,
        redactor: createRedactor({ key: "test" }),
      },
      this.project,
      parsePlan(`project: ${this.project.name}\ngoal: test\n${yaml}`),
      {
        actor: "human:test",
        workspace: this.workspace,
        workspaceTag: `ws-${createHash("sha256").update(this.workspace).digest("hex").slice(0, 16)}`,
        again: false,
        waitForAnswers: false,
        heartbeatMs: 60_000,
        ...options,
      },
    );
    options.info?.(run);
    try {
      return await run.run(options.signal ?? new AbortController().signal);
    } finally {
      await record.close();
    }
  }

  /** Some other process of this user writes an answer. */
  async answer(question: ContextEntry | undefined, option: string): Promise<void> {
    const ledger = await this.ledger();
    await ledger.append(
      {
        kind: "answer",
        actor: "human:test",
        session_name: null,
        text: option,
        answer: option,
        task_id: question?.task_id ?? "",
        refs: [{ type: "entry", id: question?.id ?? "" }],
        sealWith: question && option === "run" ? sealYes(this.consents, question) : undefined,
      },
      "synced",
    );
    await ledger.close();
  }

  ledger(): Promise<Ledger> {
    return this.store.open(this.project.project_id);
  }

  /** The whole record, in its order. */
  async entries(kind?: string): Promise<ContextEntry[]> {
    const ledger = await this.ledger();
    const entries: ContextEntry[] = [];
    for await (const { entry } of ledger.read()) if (kind === undefined || entry.kind === kind) entries.push(entry);
    await ledger.close();
    return entries;
  }
}
