import { type Stats, lstatSync } from "node:fs";
import { diskFull, isMissing, recordGone } from "./ledgerErrors";
import { segmentEndBytes, segmentEndKind } from "./lineCodec";
import { SegmentReader } from "./segmentReader";
import { type OpenSegment, type SegmentFile, type SegmentLimits, segmentPath } from "./segments";
import { syncFolder } from "./safePaths";

const newlineByte = 0x0a;
const newlineBytes = Buffer.from("\n");
const scanBytes = 256 * 1024;

/** A line on its way into the record. */
export interface Line {
  readonly id: string;
  readonly bytes: Buffer;
}

export interface Appended<L extends Line> {
  /** Lines that came after the segment's end mark: they do not count and must go to the next segment. */
  readonly late: readonly L[];
  /** Resolves when the bytes are on the disk; undefined when that was not asked for. */
  readonly durable: Promise<void> | undefined;
}

/**
 * Appends to one segment that other processes append to as well, without a lock.
 *
 * A segment is ended by a line of its own, the end mark. O_APPEND gives every write its place, so all processes agree
 * on whether a line stands before or after the first end mark; what stands after it does not count. Therefore, after
 * each write:
 * - the file has grown by exactly our bytes: nothing came between the last look and our write, so no end mark did
 * either;
 * - it has grown by more: the new bytes are read; lines of ours behind an end mark are written again into the next
 * segment. Only then are entries acknowledged. Nobody writes to segment n+1 before having seen the end mark of n, so a
 * reader that has seen it is done with n for good, positions never change their order, and "first in the file" means
 * the same to everyone.
 */
export class SegmentWriter {
  readonly number: number;
  readonly path: string;
  readonly #folder: string;
  readonly #file: SegmentFile;
  readonly #inode: number;
  /** All bytes before this place were examined. */
  #examined = 0;
  /** After the last newline among them: examination goes on here, as a line may have been seen in part. */
  #lineStart = 0;
  #lines = 0;
  #ended = false;

  private constructor(folder: string, number: number, file: SegmentFile, inode: number) {
    this.#folder = folder;
    this.number = number;
    this.path = segmentPath(folder, number);
    this.#file = file;
    this.#inode = inode;
  }

  static async open(folder: string, number: number, openSegment: OpenSegment): Promise<SegmentWriter> {
    const file = await openSegment(segmentPath(folder, number));
    try {
      const stats = await file.stat();
      // The name of a new file must survive a power loss before anything in it is called durable.
      if (stats.size === 0) await syncFolder(folder);
      return new SegmentWriter(folder, number, file, stats.ino);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** An end mark was seen: nothing may be appended any more. */
  get ended(): boolean {
    return this.#ended;
  }

  hasRoom(bytes: number, entries: number, limits: SegmentLimits): boolean {
    return this.#examined === 0 || (this.#examined + bytes <= limits.bytes && this.#lines + entries <= limits.entries);
  }

  /** Looks at what others appended. Throws `ledger_unwritable` when the file was deleted, moved or replaced. */
  async examine(): Promise<void> {
    let stats: Stats;
    try {
      // 2 us; by way of the thread pool it would be a third of what a synced append takes.
      stats = lstatSync(this.path);
    } catch (error) {
      if (isMissing(error)) throw recordGone(this.#folder, "ledger_unwritable");
      throw error;
    }
    if (stats.ino !== this.#inode) throw recordGone(this.#folder, "ledger_unwritable");
    await this.#examineTo(stats.size);
  }

  /**
   * One write, right after `examine`. A torn line at the end (a crash) gets its newline first, so that it damages no
   * other. Throws `disk_full` when not all bytes were taken: lines of this batch may then be in the record although
   * they were refused.
   */
  async append<L extends Line>(lines: readonly L[], sync: boolean): Promise<Appended<L>> {
    const before = this.#examined;
    const beforeLine = this.#lineStart;
    const pieces = lines.map((line) => line.bytes);
    if (beforeLine !== before) pieces.unshift(newlineBytes);
    const data = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
    const { bytesWritten } = await this.#file.write(data, 0, data.length, null);
    if (bytesWritten !== data.length) throw diskFull(this.path);
    const durable = sync ? this.#file.datasync() : undefined;
    // It is awaited by the caller; should something fail before that, its own failure must not go unhandled.
    durable?.catch(() => undefined);
    const { size } = await this.#file.stat();
    if (size === before + data.length) {
      this.#examined = size;
      this.#lineStart = size;
      this.#lines += pieces.length;
      return { late: [], durable };
    }
    await this.#examineTo(size);
    if (!this.#ended) return { late: [], durable };
    const { ids } = await this.#beforeEnd(beforeLine);
    return { late: lines.filter((line) => !ids.has(line.id)), durable };
  }

  /**
   * Ends the segment. Several writers may do so at once: the first mark in the file counts, the others stand behind it.
   */
  async end(mark: Line): Promise<void> {
    const { durable } = await this.append([mark], true);
    await durable;
    this.#ended = true;
  }

  async datasync(): Promise<void> {
    await this.#file.datasync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #examineTo(size: number): Promise<void> {
    // Shorter than before: somebody cut the file; what is left is looked at anew.
    if (size < this.#examined) this.#forget();
    if (size === this.#examined) return;
    const from = this.#lineStart;
    const chunk = Buffer.allocUnsafe(Math.min(scanBytes, size - from));
    let marked = false;
    let kept = 0;
    for (let place = from; place < size;) {
      const wanted = Math.min(chunk.length - kept, size - place);
      const { bytesRead } = await this.#file.read(chunk, kept, wanted, place);
      if (bytesRead === 0) break;
      const filled = chunk.subarray(0, kept + bytesRead);
      this.#countLines(filled, kept, place - kept);
      marked ||= filled.includes(segmentEndBytes);
      place += bytesRead;
      this.#examined = place;
      // The mark may lie across two chunks.
      kept = place < size ? Math.min(segmentEndBytes.length - 1, filled.length) : 0;
      filled.copy(chunk, 0, filled.length - kept);
    }
    if (marked && !this.#ended) this.#ended = (await this.#beforeEnd(from)).ended;
  }

  #countLines(bytes: Buffer, start: number, base: number): void {
    for (let at = bytes.indexOf(newlineByte, start); at !== -1; at = bytes.indexOf(newlineByte, at + 1)) {
      this.#lines++;
      this.#lineStart = base + at + 1;
    }
  }

  #forget(): void {
    this.#examined = 0;
    this.#lineStart = 0;
    this.#lines = 0;
    this.#ended = false;
  }

  /** Ids between a line's start and the first end mark, or the present end. */
  async #beforeEnd(from: number): Promise<{ ids: Set<string>; ended: boolean }> {
    const reader = new SegmentReader(this.#file, from);
    const ids = new Set<string>();
    while (await reader.fill()) {
      for (const part of reader.take(Infinity)) {
        if (part.type !== "entry") continue;
        if (part.entry.kind === segmentEndKind) return { ids, ended: true };
        ids.add(part.entry.id);
      }
    }
    return { ids, ended: false };
  }
}
