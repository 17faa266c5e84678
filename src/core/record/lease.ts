import { abortable, deferred } from "../base/async";
import { DisposableStore } from "../base/lifecycle";
import { actorName } from "../model/actorName";
import type { ContextEntry } from "../model/entry";
import { OrchestratorError } from "../model/errors";
import type { LeaseRecord, ProjectState } from "../model/projectState";
import type { Ledger } from "../ports/ledger";
import type { Clock, Processes } from "../ports/machine";
import type { OpenRecord } from "./projectRecord";
/** A runner that is asked whether it lives has this long to say so in the record; then its place may be taken. */
const answerMs = 5000;
/**
 * How often a process of this host is looked at, and how often one that cannot be looked at is asked. Together with
 * `answerMs` below 10 s.
 */
const lookMs = 500;
const askMs = 4000;
/**
 * What was read of the record is taken for the newest for this long. Shorter than `answerMs`: nobody takes the place of
 * a runner that read the record within it, because that runner would have answered.
 */
const freshMs = 1000;

/** Says that the holder of that claim has left the project; nothing when another one is the newest. */
export async function releaseLease(
  record: Pick<OpenRecord, "state" | "append">,
  { holder, generation, entry_id }: Pick<LeaseRecord, "holder" | "generation" | "entry_id">,
): Promise<void> {
  if (record.state.lease?.entry_id !== entry_id) return;
  await record.append(
    leaseDraft(holder, generation, "released", `${actorName(holder)} no longer runs the project.`),
    "synced",
  );
}

/** The right to run one project: a claim in the record, held by one process at a time. */
export class Lease {
  #read = { monotonic: -Infinity, now: -Infinity };

  private constructor(
    private readonly record: OpenRecord,
    private readonly processes: Processes,
    private readonly clock: Clock,
    private readonly holder: string,
    readonly generation: number,
    /** The claim. */
    readonly entry: ContextEntry,
  ) {}

  /**
   * Claims the next generation. Throws `driven_elsewhere` while another process may hold it, unless that is generation
   * `over`, whose holder is known to be gone; also when another was first.
   */
  static async claim(
    record: OpenRecord,
    processes: Processes,
    clock: Clock,
    holder: string,
    over?: number,
  ): Promise<Lease> {
    const current = record.state.lease;
    if (
      current &&
      current.generation !== over &&
      !isOwn(current, processes) &&
      (await processes.isAlive(current)) !== false
    )
      throw runningElsewhere(record, processes.host);
    const generation = record.state.leaseGeneration + 1;
    const entry = await record.append(
      {
        ...leaseDraft(
          holder,
          generation,
          "claimed",
          `${actorName(holder)} runs the project (process ${processes.pid} on ${processes.host}).`,
        ),
        ...holderFields(processes, clock),
      },
      "synced",
    );
    const lease = new Lease(record, processes, clock, holder, generation, entry);
    if (!lease.held) throw runningElsewhere(record, processes.host);
    return lease;
  }

  /**
   * False once somebody else has claimed a newer generation, or was first with this one, as far as the record was read.
   */
  get held(): boolean {
    return this.record.state.lease?.entry_id === this.entry.id;
  }

  /**
   * Asked before every key: whether this process still runs the project, by a record that was read just now. A process that stood
   * still (stopped, a machine that slept) reads it again, by both clocks, since the monotonic one may sleep with the
   * machine. Throws `driven_elsewhere`.
   */
  async check(): Promise<void> {
    const [monotonic, now] = [this.clock.monotonic(), this.clock.now()];
    if (monotonic - this.#read.monotonic >= freshMs || Math.abs(now - this.#read.now) >= freshMs) {
      await this.record.catchUp();
      this.#read = { monotonic, now };
    }
    if (!this.held) throw runningElsewhere(this.record, this.processes.host);
  }

  /**
   * Somebody who would take over asked whether this process still runs the project. Throws `driven_elsewhere` when that is
   * answered already.
   */
  async renew(): Promise<void> {
    await this.check();
    await this.record.append(
      {
        ...leaseDraft(this.holder, this.generation, "renewed", `${actorName(this.holder)} still runs the project.`),
        ...holderFields(this.processes, this.clock),
      },
      "written",
    );
  }

