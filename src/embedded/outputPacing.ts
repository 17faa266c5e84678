/** xterm's own recommendation for the emulator's queue, in bytes. */
const emulatorHigh = 300_000;
const emulatorLow = 100_000;
const readerHigh = 1024 * 1024;
const readerLow = 256 * 1024;
/** A reader that took nothing for so long is stalled, and nobody waits for it. */
const stalledAfterMs = 1_000;
/** How long a reader that is slower than others may hold them up; regained at a twentieth of the time that passes. */
const patienceMs = 1_000;
const regained = 0.05;
const checkMs = 50;

/** A consumer of raw output, as the pacing sees it. */
export interface PacedReader {
  /** Bytes that wait for it, here and in its socket. */
  readonly pendingBytes: number;
  /** `performance.now()` when it last took something. */
  readonly lastProgress: number;
}

interface ReaderState {
  behind: boolean;
  patience: number;
}

/**
 * Holds the terminal's output back while everybody who reads it is behind, so that nothing is lost and nothing piles
 * up. A stalled reader never holds others up, a slow one only for a short while.
 */
export class OutputPacing {
  readonly #source: { pause(): void; resume(): void };
  readonly #emulatorPending: () => number;
  readonly #readers = new Map<PacedReader, ReaderState>();
  #emulatorBehind = false;
  #paused = false;
  #lastCheck = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(source: { pause(): void; resume(): void }, emulatorPending: () => number) {
    this.#source = source;
    this.#emulatorPending = emulatorPending;
  }

  add(reader: PacedReader): void {
    this.#readers.set(reader, { behind: false, patience: patienceMs });
  }

  remove(reader: PacedReader): void {
    this.#readers.delete(reader);
    this.check();
  }

  /** To be called when output arrived, and when the emulator or a reader took some. */
  check(): void {
    const pending = this.#emulatorPending();
    this.#emulatorBehind = pending > (this.#emulatorBehind ? emulatorLow : emulatorHigh);
    const readersBehind = this.#readersBehind();
    const wanted = this.#emulatorBehind || readersBehind;
    if (wanted !== this.#paused) {
      this.#paused = wanted;
      if (wanted) this.#source.pause();
      else this.#source.resume();
    }
    if (wanted && !this.#timer) this.#timer = setInterval(() => this.check(), checkMs);
    if (!wanted) this.#stopTimer();
  }

  close(): void {
    this.#stopTimer();
    this.#readers.clear();
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #readersBehind(): boolean {
    const now = performance.now();
    const elapsed = now - this.#lastCheck;
    this.#lastCheck = now;
    let moving = 0;
    let behind = 0;
    const patient: ReaderState[] = [];
    for (const [reader, state] of this.#readers) {
      state.behind = reader.pendingBytes > (state.behind ? readerLow : readerHigh);
      state.patience = Math.min(patienceMs, state.patience + elapsed * regained);
      if (reader.pendingBytes > 0 && now - reader.lastProgress > stalledAfterMs) continue;
      moving++;
      if (!state.behind) continue;
      behind++;
      if (state.patience > 0) patient.push(state);
    }
    if (moving === 0) return false;
    if (behind === moving) return true;
    if (this.#paused) for (const state of patient) state.patience -= elapsed;
    return patient.length > 0;
  }
}
