import { ProjectRecord } from "../../src/core/record/projectRecord";
import type { ContextEntry, EntryDraft } from "../../src/core/model/entry";
import type { Ledger, Position, StoredEntry } from "../../src/core/ports/ledger";
import { entryOf } from "./entries";
import { silentLogger } from "./systemClock";

/** A record in memory that several "processes" append to and follow; nothing in it waits for anything but promises. */
export class SharedRecord {
  readonly entries: ContextEntry[] = [];
  readonly #waiting = new Set<() => void>();

  /** One process's journal, open. */
  async journal(): Promise<ProjectRecord> {
    const journal = new ProjectRecord(this.#ledger(), silentLogger);
    await journal.open();
    return journal;
  }

  /** Appends as some other process does. */
  add(draft: EntryDraft): ContextEntry {
    const entry = { ...entryOf(draft), id: `e${this.entries.length}` };
    this.entries.push(entry);
    for (const wake of [...this.#waiting]) wake();
    return entry;
  }

  #ledger(): Ledger {
    const stored = (index: number): StoredEntry => ({
      entry: this.entries[index] as ContextEntry,
      at: place(index),
      next: place(index + 1),
    });
    const read = async function* (
      entries: readonly ContextEntry[],
      from: Position | undefined,
    ): AsyncIterable<StoredEntry> {
      for (let index = from?.offset ?? 0; index < entries.length; index++) yield await Promise.resolve(stored(index));
    };
    const follow = (from: Position | undefined, signal: AbortSignal): AsyncIterable<StoredEntry> =>
      this.#follow(stored, from, signal);
    return {
      project_id: "alpha",
      append: async (draft: EntryDraft) => Promise.resolve(this.add(draft)),
      read: (from?: Position) => read(this.entries, from),
      follow,
      readCheckpoint: () => Promise.resolve(undefined),
      writeCheckpoint: () => Promise.resolve(),
      writeDerived: () => Promise.resolve(),
      writeProject: () => Promise.resolve(),
      flush: () => Promise.resolve(),
      close: () => Promise.resolve(),
    } as Partial<Ledger> as Ledger;
  }

  async *#follow(
    stored: (index: number) => StoredEntry,
    from: Position | undefined,
    signal: AbortSignal,
  ): AsyncIterable<StoredEntry> {
    let wake = (): void => undefined;
    const woken = (): void => wake();
    this.#waiting.add(woken);
    signal.addEventListener("abort", woken, { once: true });
    for (let index = from?.offset ?? 0; !signal.aborted;) {
      while (index < this.entries.length) yield stored(index++);
      await new Promise<void>((resolve) => (wake = resolve));
    }
    this.#waiting.delete(woken);
  }
}

function place(index: number): Position {
  return { segment: 1, offset: index };
}
