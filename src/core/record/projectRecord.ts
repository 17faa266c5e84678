import { type Deferred, deferred } from "../base/async";
import { type Event, EventEmitter } from "../base/event";
import { toDisposable } from "../base/lifecycle";
import type { ContextEntry, EntryDraft } from "../model/entry";
import { messageOf, OrchestratorError } from "../model/errors";
import { applyEntry, type ProjectState } from "../model/projectState";
import type { Logger } from "../ports/machine";
import type { Durability, FollowPace, Ledger, RecordPlace, StoredEntry } from "../ports/ledger";
import { type EntrySort, NewestEntries, replayWithNewest } from "./newestEntries";
import type { Replay, ReplayStart } from "./replay";
import { advice } from "../model/remedy";

/**
 * Of these the first in the record counts, so they take effect in the record's order only, also for the process that
 * wrote them.
 */
const orderMatters: readonly string[] = ["lease", "answer"];

/** What the rooms above need of a record that somebody has opened. */
export type OpenRecord = Pick<
  ProjectRecord,
  "ledger" | "state" | "onEntry" | "onLost" | "place" | "append" | "catchUp"
>;

export interface RecordOptions {
  readonly start: ReplayStart;
  /** `at_once` unless said otherwise. */
  readonly pace?: FollowPace;
  /** So many of the newest entries are kept; none unless said otherwise. */
  readonly keep?: number;
  /** What a view shows; other entries, of which as many are kept, take no room from these. */
  readonly shown?: EntrySort;
}

/**
 * A project's record as a live thing: its state and newest entries, kept up with what any process appends, until it is
 * closed.
 */
export class ProjectRecord {
  readonly #entries: EventEmitter<ContextEntry>;
  /** Every entry that comes from now on, own and foreign, once it is in `state`. */
  readonly onEntry: Event<ContextEntry>;
  readonly #losses: EventEmitter<Error>;
  #lost: Error | undefined;
  readonly #stop = new AbortController();
  /** Own entries that were not met in the record yet, and own entries that were met before `append` returned. */
  readonly #ahead = new Set<string>();
  readonly #behind = new Set<string>();
  /** Own entries whose place in the record decides; the follower meets them. */
  readonly #awaited = new Map<string, Deferred<undefined>>();
  #pending = 0;
  #place: RecordPlace;
  #closing: Promise<void> | undefined;
  readonly #following: Promise<void>;

  private constructor(
    /** This record's own: `close` closes it. */
    readonly ledger: Ledger,
    private readonly logger: Logger,
    readonly state: ProjectState,
    private readonly newest: NewestEntries,
    from: RecordPlace,
    pace: FollowPace,
  ) {
    const failed = (error: unknown): void =>
      logger.warn(`A listener to the log of ${ledger.project_id} failed: ${messageOf(error)}`);
    this.#entries = new EventEmitter(failed);
    this.onEntry = this.#entries.event;
    this.#losses = new EventEmitter(failed);
    this.#place = from;
    this.#following = this.#follow(pace);
  }

  /** Reads what there is and follows from there until `close`. Throws what reading throws; the ledger is then closed. */
  static async open(ledger: Ledger, logger: Logger, options: RecordOptions): Promise<ProjectRecord> {
    const { start, pace = "at_once", keep = 0, shown } = options;
    try {
      const { state, upTo, newest } = await replayWithNewest(ledger, start, keep, shown);
      return new ProjectRecord(ledger, logger, state, newest, upTo, pace);
    } catch (error) {
      await ledger.close().catch(() => undefined);
      throw error;
    }
  }

  /**
   * Goes on from what somebody has just read of it: the state is this record's from now on. Throws what reading throws; the
   * ledger is then closed.
   */
  static async resume(
    ledger: Ledger,
    logger: Logger,
    { state, upTo }: Pick<Replay, "state" | "upTo">,
  ): Promise<ProjectRecord> {
    const record = new ProjectRecord(ledger, logger, state, new NewestEntries(0), upTo, "at_once");
    try {
      await record.catchUp();
      return record;
    } catch (error) {
      await record.close().catch(() => undefined);
      throw error;
    }
  }

