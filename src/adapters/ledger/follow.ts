import { type FSWatcher, watch } from "node:fs";
import { type Disposable, DisposableStore, toDisposable } from "../../core/base/lifecycle";
import type { Clock } from "../../core/ports/machine";
/**
 * How long an append can stay unseen when the system reports no change (network folders, watches used up), in
 * milliseconds.
 */
const pollMs = 1000;

/** Who only looks looks this often at most, in milliseconds; what is appended in between is read at once. */
export const unhurriedMs = 50;

/** Longest delay that a Node timer takes. */
const forever = 2 ** 31 - 1;

/**
 * Tells when a folder may have changed: at once by the system's watch, else by polling. A change between two waits is
 * not missed. Keeps the process alive until it is disposed of, because somebody waits.
 */
export class FolderChanges implements Disposable {
  readonly #clock: Clock;
  readonly #signals: readonly AbortSignal[];
  readonly #keepAlive = setInterval(() => undefined, forever);
  readonly #listeners = new DisposableStore();
  #watcher: FSWatcher | undefined;
  #changed = false;
  #wake: (() => void) | undefined;
  #lastLook = Number.NEGATIVE_INFINITY;
  #resting = false;
  #hurried = false;

  /** Over once one of the signals is aborted. `restMs`: so long at least from one look to the next. */
  constructor(
    folder: string,
    clock: Clock,
    signals: readonly AbortSignal[],
    private readonly restMs = 0,
  ) {
    this.#clock = clock;
    this.#signals = signals;
    // Not one signal of several: what a long-lived one is joined to stays with it for its life.
    const aborted = (): void => this.#wake?.();
    for (const signal of signals) {
      signal.addEventListener("abort", aborted, { once: true });
      this.#listeners.add(toDisposable(() => signal.removeEventListener("abort", aborted)));
    }
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

  get ended(): boolean {
    return this.#signals.some((signal) => signal.aborted);
  }

  /** Something was appended here: it is looked for without a rest, and without the system's word for it. */
  hurry(): void {
    if (this.restMs === 0 && this.#watcher) return;
    this.#changed = true;
    this.#hurried = true;
    this.#wake?.();
  }

  /** Resolves with true when it is worth looking again, with false when a signal was aborted. */
  async wait(): Promise<boolean> {
    if (!this.#changed) await this.#pause(pollMs);
    const rest = this.#lastLook + this.restMs - this.#clock.monotonic();
    if (rest > 0 && !this.#hurried) {
      this.#resting = true;
      await this.#pause(rest);
      this.#resting = false;
    }
    this.#lastLook = this.#clock.monotonic();
    this.#changed = false;
    this.#hurried = false;
    return !this.ended;
  }

  async #pause(ms: number): Promise<void> {
    if (this.ended) return;
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
    this.#listeners.dispose();
    this.#stopWatching();
  }

  #stopWatching(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }
}
