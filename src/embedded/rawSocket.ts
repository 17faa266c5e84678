import type { RawData, WebSocket } from "ws";
import { keepAlive } from "./keepAlive";
import { OutgoingQueue } from "./outgoingQueue";
import { repaintFrame } from "./repaint";
import type { RawReader, Session } from "./session";

/** A reader that is further behind loses output and gets one repaint instead. */
const maxPending = 4 * 1024 * 1024;
/** It gets the repaint when it has caught up to this. */
const caughtUp = 64 * 1024;

export function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/** `ws/raw`: output as it comes, input as it is sent. `isTerminal`: it was opened with `?terminal=true`. */
export class RawSocket implements RawReader {
  readonly #session: Session;
  readonly #queue: OutgoingQueue;
  readonly #socket: WebSocket;
  /** `skipping`: output is dropped. `repainting`: it is kept until the picture before it is known. */
  #state: "live" | "skipping" | "repainting" = "live";
  #kept: Buffer[] = [];

  constructor(
    socket: WebSocket,
    session: Session,
    readonly isTerminal: boolean,
  ) {
    this.#socket = socket;
    this.#session = session;
    this.#queue = new OutgoingQueue(socket, () => this.#progressed());
    keepAlive(socket);
    session.socketOpened();
    session.addReader(this);
    const listener = { ended: (): void => this.#queue.finish() };
    session.listen(listener);
    socket.on("message", (data) => this.#input(bytesOf(data)));
    socket.on("error", () => undefined);
    socket.once("close", () => {
      session.unlisten(listener);
      session.removeReader(this);
      session.socketClosed();
    });
  }

  get pendingBytes(): number {
    return this.#queue.pendingBytes;
  }

  get lastProgress(): number {
    return this.#queue.lastProgress;
  }

  output(bytes: Buffer): void {
    if (this.#state === "repainting") this.#kept.push(bytes);
    else if (this.#state === "skipping" || this.pendingBytes + bytes.length > maxPending) this.#state = "skipping";
    else this.#queue.push(bytes);
  }

  #input(bytes: Buffer): void {
    // A queue that stays full for 5 s ends the connection: there is no way to refuse a frame.
    this.#session.sendInput(bytes, false).catch(() => this.#socket.close(1000, "session ended"));
  }

  #progressed(): void {
    this.#session.readerProgressed();
    if (this.#state !== "skipping" || this.pendingBytes > caughtUp) return;
    this.#state = "repainting";
    this.#session.screen.afterParsing(() => {
      this.#queue.push(repaintFrame(this.#session.screen.screen("styled")));
      for (const bytes of this.#kept) this.#queue.push(bytes);
      this.#kept = [];
      this.#state = "live";
    });
  }
}
