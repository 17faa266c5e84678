import { OrchestratorError } from "../model/errors";
import type { Clock, Processes } from "../ports";
import type { OpenJournal } from "./journal";

/** A claim of another host counts as alive this long; there its process cannot be asked. */
const leaseMs = 10_000;

/** The right to drive one project: a claim in the record, held by one process at a time. */
export class Lease {
  private constructor(
    private readonly journal: OpenJournal,
    private readonly holder: string,
    readonly generation: number,
    private readonly entry_id: string,
  ) {}

  /** Claims the next generation. Throws `driven_elsewhere` while a living process holds it, or when another was first. */
  static async claim(journal: OpenJournal, processes: Processes, clock: Clock, holder: string): Promise<Lease> {
    const current = journal.state.lease;
    if (current) {
      const alive = await processes.isAlive(current);
      const own = current.pid === processes.pid && current.host === processes.host;
      if (alive !== false && !own) throw drivenElsewhere(journal, processes.host);
    }
    const generation = journal.state.leaseGeneration + 1;
    const entry = await journal.append(
      {
        kind: "lease",
        actor: holder,
        session_name: null,
        event: "claimed",
        text: `${holder} drives the project (process ${processes.pid} on ${processes.host}).`,
        holder,
        host: processes.host,
        pid: processes.pid,
        started_at: processes.started_at,
        generation,
        expires_at: new Date(clock.now() + leaseMs).toISOString(),
      },
      "synced",
    );
    const lease = new Lease(journal, holder, generation, entry.id);
    if (!lease.held) throw drivenElsewhere(journal, processes.host);
    return lease;
  }

  /** False once somebody else has claimed a newer generation, or was first with this one. */
  get held(): boolean {
    return this.journal.state.lease?.entry_id === this.entry_id;
  }

  async release(): Promise<void> {
    if (!this.held) return;
    await this.journal.append(
      { kind: "lease", actor: this.holder, session_name: null, event: "released", text: `${this.holder} no longer drives the project.`, holder: this.holder, generation: this.generation },
      "synced",
    );
  }
}

/** Says who drives instead, as far as the record tells. */
export function drivenElsewhere({ state, ledger }: OpenJournal, host: string): OrchestratorError {
  const { lease } = state;
  const who = lease === undefined ? "another process" : lease.host === host ? `process ${lease.pid}` : `process ${lease.pid} on ${lease.host}`;
  return new OrchestratorError("driven_elsewhere", `The project is driven by ${who}.`, `Wait until it ends, or end that process; watch it with: wsh-orchestrator log ${ledger.project_id} --follow`);
}
