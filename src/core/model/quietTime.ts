/** A command that has printed nothing for so long may wait for somebody. */
export const defaultQuietAfterMs = 10 * 60_000;
