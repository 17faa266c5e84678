import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds after which a condition that did not come true fails the test. */
const deadlineMs = 15_000;

/**
 * Asks until the answer is neither undefined nor false, and gives it; fails with `what`, as it is then, when that takes
 * too long.
 */
export async function until<T>(
  what: string | (() => string),
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  ms = deadlineMs,
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`Not within ${ms} ms: ${typeof what === "string" ? what : what()}`);
    await delay(10);
  }
}
