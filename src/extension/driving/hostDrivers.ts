import { deferred } from "../../core/base/async";
import { EventEmitter } from "../../core/base/event";
import { requestHandOver } from "../../core/people/driverRequests";
import { ProjectRecord } from "../../core/record/projectRecord";
import { driverName, isOwn, releaseLease } from "../../core/record/lease";
import type { RunResult } from "../../core/run/projectRun";
import { hasCode, messageOf, OrchestratorError } from "../../core/model/errors";
import { projectIdOf } from "../../core/model/names";
import type { Plan } from "../../core/model/plan";
import type { Processes } from "../../core/ports/machine";
import type { FileLedger } from "../../adapters/ledger/fileLedger";
import type { HostWorld } from "../hostWorld";
import { keyOf } from "../records/workspaceRecords";

/** A record that cannot be written is tried again this often. */
const releaseAgainMs = 3000;

export interface StartRequest {
  /** The workspace folder whose record gets the project. */
  readonly folder: string;
  readonly name: string;
  readonly plan: Plan;
  /** What plan.yaml gets; undefined: it stays as it is. */
  readonly planText: string | undefined;
  /** The folder that relative paths of the plan start from; absent: as before, else the workspace folder. */
  readonly cwd?: string;
  /** Repeats tasks that are done and unchanged. */
  readonly again?: boolean;
}

/** A project that this window drives. */
export interface Drive {
  readonly key: string;
  readonly folder: string;
  readonly project_id: string;
  readonly name: string;
  readonly journal: ProjectRecord;
  /** Starts nothing new, interrupts what runs. */
  readonly stop: () => void;
  /** Resolves when it is over; rejects with what ended it. */
  readonly ended: Promise<RunResult>;
}

export interface DriveEnd {
  readonly drive: Drive;
  readonly result?: RunResult;
  readonly error?: unknown;
}

/** The projects that are driven by this extension host: the same engine as on the command line. */
export class HostDrivers {
  readonly #drives = new Map<string, Drive>();
  readonly #starting = new Set<string>();
  /** Of these the record says that this window drives them, and it does not any more. */
  readonly #unreleased = new Set<string>();
  readonly #failed = (error: unknown): void => this.world.logger.warn(`What shows a run failed: ${messageOf(error)}`);
  readonly #changes = new EventEmitter<undefined>(this.#failed);
  readonly onChange = this.#changes.event;
  readonly #ends = new EventEmitter<DriveEnd>(this.#failed);
  readonly onEnd = this.#ends.event;

  constructor(private readonly world: HostWorld) {}

