/** The bytes that a command printed; of very long output the last `limit` bytes. */
export class CommandOutput {
  readonly limit: number;
  #incomplete = false;

  constructor(limit = 1024 * 1024) {
    this.limit = limit;
  }

  append(_bytes: Uint8Array): void {
    // Filled in below.
  }

  /** Some of it was lost on the way. */
  gap(): void {
    this.#incomplete = true;
  }

  /** All bytes that were printed, also those no longer kept. */
  get total(): number {
    return 0;
  }

  /** The beginning was dropped. */
  get truncatedHead(): boolean {
    return false;
  }

  get incomplete(): boolean {
    return this.#incomplete;
  }

  /** A copy of what is kept. */
  bytes(): Uint8Array {
    return new Uint8Array();
  }
}
