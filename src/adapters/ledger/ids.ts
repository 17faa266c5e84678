import { randomBytes } from "node:crypto";
import { monotonicFactory } from "ulid";
import type { Ids } from "../../core/ports";

/** ULIDs that keep increasing when `now` (milliseconds since 1970) stands still or goes back. */
export function createIds(now: () => number = Date.now): Ids {
  const ulid = monotonicFactory();
  return {
    next: () => ulid(now()),
    secret: (bytes) => randomBytes(bytes).toString("hex"),
  };
}
