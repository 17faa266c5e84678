import { constants } from "node:fs";
import { join } from "node:path";
import { Sequencer } from "../../core/base/async";
import type { Clock } from "../../core/ports/machine";
import type { FilePlace } from "./filePlace";
import { crc32, crcHex } from "./crc32";
import { openOwn, readOwnText } from "./safePaths";

const quarantineName = "quarantine.jsonl";
/** The original bytes stay in the segment; the copy is for looking at, so a huge damage need not be doubled. */
const copyLimit = 256 * 1024;

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
  #known: Set<string> | undefined;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  async add(at: FilePlace, bytes: Buffer, why: string): Promise<void> {
    const crc = crcHex(crc32(bytes));
    const key = keyOf(at.segment, at.offset, crc);
    if (this.#known?.has(key)) return;
    const record: DamageRecord = {
      segment: at.segment,
      offset: at.offset,
      length: bytes.length,
      bytes_b64: bytes.subarray(0, copyLimit).toString("base64"),
      crc,
      why,
      seen_at: new Date(this.#clock.now()).toISOString(),
    };
    await this.#sequence.run(() => this.#write(key, record)).catch(() => undefined);
  }

  /** How many places are noted. */
  async count(): Promise<number> {
    return (await this.#load()).size;
  }

  async #write(key: string, record: DamageRecord): Promise<void> {
    // Read again each time: another process may have noted it meanwhile.
    const known = await this.#load();
    if (known.has(key)) return;
    const handle = await openOwn(
      join(this.#folder, quarantineName),
      constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT,
    );
    try {
      const line = Buffer.from(`${JSON.stringify(record)}\n`);
      const { bytesWritten } = await handle.write(line, 0, line.length, null);
      // What a full disk refused is tried again when the place is met again.
      if (bytesWritten === line.length) known.add(key);
    } finally {
      await handle.close();
    }
  }

  async #load(): Promise<Set<string>> {
    const known = (this.#known ??= new Set());
    const text = (await readOwnText(join(this.#folder, quarantineName))) ?? "";
    for (const line of text.split("\n")) {
      try {
        const { segment, offset, crc } = JSON.parse(line) as Partial<DamageRecord>;
        if (segment !== undefined && offset !== undefined && crc !== undefined) known.add(keyOf(segment, offset, crc));
      } catch {
        // A torn line here only means that the place is noted again.
      }
    }
    return known;
  }
}

function keyOf(segment: number, offset: number, crc: string): string {
  return `${segment}:${offset}:${crc}`;
}
