import { onAbort } from "../../src/core/base/async";
import type { ContextEntry, EntryDraft } from "../../src/core/model/entry";
import type { Checkpoint, FollowPace, Ledger, RecordPlace, StoredEntry } from "../../src/core/ports/ledger";
import type { Clock, Logger } from "../../src/core/ports/machine";
import { ProjectRecord, type RecordOptions } from "../../src/core/record/projectRecord";
import { entryOf } from "./entries";
import { silentLogger } from "./systemClock";

/** A record in memory that several "processes" append to and follow; nothing in it waits for anything but promises. */
export class SharedRecord {
  readonly entries: ContextEntry[] = [];
  checkpoint: Checkpoint | undefined;
  /** Entries that were given to somebody who reads or follows. */
  given = 0;
  /** Those who follow it now. */
  readonly followers = new Set<{ readonly pace: FollowPace | undefined }>();
  /** Ledgers that were made and not closed yet. */
  openLedgers = 0;
  /** Why an entry cannot be appended, as on a full disk; nothing stands in the way of most. */
  refusal: (draft: EntryDraft) => Error | undefined = () => undefined;
  /** The text of plan.yaml. */
  plan: string | undefined;
  readonly #waiting = new Set<() => void>();

  /** `clock`: what answers have their time from, since they count for a while; other entries are a second apart. */
  constructor(private readonly clock?: Pick<Clock, "now">) {}

  #failure: Error | undefined;
  #paused = false;

  /** One process's record, open. */
  record(options: RecordOptions = { start: "beginning" }, logger: Logger = silentLogger): Promise<ProjectRecord> {
    return ProjectRecord.open(this.ledger(), logger, options);
  }

  /** Appends as some other process does. */
  add(draft: EntryDraft): ContextEntry {
    const id = `e${String(this.entries.length).padStart(6, "0")}`;
    const timed = this.clock && draft.kind === "answer" ? { ts: new Date(this.clock.now()).toISOString() } : {};
    const entry = entryOf({ ...draft, id, ...timed });
    this.entries.push(entry);
    this.#wakeAll();
    return entry;
  }

  /** Nobody can follow it any more, for that reason. */
  vanish(failure: Error): void {
    this.#failure = failure;
    this.#wakeAll();
  }

  /** Who follows is told nothing until `goOn`; who reads reads all the same. */
  pause(): void {
    this.#paused = true;
  }

  goOn(): void {
    this.#paused = false;
    this.#wakeAll();
  }

  /** The place behind so many entries. */
  placeBehind(count: number): RecordPlace {
    return place(count);
  }

  /** One process's way to it; `more` replaces what the process does otherwise. */
  ledger(more: Partial<Ledger> = {}): Ledger {
    this.openLedgers++;
    let open = true;
    return {
      project_id: "alpha",
      beginning: place(0),
      isBefore: (one: RecordPlace, other: RecordPlace) => indexOf(one) < indexOf(other),
      append: async (draft: EntryDraft) => {
        const refusal = this.refusal(draft);
        return refusal ? Promise.reject(refusal) : Promise.resolve(this.add(draft));
      },
      read: (from?: RecordPlace) => this.#read(from),
      last: (count: number) => Promise.resolve(this.entries.slice(-count)),
      follow: (from: RecordPlace | undefined, signal: AbortSignal, pace?: FollowPace) =>
        this.#follow(from, signal, pace),
      readPlan: () => Promise.resolve(this.plan),
      readCheckpoint: () => Promise.resolve(this.checkpoint),
      writeCheckpoint: (checkpoint: Checkpoint) => Promise.resolve(void (this.checkpoint = checkpoint)),
      writeDerived: () => Promise.resolve(),
      writeProject: () => Promise.resolve(),
      flush: () => Promise.resolve(),
      close: () => {
        if (open) this.openLedgers--;
        open = false;
        return Promise.resolve();
      },
      ...more,
    } as Partial<Ledger> as Ledger;
  }

  async *#read(from: RecordPlace | undefined): AsyncIterable<StoredEntry> {
    for (let index = indexOf(from); index < this.entries.length; index++)
      yield await Promise.resolve(this.#stored(index));
  }

  #stored(index: number): StoredEntry {
    this.given++;
    return { entry: this.entries[index] as ContextEntry, at: place(index), next: place(index + 1) };
  }

  async *#follow(
    from: RecordPlace | undefined,
    signal: AbortSignal,
    pace: FollowPace | undefined,
  ): AsyncIterable<StoredEntry> {
    const follower = { pace };
    let wake = (): void => undefined;
    const woken = (): void => wake();
    this.#waiting.add(woken);
    this.followers.add(follower);
    const listening = onAbort(signal, woken);
    try {
      for (let index = indexOf(from); !signal.aborted;) {
        if (this.#failure) throw this.#failure;
        while (!this.#paused && index < this.entries.length) yield this.#stored(index++);
        if (!signal.aborted && !this.#failure) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      listening.dispose();
      this.followers.delete(follower);
      this.#waiting.delete(woken);
    }
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

function place(index: number): RecordPlace {
  return { index } as unknown as RecordPlace;
}

function indexOf(from: RecordPlace | undefined): number {
  return from === undefined ? 0 : (from as unknown as { readonly index: number }).index;
}
