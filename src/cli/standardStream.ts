import { fstatSync, statSync, writeSync } from "node:fs";
import type { OutputStream } from "./output";

/**
 * So many bytes are written at once: a pipe takes four times as many without waiting (pipe(7)). What comes behind them is
 * a long answer, and its reader may be slow.
 */
const atOnceBytes = 16_384;
const standard = { stdout: 1, stderr: 2 } as const;

/**
 * stdout or stderr. Node takes some 4 ms to make its stream of a pipe, and most commands have a line or two to say: those
 * are written as they are. `failed`: what a stream tells with `error`.
 */
export class StandardStream implements OutputStream {
  #left: number;
  #stream: NodeJS.WriteStream | undefined;

  constructor(
    private readonly name: keyof typeof standard,
    private readonly failed: (error: NodeJS.ErrnoException) => void,
  ) {
    this.#left = isPlain(standard[name]) ? atOnceBytes : 0;
  }

  get isTTY(): boolean {
    return this.#left === 0 && this.stream.isTTY;
  }

  get columns(): number {
    return this.stream.columns;
  }

  get waits(): boolean {
    return this.#stream !== undefined && this.#stream.writableNeedDrain && !this.#stream.destroyed;
  }

  /** Bytes that have not left this process. */
  get held(): number {
    return this.#stream?.writableLength ?? 0;
  }

  get stream(): NodeJS.WriteStream {
    this.#left = 0;
    if (this.#stream === undefined) {
      this.#stream = process[this.name];
      this.#stream.on("error", this.failed);
    }
    return this.#stream;
  }

  write(text: string): void {
    const bytes = this.#left === 0 ? undefined : Buffer.from(text);
    if (bytes === undefined || bytes.length > this.#left) {
      this.stream.write(text);
      return;
    }
    this.#left -= bytes.length;
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(standard[this.name], bytes, written);
    } catch (error) {
      // A pipe that another process has made one that nobody waits for.
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") this.stream.write(bytes.subarray(written));
      else this.failed(error as NodeJS.ErrnoException);
    }
  }
}

/** Whether writing to it is like writing to a file: no terminal, nor a device but the one that takes everything. */
function isPlain(descriptor: number): boolean {
  if (process.platform === "win32") return false;
  try {
    const facts = fstatSync(descriptor);
    return !facts.isCharacterDevice() || facts.rdev === statSync("/dev/null").rdev;
  } catch {
    return false;
  }
}
