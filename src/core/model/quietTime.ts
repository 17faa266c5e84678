/** A command that has printed nothing for so long may wait for somebody. */
export const defaultQuietAfterMs = 10 * 60_000;

/** Has a command waited for that has printed nothing for long. */
export const waitOption = "wait";
