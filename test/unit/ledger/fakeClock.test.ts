import { expect, it } from "vitest";
import { FakeClock } from "../../support/fakeClock";

it("the fake clock runs timers when they are due, in order, also those set meanwhile", () => {
  const clock = new FakeClock(1000);
  const ran: string[] = [];
  clock.after(20, () => ran.push(`b@${clock.now()}`));
  clock.after(10, () => {
    ran.push(`a@${clock.now()}`);
    clock.after(5, () => ran.push(`c@${clock.monotonic()}`));
  });
  clock.after(10, () => ran.push("never")).dispose();
  expect([clock.pending, clock.untilNext]).toEqual([2, 10]);
  clock.advance(19);
  expect(ran).toEqual(["a@1010", "c@15"]);
  clock.setNow(0);
  clock.advance(1);
  expect(ran.at(-1)).toBe("b@1");
  expect([clock.monotonic(), clock.pending, clock.untilNext]).toEqual([20, 0, undefined]);
});

it("the fake clock lets promises settle between timers when asked", async () => {
  const clock = new FakeClock();
  const ran: number[] = [];
  const loop = async (): Promise<void> => {
    for (let round = 0; round < 3; round++) {
      await new Promise<void>((resolve) => clock.after(100, resolve));
      ran.push(clock.monotonic());
    }
  };
  const running = loop();
  await clock.advanceAsync(300);
  expect(ran).toEqual([100, 200, 300]);
  await running;
});
