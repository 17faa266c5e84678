import { lstat } from "node:fs/promises";
import type { RecordPlace, StoredEntry } from "../../core/ports/ledger";
import { asFilePlace, type FilePlace, filePlace } from "./filePlace";
import { damaged, isMissing, recordGone } from "./ledgerErrors";
import { type LinePart, mayBegin, segmentEndKind } from "./lineCodec";
import { SegmentReader } from "./segmentReader";
import { shareTurn } from "./sharedTurn";
import { type SegmentFile, listSegments, openForRead, segmentAfter, segmentPath, segmentSize } from "./segments";

export type WalkItem =
  | { readonly type: "entry"; readonly stored: StoredEntry }
  | { readonly type: "damage"; readonly at: FilePlace; readonly bytes: Buffer; readonly why: string }
  /** A segment was read to its end: bytes after the end mark and bytes of an unfinished last line. */
  | {
      readonly type: "segment";
      readonly segment: number;
      readonly bytes: number;
      readonly afterEnd: number;
      readonly incomplete: number;
    };

interface Piece {
  readonly items: WalkItem[];
  readonly over: "segment" | "record" | undefined;
}

/** Waits for more; false ends the walk. */
export type WaitForMore = () => Promise<boolean>;

/** Entries decoded between two looks at the time. */
const pieceEntries = 32;

/**
 * Everything in the record from a position on, in its order: segment, then offset.
 *
 * Why a reader never misses an entry at a segment's end: a segment is over at its first end mark, and writers append to
 * the next one only after they have seen that mark. A writer whose lines come after the mark in the file notices that
 * and writes them again into the next segment (segmentWriter); here they are passed over. So no entry can appear behind
 * a place that was already read.
 */
export class RecordWalk {
  readonly #folder: string;
  readonly #wait: WaitForMore | undefined;
  #segment = 0;
  #file: SegmentFile | undefined;
  #inode: number | undefined;
  #reader: SegmentReader | undefined;
  /** A later segment had entries when this one was last read to its end. */
  #laterSeen = false;
  /**
   * The open segment was waited at its end before, and has grown since: what woke the reader is in it, so later
   * segments need no look.
   */
  #waited = false;
  #grown = false;

  constructor(folder: string, wait?: WaitForMore) {
    this.#folder = folder;
    this.#wait = wait;
  }

