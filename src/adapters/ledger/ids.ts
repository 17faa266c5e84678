import { randomBytes } from "node:crypto";
import { monotonicFactory } from "ulid";
import type { Ids } from "../../core/ports/machine";
/** Random bytes are fetched in pools: a ULID takes 16 of them, one at a time. */
const poolBytes = 1024;

function pooledRandom(): () => number {
  let pool: Uint8Array | undefined;
  let used = 0;
  return () => {
    // The first is fetched with the first id: most commands make none, and loading `crypto` takes milliseconds.
    if (pool === undefined || used === poolBytes) {
      pool = randomBytes(poolBytes);
      used = 0;
    }
    // The library takes 32nds of it, so a byte is enough and leaves no bias.
    return (pool[used++] as number) / 256;
  };
}

/** ULIDs that keep increasing when `now` (milliseconds since 1970) stands still or goes back. */
export function createIds(now: () => number = Date.now): Ids {
  const ulid = monotonicFactory(pooledRandom());
  return {
    next: () => ulid(now()),
    secret: (bytes) => randomBytes(bytes).toString("hex"),
  };
}
