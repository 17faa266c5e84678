import { type LinePart, decodeLine } from "./lineCodec";
import type { SegmentFile } from "./segments";

/** Bytes read and decoded before others get their turn (durability 8.1: 4.5 ms a piece). */
const chunkBytes = 256 * 1024;
const newline = 0x0a;

/** Reads a segment forwards, chunk by chunk, through one buffer. */
export class SegmentReader {
  readonly #file: Pick<SegmentFile, "read">;
  #buffer: Buffer;
  #filled = 0;
  /** Place of the buffer's first byte in the file. */
  #base: number;
  /** First byte in the buffer that is not decoded yet, and the first not yet searched for a newline. */
  #start = 0;
  #searched = 0;
  /** The last read met the end of the file; whoever looks again sets it back. */
  drained = false;

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
    this.drained = bytesRead < room;
    return bytesRead > 0;
  }

  /** Parts of complete lines in the buffer, in pieces of about `most`; none when the buffer must be filled first. */
  take(most: number): LinePart[] {
    const parts: LinePart[] = [];
    const filled = this.#buffer.subarray(0, this.#filled);
    while (parts.length < most) {
      const end = filled.indexOf(newline, this.#searched);
      if (end === -1) {
        this.#searched = this.#filled;
        break;
      }
      const decoded = decodeLine(this.#buffer, this.#start, end, this.#base, 1);
      if (decoded.length === 1) parts.push(decoded[0] as LinePart);
      else parts.push(...decoded);
      this.#start = end + 1;
      this.#searched = end + 1;
    }
    return parts;
  }

  /** The last line without a newline, when it is certain that none will come. */
  takeRest(): LinePart[] {
    const start = this.#start;
    this.#start = this.#filled;
    this.#searched = this.#filled;
    return decodeLine(this.#buffer, start, this.#filled, this.#base);
  }

  /** A copy of the bytes of a part; only until the buffer is filled again. */
  bytes(start: number, end: number): Buffer {
    return Buffer.from(this.#buffer.subarray(start - this.#base, end - this.#base));
  }
}
