/**
 * The last of the moments `stepMs` apart that is not after `at`, both by the monotonic clock. What many wait for, each for
 * itself, and what may come a little early, comes for all of them at such a moment: the process wakes up once.
 */
export function sharedMoment(at: number, stepMs: number): number {
  return Math.floor(at / stepMs) * stepMs;
}
