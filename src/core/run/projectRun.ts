import { type Deferred, deferred, onAbort } from "../base/async";
import { DisposableStore } from "../base/lifecycle";
import type { ContextEntry, EntryDraft } from "../model/entry";
import { hasCode, messageOf, OrchestratorError } from "../model/errors";
import { type Plan, type PlanRole, type PlanTask, taskDefinitionHash } from "../model/plan";
import type { ProjectStatus, TaskState } from "../model/states";
import type { ProjectContext } from "../model/project";
import { handOverEvent, openEscalations, restartEvent } from "../model/projectState";
import type { ProjectSnapshot, TaskSummary } from "../model/snapshot";
import type { Clock, Folders, Ids, Logger, Processes } from "../ports/machine";
import type { ServerInfo, SessionServer } from "../ports/sessions";
import type { Policy } from "../ports/safety";
import { CommandRunner } from "../command/commandRunner";
import { retryEvent, stopEvent } from "../people/driverRequests";
import { questionAbout } from "../people/escalations";
import { Heartbeat } from "./heartbeat";
import type { OpenRecord } from "../record/projectRecord";
import { runnersRecord } from "../record/runnersRecord";
import { drivenElsewhere, Lease } from "../record/lease";
import { Recovery } from "./recovery";
import type { LiveSession } from "../session/liveSessions";
import { patientServer } from "../session/patientServer";
import { withDependents } from "../model/dependents";
import { readyTasks, stoppedTasks } from "./scheduler";
import { brief } from "../model/sentences";
import { watchServer } from "../session/serverWatch";
import type { CommandLinePlace } from "../session/sessionSpec";
import { SessionOpener } from "../session/sessionOpener";
import { SessionPool } from "../session/sessionPool";
import { SessionWatch } from "../session/sessionWatch";
import { expectedShell } from "../session/sessionShell";
import { snapshotOf, SnapshotWriter } from "../record/snapshots";
import { afterUnknown, type Resume, type StartingPoint, startingPoints } from "./startingPoints";
import { TaskDriver } from "./taskDriver";
import { endSentence, TaskJournal } from "./taskJournal";
import { blockedBy, stepsOf, TaskRunner } from "./taskRunner";

export interface ProjectRunWorld {
  readonly journal: OpenRecord;
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
  readonly commandLine?: CommandLinePlace;
  /** The generation of an earlier driver that is known to be gone (see `untilUndriven`): its place is taken. */
  readonly over?: number;
  /** Done once this process drives and before anything else: what only a driver may write. */
  readonly onClaimed?: (lease: ContextEntry) => Promise<void>;
}

export interface RunResult {
  readonly status: ProjectStatus;
  readonly tasks: TaskSummary[];
  readonly snapshot: ProjectSnapshot;
  /** What ended the run before its time, other than the caller. */
  readonly problem: OrchestratorError | undefined;
  /** It was asked to stop, by its signal or through the record. */
  readonly stopped: boolean;
  /** It was asked to hand over: nothing was interrupted, and another driver goes on. */
  readonly left: boolean;
}

/** Who wanted a session to be started anew longer ago than this has gone on with it since, as it was; milliseconds. */
const restartWishMs = 10 * 60_000;

/**
 * Does one project: takes the lease, settles what was left behind, runs the plan's tasks to their end, leaves the
 * record and the snapshot.
 */
