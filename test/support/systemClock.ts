import { toDisposable } from "../../src/core/base/lifecycle";
import type { Clock, Logger } from "../../src/core/ports/machine";
/** Real time, for tests that talk to real processes. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return toDisposable(() => clearTimeout(timer));
  },
};

/** Real time that passes so many times as fast, for what takes long by design. */
export function fastClock(times: number): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now() * times,
    after: (ms, callback) => systemClock.after(ms / times, callback),
  };
}

export const silentLogger: Logger = { debug: () => undefined, warn: () => undefined };
