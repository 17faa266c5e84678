import { DisposableStore } from "../base/lifecycle";
import { defaultQuietAfterMs } from "../model/quietTime";
import { hasCode, messageOf, OrchestratorError } from "../model/errors";
import type { AgentCatalog } from "../model/agentProfile";
import { type Plan, type PlanRole, taskDefinitionHash } from "../model/plan";
import { withAgents } from "../session/agentStart";
import type { ProjectStatus } from "../model/states";
import type { ProjectContext } from "../model/project";
import { countedTasks, type TaskCount } from "../model/taskCount";
import type { ProjectSnapshot, TaskSummary } from "../model/snapshot";
import type { AgentMachine } from "../ports/agents";
import type { Folders, Ids, LocalPorts, Processes } from "../ports/machine";
import type { ProjectFiles } from "../ports/projectFiles";
import type { ServerInfo, SessionServer } from "../ports/sessions";
import type { Policy } from "../ports/safety";
import type { Redactor } from "../safety/redaction";
import type { Consents } from "../safety/consent";
import { CommandRunner } from "../command/commandRunner";
import { Heartbeat } from "./heartbeat";
import type { OpenRecord } from "../record/projectRecord";
import { runnersRecord } from "../record/runnersRecord";
import { Lease } from "../record/lease";
import { RecordedKeyboards } from "./recordedKeyboards";
import { Recovery } from "./recovery";
import type { LiveSession } from "../session/liveSessions";
import { patientServer } from "../session/patientServer";
import { watchServer } from "../session/serverWatch";
import { RoleGate } from "../session/roleGate";
import { SessionOpener } from "../session/sessionOpener";
import { SessionPool } from "../session/sessionPool";
import type { SensorWorld } from "../session/sessionSensor";
import { SessionWatch } from "../session/sessionWatch";
import { snapshotOf, SnapshotWriter } from "../record/snapshots";
import type { UntilWorld } from "./planUntil";
import { AttemptRunner } from "./attemptRunner";
import { whileCommandsLast } from "./lastingCommands";
import type { ProjectRunOptions } from "./projectRunOptions";
import { PromptAttempt } from "./promptAttempt";
import { QuietQuestions } from "./quietQuestions";
import { RequestListener } from "./requestListener";
import { RunningCommands } from "./runningCommands";
import { runEnd } from "./runEnd";
import { runStatus } from "./runStatus";
import { SessionRestarts } from "./sessionRestarts";
import { startSentence, TaskEntries } from "./taskEntries";
import { TaskLoop } from "./taskLoop";
import { TaskRestarts } from "./taskRestarts";
import { TaskRunner } from "./taskRunner";

export interface ProjectRunWorld extends Pick<SensorWorld, "clock" | "logger" | "catalog"> {
  readonly record: OpenRecord;
  readonly server: SessionServer;
  readonly info: ServerInfo;
  readonly policy: Policy;
  readonly consents: Consents;
  readonly ids: Ids;
  readonly folders: Folders;
  /** Undefined where the sessions run on another machine. */
  readonly ports: LocalPorts | undefined;
  readonly processes: Processes;
  readonly agents: AgentCatalog;
  /** Undefined where the sessions run on another machine. */
  readonly agentMachine: AgentMachine | undefined;
  readonly files: ProjectFiles;
  readonly redactor: Pick<Redactor, "redact">;
}

export interface RunResult {
  readonly status: ProjectStatus;
  readonly tasks: TaskSummary[];
  readonly snapshot: ProjectSnapshot;
  /** Of all tasks of the project. */
  readonly count: TaskCount;
  /** What ended the run before its time, other than the caller. */
  readonly problem: OrchestratorError | undefined;
  /** It was asked to stop, by its signal or through the record. */
  readonly stopped: boolean;
  /** It was asked to hand over: nothing was interrupted, and another runner goes on. */
  readonly left: boolean;
}

/**
 * Does one project: takes the lease, settles what was left behind, runs the plan's tasks to their end, leaves the
 * record and the snapshot.
 */
