import { agentCatalog } from "../../../src/core/session/agentCatalog";
import type { RunProjectRequest, RunProjectWorld } from "../../../src/core/acts/runRequest";
import type { RunNotice } from "../../../src/core/acts/runRequest";
import { runProject, type RunProjectResult, type RunShell, type ShownRun } from "../../../src/core/acts/runProject";
import { createIds } from "../../../src/adapters/ledger/ids";
import { projectFiles } from "../../../src/adapters/machine/projectFiles";
import { createFolders } from "../../../src/adapters/machine/folders";
import { OrchestratorError } from "../../../src/core/model/errors";
import type { ProjectContext } from "../../../src/core/model/project";
import type { Ledger, ProjectStore } from "../../../src/core/ports/ledger";
import { plansHere } from "../../../src/core/run/plansHere";
import { createRedactor } from "../../../src/core/safety/redaction";
import { emptyCatalog } from "../../support/catalogs";
import { FakeServer } from "../../support/fakeServer";
import { allowAll } from "../../support/policies";
import { testConsents } from "../../support/testConsents";
import { silentLogger } from "../../support/systemClock";
import { ActScene } from "./actingFakes";
import { nothingToDo } from "../../../src/core/model/remedy";
import { noEnvironment } from "../../../src/core/session/callerEnvironment";

/** A workspace in memory that has the project alpha or none yet, and a session server in memory. */
export class RunScene extends ActScene {
  readonly server = new FakeServer();
  /** project.json; undefined while there is no project. */
  project: ProjectContext | undefined;
  /** What reading project.json throws. */
  spoilt: OrchestratorError | undefined;
  /** What reaching a server throws. */
  unreachable: OrchestratorError | undefined;
  /** What a shell was told, in order. */
  readonly told: string[] = [];
  runs_as: ShownRun | undefined;
  readonly #ids = createIds(() => this.clock.now());

  readonly request = {
    name: "alpha",
    again: false,
    waitForAnswers: false,
    heartbeatMs: 60_000,
    elsewhere: "refuse",
    signal: new AbortController().signal,
  } as const satisfies Partial<RunProjectRequest>;

  readonly shell: RunShell = {
    notice: ({ what }: RunNotice) => this.told.push(what),
    follows: ({ runner, holder }) => {
      this.told.push(`follows ${runner} (${holder})`);
      return { dispose: () => this.told.push("follows no more") };
    },
    begins: () => {
      this.told.push("begins");
      return { dispose: () => this.told.push("ends") };
    },
    runs: (run) => {
      this.told.push("runs");
      this.runs_as = run;
    },
  };

  get world(): RunProjectWorld {
    return {
      actor: "human:ada",
      user: "ada",
      workspaceTag: "ws-test",
      store: this.#store,
      redactor: createRedactor({ key: "test" }),
      plans: plansHere,
      processes: this.by.processes,
      consents: testConsents(),
      clock: this.clock,
      ids: this.#ids,
      logger: silentLogger,
      chooseServer: async () => {
        if (this.unreachable) throw this.unreachable;
        return { server: this.server, info: await this.server.info(), builtin: true };
      },
      folders: () => createFolders({ local: false }),
      ports: () => undefined,
      callersFolders: createFolders({ local: false }),
      policy: () => Promise.resolve(allowAll),
      programRules: () => Promise.resolve(emptyCatalog),
      agents: () => Promise.resolve(agentCatalog()),
      agentMachine: () => undefined,
      files: projectFiles,
      environment: () => Promise.resolve(noEnvironment),
      commandLine: () => Promise.resolve(undefined),
      planFile: (project_id) => `${project_id}/plan.yaml`,
    };
  }

  /** Moves the clock on until it is settled. */
  async settled<T>(promise: Promise<T>): Promise<T> {
    let over = false;
    const end = (): boolean => (over = true);
    promise.then(end, end);
    for (let turns = 0; !over && turns < 10_000; turns++) await this.clock.advanceAsync(50);
    if (!over) throw new Error("It does not come to an end.");
    return promise;
  }

  run(more: Partial<RunProjectRequest> = {}, shell: RunShell = this.shell): Promise<RunProjectResult> {
    const source = { from: "commands", caller: "/site", run: ["make"] } as const;
    return this.settled(runProject(this.world, { ...this.request, source, ...more }, shell));
  }

  /** What was typed of tasks. */
  get typed(): (string | undefined)[] {
    return this.shared.entries
      .filter(({ kind, step }) => kind === "command" && step !== undefined)
      .map(({ input }) => input);
  }

  get #store(): ProjectStore {
    const open = (): Ledger =>
      this.shared.ledger({
        readProject: () =>
          this.spoilt ? Promise.reject(this.spoilt) : Promise.resolve(this.project as ProjectContext),
        writeProject: (project) => {
          this.project = project;
          this.spoilt = undefined;
          return Promise.resolve();
        },
        writePlan: (text) => {
          this.shared.plan = text;
          return Promise.resolve();
        },
        writeDerived: () => Promise.resolve(),
        writeCheckpoint: () => Promise.resolve(),
        flush: () => Promise.resolve(),
      });
    return {
      workspace: "/site",
      list: () => Promise.resolve(this.project ? ["alpha"] : []),
      open: (project_id) =>
        this.project && project_id === "alpha"
          ? Promise.resolve(open())
          : Promise.reject(new OrchestratorError("project_not_found", "There is none.", nothingToDo)),
      create: (project) => {
        this.project = project;
        return Promise.resolve(open());
      },
    };
  }
}
