import { type FSWatcher, watch } from "node:fs";
import { type Disposable, toDisposable } from "../../core/base/lifecycle";
import type { Clock } from "../../core/ports/machine";
/**
 * How long an append can stay unseen when the system reports no change (network folders, watches used up), in
 * milliseconds.
 */
const pollMs = 1000;

/** Who only looks looks this often at most, in milliseconds; what is appended in between is read at once. */
export const unhurriedMs = 100;

/** Longest delay that a Node timer takes. */
const forever = 2 ** 31 - 1;

/**
 * Tells when a folder may have changed: at once by the system's watch, else by polling. A change between two waits is
 * not missed. Keeps the process alive until it is disposed of, because somebody waits.
 */
export class FolderChanges implements Disposable {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #keepAlive = setInterval(() => undefined, forever);
  readonly #stopListening: Disposable;
  #watcher: FSWatcher | undefined;
  #changed = false;
  #wake: (() => void) | undefined;
  #lastLook = Number.NEGATIVE_INFINITY;
  #resting = false;

  /** `restMs`: so long at least from one look to the next. */
  constructor(
    folder: string,
    clock: Clock,
    signal: AbortSignal,
    private readonly restMs = 0,
  ) {
    this.#clock = clock;
    this.#signal = signal;
    const aborted = (): void => this.#wake?.();
    signal.addEventListener("abort", aborted, { once: true });
    this.#stopListening = toDisposable(() => signal.removeEventListener("abort", aborted));
    try {
      this.#watcher = watch(folder, () => {
        this.#changed = true;
        if (!this.#resting) this.#wake?.();
      });
      this.#watcher.on("error", () => this.#stopWatching());
    } catch {
      // No watch to be had: polling alone finds everything, only later.
      this.#watcher = undefined;
    }
  }

  /** Resolves with true when it is worth looking again, with false when the signal was aborted. */
  async wait(): Promise<boolean> {
    if (!this.#changed) await this.#pause(pollMs);
    const rest = this.#lastLook + this.restMs - this.#clock.monotonic();
    if (rest > 0) {
      this.#resting = true;
      await this.#pause(rest);
      this.#resting = false;
    }
    this.#lastLook = this.#clock.monotonic();
    this.#changed = false;
    return !this.#signal.aborted;
  }

  async #pause(ms: number): Promise<void> {
    if (this.#signal.aborted) return;
    let timer: Disposable | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = this.#clock.after(ms, resolve);
    });
    timer?.dispose();
    this.#wake = undefined;
  }

  dispose(): void {
    clearInterval(this.#keepAlive);
    this.#stopListening.dispose();
    this.#stopWatching();
  }

  #stopWatching(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }
}
