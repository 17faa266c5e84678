import { expect, it } from "vitest";
import { createIds } from "../../../src/adapters/ledger/ids";
import { FakeClock } from "../../support/fakeClock";

it("ids increase and are unique although the clock goes back a minute every 50 ids (R10)", () => {
  const clock = new FakeClock();
  const ids = createIds(() => clock.now());
  const made: string[] = [];
  for (let index = 0; index < 20_000; index++) {
    if (index % 50 === 49) clock.setNow(clock.now() - 60_000);
    clock.advance(index % 3);
    made.push(ids.next());
  }
  expect(new Set(made).size).toBe(20_000);
  expect(made).toEqual([...made].sort());
});

it("secrets are as long as asked for and differ", () => {
  const ids = createIds();
  const secrets = Array.from({ length: 100 }, () => ids.secret(16));
  expect(new Set(secrets).size).toBe(100);
  for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{32}$/);
});
