import { l10n } from "vscode";
import type { Acting } from "../../core/acts/acting";
import type { RunNotice, RunProjectRequest } from "../../core/acts/runRequest";
import { deferred } from "../../core/base/async";
import { EventEmitter } from "../../core/base/event";
import { messageOf, OrchestratorError } from "../../core/model/errors";
import { projectIdOf } from "../../core/model/names";
import { requestHandOver } from "../../core/people/runnerRequests";
import type { ServerReference } from "../../core/model/project";
import type { Logger } from "../../core/ports/machine";
import { isOwn, releaseLease } from "../../core/record/lease";
import type { ProjectRecord } from "../../core/record/projectRecord";
import type { RunResult } from "../../core/run/projectRun";
import type { HostWorld } from "../hostWorld";
import { shown } from "../shownText";
import { window } from "../shownWindow";
import { keyOf } from "../../viewing/workspaceRecords";
import { nothingToDo } from "../../core/model/remedy";

/** A record that cannot be written is tried again this often. */
const releaseAgainMs = 3000;

export interface StartRequest extends Pick<RunProjectRequest, "name" | "source" | "goal" | "cwd" | "only"> {
  /** The workspace folder whose record gets the project. */
  readonly folder: string;
  /** Repeats tasks that are done and unchanged. */
  readonly again?: boolean;
}

/** A project that this window runs. */
export interface WindowRun {
  readonly key: string;
  readonly folder: string;
  readonly project_id: string;
  readonly name: string;
  readonly record: ProjectRecord;
  readonly server: ServerReference | undefined;
  /** Starts nothing new, interrupts what runs. */
  readonly stop: () => void;
  /** Resolves when it is over; rejects with what ended it. */
  readonly ended: Promise<RunResult>;
}

export interface WindowRunEnd {
  readonly run: WindowRun;
  readonly result?: RunResult;
  readonly error?: unknown;
}

/** The projects that are run by this extension host: the same engine as on the command line. */
export class WindowRuns {
  readonly #runs = new Map<string, WindowRun>();
  readonly #starting = new Set<string>();
  #isLeaving = false;
  /** Of these the record says that this window runs them, and it does not any more. */
  readonly #unreleased = new Set<string>();
  readonly #failed = (error: unknown): void =>
    this.world.logger.warn(`A view of a running project failed: ${messageOf(error)}`);
  readonly #changes = new EventEmitter<undefined>(this.#failed);
  readonly onChange = this.#changes.event;
  readonly #ends = new EventEmitter<WindowRunEnd>(this.#failed);
  readonly onEnd = this.#ends.event;

  constructor(private readonly world: HostWorld) {}

