/** So many bytes of what a terminal got are kept: the screens that a person may still ask about, however they came. */
const keptBytes = 200_000;
/** A session that prints little takes little memory. */
const firstBytes = 4096;

/** The last bytes that a terminal got. */
export class RecentOutput {
  #ring = Buffer.alloc(0);
  /** Where the next byte goes. */
  #at = 0;
  #length = 0;
  #total = 0;

  constructor(private readonly limit = keptBytes) {}

  /** The bytes are copied. */
  write(bytes: Buffer): void {
    this.#total += bytes.length;
    const rest = bytes.length > this.limit ? bytes.subarray(bytes.length - this.limit) : bytes;
    if (this.#length + rest.length > this.#ring.length && this.#ring.length < this.limit) this.#grow(rest.length);
    const first = Math.min(rest.length, this.#ring.length - this.#at);
    rest.copy(this.#ring, this.#at, 0, first);
    rest.copy(this.#ring, 0, first);
    this.#at = this.#ring.length === 0 ? 0 : (this.#at + rest.length) % this.#ring.length;
    this.#length = Math.min(this.#ring.length, this.#length + rest.length);
  }

  /** `cut`: something came before it. Half a character at its beginning is replaced. */
  read(): { readonly text: string; readonly cut: boolean } {
    return { text: this.#bytes().toString("utf8"), cut: this.#total > this.#length };
  }

  #bytes(): Buffer {
    if (this.#length < this.#ring.length) return this.#ring.subarray(0, this.#length);
    return Buffer.concat([this.#ring.subarray(this.#at), this.#ring.subarray(0, this.#at)]);
  }

  #grow(more: number): void {
    const kept = this.#bytes();
    let size = Math.max(firstBytes, this.#ring.length);
    while (size < this.#length + more) size *= 2;
    this.#ring = Buffer.alloc(Math.min(this.limit, size));
    kept.copy(this.#ring);
    this.#at = kept.length;
  }
}
