import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { Sequencer } from "../../core/base/async";
import type { Clock } from "../../core/ports/machine";
import { crc32, crcHex } from "./crc32";
import type { FilePlace } from "./filePlace";
import { isMissing } from "./ledgerErrors";
import { openOwn } from "./safePaths";

const quarantineName = "quarantine.jsonl";
/** The original bytes stay in the segment; the copy is for looking at, so a huge damage need not be doubled. */
const copyLimit = 256 * 1024;
const newline = 0x0a;

/** Bytes of a record that could not be read. */
export interface Damage {
  readonly at: FilePlace;
  readonly bytes: Buffer;
  readonly why: string;
}

interface DamageRecord {
  readonly segment: number;
  readonly offset: number;
  /** Bytes that could not be read; `bytes_b64` holds at most the first 256 KiB of them. */
  readonly length: number;
  readonly bytes_b64: string;
  /** CRC-32 of all the bytes: the same place may be damaged anew after a repair by hand. */
  readonly crc: string;
  readonly why: string;
  readonly seen_at: string;
}

/**
 * quarantine.jsonl: what could not be read, each place once. Never throws: a record that cannot be written can still be
 * read.
 */
export class Quarantine {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #sequence = new Sequencer();
  readonly #known = new Set<string>();
  /** The file that was read, and up to the end of which of its lines; only what comes after that is read again. */
  #inode: number | undefined;
  #readTo = 0;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Notes those that are not noted yet, with one write. */
  async add(damages: readonly Damage[]): Promise<void> {
    const found = damages.map((damage) => ({ ...damage, crc: crcHex(crc32(damage.bytes)) }));
    const isNew = ({ at, crc }: { at: FilePlace; crc: string }): boolean =>
      !this.#known.has(keyOf(at.segment, at.offset, crc));
    if (!found.some(isNew)) return;
    const noted = async (): Promise<void> => {
      const handle = await this.#open(constants.O_RDWR | constants.O_APPEND | constants.O_CREAT);
      try {
        // Another process may have noted some meanwhile.
        const atLineStart = await this.#catchUp(handle);
        const records = found.filter(isNew).map((damage) => this.#record(damage));
        await this.#write(handle, records, atLineStart ? "" : "\n");
      } finally {
        await handle.close();
      }
    };
    await this.#sequence.run(noted).catch(() => undefined);
  }

  /** How many places are noted. */
  count(): Promise<number> {
    return this.#sequence.run(async () => {
      try {
        const handle = await this.#open(constants.O_RDONLY);
        await this.#catchUp(handle).finally(() => handle.close());
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
      return this.#known.size;
    });
  }

  #open(flags: number): Promise<FileHandle> {
    return openOwn(join(this.#folder, quarantineName), flags);
  }

  #record({ at, bytes, crc, why }: Damage & { readonly crc: string }): DamageRecord {
    return {
      segment: at.segment,
      offset: at.offset,
      length: bytes.length,
      bytes_b64: bytes.subarray(0, copyLimit).toString("base64"),
      crc,
      why,
      seen_at: new Date(this.#clock.now()).toISOString(),
    };
  }

  /** What a full disk refused is tried again when the place is met again. `before`: ends a torn line of another. */
  async #write(handle: FileHandle, records: readonly DamageRecord[], before: string): Promise<void> {
    if (records.length === 0) return;
    const data = Buffer.from(`${before}${records.map((record) => `${JSON.stringify(record)}\n`).join("")}`);
    const { bytesWritten } = await handle.write(data, 0, data.length, null);
    if (bytesWritten !== data.length) return;
    for (const { segment, offset, crc } of records) this.#known.add(keyOf(segment, offset, crc));
  }

  /** Reads what was noted since the last time; false when the file ends within a line. */
  async #catchUp(handle: FileHandle): Promise<boolean> {
    const { ino, size } = await handle.stat();
    if (ino !== this.#inode || size < this.#readTo) this.#readTo = 0;
    this.#inode = ino;
    const bytes = Buffer.allocUnsafe(size - this.#readTo);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, this.#readTo);
    const end = bytes.subarray(0, bytesRead).lastIndexOf(newline) + 1;
    for (const line of bytes.toString("utf8", 0, end).split("\n")) {
      try {
        const { segment, offset, crc } = JSON.parse(line) as Partial<DamageRecord>;
        if (segment !== undefined && offset !== undefined && crc !== undefined)
          this.#known.add(keyOf(segment, offset, crc));
      } catch {
        // A torn line here only means that the place is noted again.
      }
    }
    this.#readTo += end;
    return end === bytesRead;
  }
}

function keyOf(segment: number, offset: number, crc: string): string {
  return `${segment}:${offset}:${crc}`;
}
