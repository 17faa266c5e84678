import { seeSession } from "../core/acts/seeSession";
import { type Disposable, DisposableStore } from "../core/base/lifecycle";
import { messageOf } from "../core/model/errors";
import type { Clock, Logger } from "../core/ports/machine";
import type { SessionPlace, ShownSessions } from "./shownSessions";
import type { WorkspaceRecords } from "./workspaceRecords";

/** Whoever passes by on the way to another tab has seen nothing. */
const lookMs = 2000;

export interface SeenWorld {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly actor: string;
}

/** Says in the record that the person has seen what a session did, once it was in front of them for a moment. */
export class SeenSessions implements Disposable {
  readonly #store = new DisposableStore();
  /** Those in front of the person whose work is unseen, by key and name. */
  readonly #looks = new Map<string, Disposable>();

  constructor(
    private readonly world: SeenWorld,
    private readonly records: Pick<WorkspaceRecords, "all" | "get" | "onChange">,
    private readonly shown: Pick<ShownSessions, "isVisible" | "onChange">,
  ) {
    this.#store.add(records.onChange(() => this.look()));
    this.#store.add(shown.onChange(() => this.look()));
  }

  dispose(): void {
    this.#store.dispose();
    for (const look of this.#looks.values()) look.dispose();
    this.#looks.clear();
  }

  /** Also where nothing changed but what has the person's attention. */
  look(): void {
    const unseen = new Map(this.#inFront().map((place) => [`${place.key} ${place.name}`, place]));
    for (const [id, look] of this.#looks)
      if (!unseen.has(id)) {
        look.dispose();
        this.#looks.delete(id);
      }
    for (const [id, place] of unseen)
      if (!this.#looks.has(id))
        this.#looks.set(
          id,
          this.world.clock.after(lookMs, () => void this.#seen(id, place)),
        );
  }

  #inFront(): SessionPlace[] {
    return this.records.all().flatMap(({ key, record }) =>
      [...record.state.sessions.values()]
        .filter(({ state }) => state === "done_unseen")
        .map(({ session_name: name }) => ({ key, name }))
        .filter((place) => this.shown.isVisible(place)),
    );
  }

  async #seen(id: string, place: SessionPlace): Promise<void> {
    try {
      const record = this.records.get(place.key)?.record;
      if (record && this.shown.isVisible(place)) await seeSession(record, this.world, place.name);
    } catch (error) {
      this.world.logger.warn(messageOf(error));
    } finally {
      this.#looks.delete(id);
    }
  }
}
