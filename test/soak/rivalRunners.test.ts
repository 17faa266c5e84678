import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliWorld } from "../support/cliWorld";
import { faultsOf, runRivals } from "../support/rivalRunners";
import { randomBy, rounds, seed } from "../support/seed";

let world: CliWorld;

beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

describe("three drivers of one project at once", () => {
  it.each([
    ["killed", 0],
    ["killed or stopped", 0.3],
  ])("that are %s again and again do each command once and tell of each failure once", async (what, stopped) => {
    const seconds = rounds(300);
    const tasks = Math.max(20, Math.round(seconds * 1.5));
    console.log(`seed ${seed}, ${seconds} s, ${tasks} tasks`);
    const outcome = await runRivals(world, {
      project: `rivals-${stopped * 10}`,
      runners: 3,
      tasks,
      slowest: 4,
      random: randomBy(seed),
      between: [300, 2000],
      ms: seconds * 1000,
      stopped,
    });
    const { kills, stops, takeOvers } = outcome;
    const faults = faultsOf(outcome, tasks);
    const at = (share: number): string =>
      `${Math.round(takeOvers[Math.min(takeOvers.length - 1, Math.floor(takeOvers.length * share))] ?? 0)} ms`;
    console.log(
      `three drivers, ${what}: ${kills} killed, ${stops} stopped, ${tasks} tasks, faults ${faults.length}; taken over after p50 ${at(0.5)}, p95 ${at(0.95)}, longest ${at(1)} (times of this machine)`,
    );
    expect(faults).toEqual([]);
  });
});
