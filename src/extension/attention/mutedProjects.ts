import type { Memento } from "vscode";
import { EventEmitter } from "../../core/base/event";
import { messageOf } from "../../core/model/errors";
import type { Logger } from "../../core/ports/machine";

const stateKey = "mutedProjects";

/** Projects whose questions are shown in no notification of this workspace, but in rows, badge and status bar. */
export class MutedProjects {
  readonly #changes = new EventEmitter<string>((error) =>
    this.logger.warn(`A view of muted projects failed: ${messageOf(error)}`),
  );
  /** The key of a project that was muted, or no longer is. */
  readonly onChange = this.#changes.event;

  constructor(
    private readonly memory: Memento,
    private readonly logger: Logger,
  ) {}

  has(key: string): boolean {
    return this.#all().includes(key);
  }

  async set(key: string, muted: boolean): Promise<void> {
    const others = this.#all().filter((each) => each !== key);
    await this.memory.update(stateKey, muted ? [...others, key] : others);
    this.#changes.fire(key);
  }

  #all(): string[] {
    const stored = this.memory.get<unknown>(stateKey);
    return Array.isArray(stored) ? stored.filter((each) => typeof each === "string") : [];
  }
}
