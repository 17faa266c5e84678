import { type Deferred, deferred, Sequencer } from "../base/async";
import { EventEmitter } from "../base/event";
import type { ContextEntry, EntryDraft } from "../model/entry";
import { messageOf, OrchestratorError } from "../model/errors";
import { applyEntry, emptyProjectState, type ProjectState } from "../model/projectState";
import type { Logger } from "../ports/machine";
import type { Durability, Ledger, Position } from "../ports/ledger";
/**
 * Of these the first in the record counts, so they take effect in the record's order only, also for the process that
 * wrote them.
 */
const orderMatters: readonly string[] = ["lease", "answer"];

/** What the parts of the engine need of a journal. */
export type OpenRecord = Pick<
  ProjectRecord,
  "ledger" | "state" | "onEntry" | "onLost" | "position" | "append" | "catchUp"
>;

/**
 * A project's record as the engine lives with it: appends, follows what other processes append, and keeps the state
 * that follows from it.
 */
export class ProjectRecord {
  readonly state: ProjectState = emptyProjectState();
  readonly #entries = new EventEmitter<ContextEntry>();
  /** Every entry, own and foreign, once it is in `state`. */
  readonly onEntry = this.#entries.event;
  readonly #lostEvents = new EventEmitter<Error>();
  /**
   * The record can be followed no longer (its folder was moved or deleted): what others write is not heard any more.
   */
  readonly onLost = this.#lostEvents.event;
  #lost: Error | undefined;
  readonly #catchingUp = new Set<{ readonly until: Position; readonly done: Deferred<undefined> }>();
  readonly #stop = new AbortController();
  /** Own entries that the follower has not met yet, and own entries that it met before `append` returned. */
  readonly #ahead = new Set<string>();
  readonly #behind = new Set<string>();
  readonly #awaited = new Map<string, Deferred<undefined>>();
  #pending = 0;
  #position: Position = { segment: 1, offset: 0 };
  #following: Promise<void> | undefined;

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
        if (this.#lost) meeting.reject(this.#lost);
        else this.#met(id);
      }
      for (const waiting of this.#catchingUp) waiting.done.reject(this.#noMore());
      this.#catchingUp.clear();
    });
  }

  /** Up to where `state` has followed the record. */
  get position(): Position {
    return this.#position;
  }

  /**
   * Resolves when the entry is as durable as wanted and in `state`. Once the record can no longer be followed (it was
   * deleted, moved, cut off), it throws what ended that: whoever writes on without seeing what others write could drive
   * beside another driver.
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

  /** Resolves when `state` has all that stands in the record now. Throws when it can be read no longer. */
  async catchUp(): Promise<void> {
    let until: Position | undefined;
    for await (const stored of this.ledger.read(this.#position)) until = stored.next;
    if (until === undefined || !isBefore(this.#position, until)) return;
    if (!this.#following) throw this.#noMore();
    const waiting = { until, done: deferred<undefined>() };
    this.#catchingUp.add(waiting);
    await waiting.done.promise;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#following;
    await this.ledger.close();
  }

  #requireSeen(): void {
    if (this.#lost) throw this.#lost;
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
        if (!this.#ahead.delete(id)) {
          if (this.#pending > 0 && !this.#awaited.has(id)) this.#behind.add(id);
          this.#apply(stored.entry);
          this.#met(id);
        }
        this.#reached();
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#lose(error instanceof Error ? error : new Error(messageOf(error)));
    }
  }

  #reached(): void {
    for (const waiting of this.#catchingUp) {
      if (isBefore(this.#position, waiting.until)) continue;
      this.#catchingUp.delete(waiting);
      waiting.done.resolve(undefined);
    }
  }

  #noMore(): Error {
    return this.#lost ?? new OrchestratorError("cancelled", "The record is closed.", "Run the command again.");
  }

  #lose(error: Error): void {
    this.#lost = error;
    this.logger.warn(`The record is no longer followed: ${messageOf(error)}`);
    this.#lostEvents.fire(error);
  }

  #apply(entry: ContextEntry): void {
    applyEntry(this.state, entry);
    this.#entries.fire(entry);
  }
}

function isBefore(one: Position, other: Position): boolean {
  return one.segment < other.segment || (one.segment === other.segment && one.offset < other.offset);
}

/**
 * The journal of one driver: before each append `check` is asked, which rejects once another process drives, and each
 * entry carries the driver's generation, so that readers can tell what a driver wrote that had lost its place without
 * knowing it yet.
 */
export function runnersRecord(
  journal: OpenRecord,
  check: () => Promise<void>,
  generation: () => number | undefined,
): OpenRecord {
  const checks = new Sequencer();
  return {
    ledger: journal.ledger,
    state: journal.state,
    onEntry: journal.onEntry,
    onLost: journal.onLost,
    catchUp: () => journal.catchUp(),
    get position() {
      return journal.position;
    },
    // One after the other, so that what is appended first also comes first.
    append: async (draft, durability) => {
      await checks.run(check);
      return journal.append({ ...draft, generation: generation() }, durability);
    },
  };
}
