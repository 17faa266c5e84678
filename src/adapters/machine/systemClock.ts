import { toDisposable } from "../../core/base/lifecycle";
import type { Clock } from "../../core/ports/machine";
/** Longer delays overflow node's timers and would fire at once. */
const longestTimerMs = 0x7fffffff;

/** The machine's time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // `performance` would be the same, after a millisecond in which Node loads it.
  monotonic: () => process.uptime() * 1000,
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), longestTimerMs));
    timer.unref();
    return toDisposable(() => clearTimeout(timer));
  },
};
