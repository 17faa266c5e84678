import { randomBytes } from "node:crypto";
import { monotonicFactory } from "ulid";
import type { Ids } from "../../core/ports/machine";

/**
 * ULIDs that keep increasing when `now` (milliseconds since 1970) stands still or goes back. They tell apart and are no
 * secrets, so the random numbers of V8 do, which the system seeds in each process: to load `crypto` takes milliseconds.
 */
export function createIds(now: () => number = Date.now): Ids {
  const ulid = monotonicFactory(Math.random);
  return {
    next: () => ulid(now()),
    secret: (bytes) => randomBytes(bytes).toString("hex"),
  };
}
