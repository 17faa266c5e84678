import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TextThread, startTextThread } from "../../src/adapters/machine/textThread";
import { createRedactor } from "../../src/core/safety/redaction";
import type { PlanWork } from "../../src/core/ports/plans";
import { plansHere } from "../../src/core/run/plansHere";
import { longPlan } from "../support/longPlans";
import { systemClock } from "../support/systemClock";
import { verdict } from "./measures";

const goalMs = 25;
const tries = 5;

const schedule = `/proc/self/task/${process.pid}/schedstat`;
const isTold = existsSync(schedule);

/**
 * Milliseconds that this thread has worked: a machine with other work lets it wait, too. Where the system does not tell,
 * those that have gone by.
 */
function worked(): number {
  return isTold ? Number(readFileSync(schedule, "utf8").split(" ")[0]) / 1e6 : performance.now();
}

/** How long the loop of this process works in one go, and until the work is done, both in milliseconds. */
async function stretch(work: () => Promise<unknown>): Promise<{ readonly longest: number; readonly whole: number }> {
  await delay(50);
  let [last, longest, isOver] = [worked(), 0, false];
  const look = (): void => {
    const now = worked();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setTimeout(look, 1);
  };
  setTimeout(look, 1);
  const began = performance.now();
  await work().catch(() => undefined);
  const whole = performance.now() - began;
  await delay(5);
  isOver = true;
  return { longest, whole };
}

/** The middle one of several tries, by its longest block. */
async function middle(work: () => Promise<unknown>): Promise<{ readonly longest: number; readonly whole: number }> {
  const all = [];
  for (let index = 0; index < tries; index++) all.push(await stretch(work));
  const sorted = all.sort((one, other) => one.longest - other.longest);
  return sorted[Math.floor(tries / 2)] ?? { longest: Number.NaN, whole: Number.NaN };
}

/** Long plans as a window reads them, in the thread as it is shipped, beside the same work done at once. */
export async function benchPlans(report: (line: string) => void): Promise<void> {
  report("\nPlans: how long the event loop is taken in one go while one is worked on, middle of 5");
  const { settings } = createRedactor({ key: "bench" });
  const plan = await plansHere.parsePlan(longPlan(1000));
  const works: readonly (readonly [string, number, (plans: PlanWork, text: string) => Promise<unknown>])[] = [
    ["200 tasks read", 200, (plans, text) => plans.parsePlan(text)],
    ["1,000 tasks read", 1000, (plans, text) => plans.parsePlan(text)],
    ["4,000 tasks refused", 4000, (plans, text) => plans.parsePlan(text)],
    ["1,000 tasks stored", 1000, (plans, text) => plans.storablePlan(text, plan, settings)],
  ];
  const start = (): ReturnType<typeof startTextThread> => startTextThread(resolve("dist/textThread.js"));
  for (const [label, tasks, work] of works) {
    const text = longPlan(tasks);
    const cold = new TextThread({ here: plansHere, start, clock: systemClock });
    const first = await stretch(() => work(cold, text));
    const { longest, whole } = await middle(() => work(cold, text));
    cold.dispose();
    const here = await middle(() => work(plansHere, text));
    report(
      `${verdict(label, longest, " ms", `<= ${goalMs} ms`, longest <= goalMs)}   (done after ${whole.toFixed(0)} ms; the first, with the start of the thread: ${first.longest.toFixed(1)}, done after ${first.whole.toFixed(0)}; done at once: ${here.longest.toFixed(0)})`,
    );
  }
}
