import { abortable, deferred } from "../base/async";
import type { Clock } from "../ports/machine";

/** Resolves after `ms`. Rejects with the signal's reason as soon as that is aborted, and leaves no timer behind. */
export async function pause(clock: Pick<Clock, "after">, ms: number, signal?: AbortSignal): Promise<void> {
  const passed = deferred<undefined>();
  const timer = clock.after(ms, () => passed.resolve(undefined));
  try {
    await abortable(passed.promise, signal);
  } finally {
    timer.dispose();
  }
}