export class ProjectRun {
  readonly #record: OpenRecord;
  /** Its roles are as their sessions are started. */
  private readonly plan: Plan;
  /** Waits for a server that is away, until this run gives it up. */
  readonly #server: SessionServer;
  readonly #roles: RoleGate;
  readonly #pool: SessionPool;
  readonly #watch: SessionWatch;
  readonly #runner: CommandRunner;
  readonly #definitions: ReadonlyMap<string, string>;
  readonly #entries: TaskEntries;
  readonly #commands: RunningCommands;
  readonly #keyboards: RecordedKeyboards;
  readonly #until: UntilWorld;
  readonly #tasks: TaskRunner;
  readonly #restarts: SessionRestarts;
  readonly #stop = new AbortController();
  /** Somebody asked this runner through the record to stop. */
  readonly #asked = new AbortController();
  #failure: { readonly error: Error } | undefined;
  #left = false;
  #problem: OrchestratorError | undefined;
  #lease: Lease | undefined;

  constructor(
    private readonly world: ProjectRunWorld,
    private readonly project: ProjectContext,
    written: Plan,
    private readonly options: ProjectRunOptions,
  ) {
    const { policy, clock, ids, folders, logger, agents } = world;
    const plan = withAgents(written, agents);
    this.plan = plan;
    const server = patientServer(world.server, clock, this.#stop.signal);
    this.#server = server;
    const guard = (): Promise<void> => this.#guard();
    const record = runnersRecord(world.record, guard, () => this.#lease?.generation);
    const { project_id, default_cwd: baseFolder } = project;
    this.#roles = new RoleGate(world.policy, { workspace: options.workspace, project_id });
    const opener = new SessionOpener({
      ...world,
      ...options,
      roles: this.#roles,
      record,
      server,
      guard,
      project_id,
      baseFolder,
      defaultShell: options.defaultShell,
    });
    this.#record = record;
    this.#pool = new SessionPool(opener, plan.max_sessions, logger);
    this.#watch = new SessionWatch(this.#pool, { ...world, record });
    this.#keyboards = new RecordedKeyboards(record, world.processes, clock, logger);
    this.#runner = new CommandRunner(record, server, policy, clock, ids, guard, this.#keyboards);
    this.#definitions = new Map(written.tasks.map((task) => [task.id, taskDefinitionHash(written, task)]));
    const { workspace, actor } = options;
    const place = { folders, clock, workspace };
    this.#entries = new TaskEntries(record, plan, this.#definitions, world.consents, actor, place);
    this.#until = { ports: world.ports, states: this.#watch };
    const prompts = new PromptAttempt(record, plan, world, baseFolder);
    const attempts = new AttemptRunner(record, this.#runner, clock, folders, logger, this.#until, world, prompts);
    const restarts = new TaskRestarts(record, plan, this.#entries, clock);
    this.#commands = new RunningCommands(record, this.#pool, this.#runner, clock, logger, restarts);
    const commands = { running: this.#commands, restarts };
    this.#tasks = new TaskRunner(
      record,
      clock,
      folders,
      this.#pool,
      attempts,
      prompts,
      commands,
      this.#entries,
      plan,
      workspace,
    );
    this.#restarts = new SessionRestarts(record, this.#pool, (name) => this.#role(name), clock, logger);
  }

  /** What its sessions do now. */
  live(): LiveSession[] {
    return this.#watch.live();
  }

  /**
   * Runs until nothing more can be done. An aborted signal interrupts what runs and ends as `stopped`.
   * Throws `driven_elsewhere`, ledger errors, and `server_unreachable` before anything was started.
   */
  async run(callersSignal: AbortSignal): Promise<RunResult> {
    const { record, processes, clock, logger } = this.world;
    this.#lease = await Lease.claim(record, processes, clock, this.options.actor, this.options.over);
    const lease = this.#lease;
    const store = new DisposableStore();
    const signal = AbortSignal.any([callersSignal, this.#asked.signal]);
    const stopAll = AbortSignal.any([signal, this.#stop.signal]);
    const snapshots = new SnapshotWriter(
      this.#record,
      clock,
      logger,
      () => this.project,
      () => lease.held,
    );
    this.#listen(store, lease, stopAll);
    try {
      await this.options.onClaimed?.(lease.entry);
      const goesOn = record.state.status === "running";
      await this.#entries.project(
        "running",
        "started",
        startSentence(this.options.actor, this.project.name, record.state.status),
      );
      const running = await this.#recover(stopAll);
      const loop = store.add(this.#taskLoop(goesOn));
      await loop.begin(running);
      this.#restarts.beginRequested(stopAll);
      do {
        await loop.run(stopAll);
        await this.#restarts.settled();
        if (this.#failure) throw this.#failure.error;
        // What somebody asked for while the last task ended is still this run's to do.
        await record.catchUp();
        await this.#commands.settled();
        const hasMore = (): boolean => loop.hasMore || this.#restarts.size > 0;
        await whileCommandsLast(
          this.#entries,
          this.#record,
          this.project.name,
          { plan: this.plan, loop, hasMore, settled: () => this.#commands.settled() },
          stopAll,
        );
      } while (!stopAll.aborted && (this.#restarts.size > 0 || loop.hasMore));
      const reached = runStatus(loop, record.state, signal.aborted);
      // What is still to be answered may need them.
      if (reached !== "waiting") await this.#commands.endAll(stopAll);
      const part = { name: this.project.name, plan: this.plan, others: this.options.others };
      const { status, event, text } = runEnd(part, reached, record.state, this.#problem !== undefined);
      const why = this.#problem?.code ?? (signal.aborted ? "interrupted" : undefined);
      await this.#entries.project(status, event, text, why);
      return this.#result(status, signal.aborted);
    } catch (error) {
      if (this.#left && error === this.#failure?.error) return this.#result(record.state.status, false);
      // Whoever still works at a task types and writes nothing more.
      this.#fail(error);
      await this.#writeBreak(error);
      throw error;
    } finally {
      store.dispose();
      await this.#pool.close();
      await snapshots.close();
      await lease.release().catch((error: unknown) => logger.warn(messageOf(error)));
    }
  }

  /** To the server, to the record, and to the sessions, for as long as it runs. */
  #listen(store: DisposableStore, lease: Lease, stopAll: AbortSignal): void {
    const { record, server, info, processes, clock, logger } = this.world;
    store.add(
      watchServer(server, info.server_id, clock, {
        gone: (sentence) => this.#serverGone(sentence),
        away: (sentence) => this.#tellOfServer("server_away", sentence),
        back: (sentence) => this.#tellOfServer("server_back", sentence),
      }),
    );
    store.add(
      new RequestListener(record, lease, processes.host, {
        stop: (reason) => this.#asked.abort(reason),
        handOver: (why) => this.#leave(why),
        restart: (request) => this.#restarts.begin(request, stopAll),
        seen: (session) => this.#watch.seen(session),
        lost: (error) => this.#fail(error),
      }),
    );
    store.add(record.onLost((error) => this.#fail(error)));
    for (const each of [this.#watch, this.#keyboards]) store.add(each.start());
    const { heartbeatMs, quietAfterMs = defaultQuietAfterMs, asksWhenQuiet = false } = this.options;
    const quiet = { record: this.#record, plan: this.plan, states: this.#watch, quietAfterMs, asksWhenQuiet };
    store.add(new QuietQuestions({ ...this.world, ...quiet, sessions: () => this.#pool.sessions }));
    store.add(new Heartbeat(this.#record, () => this.#pool.sessions, clock, logger, heartbeatMs, quietAfterMs));
  }

  #taskLoop(goesOn: boolean): TaskLoop {
    const { policy, consents, folders, clock } = this.world;
    const { again, waitForAnswers, defaultShell } = this.options;
    const { plan } = this;
    return new TaskLoop(
      this.#record,
      plan,
      this.#definitions,
      policy,
      consents,
      this.#roles,
      folders,
      clock,
      this.#tasks,
      this.#entries,
      {
        again,
        goesOn,
        waitForAnswers,
        defaultShell,
        baseFolder: this.project.default_cwd,
        failed: (error) =>
          hasCode(error, "server_unreachable") ? this.#serverGone(messageOf(error)) : this.#fail(error),
      },
    );
  }

  /** Throws once this run may type and write nothing more: something failed that ends it, or another process has the lease. */
  async #guard(): Promise<void> {
    if (this.#failure) throw this.#failure.error;
    await this.#lease?.check();
  }

  /** Ends the run where it stands; what runs in the sessions goes on, and the next runner finds it. */
  #fail(error: unknown): void {
    this.#failure ??= { error: error instanceof Error ? error : new Error(String(error)) };
    this.#stop.abort(this.#failure.error);
  }

  /** For another runner, which finds the project running. */
  #leave(why: string): void {
    this.#left ||= this.#failure === undefined;
    this.#fail(
      new OrchestratorError("driven_elsewhere", why, {
        kind: "follow_project",
        project: this.#record.ledger.project_id,
      }),
    );
  }

  #serverGone(sentence: string): void {
    if (this.#problem) return;
    this.#tellOfServer("server_gone", sentence);
    this.#pool.markLost();
    this.#problem = new OrchestratorError("server_unreachable", sentence, {
      kind: "run_project",
      project: this.#record.ledger.project_id,
    });
    this.#stop.abort(this.#problem);
  }

  /** For everybody who follows the record, here and elsewhere. */
  #tellOfServer(event: string, text: string): void {
    this.#record
      .append({ kind: "state", actor: "engine", session_name: null, event, text }, "written")
      .catch((error: unknown) => this.world.logger.warn(messageOf(error)));
  }

  /** As long as this process has the lease, whoever reads the record learns why it does no longer. */
  async #writeBreak(error: unknown): Promise<void> {
    if (!this.#lease?.held) return;
    const text = `${this.project.name} stopped because of an error: ${messageOf(error)}`;
    const draft = {
      ...{ kind: "project", actor: "engine", session_name: null, event: "ended", state: "stopped" },
      text,
      reason: error instanceof OrchestratorError ? error.code : "internal",
    };
    await this.world.record
      .append(draft, "synced")
      .catch((failed: unknown) => this.world.logger.warn(messageOf(failed)));
  }

  /** What still runs from an earlier runner, by task. */
  async #recover(signal: AbortSignal): Promise<Map<string, Promise<void>>> {
    const running = new Map<string, Promise<void>>();
    try {
      await new Recovery(
        this.#record,
        this.#server,
        this.#pool,
        this.#runner,
        this.world.clock,
        (name) => this.#role(name),
        (id) => this.plan.tasks.find((task) => task.id === id),
        this.#commands,
        { ...this.world, ...this.#until },
      ).settle(running, signal);
      // What runs for a task that this plan does not have any more is followed to its end all the same.
      for (const [id, runs] of running)
        if (!this.#definitions.has(id)) runs.catch((error: unknown) => this.world.logger.warn(messageOf(error)));
      return running;
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
      // What runs is interrupted, or left alone when this run may do nothing more.
      await Promise.allSettled(running.values());
      if (this.#failure) throw this.#failure.error;
      return new Map();
    }
  }

  #role(name: string): PlanRole {
    return this.plan.roles.find((role) => role.name === name) ?? { name, env: {}, count: 1 };
  }

  #result(status: ProjectStatus, stopped: boolean): RunResult {
    const { record, clock } = this.world;
    const snapshot = snapshotOf(this.project.project_id, record.state, new Date(clock.now()).toISOString());
    const ids = new Set(this.plan.tasks.map((task) => task.id));
    return {
      status,
      tasks: (snapshot.tasks ?? []).filter((task) => ids.has(task.id)),
      snapshot,
      count: countedTasks(record.state),
      problem: this.#problem,
      stopped,
      left: this.#left,
    };
  }
}
