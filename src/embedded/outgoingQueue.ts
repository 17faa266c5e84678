import type { WebSocket } from "ws";

/** Bytes given to the socket at a time; the rest waits here, so that progress can be seen. */
const maxInFlight = 256 * 1024;
/** Small pieces of output are joined up to this. */
const maxFrame = 64 * 1024;
/** A send that is blocked for so long ends the connection, as in wsh. */
const blockedAfterMs = 5_000;
const checkMs = 1_000;

/** What is to be sent on one WebSocket: texts as they are, bytes joined to frames. */
export class OutgoingQueue {
  readonly #socket: WebSocket;
  readonly #progressed: () => void;
  readonly #items: (string | Buffer)[] = [];
  #queued = 0;
  #inFlight = 0;
  #lastProgress = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #finish: (() => void) | undefined;

  constructor(socket: WebSocket, progressed: () => void) {
    this.#socket = socket;
    this.#progressed = progressed;
    socket.once("close", () => this.#stop());
  }

  get pendingBytes(): number {
    return this.#queued + this.#inFlight;
  }

  /** `performance.now()` when something left last, or when the queue last became busy. */
  get lastProgress(): number {
    return this.#lastProgress;
  }

  push(item: string | Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN || this.#finish) return;
    if (this.pendingBytes === 0) this.#lastProgress = performance.now();
    this.#items.push(item);
    this.#queued += item.length;
    this.#pump();
  }

  /** Closes with 1000 "session ended", wsh's only way, after what is queued. */
  finish(): void {
    this.#finish ??= () => this.#socket.close(1000, "session ended");
    this.#pump();
  }

  #pump(): void {
    while (this.#inFlight < maxInFlight && this.#items.length > 0) this.#sendNext();
    if (this.#items.length === 0 && this.#inFlight === 0) this.#finish?.();
    if (this.pendingBytes > 0) this.#timer ??= setInterval(() => this.#checkBlocked(), checkMs);
    else this.#stop();
  }

  #sendNext(): void {
    const frame = this.#nextFrame();
    const size = frame.length;
    this.#queued -= size;
    this.#inFlight += size;
    this.#socket.send(frame, () => {
      this.#inFlight -= size;
      this.#lastProgress = performance.now();
      this.#pump();
      this.#progressed();
    });
  }

  #nextFrame(): string | Buffer {
    const first = this.#items.shift() ?? "";
    if (typeof first === "string") return first;
    const parts = [first];
    for (
      let size = first.length, next = this.#items[0];
      Buffer.isBuffer(next) && size + next.length <= maxFrame;
      next = this.#items[0]
    ) {
      parts.push(next);
      size += next.length;
      this.#items.shift();
    }
    return parts.length === 1 ? first : Buffer.concat(parts);
  }

  #checkBlocked(): void {
    if (performance.now() - this.#lastProgress >= blockedAfterMs) this.#socket.terminate();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