  /** The newest entries, oldest first; as many of each sort as were to be kept, at most. */
  get recent(): readonly ContextEntry[] {
    return this.newest.entries;
  }

  /** Up to where `state` has the record, but for own entries, which may be in it already. */
  get place(): RecordPlace {
    return this.#place;
  }

  /**
   * The record can be followed no longer (its folder was moved or deleted): what others write is not heard any more.
   * Told at once where that is so already.
   */
  readonly onLost: Event<Error> = (listener) => {
    if (!this.#lost) return this.#losses.event(listener);
    listener(this.#lost);
    return toDisposable(() => undefined);
  };

  /**
   * Resolves when the entry is as durable as wanted and in `state`. Once the record can no longer be followed (it was
   * deleted, moved, cut off), it throws what ended that: whoever writes on without seeing what others write could type
   * beside another runner. Throws `cancelled` once the record is closed, and what the ledger throws.
   */
  async append(draft: EntryDraft, durability: Durability): Promise<ContextEntry> {
    this.#requireFollowed();
    this.#pending++;
    try {
      const entry = await this.ledger.append(draft, durability);
      if (this.#lost) throw this.#lost;
      if (this.#behind.delete(entry.id) || this.#stop.signal.aborted) return entry;
      if (orderMatters.includes(entry.kind)) await this.#meeting(entry.id);
      else {
        this.#ahead.add(entry.id);
        this.#apply(entry);
      }
      return entry;
    } finally {
      this.#pending--;
      if (this.#pending === 0) this.#behind.clear();
    }
  }

  /**
   * Resolves when `state` has all that stands in the record now. Throws when it can be read no longer, and `cancelled`
   * once the record is closed.
   */
  async catchUp(): Promise<void> {
    for await (const stored of this.ledger.read(this.#place)) {
      this.#requireFollowed();
      this.#take(stored);
    }
    this.#requireFollowed();
  }

  /** Lets go of everything, the ledger included. Throws what could not be written. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stop.abort();
    await this.#following;
    await this.ledger.close();
  }

  #requireFollowed(): void {
    if (this.#lost) throw this.#lost;
    if (this.#stop.signal.aborted)
      throw new OrchestratorError("cancelled", "The log was closed in the meantime.", advice("Try again."));
  }

  #meeting(id: string): Promise<unknown> {
    const meeting = deferred<undefined>();
    this.#awaited.set(id, meeting);
    return meeting.promise;
  }

  async #follow(pace: FollowPace): Promise<void> {
    try {
      for await (const stored of this.ledger.follow(this.#place, this.#stop.signal, pace)) {
        this.#take(stored);
        // Only here: who follows a file sees when another was put in its place, who reads does not.
        if (orderMatters.includes(stored.entry.kind)) this.#met(stored.entry.id);
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#lose(error instanceof Error ? error : new Error(messageOf(error)));
    }
    // Whoever closes the ledger closes its record: nothing is heard of it any more.
    if (!this.#lost) this.#stop.abort();
    // When the record was closed, what waits is in it all the same.
    for (const meeting of this.#awaited.values()) {
      if (this.#lost) meeting.reject(this.#lost);
      else meeting.resolve(undefined);
    }
    this.#awaited.clear();
  }

  /** Whoever reads ahead and the follower both bring entries, each in the record's order; the first to come counts. */
  #take({ entry, next }: StoredEntry): void {
    if (!this.ledger.isBefore(this.#place, next)) return;
    this.#place = next;
    if (this.#ahead.delete(entry.id)) return;
    if (this.#pending > 0 && !orderMatters.includes(entry.kind)) this.#behind.add(entry.id);
    this.#apply(entry);
  }

  #met(id: string): void {
    const meeting = this.#awaited.get(id);
    if (meeting) meeting.resolve(undefined);
    else if (this.#pending > 0) this.#behind.add(id);
    this.#awaited.delete(id);
  }

  #lose(error: Error): void {
    this.#lost = error;
    this.logger.warn(`The log can no longer be followed: ${messageOf(error)}`);
    this.#losses.fire(error);
  }

  #apply(entry: ContextEntry): void {
    applyEntry(this.state, entry);
    this.newest.add(entry);
    this.#entries.fire(entry);
  }
}
