import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TextThread, startTextThread } from "../../src/adapters/machine/textThread";
import type { PlanWork } from "../../src/core/ports/plans";
import { planToYaml } from "../../src/core/model/plan";
import { quickPlan } from "../../src/core/model/quickPlan";
import { plansHere } from "../../src/core/run/plansHere";
import { createRedactor } from "../../src/core/safety/redaction";
import { longPlan } from "../support/longPlans";
import { systemClock } from "../support/systemClock";

/** Turns of the event loop while somebody waits; work that is done here leaves it one or two. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let [turns, isOver] = [0, false];
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await work.catch(() => undefined);
  isOver = true;
  return turns;
}

const end = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );

describe("the thread that reads plans, as it is shipped", () => {
  let thread: TextThread;
  beforeAll(() => {
    thread = new TextThread({
      here: plansHere,
      start: () => startTextThread(`${process.cwd()}/dist/textThread.js`),
      clock: systemClock,
    });
  });
  afterAll(() => thread.dispose());

  const redactor = createRedactor({ key: "k", knownValues: ["a-known-secret"] });
  const given = quickPlan({ project: "long", role: "extra", run: ["echo a-known-secret", "password=hunter2hunter2"] });
  const texts: readonly (readonly [string, string])[] = [
    ["200 tasks", longPlan(200)],
    ["1,000 tasks", longPlan(1000)],
    ["4,000 tasks, refused", longPlan(4000)],
    ["problems", longPlan(200).replaceAll("retries: 2", "retry: 2").replace("task-7\n", "task-8\n")],
    ["no YAML", `${longPlan(20)}  - [`],
    ["secrets", longPlan(20).replace("npm test", "echo a-known-secret; login --password=hunter2hunter2")],
  ];

  it.each(texts)("says of %s what is said here, and leaves the loop to others", async (_, text) => {
    const works: ((plans: PlanWork) => Promise<unknown>)[] = [
      (plans) => plans.parsePlan(text),
      (plans) => plans.parseStoredPlan(text),
      (plans) => plans.givenTaskIds(text),
      (plans) => plans.withGivenTasks(text, given),
      (plans) => plans.storablePlan(text, given, redactor.settings),
      (plans) => plans.storablePlan(planToYaml(given).padEnd(2000, "#"), given, redactor.settings),
    ];
    for (const work of works) {
      const there = work(thread);
      const turns = await turnsDuring(there);
      expect(await end(there)).toEqual(await end(work(plansHere)));
      if (text.length > 100_000 && work === works[0]) expect(turns).toBeGreaterThan(20);
    }
  });
});
