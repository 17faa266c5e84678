import { EventEmitter } from "../base/event";
import type { ContextEntry, EntryDraft } from "../model/entry";
import { messageOf } from "../model/errors";
import { applyEntry, emptyProjectState, type ProjectState } from "../model/projectState";
import type { Durability, Ledger, Logger, Position } from "../ports";

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
  #pending = 0;
  #position: Position = { segment: 1, offset: 0 };
  #following: Promise<void> = Promise.resolve();

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
    this.#following = this.#follow(this.#position);
  }

  /** Up to where `state` has followed the record. */
  get position(): Position {
    return this.#position;
  }

  async append(draft: EntryDraft, durability: Durability): Promise<ContextEntry> {
    this.#pending++;
    try {
      const entry = await this.ledger.append(draft, durability);
      if (this.#behind.delete(entry.id)) return entry;
      this.#ahead.add(entry.id);
      this.#apply(entry);
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

  async #follow(from: Position): Promise<void> {
    try {
      for await (const stored of this.ledger.follow(from, this.#stop.signal)) {
        this.#position = stored.next;
        const { id } = stored.entry;
        if (this.#ahead.delete(id)) continue;
        if (this.#pending > 0) this.#behind.add(id);
        this.#apply(stored.entry);
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) this.logger.warn(`The record is no longer followed: ${messageOf(error)}`);
    }
  }

  #apply(entry: ContextEntry): void {
    applyEntry(this.state, entry);
    this.#entries.fire(entry);
  }
}
