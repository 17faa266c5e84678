import { expect, it } from "vitest";
import { IdSet } from "../../../src/adapters/ledger/idSet";
import { createIds } from "../../../src/adapters/ledger/ids";
import { randomBy, seed } from "../../support/seed";

it("an id set knows each id once, as a set of strings does", () => {
  console.log(`seed ${seed}`);
  const random = randomBy(seed);
  const ids = createIds();
  const made: string[] = [
    "",
    "short",
    "0".repeat(26),
    "7".repeat(26),
    "8".repeat(26),
    "u".repeat(26),
    `${"0".repeat(25)}1`,
    `1${"0".repeat(25)}`,
    "é".repeat(26),
  ];
  for (let index = 0; index < 60_000; index++) {
    // Fresh ids, repeated ones, and ones that differ in a single place.
    const kind = random();
    const earlier = made[Math.floor(random() * made.length)] ?? "";
    const at = Math.floor(random() * 26);
    if (kind < 0.6) made.push(ids.next());
    else if (kind < 0.8) made.push(earlier);
    else made.push(`${earlier.slice(0, at)}${Math.floor(random() * 8)}${earlier.slice(at + 1)}`);
  }
  const known = new Set<string>();
  const set = new IdSet();
  const differing = made.filter((id) => {
    const isNew = !known.has(id);
    known.add(id);
    return set.add(id) !== isNew;
  });
  expect(differing).toEqual([]);
  expect(known.size).toBeGreaterThan(40_000);
});
