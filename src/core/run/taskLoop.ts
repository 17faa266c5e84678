import { type Deferred, deferred, onAbort } from "../base/async";
import type { Disposable } from "../base/lifecycle";
import { type ContextEntry, refOf } from "../model/entry";
import { hasMovedOn } from "../model/limitState";
import type { Plan, PlanRole, PlanTask } from "../model/plan";
import type { TaskState } from "../model/states";
import type { Clock, Folders } from "../ports/machine";
import type { Policy } from "../ports/safety";
import { brief } from "../model/sentences";
import { roleStep, unansweredApproval } from "../people/escalations";
import type { OpenRecord } from "../record/projectRecord";
import type { Consents } from "../safety/consent";
import { visibleText } from "../safety/controlCharacters";
import type { RoleGate } from "../session/roleGate";
import { expectedShell } from "../session/sessionShell";
import { blockedBy, forbidden } from "./attempt";
import { awaitsWord } from "./parkedTasks";
import { permissionFor, rolePermission } from "./permission";
import { Schedule } from "./schedule";
import { Slices } from "./slices";
import { type StartingOptions, type StartingPoint, startingPoints } from "./startingPoints";
import type { TaskEntries } from "./taskEntries";
import type { TaskRunner } from "./taskRunner";
import { standingOf } from "./taskStanding";

export interface TaskLoopOptions extends StartingOptions {
  /** Waits for answers when nothing else can go on. */
  readonly waitForAnswers: boolean;
  /** Absolute path of the folder that relative ones start from. */
  readonly baseFolder: string;
  readonly defaultShell: string | undefined;
  /** Told of what ends the run, such as a record that cannot be written; it aborts the run's signal. */
  readonly failed: (error: unknown) => void;
}

/** Entries that may change what a task is. */
const telling: readonly string[] = ["task", "answer", "approval_needed", "blocked", "error"];

/**
 * Brings the tasks of a plan as far as they come. What a task is follows from the record, entry by entry; here is only
 * which of them somebody works at.
 */
export class TaskLoop implements Disposable {
  readonly #tasks: ReadonlyMap<string, PlanTask>;
  readonly #active = new Map<string, Promise<void>>();
  /** Tasks that the record, or the end of work at them, has told something of since they were looked at. */
  readonly #changed = new Set<PlanTask>();
  /** Those that could begin, but for what a person has to say about another one. */
  readonly #parked = new Set<PlanTask>();
  readonly #schedule: Schedule;
  readonly #listener: Disposable;
  #wake: Deferred<void> = deferred();

