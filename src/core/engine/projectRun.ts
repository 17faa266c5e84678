import { type Deferred, abortable, deferred } from "../base/async";
import { DisposableStore } from "../base/lifecycle";
import type { ContextEntry, EntryDraft } from "../model/entry";
import { hasCode, messageOf, OrchestratorError } from "../model/errors";
import { type Plan, type PlanRole, type PlanTask, taskDefinitionHash } from "../model/plan";
import type { ProjectContext, ProjectStatus } from "../model/project";
import type { ProjectSnapshot, TaskState, TaskSummary } from "../model/snapshot";
import type { Clock, Folders, Ids, Logger, Policy, Processes, ServerInfo, SessionServer } from "../ports";
import { CommandRunner } from "./commandRunner";
import { questionAbout } from "./escalations";
import { writeHandoffs } from "./handoffs";
import { Heartbeat } from "./heartbeat";
import type { Journal } from "./journal";
import { Lease } from "./lease";
import { Recovery } from "./recovery";
import { backoffBefore, readyTasks, stoppedTasks, withDependents } from "./scheduler";
import { durationText } from "./sentences";
import { watchServer } from "./serverWatch";
import { type OpenSession, SessionPool } from "./sessionPool";
import { snapshotOf, SnapshotWriter } from "./snapshots";
import { type Resume, type StartingPoint, startingPoints } from "./startingPoints";
import { endSentence, TaskJournal } from "./taskJournal";
import { type AttemptResult, stepsOf, TaskRunner } from "./taskRunner";

export interface ProjectRunWorld {
  readonly journal: Journal;
  readonly server: SessionServer;
  readonly info: ServerInfo;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly folders: Folders;
  readonly processes: Processes;
  readonly logger: Logger;
}

export interface ProjectRunOptions {
  /** Who started it: `human:<user>` or `agent:<id>`. */
  readonly actor: string;
  readonly workspaceTag: string;
  /** Repeats tasks that are done and unchanged. */
  readonly again: boolean;
  /** Waits for answers when nothing else can go on; else the run ends as `waiting`. */
  readonly waitForAnswers: boolean;
  readonly heartbeatMs: number;
  readonly defaultShell?: string;
}

export interface RunResult {
  readonly status: ProjectStatus;
  readonly tasks: TaskSummary[];
  readonly snapshot: ProjectSnapshot;
  /** What ended the run before its time, other than the caller. */
  readonly problem: OrchestratorError | undefined;
}

/** What a session does right now, for a live picture. */
export interface LiveSession {
  readonly name: string;
  readonly role: string;
  readonly command: string | undefined;
  /** Milliseconds since its command was sent. */
  readonly runsFor: number;
  readonly lastLine: string;
}

/** Nothing more can be typed or written down after these. */
const endsTheRun = ["disk_full", "ledger_unwritable", "ledger_unsafe", "server_unreachable"] as const;

/** Does one project: takes the lease, settles what was left behind, runs the plan's tasks to their end, leaves the record and the snapshot. */
export class ProjectRun {
  readonly #pool: SessionPool;
  readonly #runner: CommandRunner;
  readonly #tasks: TaskRunner;
  readonly #written: TaskJournal;
  readonly #states = new Map<string, TaskState>();
  readonly #resumes = new Map<string, Resume>();
  readonly #waiting = new Set<string>();
  readonly #active = new Map<string, Promise<void>>();
  readonly #definitions: ReadonlyMap<string, string>;
  #wake: Deferred<void> = deferred();
  #failure: { readonly error: Error } | undefined;
  #problem: OrchestratorError | undefined;
  #lease: Lease | undefined;

