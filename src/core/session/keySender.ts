/**
 * Sends what is typed in order and never twice: one request is under way at a time, and what is typed meanwhile goes
 * with the next one. After a failure nothing more is sent, because keys behind lost ones could mean something else.
 */
export class KeySender {
  #waiting: Uint8Array[] = [];
  #sending: Promise<void> | undefined;
  /** It takes nothing more. */
  #over = false;

  constructor(
    private readonly send: (keys: Uint8Array) => Promise<void>,
    /** Told once. */
    private readonly failed: (error: unknown) => void,
    /** Bytes that one request takes at most. */
    private readonly most: number,
  ) {}

  push(keys: Uint8Array): void {
    if (this.#over || keys.length === 0) return;
    this.#waiting.push(keys);
    this.#sending ??= this.#sendAll();
  }

  /** Takes nothing more. Resolves when everything typed so far was sent, or will never be. */
  async close(): Promise<void> {
    this.#over = true;
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) await this.send(this.#next());
    } catch (error) {
      this.#over = true;
      this.#waiting = [];
      this.failed(error);
    } finally {
      this.#sending = undefined;
    }
  }

  /** As much as one request takes. */
  #next(): Uint8Array {
    const all = joined(this.#waiting);
    const next = all.subarray(0, this.most);
    this.#waiting = next.length < all.length ? [all.subarray(next.length)] : [];
    return next;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
