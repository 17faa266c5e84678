import { withoutStop } from "../model/sentences";
import { shortSession } from "../model/names";
import type { SessionContext } from "../model/session";
import { messageOf } from "../model/errors";
import type { ContextEntry } from "../model/entry";
import type { PlanRole } from "../model/plan";
import type { Clock, Logger } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import { RoleHeld } from "../session/roleGate";
import type { SessionPool } from "../session/sessionPool";

/** Who asked for it longer ago than this has gone on with the session since, as it was; milliseconds. */
const requestMs = 10 * 60_000;

/** Sessions that are being restarted because somebody asked for it. */
export class SessionRestarts {
  readonly #running = new Set<Promise<void>>();

  constructor(
    private readonly record: OpenRecord,
    private readonly pool: SessionPool,
    private readonly roleOf: (name: string) => PlanRole,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** What was asked for while nobody ran the project. */
  beginRequested(signal: AbortSignal): void {
    for (const request of this.record.state.restarts.values())
      if (this.clock.now() - Date.parse(request.ts) < requestMs) this.begin(request, signal);
  }

  begin({ session_name, actor }: ContextEntry, signal: AbortSignal): void {
    const known = this.record.state.sessions.get(session_name ?? "");
    if (!known) return;
    const restarted = this.pool
      .restart(known, this.roleOf(known.role), actor, signal)
      // What went wrong stands in the record; a session more or less ends no run.
      .catch((error: unknown) => this.#failed(known, error))
      .catch((error: unknown) => this.logger.warn(messageOf(error)))
      .finally(() => this.#running.delete(restarted));
    this.#running.add(restarted);
  }

  /** Nobody can be asked about a session that no task waits for. */
  async #failed({ session_name, role }: SessionContext, error: unknown): Promise<void> {
    if (!(error instanceof RoleHeld)) throw error;
    const { held } = error;
    const text = `${shortSession(session_name)} was not restarted: ${withoutStop(held.decision.reason)}. This needs approval, which a task of the role ${role} asks for.`;
    await this.record.append({ kind: "note", actor: "engine", session_name, event: "not_restarted", text }, "written");
  }

  get size(): number {
    return this.#running.size;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }
}
