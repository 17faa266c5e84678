const blockSize = 64 * 1024;

/** The bytes that a command printed; of very long output the last `limit` bytes (default 1 MiB). */
export class CommandOutput {
  readonly limit: number;
  readonly #blocks: Uint8Array[] = [];
  /** Bytes used in the last block. */
  #filled = 0;
  #kept = 0;
  #total = 0;
  #incomplete = false;

  constructor(limit = 1024 * 1024) {
    this.limit = limit;
  }

  append(bytes: Uint8Array): void {
    this.#total += bytes.length;
    for (let at = 0; at < bytes.length;) {
      let block = this.#blocks.at(-1);
      if (!block || this.#filled === block.length) {
        block = new Uint8Array(blockSize);
        this.#blocks.push(block);
        this.#filled = 0;
      }
      const part = bytes.subarray(at, at + block.length - this.#filled);
      block.set(part, this.#filled);
      this.#filled += part.length;
      this.#kept += part.length;
      at += part.length;
      if (this.#kept - blockSize >= this.limit) {
        this.#blocks.shift();
        this.#kept -= blockSize;
      }
    }
  }

  /** Some of it was lost on the way. */
  gap(): void {
    this.#incomplete = true;
  }

  /** All bytes that came, also those no longer kept. */
  get total(): number {
    return this.#total;
  }

  /** The beginning is not kept. */
  get truncatedHead(): boolean {
    return this.#total > this.limit;
  }

  get incomplete(): boolean {
    return this.#incomplete;
  }

  /** A copy of what came after the first `total` bytes, as far as it is kept. */
  since(total: number): Uint8Array {
    const kept = this.bytes();
    return kept.subarray(Math.max(0, kept.length - (this.#total - total)));
  }

  /** A copy of what is kept. */
  bytes(): Uint8Array {
    const whole = new Uint8Array(this.#kept);
    let at = 0;
    for (const [index, block] of this.#blocks.entries()) {
      const used = index === this.#blocks.length - 1 ? block.subarray(0, this.#filled) : block;
      whole.set(used, at);
      at += used.length;
    }
    return whole.subarray(Math.max(0, whole.length - this.limit));
  }
}
