import { createHmac } from "node:crypto";
import type { ConsentKeeper } from "../../src/core/ports/consent";

/** The consents of one user of one machine, in memory: whoever has the same one is the same user. */
export function testConsents(key = "test"): ConsentKeeper & { readonly used: Set<string> } {
  const used = new Set<string>();
  return {
    isShared: true,
    used,
    sealOf: (fields) => createHmac("sha256", key).update(JSON.stringify(fields)).digest("hex"),
    isUsed: (seal) => Promise.resolve(used.has(seal)),
    use: (seal) => {
      const first = !used.has(seal);
      used.add(seal);
      return Promise.resolve(first);
    },
  };
}
