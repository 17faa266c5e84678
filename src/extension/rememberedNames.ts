import type { Memento } from "vscode";

/** Names that VS Code keeps for this workspace under one key; what else stands there counts as none. */
export class RememberedNames {
  constructor(
    private readonly memory: Memento,
    private readonly key: string,
  ) {}

  has(name: string): boolean {
    return this.#all().includes(name);
  }

  /** Counts at once, also while it is being saved. */
  async add(name: string): Promise<void> {
    if (!this.has(name)) await this.memory.update(this.key, [...this.#all(), name]);
  }

  async remove(name: string): Promise<void> {
    if (this.has(name))
      await this.memory.update(
        this.key,
        this.#all().filter((each) => each !== name),
      );
  }

  #all(): string[] {
    const stored = this.memory.get<unknown>(this.key);
    return Array.isArray(stored) ? stored.filter((each) => typeof each === "string") : [];
  }
}
