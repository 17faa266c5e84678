import type { ContextEntry } from "../model/entry";
import type { Ledger } from "../ports/ledger";
import { replay, type Replay, type ReplayStart } from "./replay";

/** Behind entries of the other sort, one is looked for among so many times those that are kept. */
const mostDeeper = 16;

/** Which entries are of the sort that a view shows; each sort has room of its own. */
export type EntrySort = (entry: ContextEntry) => boolean;

const oneSort: EntrySort = () => true;

/** The record's state and, beside it, its newest entries: `keep` of each sort at most. Throws what reading throws. */
export async function replayWithNewest(
  ledger: Ledger,
  start: ReplayStart,
  keep: number,
  sort: EntrySort = oneSort,
): Promise<Replay & { readonly newest: NewestEntries }> {
  let newest = new NewestEntries(keep, sort);
  const replayed = await replay(ledger, start, () => {
    const begun = (newest = new NewestEntries(keep, sort));
    return (entry) => begun.add(entry);
  });
  // After a checkpoint only what came behind it was read.
  const isWhole = replayed.read === replayed.state.entries;
  for (
    let count = Math.max(keep, replayed.read);
    !isWhole && !newest.isFull && count <= keep * mostDeeper;
    count *= 4
  ) {
    const last = await ledger.last(count);
    newest.begin(last);
    if (last.length < count) break;
  }
  return { ...replayed, newest };
}

/** The newest entries of a record that is read forwards, `keep` of each sort at most. */
export class NewestEntries {
  #entries: ContextEntry[] = [];
  /** How many there are of the sort that is shown, and of the other. */
  #shown = 0;
  #others = 0;
  /** Ids of those that were read from the end of the record: reading forwards may meet them again. */
  #met = new Set<string>();

  constructor(
    private readonly keep: number,
    private readonly sort: EntrySort = oneSort,
  ) {}

  /** Oldest first. */
  get entries(): readonly ContextEntry[] {
    return this.#entries;
  }

  /** As many as can be kept are of the sort that is shown. */
  get isFull(): boolean {
    return this.#shown >= this.keep;
  }

  /** False when it was read from the end of the record already. */
  add(entry: ContextEntry): boolean {
    if (this.#met.delete(entry.id)) return false;
    this.#push(entry);
    return true;
  }

  /** Begins again with these, which were read from the end of the record. */
  begin(last: readonly ContextEntry[]): void {
    this.#entries = [];
    this.#shown = this.#others = 0;
    for (const entry of last) this.#push(entry);
    this.#met = new Set(last.map(({ id }) => id));
  }

  #push(entry: ContextEntry): void {
    const isShown = this.sort(entry);
    this.#entries.push(entry);
    if (isShown) this.#shown++;
    else this.#others++;
    if ((isShown ? this.#shown : this.#others) <= this.keep) return;
    const oldest = this.#entries.findIndex((each) => this.sort(each) === isShown);
    this.#entries.splice(oldest, 1);
    if (isShown) this.#shown--;
    else this.#others--;
  }
}