  constructor(
    private readonly record: OpenRecord,
    private readonly plan: Plan,
    private readonly definitions: ReadonlyMap<string, string>,
    private readonly policy: Policy,
    private readonly consents: Consents,
    private readonly roles: RoleGate,
    private readonly folders: Folders,
    private readonly clock: Clock,
    private readonly runner: TaskRunner,
    private readonly entries: TaskEntries,
    private readonly options: TaskLoopOptions,
  ) {
    this.#tasks = new Map(plan.tasks.map((task) => [task.id, task]));
    this.#schedule = new Schedule(plan, (task) =>
      this.#active.has(task.id) ? "running" : standingOf(task, record.state).state,
    );
    this.#listener = record.onEntry((entry) => this.#heard(entry));
  }

  dispose(): void {
    this.#listener.dispose();
  }

  /** Writes what each task begins as. `running`: what still runs of an earlier run, by task; it is waited for. */
  async begin(running: ReadonlyMap<string, Promise<void>>): Promise<void> {
    const points = this.#points();
    for (const { task } of points) {
      const runs = running.get(task.id);
      if (runs)
        this.#start(
          task,
          runs.then(() => this.#beginLate(task)),
        );
    }
    for (const point of points) if (!running.has(point.task.id)) await this.#write(point);
  }

  /** Resolves when nothing more can be done or may be, nobody works at anything, and nobody is to be waited for. */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = onAbort(signal, () => this.#wake.resolve());
    try {
      while (!signal.aborted) {
        this.#wake = deferred();
        await this.#pass(signal);
        if (this.#changed.size > 0) continue;
        if (this.#active.size === 0 && !(this.options.waitForAnswers && this.isWaiting)) break;
        await this.#wake.promise;
      }
    } catch (error) {
      this.options.failed(error);
    } finally {
      stopped.dispose();
    }
    await Promise.all(this.#active.values());
  }

  /** Whether something was said of a task since `run` looked at it. */
  get hasMore(): boolean {
    return this.#changed.size > 0;
  }

  /** Whether a task could begin, had a person allowed it, or said something about the one that it waits for. */
  get isWaiting(): boolean {
    const { state } = this.record;
    return this.#schedule.ready.some(
      (task) => unansweredApproval(state, task.id) !== undefined || this.#isParked(task),
    );
  }

  #isParked(task: PlanTask): boolean {
    const { state } = this.record;
    const { parked_by } = standingOf(task, state);
    return parked_by !== undefined && awaitsWord(this.plan, state, parked_by);
  }

  /** What each task of the plan is, by itself and by what it needs. */
  states(): TaskState[] {
    for (const task of this.#changed) this.#schedule.touch(task.id);
    return this.plan.tasks.map(({ id }) => this.#schedule.stateOf(id) ?? "pending");
  }

  has(task_id: string): boolean {
    return this.#tasks.has(task_id);
  }

  #heard(entry: ContextEntry): void {
    const { kind, task_id } = entry;
    if (telling.includes(kind)) this.#look(this.#tasks.get(task_id ?? ""));
    if (hasMovedOn(entry)) for (const task of this.#parked) if (!this.#isParked(task)) this.#look(task);
    const question = kind === "answer" ? this.record.state.escalations.get(refOf(entry, "entry") ?? "") : undefined;
    // All tasks of a role wait for the one answer about its settings.
    if (question?.entry.step === roleStep)
      for (const task of this.plan.tasks) if (task.role === question.entry.role) this.#look(task);
  }

  #look(task: PlanTask | undefined): void {
    if (!task) return;
    this.#changed.add(task);
    this.#wake.resolve();
  }

  #points(): StartingPoint[] {
    return startingPoints(this.plan, this.definitions, this.record.state, this.options);
  }

  /** What ran on from an earlier run is over. */
  async #beginLate(task: PlanTask): Promise<void> {
    const point = this.#points().find((each) => each.task.id === task.id);
    if (point) await this.#write(point);
  }

  async #write(point: StartingPoint): Promise<void> {
    if (point.isNew) await this.entries.standing(point.task, point);
  }

  /** Counts as active until `work` is over. */
  #start(task: PlanTask, work: Promise<void>): void {
    const active = work
      .catch((error: unknown) => this.options.failed(error))
      .finally(() => {
        this.#active.delete(task.id);
        this.#look(task);
      });
    this.#active.set(task.id, active);
    this.#schedule.touch(task.id);
  }

  /** Does all that follows from what has changed. */
  async #pass(signal: AbortSignal): Promise<void> {
    await this.#settle();
    // To judge the commands of a thousand tasks takes 100 ms and more.
    const slices = new Slices(this.clock);
    for (const task of this.#schedule.takeReady()) {
      await slices.rest();
      if (signal.aborted) return;
      if (this.#schedule.isReady(task)) await this.#permit(task, signal);
    }
  }

  /** Writes what follows from what was said of tasks, and for those behind them. */
  async #settle(): Promise<void> {
    for (const task of this.#changed) {
      this.#changed.delete(task);
      const standing = this.#active.has(task.id) ? undefined : standingOf(task, this.record.state);
      if (standing?.isNew) await this.entries.standing(task, standing);
      this.#schedule.touch(task.id);
    }
    for (const stopped of this.#schedule.takeStopped()) {
      if (this.record.state.tasks.get(stopped.task.id)?.state !== stopped.state)
        await this.entries.stopped(stopped, this.#schedule.stateOf(stopped.cause));
    }
  }

  /** Begins a task whose commands are all allowed, or does what keeps it from that. */
  async #permit(task: PlanTask, signal: AbortSignal): Promise<void> {
    this.#parked.delete(task);
    if (this.#isParked(task)) {
      this.#parked.add(task);
      return;
    }
    const { state } = this.record;
    const { resume } = standingOf(task, state);
    const role = this.#role(task);
    const cwd = this.folders.resolve(this.options.baseFolder, task.cwd ?? role.cwd ?? ".");
    const shell = expectedShell(role, this.options.defaultShell);
    const definition = this.definitions.get(task.id);
    // A check that runs apart is read by a shell of its own.
    const { shell: named, program } = role;
    const checkShell =
      program === undefined
        ? shell
        : expectedShell(named === undefined ? {} : { shell: named }, this.options.defaultShell);
    const request = { task, definition, resume, shell, checkShell, cwd };
    const permission =
      (await rolePermission(role, state, this.roles, this.consents)) ??
      (await permissionFor(request, state, this.policy, this.consents));
    switch (permission.kind) {
      case "given":
        this.#start(task, this.runner.run({ task, role, cwd, resume, approvals: permission.approvals, signal }));
        break;
      case "awaited":
        for (const asked of permission.ask) await this.entries.askApproval(task, asked, resume);
        break;
      case "declined":
        await this.entries.skip(task, permission.by);
        break;
      case "forbidden": {
        const why = forbidden(`"${brief(visibleText(permission.text))}"`, permission.reason);
        await this.entries.giveUp(task, blockedBy(why), null, 1);
      }
    }
  }

  #role({ role: name }: PlanTask): PlanRole {
    return this.plan.roles.find((role) => role.name === name) ?? { name, env: {}, count: 1 };
  }
}
