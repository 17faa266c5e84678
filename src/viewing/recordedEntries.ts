import type { Disposable } from "../core/base/lifecycle";
import type { ContextEntry } from "../core/model/entry";
import type { Ledger } from "../core/ports/ledger";
import type { FollowedProject } from "./workspaceRecords";

/** The entry with that id, however old. Throws what reading the log throws. */
export async function recordedEntry(
  { ledger, record }: Pick<FollowedProject, "ledger" | "record">,
  id: string,
): Promise<ContextEntry | undefined> {
  const recent = record.recent.find((entry) => entry.id === id);
  if (recent) return recent;
  for await (const { entry } of ledger.read()) if (entry.id === id) return entry;
  return undefined;
}

/** With what was too long for its line; where that cannot be read, its beginning says so. */
export async function wholeEntry(ledger: Pick<Ledger, "readBlob">, entry: ContextEntry): Promise<ContextEntry> {
  const long: Record<string, string> = {};
  for (const field of ["output", "input"]) {
    const hash = entry[`${field}_blob`];
    if (typeof hash !== "string") continue;
    const text = await ledger.readBlob(hash).catch(() => undefined);
    if (text !== undefined) long[field] = text;
  }
  return Object.keys(long).length === 0 ? entry : { ...entry, ...long };
}

/**
 * The entries of a project's log that somebody wants to read, however old, with their long texts whole, kept up with
 * what comes. `changed` is told when there are more of them, once the log was read.
 */
export class RecordedEntries implements Disposable {
  readonly #entries: ContextEntry[] = [];
  readonly #known = new Set<string>();
  readonly #following: Disposable;
  /** Those that came while the log was read: they come behind what is in it. */
  #early: ContextEntry[] | undefined = [];
  /** Long texts are read one after the other, so that the order stays. */
  #taking: Promise<void> = Promise.resolve();
  readonly #read: Promise<void>;

  constructor(
    private readonly followed: Pick<FollowedProject, "ledger" | "record">,
    private readonly wanted: (entry: ContextEntry) => boolean,
    private readonly changed: () => void,
    /** Of which the long texts are read, too. */
    private readonly isWhole: (entry: ContextEntry) => boolean = () => true,
  ) {
    this.#following = followed.record.onEntry((entry) => {
      if (!wanted(entry)) return;
      if (this.#early) this.#early.push(entry);
      else void this.#takeNew(entry);
    });
    this.#read = this.#readAll();
    // Who asks for them is told.
    this.#read.catch(() => undefined);
  }

  /** Oldest first, once the log was read to its end. Rejects with what reading throws. */
  async all(): Promise<readonly ContextEntry[]> {
    await this.#read;
    await this.#taking;
    return this.#entries;
  }

  dispose(): void {
    this.#following.dispose();
  }

  async #readAll(): Promise<void> {
    for await (const { entry } of this.followed.ledger.read()) if (this.wanted(entry)) await this.#take(entry);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const entry of early) await this.#take(entry);
  }

  #takeNew(entry: ContextEntry): Promise<void> {
    return (this.#taking = this.#taking.then(() => this.#take(entry)).then(this.changed));
  }

  async #take(entry: ContextEntry): Promise<void> {
    if (this.#known.has(entry.id)) return;
    this.#known.add(entry.id);
    this.#entries.push(this.isWhole(entry) ? await wholeEntry(this.followed.ledger, entry) : entry);
  }
}