  all(): Drive[] {
    return [...this.#drives.values()];
  }

  /** Driven here, or about to be. */
  isStarting(key: string): boolean {
    return this.#starting.has(key) || this.#drives.has(key);
  }

  /** Whether the record is wrong when it says that this window drives. */
  hasLeft(key: string): boolean {
    return this.#unreleased.has(key) && !this.isStarting(key);
  }

  get(key: string): Drive | undefined {
    return this.#drives.get(key);
  }

  /**
   * Begins to drive a project; resolves once this window holds its lease. Throws `driven_elsewhere`, what reaching a
   * server throws, and what the record refuses.
   */
  async start(request: StartRequest): Promise<Drive> {
    this.world.requireTrust();
    const project_id = projectIdOf(request.name);
    const key = keyOf(request.folder, project_id);
    if (this.#drives.has(key) || this.#starting.has(key)) {
      throw new OrchestratorError(
        "driven_elsewhere",
        `${request.name} is driven by this window already.`,
        "Stop it first, or wait for its end.",
      );
    }
    this.#starting.add(key);
    try {
      return await this.#start(request, project_id, key);
    } finally {
      this.#starting.delete(key);
    }
  }

  /** Leaves all projects as they are: nothing is interrupted, and whoever drives them next finds them running. */
  async leaveAll(why: string): Promise<void> {
    await Promise.allSettled(
      this.all().map(async ({ journal, ended }) => {
        if (journal.state.lease) await requestHandOver(journal, journal.state.lease, this.world.actor, why);
        await ended;
      }),
    );
  }

  async #start(request: StartRequest, project_id: string, key: string): Promise<Drive> {
    const { world } = this;
    // One after the other, each in a turn of the host's event loop.
    const { projectContextOf } = await import("../../core/run/plannedRun");
    const { hideSecrets, storablePlan } = await import("../../core/run/storedPlan");
    const { ProjectRun } = await import("../../core/run/projectRun");
    const { folder, name, planText, again } = request;
    const settings = world.settings(folder);
    const plan =
      settings.maxSessions === undefined
        ? request.plan
        : { ...request.plan, max_sessions: Math.min(settings.maxSessions, request.plan.max_sessions) };
    const store = await world.store(folder);
    const redactor = await world.redactor;
    hideSecrets(redactor, plan);
    const existing = await openIfThere(() => store.open(project_id));
    const known = await existing?.readProject();
    const chosen = await world.servers.forProject(known?.server);
    const context = await projectContextOf(
      { project_id, name, plan, known, cwd: request.cwd, workspace: folder, user: world.user, chosen },
      world.folders(chosen.info.address),
      world.clock,
    );
    const ledger = existing ?? (await store.create(context));
    const save = async (): Promise<void> => {
      await ledger.writeProject(context);
      if (planText !== undefined) await ledger.writePlan(storablePlan(plan, planText, redactor).text);
    };
    const journal = await ProjectRecord.open(ledger, world.logger, { start: "beginning" });
    try {
      const [processes, policy] = [await world.processes, await world.policy()];
      const over = await placeToTake(journal, processes);
      const claimed = deferred<undefined>();
      const commandLine = await world.commandLine(chosen.info.address, folder);
      const { clock, ids, logger } = world;
      const { server, info } = chosen;
      const run = new ProjectRun(
        { journal, server, info, policy, clock, ids, folders: world.folders(info.address), processes, logger },
        context,
        plan,
        {
          actor: world.actor,
          workspaceTag: world.workspaceTag(folder),
          again: again ?? false,
          waitForAnswers: true,
          heartbeatMs: settings.heartbeatMs,
          ...(settings.defaultShell === undefined ? {} : { defaultShell: settings.defaultShell }),
          ...(commandLine === undefined ? {} : { commandLine }),
          ...(over === undefined ? {} : { over }),
          onClaimed: () => save().then(() => claimed.resolve(undefined)),
        },
      );
      const stopper = new AbortController();
      const stop = (): void =>
        stopper.abort(new OrchestratorError("interrupted", "The run was stopped in this window.", ""));
      const ended = run.run(stopper.signal);
      ended.catch((error: unknown) => claimed.reject(error));
      await claimed.promise;
      const drive: Drive = { key, folder, project_id, name, journal, stop, ended };
      this.#drives.set(key, drive);
      this.#changes.fire(undefined);
      ended.then(
        (result) => this.#over({ drive, result }),
        (error: unknown) => this.#over({ drive, error }),
      );
      return drive;
    } catch (error) {
      // A claim that was made may have to be taken back; one of a drive that goes on is not this one's.
      if (this.#drives.has(key)) await journal.close();
      else void this.#leave({ key, journal }).catch((failed: unknown) => world.logger.warn(messageOf(failed)));
      throw error;
    }
  }

  #over(end: DriveEnd): void {
    const { drive } = end;
    this.#drives.delete(drive.key);
    void this.#leave(drive).catch((error: unknown) => this.world.logger.warn(messageOf(error)));
    this.#changes.fire(undefined);
    this.#ends.fire(end);
  }

  /**
   * A record that could not be written in the end still says that this window drives, and others wait for it: that is
   * set right once it can be.
   */
  async #leave({ key, journal }: Pick<Drive, "key" | "journal">): Promise<void> {
    const { lease } = journal.state;
    let lost = false;
    while (
      lease &&
      isOwn(lease, await this.world.processes) &&
      journal.state.lease?.entry_id === lease.entry_id &&
      !lost
    ) {
      this.#unreleased.add(key);
      this.#changes.fire(undefined);
      const released = await releaseLease(journal, lease).then(
        () => true,
        () => false,
      );
      if (released) continue;
      await new Promise<void>((resolve) => this.world.clock.after(releaseAgainMs, resolve));
      // Of a record that is gone nobody reads who drives.
      await journal.catchUp().catch(() => (lost = true));
    }
    this.#unreleased.delete(key);
    await journal.close();
  }
}

/** The generation of a driver that is gone. Throws `driven_elsewhere` while somebody else drives. */
async function placeToTake({ state: { lease } }: ProjectRecord, processes: Processes): Promise<number | undefined> {
  if (!lease) return undefined;
  if (isOwn(lease, processes) || (await processes.isAlive(lease)) === false) return lease.generation;
  throw new OrchestratorError(
    "driven_elsewhere",
    `The project is driven by ${driverName(lease, processes.host)}; this window follows it.`,
    "Stop it first, or watch it here.",
  );
}

async function openIfThere(open: () => Promise<FileLedger>): Promise<FileLedger | undefined> {
  try {
    return await open();
  } catch (error) {
    if (hasCode(error, "project_not_found")) return undefined;
    throw error;
  }
}
