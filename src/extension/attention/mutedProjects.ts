import type { Memento } from "vscode";
import { EventEmitter } from "../../core/base/event";
import { messageOf } from "../../core/model/errors";
import type { Logger } from "../../core/ports/machine";
import { RememberedNames } from "../rememberedNames";

/** Projects whose questions are shown in no notification of this workspace, but in rows, badge and status bar. */
export class MutedProjects {
  readonly #changes = new EventEmitter<string>((error) =>
    this.logger.warn(`A view of muted projects failed: ${messageOf(error)}`),
  );
  /** The key of a project that was muted, or no longer is. */
  readonly onChange = this.#changes.event;
  readonly #muted: RememberedNames;

  constructor(
    memory: Memento,
    private readonly logger: Logger,
  ) {
    this.#muted = new RememberedNames(memory, "mutedProjects");
  }

  has(key: string): boolean {
    return this.#muted.has(key);
  }

  async set(key: string, muted: boolean): Promise<void> {
    await (muted ? this.#muted.add(key) : this.#muted.remove(key));
    this.#changes.fire(key);
  }
}
