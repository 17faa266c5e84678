import { OrchestratorError } from "../model/errors";
import type { Clock, Processes } from "../ports";
import type { Journal } from "./journal";

/** A claim of another host counts as alive this long; there its process cannot be asked. */
const leaseMs = 10_000;

/** The right to drive one project: a claim in the record, held by one process at a time. */
export class Lease {
  private constructor(
    private readonly journal: Journal,
    private readonly processes: Processes,
    private readonly holder: string,
    readonly generation: number,
  ) {}

  /** Claims the next generation. Throws `driven_elsewhere` while a living process holds it. */
  static async claim(journal: Journal, processes: Processes, clock: Clock, holder: string): Promise<Lease> {
    const current = journal.state.lease;
    if (current) {
      const alive = await processes.isAlive(current);
      const own = current.pid === processes.pid && current.host === processes.host;
      if (alive !== false && !own) {
        const where = current.host === processes.host ? `process ${current.pid}` : `process ${current.pid} on ${current.host}`;
        throw new OrchestratorError("driven_elsewhere", `The project is driven by ${where}.`, "Wait until it ends, or end that process; watch it with: wsh-orchestrator log --follow");
      }
    }
    const generation = journal.state.leaseGeneration + 1;
    await journal.append(
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
    return new Lease(journal, processes, holder, generation);
  }

  /** False once somebody else has claimed a newer generation, or was first with this one. */
  get held(): boolean {
    const { lease } = this.journal.state;
    return lease?.generation === this.generation && lease.pid === this.processes.pid && lease.host === this.processes.host;
  }

  async release(): Promise<void> {
    if (!this.held) return;
    await this.journal.append(
      { kind: "lease", actor: this.holder, session_name: null, event: "released", text: `${this.holder} no longer drives the project.`, holder: this.holder, generation: this.generation },
      "synced",
    );
  }
}
