import type { Disposable } from "../../core/base/lifecycle";
import { OrchestratorError, messageOf } from "../../core/model/errors";
import type { Clock, Logger } from "../../core/ports/machine";
import { plural } from "../../core/model/sentences";
import type { Durability } from "../../core/ports/ledger";
import { ledgerError } from "./ledgerErrors";
import { type Line, SegmentWriter } from "./segmentWriter";
import { type OpenSegment, type SegmentLimits, listSegments } from "./segments";
import { advice } from "../../core/model/remedy";

/**
 * A killed process tears no write of up to 1 MiB (durability, finding 4); smaller ones also keep others' waits short.
 */
const batchBytes = 64 * 1024;
/** `written` entries are on the disk after this many milliseconds. */
const syncDelay = 1000;

interface PendingLine extends Line {
  readonly type: "line";
  readonly durability: Durability;
  /** Texts of the entry that must be on the disk before it. */
  readonly before: Promise<void> | undefined;
  resolve(): void;
  reject(error: OrchestratorError): void;
}

interface PendingSync {
  readonly type: "sync";
  resolve(): void;
  reject(error: OrchestratorError): void;
}

export interface AppenderOptions {
  /** The project's folder. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  readonly limits: SegmentLimits;
  readonly openSegment: OpenSegment;
  /** Refuses a folder that became unsafe; called before a segment is opened. */
  readonly checkFolder: () => Promise<void>;
  /** The line that ends a segment. */
  readonly endMark: (next: number) => Line;
}

/** Group commit: what is queued while a write runs goes out with the next one, in the order of the calls. */
export class Appender {
  readonly #options: AppenderOptions;
  #queue: (PendingLine | PendingSync)[] = [];
  #running: Promise<void> | undefined;
  #writer: SegmentWriter | undefined;
  /** There are entries that only the operating system has. */
  #unsynced = false;
  #syncTimer: Disposable | undefined;
  /** A sync by timer failed: entries that were called `written` may be lost with the power. */
  #syncFailure: OrchestratorError | undefined;
  #closed: Promise<void> | undefined;
  /** Lines that nobody was told about yet. */
  readonly #waiting = new Set<PendingLine>();
  /** There was no time left to write what is queued. */
  #abandoned = false;

  constructor(options: AppenderOptions) {
    this.#options = options;
  }

  /** Throws (rejects with) `disk_full`, `ledger_unwritable` or `ledger_unsafe`. */
  append(line: Line, durability: Durability, before?: Promise<void>): Promise<void> {
    before?.catch(() => undefined);
    return new Promise<void>((resolve, reject) => {
      const pending: PendingLine = {
        type: "line",
        ...line,
        durability,
        before,
        resolve: () => {
          this.#waiting.delete(pending);
          resolve();
        },
        reject: (error) => {
          this.#waiting.delete(pending);
          reject(error);
        },
      };
      this.#waiting.add(pending);
      this.#add(pending);
    });
  }

