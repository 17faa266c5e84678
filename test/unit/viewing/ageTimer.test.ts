import { expect, it } from "vitest";
import { AgeTimer } from "../../../src/viewing/ageTimer";
import { FakeClock } from "../../support/fakeClock";

it("renews the ages of all visible views together, and rests while none is visible", () => {
  const clock = new FakeClock();
  const timer = new AgeTimer(clock);
  const said: string[] = [];
  clock.advance(60_000);
  const tree = timer.watch(() => said.push("tree"));
  const mirror = timer.watch(() => said.push("mirror"));
  clock.advance(10_000);
  expect(said).toEqual(["tree", "mirror"]);
  tree.dispose();
  clock.advance(10_000);
  expect(said).toEqual(["tree", "mirror", "mirror"]);
  mirror.dispose();
  clock.advance(60_000);
  expect(said).toHaveLength(3);
  const again = timer.watch(() => said.push("again"));
  clock.advance(10_000);
  expect(said.slice(3)).toEqual(["again"]);
  again.dispose();
});
