import { expect, it, vi } from "vitest";
import { faultModes, faultyPromises, faultySync } from "../../support/faultyFiles";
import { randomBy, seed } from "../../support/seed";
import { liveWithFault } from "../../support/faultScenario";

vi.mock("node:fs/promises", async (original) => faultyPromises(await original()));
vi.mock("node:fs", async (original) => faultySync(await original()));

/** Of each mode; the soak test takes every call. */
const samples = 10;

it("ends each fault at the Nth call to the file system in a clean refusal, with nothing acknowledged lost (R12)", async () => {
  console.log(`seed ${seed}`);
  const random = randomBy(seed);
  const { calls, hit } = await liveWithFault(Infinity, "before", "EIO");
  expect(hit).toBeUndefined();
  expect(calls).toBeGreaterThan(300);
  for (const mode of faultModes) {
    for (let sample = 0; sample < samples; sample++) {
      const at = 1 + Math.floor(((sample + random()) / samples) * calls);
      await liveWithFault(at, mode, "EIO");
    }
  }
});
