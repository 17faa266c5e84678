/** Seeds of random tests are printed, so that a failure can be seen again: `TEST_SEED=… npm run test:soak`. */
export const seed = Number(process.env.TEST_SEED ?? Date.now() % 0x7fffffff);

/** Pseudo-random numbers from 0 (included) to 1 (excluded) by a seed: mulberry32. */
export function randomBy(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/**
 * How often a soak test repeats: `wanted` times, or the share of it that SOAK_SCALE asks for (0.1: a tenth), at least
 * once.
 */
export function rounds(wanted: number): number {
  return Math.max(1, Math.round(wanted * Number(process.env.SOAK_SCALE ?? 1)));
}
