import type { ContextEntry } from "../model/entry";

/** The newest entries of a record that is read forwards, `keep` of them at most. */
export class NewestEntries {
  #entries: ContextEntry[] = [];
  /** Ids of those that were read from the end of the record: reading forwards may meet them again. */
  #met = new Set<string>();

  constructor(private readonly keep: number) {}

  /** Oldest first. */
  get entries(): readonly ContextEntry[] {
    return this.#entries;
  }

  add(entry: ContextEntry): void {
    if (this.keep === 0 || this.#met.delete(entry.id)) return;
    this.#entries.push(entry);
    if (this.#entries.length > this.keep) this.#entries.shift();
  }

  /** Begins anew with these, which were read from the end of the record. */
  begin(last: readonly ContextEntry[]): void {
    this.#entries = [...last];
    this.#met = new Set(last.map(({ id }) => id));
  }
}
