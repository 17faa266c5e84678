import { type Deferred, deferred } from "../base/async";
import { EventEmitter } from "../base/event";
import type { ContextEntry, EntryDraft } from "../model/entry";
import { messageOf } from "../model/errors";
import { applyEntry, emptyProjectState, type ProjectState } from "../model/projectState";
import type { Durability, Ledger, Logger, Position } from "../ports";

/** Of these the first in the record counts, so they take effect in the record's order only, also for the process that wrote them. */
const orderMatters: readonly string[] = ["lease", "answer"];

/** What the parts of the engine need of a journal. */
export type OpenJournal = Pick<Journal, "ledger" | "state" | "onEntry" | "position" | "append">;

/** A project's record as the engine lives with it: appends, follows what other processes append, and keeps the state that follows from it. */
export class Journal {
  readonly state: ProjectState = emptyProjectState();
  readonly #entries = new EventEmitter<ContextEntry>();
  /** Every entry, own and foreign, once it is in `state`. */
  readonly onEntry = this.#entries.event;
  readonly #stop = new AbortController();
  /** Own entries that the follower has not met yet, and own entries that it met before `append` returned. */
  readonly #ahead = new Set<string>();
  readonly #behind = new Set<string>();
  readonly #awaited = new Map<string, Deferred<undefined>>();
  #pending = 0;
  #position: Position = { segment: 1, offset: 0 };
  #following: Promise<void> | undefined;
  /** Why the record is no longer followed. */
  #unseen: Error | undefined;

  constructor(
    readonly ledger: Ledger,
    private readonly logger: Logger,
  ) {}

  /** Reads the whole record, then follows it until `close`. */
  async open(): Promise<void> {
    for await (const stored of this.ledger.read()) {
      applyEntry(this.state, stored.entry);
      this.#position = stored.next;
    }
    this.#following = this.#follow(this.#position).finally(() => {
      this.#following = undefined;
      for (const [id, meeting] of this.#awaited) {
        if (this.#unseen) meeting.reject(this.#unseen);
        else this.#met(id);
      }
    });
  }

  /** Up to where `state` has followed the record. */
  get position(): Position {
    return this.#position;
  }

  /**
   * Resolves when the entry is as durable as wanted and in `state`. Once the record can no longer be followed (it was deleted, moved, cut off),
   * it throws what ended that: whoever writes on without seeing what others write could drive beside another driver.
   */
  async append(draft: EntryDraft, durability: Durability): Promise<ContextEntry> {
    this.#requireSeen();
    this.#pending++;
    try {
      const entry = await this.ledger.append(draft, durability);
      this.#requireSeen();
      if (this.#behind.delete(entry.id)) return entry;
      if (orderMatters.includes(entry.kind) && this.#following) await this.#meeting(entry.id);
      else this.#applyOwn(entry);
      return entry;
    } finally {
      this.#pending--;
      if (this.#pending === 0) this.#behind.clear();
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#following;
    await this.ledger.close();
  }

  #requireSeen(): void {
    if (this.#unseen) throw this.#unseen;
  }

  #applyOwn(entry: ContextEntry): void {
    this.#ahead.add(entry.id);
    this.#apply(entry);
  }

  #meeting(id: string): Promise<unknown> {
    const meeting = deferred<undefined>();
    this.#awaited.set(id, meeting);
    return meeting.promise;
  }

  #met(id: string): void {
    this.#awaited.get(id)?.resolve(undefined);
    this.#awaited.delete(id);
  }

  async #follow(from: Position): Promise<void> {
    try {
      for await (const stored of this.ledger.follow(from, this.#stop.signal)) {
        this.#position = stored.next;
        const { id } = stored.entry;
        if (this.#ahead.delete(id)) continue;
        if (this.#pending > 0 && !this.#awaited.has(id)) this.#behind.add(id);
        this.#apply(stored.entry);
        this.#met(id);
      }
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#unseen = error instanceof Error ? error : new Error(messageOf(error));
      this.logger.warn(`The record is no longer followed: ${messageOf(error)}`);
    }
  }

  #apply(entry: ContextEntry): void {
    applyEntry(this.state, entry);
    this.#entries.fire(entry);
  }
}

/** The same journal, where nothing is appended any more once `check` throws. */
export function guarded(journal: OpenJournal, check: () => void): OpenJournal {
  return {
    ledger: journal.ledger,
    state: journal.state,
    onEntry: journal.onEntry,
    get position() {
      return journal.position;
    },
    append: async (draft, durability) => {
      check();
      return journal.append(draft, durability);
    },
  };
}
