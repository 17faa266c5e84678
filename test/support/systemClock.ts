import { toDisposable } from "../../src/core/base/lifecycle";
import type { Clock, Logger } from "../../src/core/ports";

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

export const silentLogger: Logger = { debug: () => undefined, warn: () => undefined };
