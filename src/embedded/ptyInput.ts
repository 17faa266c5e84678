/** wsh's queue: 64 pieces per session; small ones may be more as long as they are few bytes. */
const maxPieces = 64;
const alwaysAcceptedBytes = 256 * 1024;
/** How long a piece waits for room in a full queue. */
const acceptanceTimeoutMs = 5_000;
/** A turn of the event loop writes at most this much, so that one big paste does not hold up others. */
const bytesPerTurn = 128 * 1024;
const longestRetryMs = 16;

interface Waiting {
  readonly bytes: Buffer;
  readonly accepted: () => void;
  readonly refused: (reason: InputRefusal) => void;
  readonly timer: NodeJS.Timeout;
}

export class InputRefusal extends Error {
  /** `full`: the program did not read for 5 s; `ended`: there is no program any more. */
  readonly kind: "full" | "ended";

  constructor(kind: "full" | "ended") {
    super(
      kind === "full"
        ? "The program does not read its input; the queue stayed full for 5 s."
        : "The session has ended.",
    );
    this.kind = kind;
  }
}

/**
 * Queue of bytes for a terminal, written as fast as the program reads and never blocking. Each piece stays in one
 * piece; pieces are written in the order of the calls.
 */
export class PtyInput {
  readonly #write: (bytes: Buffer) => number;
  readonly #pieces: Buffer[] = [];
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #offset = 0;
  #retryMs = 0;
  #scheduled: NodeJS.Timeout | undefined;
  #closed = false;

  /** `write` gives the terminal as much as it takes now, and says how many bytes that were. */
  constructor(write: (bytes: Buffer) => number) {
    this.#write = write;
  }

  /** Resolves when the bytes are in the queue (not when they are read); rejects with InputRefusal. */
  send(bytes: Buffer): Promise<void> {
    if (this.#closed) return Promise.reject(new InputRefusal("ended"));
    if (bytes.length === 0) return Promise.resolve();
    if (this.#waiting.length === 0 && this.#hasRoom()) {
      this.#accept(bytes);
      return Promise.resolve();
    }
    return new Promise((accepted, refused) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        refused(new InputRefusal("full"));
      }, acceptanceTimeoutMs);
      const entry: Waiting = { bytes, accepted, refused, timer };
      this.#waiting.push(entry);
    });
  }

  /** Takes bytes that nobody's keys have to wait for: only when everything before them has been written. */
  offer(bytes: Buffer): boolean {
    if (this.#closed || this.#pieces.length > 0 || this.#waiting.length > 0) return false;
    this.#accept(bytes);
    return true;
  }

  /** Writes in this very moment; false: the terminal takes nothing now, or is behind, and nothing of it will be written. */
  writeNow(bytes: Buffer): boolean {
    if (this.#closed || this.#pieces.length > 0 || this.#waiting.length > 0) return false;
    const count = this.#write(bytes);
    if (count > 0 && count < bytes.length) this.#accept(bytes.subarray(count));
    return count > 0;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#scheduled);
    this.#pieces.length = 0;
    for (const { timer, refused } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      refused(new InputRefusal("ended"));
    }
  }

  #hasRoom(): boolean {
    return this.#pieces.length < maxPieces || this.#bytes < alwaysAcceptedBytes;
  }

  #accept(bytes: Buffer): void {
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
    if (this.#scheduled === undefined) this.#writeOn();
  }

  #writeOn(): void {
    this.#scheduled = undefined;
    if (this.#closed) return;
    let written = 0;
    let blocked = false;
    for (let piece = this.#pieces[0]; piece && written < bytesPerTurn && !blocked; piece = this.#pieces[0]) {
      const count = this.#write(piece.subarray(this.#offset));
      blocked = count === 0;
      written += count;
      this.#offset += count;
      this.#bytes -= count;
      if (this.#offset === piece.length) {
        this.#pieces.shift();
        this.#offset = 0;
      }
    }
    while (this.#waiting.length > 0 && this.#hasRoom()) this.#admit();
    if (this.#pieces.length === 0) return;
    this.#retryMs = written > 0 ? (blocked ? 1 : 0) : Math.min(longestRetryMs, Math.max(1, this.#retryMs * 2));
    this.#scheduled = setTimeout(() => this.#writeOn(), this.#retryMs);
  }

  #admit(): void {
    const next = this.#waiting.shift();
    if (!next) return;
    clearTimeout(next.timer);
    this.#pieces.push(next.bytes);
    this.#bytes += next.bytes.length;
    next.accepted();
  }
}
