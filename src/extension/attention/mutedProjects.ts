import type { Memento } from "vscode";
import { EventEmitter } from "../../core/base/event";
import { messageOf } from "../../core/model/errors";
import type { Logger } from "../../core/ports/machine";

const stateKey = "mutedProjects";

/** Projects of whose questions no message tells in this workspace; rows, badge and status bar do. */
export class MutedProjects {
  readonly #changes = new EventEmitter<string>((error) =>
    this.logger.warn(`What heeds the muted projects failed: ${messageOf(error)}`),
  );
  /** The key of a project that was muted, or is not any more. */
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
