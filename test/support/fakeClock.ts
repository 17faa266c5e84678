import { type Disposable, toDisposable } from "../../src/core/base/lifecycle";
import type { Clock } from "../../src/core/ports/machine";

interface Timer {
  /** Monotonic milliseconds. */
  readonly due: number;
  readonly callback: () => void;
}

/**
 * Time that stands still until a test moves it. Timers run in the order in which they are due, equal ones in that of
 * their making.
 */
export class FakeClock implements Clock {
  #wall: number;
  #elapsed = 0;
  readonly #timers = new Set<Timer>();

  /** `start`: milliseconds since 1970. */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#wall = start;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(ms: number, callback: () => void): Disposable {
    const timer: Timer = { due: this.#elapsed + Math.max(0, ms), callback };
    this.#timers.add(timer);
    return toDisposable(() => this.#timers.delete(timer));
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer, undefined without one. */
  get untilNext(): number | undefined {
    const next = this.#next();
    return next && next.due - this.#elapsed;
  }

  /** Moves both times on and runs what becomes due, including timers that are set meanwhile. */
  advance(ms: number): void {
    const end = this.#elapsed + ms;
    for (let timer = this.#next(); timer && timer.due <= end; timer = this.#next()) this.#run(timer);
    this.#moveTo(end);
  }

  /**
   * As `advance`, and lets promises settle after each timer. What waits for the real world (files, sockets) is not
   * waited for.
   */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await settle();
    for (let timer = this.#next(); timer && timer.due <= end; timer = this.#next()) {
      this.#run(timer);
      await settle();
    }
    this.#moveTo(end);
    await settle();
  }

  /** Sets the time for people's eyes, as a person or NTP does; durations and timers do not notice. */
  setNow(ms: number): void {
    this.#wall = ms;
  }

  /** The machine sleeps, and both times go on as on macOS: what becomes due meanwhile runs late, as time moves on. */
  sleep(ms: number): void {
    this.#moveTo(this.#elapsed + ms);
  }

  #run(timer: Timer): void {
    this.#timers.delete(timer);
    this.#moveTo(Math.max(timer.due, this.#elapsed));
    timer.callback();
  }

  #moveTo(elapsed: number): void {
    this.#wall += elapsed - this.#elapsed;
    this.#elapsed = elapsed;
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (!next || timer.due < next.due) next = timer;
    return next;
  }
}

/** A turn of the event loop: all promises that can settle by themselves have done so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