  /** Resolves when all that was appended before is on the disk. */
  async flush(): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve, reject) => this.#add({ type: "sync", resolve, reject }));
    const failure = this.#syncFailure;
    this.#syncFailure = undefined;
    if (failure) throw failure;
  }

  /**
   * Writes what is queued, then lets the file go, also when writing fails (it then throws). With `withinMs` it takes no
   * longer than that: what is not written by then is refused, and it throws how many entries those are (durability
   * R19).
   */
  async close(withinMs?: number): Promise<void> {
    if (this.#abandoned) return;
    this.#closed ??= this.#finish(this.flush());
    const finished = this.#closed;
    if (withinMs === undefined) return finished;
    let timer: Disposable | undefined;
    const late = new Promise<"late">((resolve) => (timer = this.#options.clock.after(withinMs, () => resolve("late"))));
    const how = await Promise.race([finished, late]).finally(() => timer?.dispose());
    if (how !== "late") return;
    // Entries called `written` are with the operating system, which does without us.
    finished.catch(() => undefined);
    this.#abandon();
  }

  #abandon(): void {
    this.#abandoned = true;
    const left = [...this.#waiting];
    if (left.length === 0) return;
    const refused = new OrchestratorError(
      "ledger_unwritable",
      `${plural(left.length, "event")} could not be written in time.`,
      advice("Check the disk that holds the .orchestrator folder: it does not respond."),
    );
    for (const line of left) line.reject(refused);
    throw refused;
  }

  async #finish(flushed: Promise<void>): Promise<void> {
    try {
      await flushed;
    } finally {
      await this.#running;
      this.#syncTimer?.dispose();
      await this.#dropWriter();
    }
  }

  #add(pending: PendingLine | PendingSync): void {
    if (this.#closed) {
      pending.reject(
        new OrchestratorError(
          "ledger_unwritable",
          "The event was not written: its project was closed.",
          advice("Try again."),
        ),
      );
      return;
    }
    this.#queue.push(pending);
    this.#running ??= this.#drain();
  }

  /** Never rejects. */
  async #drain(): Promise<void> {
    // Calls of the same turn share the first write.
    await Promise.resolve();
    while (this.#queue.length > 0 && !this.#abandoned) {
      const queue = this.#queue;
      this.#queue = [];
      for (let at = 0; at < queue.length && !this.#abandoned;) {
        const item = queue[at] as PendingLine | PendingSync;
        if (item.type === "sync") {
          at++;
          await this.#settleSync(item);
          continue;
        }
        const { batch, next } = await this.#takeBatch(queue, at);
        at = next;
        if (batch.length > 0) await this.#commit(batch);
      }
    }
    // In the same turn as the look at the queue, so that nothing is added to a queue that nobody drains.
    this.#running = undefined;
  }

  async #takeBatch(
    queue: readonly (PendingLine | PendingSync)[],
    from: number,
  ): Promise<{ batch: PendingLine[]; next: number }> {
    const batch: PendingLine[] = [];
    let bytes = 0;
    let next = from;
    for (; next < queue.length; next++) {
      const item = queue[next] as PendingLine | PendingSync;
      if (item.type === "sync" || (batch.length > 0 && bytes + item.bytes.length > batchBytes)) break;
      try {
        if (item.before) await item.before;
      } catch (error) {
        item.reject(ledgerError(error, this.#options.folder));
        continue;
      }
      batch.push(item);
      bytes += item.bytes.length;
    }
    return { batch, next };
  }

  async #commit(batch: readonly PendingLine[]): Promise<void> {
    let rest = batch;
    try {
      while (rest.length > 0) rest = await this.#appendOnce(rest);
    } catch (error) {
      await this.#dropWriter();
      const refused = ledgerError(error, this.#options.folder);
      for (const line of rest) line.reject(refused);
    }
  }

  /** Appends and acknowledges; gives back what came too late for its segment. */
  async #appendOnce(batch: readonly PendingLine[]): Promise<readonly PendingLine[]> {
    const bytes = batch.reduce((sum, line) => sum + line.bytes.length, 0);
    const writer = await this.#writerFor(bytes, batch.length);
    const sync = batch.some((line) => line.durability === "synced");
    const { late, durable } = await writer.append(batch, sync);
    const kept = late.length === 0 ? batch : batch.filter((line) => !late.includes(line));
    for (const line of kept) if (line.durability === "written") line.resolve();
    if (durable) {
      await this.#synced(durable);
      for (const line of kept) if (line.durability === "synced") line.resolve();
    } else {
      this.#unsynced = true;
      this.#syncLater();
    }
    return late;
  }

  /** The writer of a segment that has no end mark and room for the batch. */
  async #writerFor(bytes: number, entries: number): Promise<SegmentWriter> {
    this.#writer ??= await this.#openNewest();
    for (;;) {
      const writer = this.#writer;
      await writer.examine();
      if (writer.ended) await this.#goOn(writer.number + 1);
      else if (writer.hasRoom(bytes, entries, this.#options.limits)) return writer;
      else await writer.end(this.#options.endMark(writer.number + 1));
    }
  }

  async #openNewest(): Promise<SegmentWriter> {
    const { folder, openSegment, checkFolder } = this.#options;
    await checkFolder();
    const newest = (await listSegments(folder)).at(-1) ?? 1;
    return SegmentWriter.open(folder, newest, openSegment);
  }

  async #goOn(number: number): Promise<void> {
    const { folder, openSegment } = this.#options;
    if (this.#unsynced && this.#writer) await this.#synced(this.#writer.datasync());
    const next = await SegmentWriter.open(folder, number, openSegment);
    const previous = this.#writer;
    this.#writer = next;
    // What it wrote is on the disk already.
    await previous?.close().catch(() => undefined);
  }

  #syncLater(): void {
    this.#syncTimer ??= this.#options.clock.after(syncDelay, () => {
      this.#syncTimer = undefined;
      if (this.#closed) return;
      // A failure is kept for the next flush.
      this.#add({ type: "sync", resolve: () => undefined, reject: () => undefined });
    });
  }

  async #settleSync(item: PendingSync): Promise<void> {
    if (!this.#unsynced || !this.#writer) {
      item.resolve();
      return;
    }
    try {
      await this.#synced(this.#writer.datasync());
      item.resolve();
    } catch (error) {
      await this.#dropWriter();
      item.reject(ledgerError(error, this.#options.folder));
    }
  }

  /**
   * Waits for a sync. After one that failed the system may call the same pages clean, so a second try would prove
   * nothing: entries that were acknowledged as `written` before are reported by the next `flush`.
   */
  async #synced(sync: Promise<void>): Promise<void> {
    const uncertain = this.#unsynced;
    this.#unsynced = false;
    try {
      await sync;
    } catch (error) {
      if (uncertain) this.#reportLater(error);
      throw error;
    }
  }

  #reportLater(error: unknown): void {
    this.#syncFailure = ledgerError(error, this.#options.folder);
    this.#options.logger?.warn(messageOf(this.#syncFailure));
  }

  /** After a failure the file is opened anew, and its end looked at anew. */
  async #dropWriter(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    if (!writer) return;
    try {
      if (this.#unsynced) await this.#synced(writer.datasync());
    } catch {
      // Reported by the next flush.
    } finally {
      await writer.close().catch(() => undefined);
    }
  }
}
