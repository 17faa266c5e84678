/** So often is looked whether the machine slept. */
const lookMs = 10_000;
/** No look is ever so late while this process runs, however busy the machine is. */
const asleepMs = 60_000;

/**
 * Milliseconds that passed while this process could run. Some systems let their monotonic clock go on while the machine
 * sleeps (macOS), others stop it (Linux); what slept along was not silent for that time.
 */
export class AwakeTime {
  #awake = 0;
  #last: number;

  constructor(private readonly monotonic: () => number = () => performance.now()) {
    this.#last = monotonic();
  }

  /** Keeps looking; keeps no process alive. */
  start(): this {
    setInterval(() => this.now(), lookMs).unref();
    return this;
  }

  now(): number {
    const now = this.monotonic();
    const passed = now - this.#last;
    this.#last = now;
    if (passed < asleepMs) this.#awake += passed;
    return this.#awake;
  }
}