export class ProjectRun {
  readonly #journal: OpenRecord;
  /** Waits for a server that is away, until this run gives it up. */
  readonly #server: SessionServer;
  readonly #pool: SessionPool;
  readonly #watch: SessionWatch;
  readonly #runner: CommandRunner;
  readonly #driver: TaskDriver;
  readonly #written: TaskJournal;
  readonly #states = new Map<string, TaskState>();
  readonly #resumes = new Map<string, Resume>();
  readonly #waiting = new Set<string>();
  readonly #active = new Map<string, Promise<void>>();
  readonly #definitions: ReadonlyMap<string, string>;
  /** Sessions that are being started anew. */
  readonly #restarting = new Set<Promise<void>>();
  /** Answers that changed a task's state and are not written down yet. */
  readonly #answered: {
    readonly task: PlanTask;
    readonly state: TaskState;
    readonly resume: Resume | undefined;
    readonly by: string;
  }[] = [];
  readonly #stop = new AbortController();
  /** Somebody asked this driver through the record to stop. */
  readonly #asked = new AbortController();
  #wake: Deferred<void> = deferred();
  #failure: { readonly error: Error } | undefined;
  #left = false;
  #problem: OrchestratorError | undefined;
  #lease: Lease | undefined;
  /** An earlier driver did not come to the end of its run. */
  #goesOn = false;

  constructor(
    private readonly world: ProjectRunWorld,
    private readonly project: ProjectContext,
    private readonly plan: Plan,
    private readonly options: ProjectRunOptions,
  ) {
    const { info, policy, clock, ids, folders, logger } = world;
    const server = patientServer(world.server, clock, this.#stop.signal);
    this.#server = server;
    const guard = (): Promise<void> => this.#guard();
    const journal = runnersRecord(world.journal, guard, () => this.#lease?.generation);
    const { workspaceTag, defaultShell, commandLine } = options;
    const { project_id, default_cwd: baseFolder } = project;
    const opener = new SessionOpener({
      journal,
      server,
      info,
      clock,
      ids,
      folders,
      logger,
      guard,
      project_id,
      baseFolder,
      workspaceTag,
      defaultShell,
      commandLine,
    });
    this.#journal = journal;
    this.#pool = new SessionPool(opener, plan.max_sessions, logger);
    this.#watch = new SessionWatch(() => this.#pool.sessions, { record: journal, server: world.server, clock, logger });
    this.#runner = new CommandRunner(journal, server, policy, clock, ids, guard);
    this.#definitions = new Map(plan.tasks.map((task) => [task.id, taskDefinitionHash(plan, task)]));
    this.#written = new TaskJournal(journal, plan, this.#definitions, options.actor);
    this.#driver = new TaskDriver(
      journal,
      clock,
      folders,
      this.#pool,
      new TaskRunner(journal, this.#runner, clock, folders, logger),
      this.#written,
      plan,
    );
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
    const { journal, processes, clock, logger } = this.world;
    this.#lease = await Lease.claim(journal, processes, clock, this.options.actor, this.options.over);
    const store = new DisposableStore();
    const signal = AbortSignal.any([callersSignal, this.#asked.signal]);
    const stopAll = AbortSignal.any([signal, this.#stop.signal]);
    const snapshots = new SnapshotWriter(
      this.#journal,
      clock,
      logger,
      () => this.project,
      () => this.#lease?.held ?? false,
    );
    store.add(
      watchServer(this.world.server, this.world.info.server_id, clock, {
        gone: (sentence) => this.#serverGone(sentence),
        away: (sentence) => this.#tellOfServer("server_away", sentence),
        back: (sentence) => this.#tellOfServer("server_back", sentence),
      }),
    );
    store.add(journal.onEntry((entry) => this.#heard(entry, stopAll)));
    store.add(journal.onLost((error) => this.#fail(error)));
    store.add(this.#watch.start());
    store.add(new Heartbeat(this.#journal, () => this.#pool.sessions, clock, logger, this.options.heartbeatMs));
    store.add(onAbort(stopAll, () => this.#wake.resolve()));
    try {
      await this.options.onClaimed?.(this.#lease.entry);
      this.#goesOn = journal.state.status === "running";
      await this.#written.project("running", "started", `${this.options.actor} started ${this.project.name}.`);
      await this.#planTasks(await this.#recover(stopAll));
      for (const request of journal.state.restarts.values())
        if (clock.now() - Date.parse(request.ts) < restartWishMs) this.#restart(request, stopAll);
      do {
        await this.#loop(stopAll);
        await Promise.all([...this.#active.values(), ...this.#restarting]);
        if (this.#failure) throw this.#failure.error;
        // What somebody asked for while the last task ended is still this driver's to do.
        await journal.catchUp();
      } while (!stopAll.aborted && (this.#restarting.size > 0 || this.#hasMore()));
      const status = this.#status(signal.aborted);
      await this.#written.project(
        status,
        status === "done" ? "finished" : "ended",
        endSentence(this.project.name, status),
        this.#problem?.code ?? (signal.aborted ? "interrupted" : undefined),
      );
      return this.#result(status, signal.aborted);
    } catch (error) {
      if (this.#left && error === this.#failure?.error) return this.#result(journal.state.status, false);
      await this.#writeBreak(error);
      throw error;
    } finally {
      store.dispose();
      await this.#pool.close();
      await snapshots.close();
      await this.#lease.release().catch((error: unknown) => logger.warn(messageOf(error)));
    }
  }

  /** Throws once this run may type and write nothing more: something failed that ends it, or another process drives. */
  async #guard(): Promise<void> {
    if (this.#failure) throw this.#failure.error;
    await this.#lease?.check();
  }

  /** Ends the run where it stands; what runs in the sessions goes on, and the next driver finds it. */
  #fail(error: unknown): void {
    this.#failure ??= { error: error instanceof Error ? error : new Error(String(error)) };
    this.#stop.abort(this.#failure.error);
  }

  /** For another driver, which finds the project running. */
  #leave(why: string): void {
    this.#left ||= this.#failure === undefined;
    this.#fail(new OrchestratorError("driven_elsewhere", why, "Another driver goes on with it."));
  }

  #serverGone(sentence: string): void {
    if (this.#problem) return;
    this.#tellOfServer("server_gone", sentence);
    this.#pool.markLost();
    this.#problem = new OrchestratorError(
      "server_unreachable",
      sentence,
      "Run the project again once the server is back; the built-in one is started by that.",
    );
    this.#stop.abort(this.#problem);
  }

  /** For everybody who follows the record, here and elsewhere. */
  #tellOfServer(event: string, text: string): void {
    this.#journal
      .append({ kind: "state", actor: "engine", session_name: null, event, text }, "written")
      .catch((error: unknown) => this.world.logger.warn(messageOf(error)));
  }

  /** As long as this process drives, whoever reads the record learns why it does no longer. */
  async #writeBreak(error: unknown): Promise<void> {
    if (!this.#lease?.held) return;
    const text = `${this.project.name} was stopped: ${messageOf(error)}`;
    const draft = {
      kind: "project",
      actor: "engine",
      session_name: null,
      event: "ended",
      state: "stopped",
      text,
      reason: error instanceof OrchestratorError ? error.code : "internal",
    };
    await this.world.journal
      .append(draft, "synced")
      .catch((failed: unknown) => this.world.logger.warn(messageOf(failed)));
  }

  /** What still runs from an earlier driver, by task. */
  async #recover(signal: AbortSignal): Promise<Map<string, Promise<void>>> {
    const timeoutOf = (task_id: string): number | undefined =>
      this.plan.tasks.find((task) => task.id === task_id)?.timeout_ms;
    const running = new Map<string, Promise<void>>();
    try {
      await new Recovery(
        this.#journal,
        this.#server,
        this.#pool,
        this.#runner,
        this.world.clock,
        (name) => this.#role(name),
        timeoutOf,
      ).settle(running, signal);
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

  /** Decides for each task whether it is done, goes on, or begins anew, and writes down what is planned. */
  async #planTasks(running: ReadonlyMap<string, Promise<void>>): Promise<void> {
    for (const point of this.#points()) {
      const { task, state, isNew, resume } = point;
      const runs = running.get(task.id);
      if (runs) {
        this.#states.set(task.id, "running");
        this.#start(
          task,
          runs.then(() => this.#begin(this.#points().find((each) => each.task.id === task.id) ?? point)),
        );
        continue;
      }
      this.#begin(point);
      if (!isNew) continue;
      if (resume) await this.#written.task(task, "answered", state, `${task.id} goes on.`, placeOf(resume));
      else if (state === "pending")
        await this.#written.task(task, "planned", state, `${task.id} is planned for ${task.role}.`);
      else await this.#written.task(task, "answered", state, `${task.id} counts as ${state}.`);
    }
    // What runs for a task that this plan does not have any more is followed to its end all the same.
    for (const [id, runs] of running)
      if (!this.#states.has(id)) runs.catch((error: unknown) => this.world.logger.warn(messageOf(error)));
  }

  #points(): StartingPoint[] {
    return startingPoints(this.plan, this.#definitions, this.world.journal.state, {
      again: this.options.again,
      goesOn: this.#goesOn,
    });
  }

  #begin({ task, state, resume }: StartingPoint): void {
    this.#states.set(task.id, state);
    if (resume) this.#resumes.set(task.id, resume);
  }

  /** Counts as active until `work` is over; a failure of it ends the run. */
  #start(task: PlanTask, work: Promise<void>): void {
    const active = work
      .catch((error: unknown) =>
        hasCode(error, "server_unreachable") ? this.#serverGone(messageOf(error)) : this.#fail(error),
      )
      .finally(() => {
        this.#active.delete(task.id);
        this.#wake.resolve();
      });
    this.#active.set(task.id, active);
  }

  async #loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#wake = deferred();
      await this.#writeAnswered();
      await this.#markStopped();
      for (const task of readyTasks(this.plan, this.#states)) {
        if (this.#active.has(task.id)) continue;
        const approvals = await this.#approvals(task);
        if (!approvals || signal.aborted) continue;
        this.#states.set(task.id, "running");
        this.#start(task, this.#drive(task, approvals, signal));
      }
      const settled = stoppedTasks(this.plan, this.#states).length === 0 && this.#answered.length === 0;
      const idle =
        settled &&
        this.#active.size === 0 &&
        readyTasks(this.plan, this.#states).every((task) => this.#waiting.has(task.id));
      if (idle && (this.#waiting.size === 0 || !this.options.waitForAnswers)) return;
      await this.#wake.promise;
    }
  }

  #hasMore(): boolean {
    return this.#answered.length > 0 || readyTasks(this.plan, this.#states).some((task) => !this.#waiting.has(task.id));
  }

  async #drive(task: PlanTask, approvals: Map<number, string>, signal: AbortSignal): Promise<void> {
    const role = this.#role(task.role);
    const resume = this.#resumes.get(task.id);
    this.#resumes.delete(task.id);
    const { state, ask } = await this.#driver.drive({
      task,
      role,
      cwd: this.#folderOf(task),
      resume,
      approvals,
      signal,
    });
    if (ask) {
      await this.#written.askApproval(task, ask.step, ask.text, ask.decision, ask.attempt);
      this.#resumes.set(task.id, { attempt: ask.attempt, step: ask.step });
      this.#waiting.add(task.id);
    }
    this.#states.set(task.id, state);
    // An answer may have come before that.
    for (const { entry, answer, settled } of this.world.journal.state.escalations.values()) {
      if (answer && !settled && entry.task_id === task.id && entry.kind !== "approval_needed") this.#take(answer);
    }
  }

  #folderOf(task: PlanTask): string {
    return this.world.folders.resolve(this.project.default_cwd, task.cwd ?? this.#role(task.role).cwd ?? ".");
  }

  async #markStopped(): Promise<void> {
    for (const { task, state, need } of stoppedTasks(this.plan, this.#states)) {
      this.#states.set(task.id, state);
      const why =
        { failed: "failed", unknown: "has an unknown outcome" }[String(this.#states.get(need))] ??
        `is ${this.#states.get(need) ?? "pending"}`;
      await this.#written.task(task, state, state, `${task.id} is ${state}: it needs ${need}, which ${why}.`);
    }
  }

  /** Answers for the steps that the policy asks about; undefined while one is missing, or when a person said no. */
  async #approvals(task: PlanTask): Promise<Map<number, string> | undefined> {
    const { policy, journal } = this.world;
    const role = this.#role(task.role);
    const shell = expectedShell(role, this.options.defaultShell);
    const approvals = new Map<number, string>();
    const resume = this.#resumes.get(task.id);
    let missing = false;
    for (const [step, text] of stepsOf(task).entries()) {
      if (step < (resume?.step ?? 0)) continue;
      const asked = questionAbout(journal.state, "approval_needed", task.id, step);
      const escalation =
        asked?.definition === this.#definitions.get(task.id)
          ? journal.state.escalations.get(asked?.id ?? "")
          : undefined;
      const open = escalation && !escalation.settled ? escalation : undefined;
      if (open?.answer?.answer === "run") approvals.set(step, open.entry.id);
      else if (open?.answer) return this.#skip(task, open.answer);
      else if (open) missing = true;
      // Of a try that is over nobody is asked; another one may follow, which asks for itself.
      else if (!resume?.verdict) {
        const decision = policy.decide(text, { shell, cwd: this.#folderOf(task) });
        if (decision.verdict === "allow") continue;
        if (decision.verdict === "deny") return this.#refuse(task, text, decision.reason);
        missing = true;
        await this.#written.askApproval(task, step, text, decision);
      }
    }
    if (missing) this.#waiting.add(task.id);
    else this.#waiting.delete(task.id);
    return missing ? undefined : approvals;
  }

  /** What the policy forbids is nobody's to allow. */
  async #refuse(task: PlanTask, text: string, reason: string): Promise<undefined> {
    this.#states.set(task.id, "blocked");
    await this.#written.giveUp(
      task,
      blockedBy(`the policy does not allow "${brief(text)}": ${reason.replace(/\.$/, "")}`),
      null,
      1,
    );
    this.#wake.resolve();
    return undefined;
  }

  async #skip(task: PlanTask, given: ContextEntry): Promise<undefined> {
    this.#waiting.delete(task.id);
    this.#states.set(task.id, "skipped");
    await this.#written.skip(task, given);
    this.#wake.resolve();
    return undefined;
  }

  /**
   * What comes from anywhere takes effect at once: answers, tasks to try again, a stop; another driver's claim ends
   * this run.
   */
  #heard(entry: ContextEntry, signal: AbortSignal): void {
    const lease = this.#lease;
    if (entry.kind === "lease" && lease && !lease.held)
      this.#fail(drivenElsewhere(this.world.journal, this.world.processes.host));
    if (entry.kind === "lease" && entry.event === "asked" && entry.generation === lease?.generation)
      void lease?.renew().catch((error: unknown) => this.#fail(error));
    if (entry.kind === "project" && entry.event === stopEvent && entry.generation === lease?.generation)
      this.#asked.abort(new OrchestratorError("interrupted", entry.text, ""));
    if (entry.kind === "project" && entry.event === handOverEvent && entry.generation === lease?.generation)
      this.#leave(entry.text);
    if (entry.kind === "session" && entry.event === restartEvent) this.#restart(entry, signal);
    if (entry.kind === "answer") this.#take(entry);
    if (entry.kind === "task" && entry.event === retryEvent) this.#retry(entry);
    if (entry.kind === "answer" || entry.kind === "task") this.#wake.resolve();
  }

  /** The record has it as pending already; what is written of it tells who asked that it was heard. */
  #retry({ task_id = "", actor }: ContextEntry): void {
    const task = this.plan.tasks.find((each) => each.id === task_id);
    const state = this.#states.get(task_id);
    if (!task || state === undefined || state === "pending" || state === "running" || this.#active.has(task_id)) return;
    this.#waiting.delete(task_id);
    this.#resumes.delete(task_id);
    this.#states.set(task_id, "pending");
    this.#answered.push({ task, state: "pending", resume: undefined, by: actor });
  }

  #restart({ session_name, actor }: ContextEntry, signal: AbortSignal): void {
    const { journal, logger } = this.world;
    const known = journal.state.sessions.get(session_name ?? "");
    if (!known) return;
    const restarted = this.#pool
      .restart(known, this.#role(known.role), actor, signal)
      // What went wrong stands in the record; a session more or less ends no run.
      .catch((error: unknown) => logger.warn(messageOf(error)))
      .finally(() => this.#restarting.delete(restarted));
    this.#restarting.add(restarted);
  }

  #take(entry: ContextEntry): void {
    const task = this.plan.tasks.find((each) => each.id === entry.task_id);
    const state = this.#states.get(task?.id ?? "");
    if (!task || (state !== "failed" && state !== "unknown" && state !== "blocked")) return;
    const record = this.world.journal.state.tasks.get(task.id);
    const point: Pick<StartingPoint, "state" | "resume"> | undefined =
      entry.answer === "retry"
        ? { state: "pending" }
        : entry.answer === "skip"
          ? { state: "skipped" }
          : entry.answer === "done" && record
            ? afterUnknown(task, record)
            : undefined;
    if (!point) return;
    this.#states.set(task.id, point.state);
    if (point.resume) this.#resumes.set(task.id, point.resume);
    this.#answered.push({ task, state: point.state, resume: point.resume, by: entry.actor });
    for (const id of withDependents(this.plan, [task.id]))
      if (id !== task.id && this.#states.get(id) === "blocked") this.#states.set(id, "pending");
  }

  async #writeAnswered(): Promise<void> {
    for (let answered = this.#answered.shift(); answered; answered = this.#answered.shift()) {
      const { task, state, resume, by } = answered;
      const what = state === "pending" ? "goes on" : `counts as ${state}`;
      await this.#written.task(task, "answered", state, `${task.id} ${what}: ${by} said so.`, placeOf(resume));
    }
  }

  /** Of the whole project: what other runs left open counts too. */
  #status(aborted: boolean): ProjectStatus {
    const states = [...this.#states.values()];
    const elsewhere = openEscalations(this.world.journal.state).filter(
      (entry) => entry.task_id !== undefined && !this.#states.has(entry.task_id),
    );
    if (states.includes("failed") || elsewhere.some((entry) => entry.kind === "error")) return "failed";
    if (aborted) return "stopped";
    if (this.#waiting.size > 0 || states.includes("unknown") || elsewhere.length > 0) return "waiting";
    if (states.includes("blocked")) return "blocked";
    return states.every((state) => state === "succeeded" || state === "skipped") ? "done" : "stopped";
  }

  #result(status: ProjectStatus, stopped: boolean): RunResult {
    const { journal, clock } = this.world;
    const snapshot = snapshotOf(this.project.project_id, journal.state, new Date(clock.now()).toISOString());
    const ids = new Set(this.plan.tasks.map((task) => task.id));
    return {
      status,
      tasks: (snapshot.tasks ?? []).filter((task) => ids.has(task.id)),
      snapshot,
      problem: this.#problem,
      stopped,
      left: this.#left,
    };
  }
}

/** What the record says of a try that goes on in its middle. */
function placeOf(resume: Resume | undefined): Partial<EntryDraft> {
  return resume ? { attempt: resume.attempt, step: resume.step } : {};
}