  release(): Promise<void> {
    return releaseLease(this.record, { holder: this.holder, generation: this.generation, entry_id: this.entry.id });
  }
}

/**
 * Waits while somebody runs the project. Resolves with undefined once nobody does any more, and with the generation of a runner
 * that is gone: its process has ended, or it did not answer. Clocks of other hosts are not trusted: a runner that
 * cannot be looked at (on another host, or stopped) is asked through the record. Rejects with the signal's reason.
 */
export async function untilNotRunning(
  record: OpenRecord,
  processes: Processes,
  clock: Clock,
  actor: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  for (;;) {
    const { lease } = record.state;
    if (!lease) return undefined;
    const alive = isOwn(lease, processes) ? false : await processes.isAlive(lease);
    if (alive === false) return lease.generation;
    if (alive === undefined && !(await answers(record, clock, actor, lease, signal))) return lease.generation;
    await untilEntry(
      record,
      clock,
      alive ? lookMs : askMs,
      () => record.state.lease?.generation !== lease.generation,
      signal,
    );
  }
}

/** Whether the runner of that lease says that it lives, or the lease has changed meanwhile. */
async function answers(
  record: OpenRecord,
  clock: Clock,
  actor: string,
  { generation }: LeaseRecord,
  signal: AbortSignal,
): Promise<boolean> {
  const before = record.state.leaseRenewals;
  await record.append(
    leaseDraft(actor, generation, "asked", `${actorName(actor)} asked whether the project is still running.`),
    "synced",
  );
  return untilEntry(
    record,
    clock,
    answerMs,
    () => record.state.leaseRenewals > before || record.state.lease?.generation !== generation,
    signal,
  );
}

/** True once `is` holds, asked after every entry; false after `ms`. Rejects with the signal's reason. */
async function untilEntry(
  record: OpenRecord,
  clock: Clock,
  ms: number,
  is: () => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const store = new DisposableStore();
  const done = deferred<boolean>();
  store.add(record.onEntry(() => is() && done.resolve(true)));
  store.add(record.onLost((error) => done.reject(error)));
  store.add(clock.after(ms, () => done.resolve(is())));
  if (is()) done.resolve(true);
  try {
    return await abortable(done.promise, signal);
  } finally {
    store.dispose();
  }
}

/** Whether this process is the holder. */
export function isOwn(
  lease: Pick<LeaseRecord, "pid" | "host" | "started_at">,
  processes: Pick<Processes, "pid" | "host" | "started_at">,
): boolean {
  return lease.pid === processes.pid && lease.host === processes.host && lease.started_at === processes.started_at;
}

function leaseDraft(
  holder: string,
  generation: number,
  event: string,
  text: string,
): Parameters<OpenRecord["append"]>[0] {
  return { kind: "lease", actor: holder, session_name: null, event, text, holder, generation };
}

function holderFields(
  { host, pid, started_at }: Processes,
  clock: Clock,
): { host: string; pid: number; started_at: string; expires_at: string } {
  return { host, pid, started_at, expires_at: new Date(clock.now() + answerMs + askMs).toISOString() };
}

/** Says who runs the project instead, as far as the record tells. */
export function runningElsewhere(
  { state, ledger }: { readonly state: Pick<ProjectState, "lease">; readonly ledger: Pick<Ledger, "project_id"> },
  host: string,
): OrchestratorError {
  const who = state.lease === undefined ? "another process" : runnerName(state.lease, host);
  return new OrchestratorError("driven_elsewhere", `${ledger.project_id} is running in ${who}.`, {
    kind: "follow_or_stop",
    project: ledger.project_id,
  });
}

/** `process 4711`, with its host where that is another one. */
export function runnerName(lease: Pick<LeaseRecord, "host" | "pid">, host: string): string {
  return lease.host === host ? `process ${lease.pid}` : `process ${lease.pid} on ${lease.host}`;
}
