import type { Disposable } from "../core/base/lifecycle";
import type { SessionContext } from "../core/model/session";
import { askServers, type RecordedProject, trueSessions } from "../core/session/trueSessions";
import type { Container } from "./container";
import { terminalLooks } from "./terminalLooks";

/** As often as a window looks. */
const lookMs = 4000;

/** Looks at the terminals of a project that another process runs, whose silence its record does not tell. */
export class FollowedQuiet implements Disposable {
  /** Sessions as their server tells them, by name. */
  sessions: ReadonlyMap<string, SessionContext> = new Map();
  #timer: Disposable | undefined;
  #over = false;

  constructor(
    private readonly container: Container,
    private readonly recorded: () => RecordedProject,
    private readonly looks = terminalLooks(container),
  ) {
    void this.#look();
  }

  dispose(): void {
    this.#over = true;
    this.#timer?.dispose();
  }

  async #look(): Promise<void> {
    const { clock, servers } = this.container;
    const recorded = this.recorded();
    const live = await askServers((reference) => servers.asReference(reference), [recorded], this.looks);
    this.sessions = new Map(trueSessions(recorded, live).map((session) => [session.session_name, session]));
    if (!this.#over) this.#timer = clock.after(lookMs, () => void this.#look());
  }
}
