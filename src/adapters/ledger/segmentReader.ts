import { type LinePart, decodeLine } from "./lineCodec";
import type { SegmentFile } from "./segments";

/** Bytes read and decoded before others get their turn (durability 8.1: 4.5 ms a piece). */
const chunkBytes = 256 * 1024;
const newline = 0x0a;

/** A part with its places in the file; reading goes on after it at `next`, behind the newline when the part ends its line. */
export type PlacedPart = LinePart & { readonly next: number };

/** Reads a segment forwards, chunk by chunk, through one buffer. The parts of a chunk must be used before the next is read. */
export class SegmentReader {
  readonly #file: Pick<SegmentFile, "read">;
  #buffer: Buffer;
  #filled = 0;
  /** Place of the buffer's first byte in the file. */
  #base: number;
  /** First byte in the buffer that is not decoded yet, and the first not yet searched for a newline. */
  #start = 0;
  #searched = 0;

  constructor(file: Pick<SegmentFile, "read">, offset: number, bufferBytes = chunkBytes) {
    this.#file = file;
    this.#base = offset;
    this.#buffer = Buffer.allocUnsafe(bufferBytes);
  }

  /** Where the first line begins that was not given out yet. */
  get offset(): number {
    return this.#base + this.#start;
  }

  /** Bytes of a last line that has no newline yet. */
  get incomplete(): number {
    return this.#filled - this.#start;
  }

  /** Reads on; false at the present end of the file. Throws what the system threw. */
  async fill(): Promise<boolean> {
    if (this.#start > 0) {
      this.#buffer.copy(this.#buffer, 0, this.#start, this.#filled);
      this.#base += this.#start;
      this.#filled -= this.#start;
      this.#searched -= this.#start;
      this.#start = 0;
    }
    if (this.#filled === this.#buffer.length) {
      const larger = Buffer.allocUnsafe(this.#buffer.length * 2);
      this.#buffer.copy(larger, 0, 0, this.#filled);
      this.#buffer = larger;
    }
    const room = Math.min(this.#buffer.length - this.#filled, chunkBytes);
    const { bytesRead } = await this.#file.read(this.#buffer, this.#filled, room, this.#base + this.#filled);
    this.#filled += bytesRead;
    return bytesRead > 0;
  }

  /** The parts of all complete lines in the buffer, with their places in the file. */
  *parts(): Generator<PlacedPart> {
    for (;;) {
      const end = this.#buffer.subarray(0, this.#filled).indexOf(newline, this.#searched);
      if (end === -1) {
        this.#searched = this.#filled;
        return;
      }
      const start = this.#start;
      this.#start = end + 1;
      this.#searched = end + 1;
      yield* this.#placed(start, end, 1);
    }
  }

  /** As `parts` for the last line without a newline, when it is certain that none will come. */
  *rest(): Generator<PlacedPart> {
    const start = this.#start;
    this.#start = this.#filled;
    this.#searched = this.#filled;
    yield* this.#placed(start, this.#filled, 0);
  }

  *#placed(start: number, end: number, newlineBytes: number): Generator<PlacedPart> {
    for (const part of decodeLine(this.#buffer, start, end)) {
      const endsLine = part.end === end || (part.end === end - 1 && this.#buffer[part.end] === 0x0d);
      const next = (endsLine ? end + newlineBytes : part.end) + this.#base;
      yield { ...part, start: part.start + this.#base, end: part.end + this.#base, next };
    }
  }

  /** A copy of bytes of a part that was just given out. */
  bytes(start: number, end: number): Buffer {
    return Buffer.from(this.#buffer.subarray(start - this.#base, end - this.#base));
  }
}