  constructor(
    private readonly world: ProjectRunWorld,
    private readonly project: ProjectContext,
    private readonly plan: Plan,
    private readonly options: ProjectRunOptions,
  ) {
    const { journal, server, policy, clock, ids, folders, logger } = world;
    this.#pool = new SessionPool({
      journal,
      server,
      info: world.info,
      clock,
      ids,
      folders,
      logger,
      project_id: project.project_id,
      baseFolder: project.default_cwd,
      workspaceTag: options.workspaceTag,
      maxSessions: plan.max_sessions,
      defaultShell: options.defaultShell,
    });
    this.#runner = new CommandRunner(journal, server, policy, clock, ids, () => this.#lease?.held ?? false);
    this.#tasks = new TaskRunner(journal, this.#runner, clock, folders, logger);
    this.#definitions = new Map(plan.tasks.map((task) => [task.id, taskDefinitionHash(plan, task)]));
    this.#written = new TaskJournal(journal, plan, this.#definitions, options.actor);
  }

  /** What its sessions do now. */
  live(): LiveSession[] {
    const { journal, clock } = this.world;
    return this.#pool.sessions.map((session) => {
      const command = [...journal.state.openCommands.values()].findLast((entry) => entry.session_name === session.name);
      const runsFor = command ? Math.max(0, clock.now() - Date.parse(command.ts)) : 0;
      return { name: session.name, role: session.role.name, command: command?.input, runsFor, lastLine: session.shell.lastLine };
    });
  }

  /**
   * Runs until nothing more can be done. An aborted signal interrupts what runs and ends as `stopped`.
   * Throws `driven_elsewhere`, ledger errors, and `server_unreachable` before anything was started.
   */
  async run(signal: AbortSignal): Promise<RunResult> {
    const { journal, processes, clock, logger } = this.world;
    this.#lease = await Lease.claim(journal, processes, clock, this.options.actor);
    const store = new DisposableStore();
    const stop = new AbortController();
    const stopAll = AbortSignal.any([signal, stop.signal]);
    const snapshots = new SnapshotWriter(journal, clock, logger, () => this.project);
    store.add(
      watchServer(this.world.server, clock, (sentence) => {
        logger.warn(sentence);
        this.#pool.markLost();
        this.#problem ??= new OrchestratorError("server_unreachable", sentence, "Start the server, then run the project again.");
        stop.abort(this.#problem);
      }),
    );
    store.add(journal.onEntry((entry) => this.#heard(entry)));
    store.add(new Heartbeat(journal, () => this.#pool.sessions, clock, logger, this.options.heartbeatMs));
    const onAbort = (): void => this.#wake.resolve();
    stopAll.addEventListener("abort", onAbort);
    try {
      await this.#written.project("running", "started", `${this.options.actor} started ${this.project.name}.`);
      await this.#planTasks(await this.#recover(stopAll));
      await this.#loop(stopAll);
      await Promise.all(this.#active.values());
      if (this.#failure) throw this.#failure.error;
      const status = this.#status(signal.aborted);
      await this.#written.project(status, status === "done" ? "finished" : "ended", endSentence(this.project.name, status));
      return this.#result(status);
    } finally {
      stopAll.removeEventListener("abort", onAbort);
      store.dispose();
      await this.#pool.close();
      await this.#lease.release().catch((error: unknown) => logger.warn(messageOf(error)));
      await snapshots.close();
    }
  }

  /** What still runs from an earlier driver, by task. */
  async #recover(signal: AbortSignal): Promise<Map<string, Promise<void>>> {
    const { journal, clock } = this.world;
    try {
      return await new Recovery(journal, this.#pool, this.#runner, clock, (name) => this.#role(name)).settle(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      return new Map();
    }
  }

  #role(name: string): PlanRole {
    return this.plan.roles.find((role) => role.name === name) ?? { name, env: {}, count: 1 };
  }

  /** Decides for each task whether it is done, goes on, or begins anew, and writes down what is planned. */
  async #planTasks(running: ReadonlyMap<string, Promise<void>>): Promise<void> {
    for (const point of this.#points()) {
      const { task, state, isNew } = point;
      const runs = running.get(task.id);
      if (runs) {
        this.#states.set(task.id, "running");
        this.#start(task, runs.then(() => this.#begin(this.#points().find((each) => each.task.id === task.id) ?? point)));
        continue;
      }
      this.#begin(point);
      if (!isNew) continue;
      if (state === "pending") await this.#written.task(task, "planned", state, `${task.id} is planned for ${task.role}.`);
      else await this.#written.task(task, "answered", state, `${task.id} counts as ${state}.`);
    }
  }

  #points(): StartingPoint[] {
    return startingPoints(this.plan, this.#definitions, this.world.journal.state, this.options.again);
  }

  #begin({ task, state, resume }: StartingPoint): void {
    this.#states.set(task.id, state);
    if (resume) this.#resumes.set(task.id, resume);
  }

  /** Counts as active until `work` is over; a failure of it ends the run. */
  #start(task: PlanTask, work: Promise<void>): void {
    const active = work
      .catch((error: unknown) => {
        this.#failure ??= { error: error instanceof Error ? error : new Error(String(error)) };
      })
      .finally(() => {
        this.#active.delete(task.id);
        this.#wake.resolve();
      });
    this.#active.set(task.id, active);
  }

  async #loop(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted || this.#failure) return;
      this.#wake = deferred();
      await this.#markStopped();
      for (const task of readyTasks(this.plan, this.#states)) {
        if (this.#active.has(task.id)) continue;
        const approvals = await this.#approvals(task);
        if (!approvals || signal.aborted) continue;
        this.#states.set(task.id, "running");
        this.#start(task, this.#runTask(task, approvals, signal));
      }
      const settled = stoppedTasks(this.plan, this.#states).length === 0;
      const idle = settled && this.#active.size === 0 && readyTasks(this.plan, this.#states).every((task) => this.#waiting.has(task.id));
      if (idle && (this.#waiting.size === 0 || !this.options.waitForAnswers)) return;
      await abortable(this.#wake.promise, undefined);
    }
  }

  async #markStopped(): Promise<void> {
    for (const { task, state, need } of stoppedTasks(this.plan, this.#states)) {
      this.#states.set(task.id, state);
      const why = { failed: "failed", unknown: "has an unknown outcome" }[String(this.#states.get(need))] ?? `is ${this.#states.get(need) ?? "pending"}`;
      await this.#written.task(task, state, state, `${task.id} is ${state}: it needs ${need}, which ${why}.`);
    }
  }

  /** Answers for the steps that the policy asks about; undefined while one is missing, or when a person said no. */
  async #approvals(task: PlanTask): Promise<Map<number, string> | undefined> {
    const { policy, journal, folders } = this.world;
    const role = this.#role(task.role);
    const approvals = new Map<number, string>();
    let missing = false;
    for (const [step, text] of stepsOf(task).entries()) {
      const decision = policy.decide(text, { shell: role.shell ?? this.options.defaultShell ?? "bash", cwd: folders.resolve(this.project.default_cwd, task.cwd ?? role.cwd ?? ".") });
      if (decision.verdict === "allow") continue;
      const asked = questionAbout(journal.state, "approval_needed", task.id, step);
      const escalation = asked && asked.definition === this.#definitions.get(task.id) ? journal.state.escalations.get(asked.id) : undefined;
      if (escalation && !escalation.settled && escalation.answer?.answer === "run") approvals.set(step, escalation.entry.id);
      else if (escalation && !escalation.settled && escalation.answer) return this.#skip(task, escalation.answer);
      else {
        missing = true;
        if (!escalation || escalation.settled) await this.#written.askApproval(task, step, text, decision);
      }
    }
    if (missing) this.#waiting.add(task.id);
    else this.#waiting.delete(task.id);
    return missing ? undefined : approvals;
  }

  async #skip(task: PlanTask, given: ContextEntry): Promise<undefined> {
    this.#waiting.delete(task.id);
    this.#states.set(task.id, "skipped");
    await this.#written.skip(task, given);
    this.#wake.resolve();
    return undefined;
  }

  /** One task to its end: attempts, pauses between them, and what is written down of it. */
  async #runTask(task: PlanTask, approvals: Map<number, string>, signal: AbortSignal): Promise<void> {
    const { clock, folders } = this.world;
    const role = this.#role(task.role);
    const cwd = folders.resolve(this.project.default_cwd, task.cwd ?? role.cwd ?? ".");
    const begun = clock.monotonic();
    let resume = this.#resumes.get(task.id);
    this.#resumes.delete(task.id);
    for (let attempt = resume?.attempt ?? 1; ; attempt++) {
      const outcome = resume?.verdict ?? (await this.#attempt(task, role, cwd, attempt, resume?.step ?? 0, approvals, signal));
      resume = undefined;
      if (!outcome) return;
      const { result, session_name } = outcome;
      const more: Partial<EntryDraft> = { attempt, exit_code: result.exit_code, session_name };
      if (result.state === "succeeded") {
        this.#states.set(task.id, "succeeded");
        await this.#written.task(task, "finished", "succeeded", `${task.id} is done after ${durationText(clock.monotonic() - begun)}${attempt > 1 ? ` (try ${attempt})` : ""}.`, more);
        const git = await folders.gitState(cwd);
        await writeHandoffs(this.world.journal, this.plan, { task, session_name, cwd, commands: result.commands, duration_ms: clock.monotonic() - begun, lastLine: result.lastLine, git });
        return;
      }
      if (result.state === "interrupted") {
        this.#states.set(task.id, "cancelled");
        await this.#written.task(task, "cancelled", "cancelled", `${task.id} was cancelled: ${result.reason}.`, more);
        return;
      }
      const retry = result.state === "failed" && attempt < task.retries.attempts && !task.retries.not_on.includes(result.exit_code ?? -1);
      if (!retry) {
        this.#states.set(task.id, await this.#written.giveUp(task, result, session_name, attempt));
        return;
      }
      const pause = backoffBefore(attempt, task.retries.backoff_ms);
      await this.#written.task(task, "retrying", "ready", `${task.id} failed: ${result.reason}. Try ${attempt + 1} of ${task.retries.attempts}${pause > 0 ? ` follows in ${durationText(pause)}` : " follows"}.`, { ...more, reason: result.reason });
      await this.#pause(pause, signal);
    }
  }

  async #attempt(
    task: PlanTask,
    role: PlanRole,
    cwd: string,
    attempt: number,
    fromStep: number,
    approvals: Map<number, string>,
    signal: AbortSignal,
  ): Promise<{ result: AttemptResult; session_name: string } | undefined> {
    let session: OpenSession;
    try {
      session = await this.#pool.acquire(role, signal);
    } catch (error) {
      if (signal.aborted) {
        this.#states.set(task.id, "pending");
        return undefined;
      }
      if (!(error instanceof OrchestratorError) || hasCode(error, ...endsTheRun)) throw error;
      this.#states.set(task.id, await this.#written.giveUp(task, noSession(error), null, attempt));
      return undefined;
    }
    let usable = false;
    try {
      await this.#written.task(task, "started", "running", `${task.id} runs in ${session.name}${attempt > 1 ? ` (try ${attempt})` : ""}.`, { attempt, session_name: session.name });
      const result = await this.#tasks.attempt({ task, attempt, session, cwd, fromStep, approvals, signal });
      usable = result.sessionUsable;
      return { result, session_name: session.name };
    } finally {
      this.#pool.release(session, usable, signal);
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    if (ms <= 0 || signal.aborted) return;
    const over = deferred<true>();
    const timer = this.world.clock.after(ms, () => over.resolve(true));
    await abortable(over.promise, signal).catch(() => undefined);
    timer.dispose();
  }

  /** An answer from anywhere takes effect at once. */
  #heard(entry: ContextEntry): void {
    if (entry.kind !== "answer" || entry.task_id === undefined) return;
    const state = this.#states.get(entry.task_id);
    const wanted: TaskState | undefined = entry.answer === "retry" ? "pending" : entry.answer === "skip" ? "skipped" : entry.answer === "done" ? "succeeded" : undefined;
    if (wanted && (state === "failed" || state === "unknown" || state === "blocked")) {
      this.#states.set(entry.task_id, wanted);
      for (const id of withDependents(this.plan, [entry.task_id])) if (id !== entry.task_id && this.#states.get(id) === "blocked") this.#states.set(id, "pending");
    }
    this.#wake.resolve();
  }

  #status(aborted: boolean): ProjectStatus {
    const states = [...this.#states.values()];
    if (states.includes("failed")) return "failed";
    if (aborted) return "stopped";
    if (this.#waiting.size > 0 || states.includes("unknown")) return "waiting";
    if (states.includes("blocked")) return "blocked";
    return states.every((state) => state === "succeeded" || state === "skipped") ? "done" : "stopped";
  }

  #result(status: ProjectStatus): RunResult {
    const { journal, clock } = this.world;
    const snapshot = snapshotOf(this.project.project_id, journal.state, new Date(clock.now()).toISOString());
    const ids = new Set(this.plan.tasks.map((task) => task.id));
    return { status, tasks: (snapshot.tasks ?? []).filter((task) => ids.has(task.id)), snapshot, problem: this.#problem };
  }
}

/** An attempt that found no session. */
function noSession(error: OrchestratorError): AttemptResult {
  return {
    state: error.code === "session_not_ready" ? "blocked" : "failed",
    reason: error.message.replace(/\.$/, ""),
    exit_code: null,
    command_id: null,
    commands: 0,
    lastLine: "",
    sessionUsable: false,
  };
}