  /**
   * Items in pieces, each used at once. Throws `ledger_corrupt` when `from` is no place in this record,
   * `project_not_found` when it vanishes.
   */
  async *pieces(from: RecordPlace | undefined): AsyncGenerator<WalkItem[], void, undefined> {
    try {
      let opened = await this.#begin(from && asFilePlace(from));
      while (!opened) {
        if (!(await this.#more())) return;
        opened = await this.#advance();
      }
      for (;;) {
        const { items, over } = await this.#nextPiece();
        if (items.length > 0) yield items;
        if (over === "record") return;
        if (over === "segment") while (!(await this.#advance())) if (!(await this.#more())) return;
      }
    } finally {
      await this.#file?.close();
      this.#file = undefined;
    }
  }

  /** What comes next in the open segment, and whether that ends it, or the walk. */
  async #nextPiece(): Promise<Piece> {
    const reader = this.#reader as SegmentReader;
    const items: WalkItem[] = [];
    await shareTurn();
    for (const part of reader.take(pieceEntries)) {
      if (part.type === "entry" && part.entry.kind === segmentEndKind) {
        const size = (await segmentSize(this.#folder, this.#segment)) ?? part.end;
        items.push(this.#over(size, size - part.next, 0));
        return { items, over: "segment" };
      }
      items.push(this.#item(part));
    }
    if (items.length > 0) return { items, over: undefined };
    if (!reader.drained && (await reader.fill())) {
      this.#grown = this.#waited;
      return { items, over: undefined };
    }
    return this.#atEnd(reader);
  }

  async #atEnd(reader: SegmentReader): Promise<Piece> {
    reader.drained = false;
    if (this.#laterSeen) {
      // Later segments have entries, so this one had an end mark; it is damaged, and nothing more will come.
      const items = reader.takeRest().map((part) => this.#item(part));
      return { items: [...items, this.#over(reader.offset, 0, 0)], over: "segment" };
    }
    if (!this.#grown) {
      this.#laterSeen = await this.#laterHasEntries();
      if (this.#laterSeen) return { items: [], over: undefined };
    }
    const { incomplete } = reader;
    if (!this.#wait) return { items: [this.#over(reader.offset + incomplete, 0, incomplete)], over: "record" };
    if (!(await this.#more())) return { items: [], over: "record" };
    await this.#checkStillThere(reader.offset + incomplete);
    return { items: [], over: undefined };
  }

  #over(bytes: number, afterEnd: number, incomplete: number): WalkItem {
    return { type: "segment", segment: this.#segment, bytes, afterEnd: Math.max(0, afterEnd), incomplete };
  }

  #item(part: LinePart): WalkItem {
    const at = filePlace(this.#segment, part.start);
    if (part.type === "damage") {
      return { type: "damage", at, bytes: (this.#reader as SegmentReader).bytes(part.start, part.end), why: part.why };
    }
    return { type: "entry", stored: { entry: part.entry, at, next: filePlace(this.#segment, part.next) } };
  }

  async #begin(from: FilePlace | undefined): Promise<boolean> {
    if (from && from.offset > 0) {
      try {
        await this.#open(from.segment, from.offset);
      } catch (error) {
        if (isMissing(error)) throw damaged(segmentPath(this.#folder, from.segment), "is missing");
        throw error;
      }
      await this.#checkPlace(from);
      return true;
    }
    this.#segment = (from?.segment ?? 1) - 1;
    return this.#advance();
  }

  /** Opens the next segment that exists. */
  async #advance(): Promise<boolean> {
    const next = await this.#inFolder(() => segmentAfter(this.#folder, this.#segment));
    if (next === undefined) return false;
    await this.#open(next, 0);
    return true;
  }

  async #open(segment: number, offset: number): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    const file = await openForRead(segmentPath(this.#folder, segment));
    this.#file = file;
    this.#inode = (await file.stat()).ino;
    this.#segment = segment;
    this.#laterSeen = false;
    this.#waited = false;
    this.#grown = false;
    this.#reader = new SegmentReader(file, offset);
  }

  async #checkPlace({ segment, offset }: FilePlace): Promise<void> {
    const file = this.#file as SegmentFile;
    const around = Buffer.alloc(6);
    const { bytesRead } = await file.read(around, 0, around.length, offset - 1);
    const { size } = await file.stat();
    if (size < offset || !mayBegin(around[0], around.subarray(1, bytesRead))) {
      throw damaged(segmentPath(this.#folder, segment), `has no event at byte ${offset}`);
    }
  }

  async #laterHasEntries(): Promise<boolean> {
    const later = (await this.#inFolder(() => listSegments(this.#folder))).filter((segment) => segment > this.#segment);
    for (const segment of later) if (((await segmentSize(this.#folder, segment)) ?? 0) > 0) return true;
    return false;
  }

  /** A record that is cut, replaced or deleted while it is followed must not look like a quiet one. */
  async #checkStillThere(readTo: number): Promise<void> {
    const path = segmentPath(this.#folder, this.#segment);
    const stats = await this.#inFolder(() => lstat(path));
    if (stats.ino !== this.#inode) throw recordGone(this.#folder, "project_not_found");
    if (stats.size < readTo) throw damaged(path, "was shortened while it was read");
  }

  async #inFolder<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (isMissing(error)) throw recordGone(this.#folder, "project_not_found");
      throw error;
    }
  }

  async #more(): Promise<boolean> {
    if (!this.#wait) return false;
    const more = await this.#wait();
    this.#waited = true;
    this.#grown = false;
    return more;
  }
}