  all(): WindowRun[] {
    return [...this.#runs.values()];
  }

  /** Running here, or about to be. */
  isStarting(key: string): boolean {
    return this.#starting.has(key) || this.#runs.has(key);
  }

  /** Whether the record is wrong when it says that this window runs it. */
  hasLeft(key: string): boolean {
    return this.#unreleased.has(key) && !this.isStarting(key);
  }

  get(key: string): WindowRun | undefined {
    return this.#runs.get(key);
  }

  /** Who acts in this window, on that project. */
  async acting({ key }: Pick<WindowRun, "key">): Promise<Acting> {
    const { actor, clock, consents, plans, processes } = this.world;
    // Whoever clicks here is a person, wherever the window was started from.
    const insideSession = undefined;
    return { actor, clock, consents, plans, insideSession, processes: await processes, runsHere: this.isStarting(key) };
  }

  /**
   * Begins to run a project; resolves once this window holds its lease. Throws as `runProject`, and `driven_elsewhere`
   * when this window or another process runs it.
   */
  async start(request: StartRequest): Promise<WindowRun> {
    this.world.requireTrust();
    const project_id = projectIdOf(request.name);
    const key = keyOf(request.folder, project_id);
    if (this.#runs.has(key) || this.#starting.has(key)) {
      throw new OrchestratorError("driven_elsewhere", l10n.t("{0} is already running in this window.", request.name), {
        kind: "follow_or_stop",
        project: project_id,
      });
    }
    this.#starting.add(key);
    try {
      return await this.#start(request, project_id, key);
    } finally {
      this.#starting.delete(key);
    }
  }

  /** Leaves all projects as they are: nothing is interrupted, and the next window or process finds them running. */
  async leaveAll(isHandedOver: (run: WindowRun) => boolean): Promise<void> {
    this.#isLeaving = true;
    await Promise.allSettled(
      this.all().map(async (run) => {
        const { lease } = run.record.state;
        const next = isHandedOver(run) ? "background" : "nowhere";
        if (lease) await requestHandOver(run.record, lease, this.world.actor, next);
        await run.ended;
      }),
    );
  }

  async #start(request: StartRequest, project_id: string, key: string): Promise<WindowRun> {
    const { world } = this;
    // One after the other, each in a turn of the host's event loop.
    await import("../../core/run/projectRun");
    const { runProject } = await import("../../core/acts/runProject");
    const { folder, again = false, ...wanted } = request;
    const { name } = wanted;
    const settings = world.settings(folder);
    const { maxSessions, heartbeatMs, quietAfterMs, asksWhenQuiet, defaultShell, sessionColumns } = settings;
    const stopper = new AbortController();
    const stop = (): void => {
      // What ends with its window, such as the terminal of a task, stops nothing that is handed over.
      if (this.#isLeaving) return;
      stopper.abort(
        new OrchestratorError("interrupted", l10n.t("The project was stopped in this window."), nothingToDo),
      );
    };
    const claimed = deferred<Pick<WindowRun, "record" | "server" | "name">>();
    const ended = runProject(
      await world.runWorld(folder),
      {
        ...wanted,
        again,
        waitForAnswers: true,
        heartbeatMs,
        quietAfterMs,
        asksWhenQuiet,
        columns: sessionColumns,
        elsewhere: "refuse",
        signal: stopper.signal,
        ...(defaultShell === undefined ? {} : { defaultShell }),
        ...(maxSessions === undefined ? {} : { session_limit: maxSessions }),
      },
      {
        notice: (notice) => tellNotice(notice, name, world.logger),
        runs: ({ record, project: { server, name: shownName } }) =>
          claimed.resolve({ record, server, name: shownName }),
        leave: (record) => {
          void this.#leave(key, record).catch((error: unknown) => world.logger.warn(messageOf(error)));
          return Promise.resolve();
        },
      },
    ).then(({ result }) => result);
    ended.catch((error: unknown) => claimed.reject(error));
    const run: WindowRun = { key, folder, project_id, ...(await claimed.promise), stop, ended };
    this.#runs.set(key, run);
    this.#changes.fire(undefined);
    ended.then(
      (result) => this.#over({ run, result }),
      (error: unknown) => this.#over({ run, error }),
    );
    return run;
  }

  #over(end: WindowRunEnd): void {
    const { run } = end;
    this.#runs.delete(run.key);
    this.#changes.fire(undefined);
    this.#ends.fire(end);
  }

  /**
   * A record that could not be written in the end still says that this window runs it, and others wait for it: that is
   * set right once it can be.
   */
  async #leave(key: string, record: ProjectRecord): Promise<void> {
    const { lease } = record.state;
    let lost = false;
    while (
      lease &&
      isOwn(lease, await this.world.processes) &&
      record.state.lease?.entry_id === lease.entry_id &&
      !lost
    ) {
      this.#unreleased.add(key);
      this.#changes.fire(undefined);
      const released = await releaseLease(record, lease).then(
        () => true,
        () => false,
      );
      if (released) continue;
      await new Promise<void>((resolve) => this.world.clock.after(releaseAgainMs, resolve));
      // Once the record is deleted, it does not matter who runs the project.
      await record.catchUp().catch(() => (lost = true));
    }
    this.#unreleased.delete(key);
    await record.close();
  }
}

function tellNotice(notice: RunNotice, name: string, logger: Logger): void {
  if (notice.what === "plan_without_secrets")
    void window.showInformationMessage(
      shown(l10n.t("Secrets were removed from the saved plan of {0}. To run {0} again, give its plan again.", name)),
    );
  if (notice.what === "answers_of_this_process_only")
    void window.showWarningMessage(
      shown(
        l10n.t(
          "Your data folder cannot be used, so answers that allow commands of {0} count only in this window.",
          name,
        ),
      ),
    );
  if (notice.what === "project_rebuilt") logger.warn(`${notice.why} It is written again from the log.`);
}
