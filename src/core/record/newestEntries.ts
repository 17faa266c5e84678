import type { ContextEntry } from "../model/entry";
import type { Ledger } from "../ports/ledger";
import { replay, type Replay, type ReplayStart } from "./replay";

/** The record's state and, beside it, its newest entries: `keep` of them at most. Throws what reading throws. */
export async function replayWithNewest(
  ledger: Ledger,
  start: ReplayStart,
  keep: number,
): Promise<Replay & { readonly newest: NewestEntries }> {
  const newest = new NewestEntries(keep);
  const replayed = await replay(ledger, start, (entry) => newest.add(entry));
  // After a checkpoint only what came behind it was read.
  if (replayed.read < keep) newest.begin(await ledger.last(keep));
  return { ...replayed, newest };
}

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

  /** False when it was read from the end of the record already. */
  add(entry: ContextEntry): boolean {
    if (this.#met.delete(entry.id)) return false;
    this.#entries.push(entry);
    if (this.#entries.length > this.keep) this.#entries.shift();
    return true;
  }

  /** Begins anew with these, which were read from the end of the record. */
  begin(last: readonly ContextEntry[]): void {
    this.#entries = [...last];
    this.#met = new Set(last.map(({ id }) => id));
  }
}
