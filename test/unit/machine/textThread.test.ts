import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { longestHere, TextThread } from "../../../src/adapters/machine/textThread";
import type { TextRequest } from "../../../src/adapters/machine/textThreadMessages";
import type { PlanProblem } from "../../../src/core/model/planError";
import { maxPlanLength } from "../../../src/core/model/planLimits";
import type { PlanWork } from "../../../src/core/ports/plans";
import { plansHere } from "../../../src/core/run/plansHere";
import { FakeClock } from "../../support/fakeClock";
import { longPlan } from "../../support/longPlans";
import { head } from "../../support/refusedPlans";

class FakeWorker extends EventEmitter {
  readonly asked: (TextRequest & { readonly id: number })[] = [];
  isOver = false;

  postMessage(request: TextRequest & { readonly id: number }): void {
    this.asked.push(request);
  }

  answer(index: number, answer: object): void {
    this.emit("message", { id: this.asked[index]?.id, ...answer });
  }

  terminate(): Promise<number> {
    this.isOver = true;
    return Promise.resolve(0);
  }
}

class Scene {
  readonly clock = new FakeClock();
  readonly workers: FakeWorker[] = [];
  /** Texts that were worked on beside the thread. */
  readonly here: string[] = [];
  readonly thread = new TextThread({
    here: new Proxy(plansHere, {
      get:
        (plans, name: keyof PlanWork) =>
        (text: string, ...more: never[]) => {
          this.here.push(text);
          return (plans[name] as (...given: unknown[]) => unknown)(text, ...more);
        },
    }),
    start: () => {
      const worker = new FakeWorker();
      this.workers.push(worker);
      return Promise.resolve(worker as unknown as Worker);
    },
    clock: this.clock,
  });

  worker(index = 0): FakeWorker {
    const worker = this.workers[index];
    if (!worker) throw new Error("no thread");
    return worker;
  }
}

const short = `${head}tasks:\n  - { id: one, role: r, run: x }\n`;
const long = longPlan(200);
const parsed = plansHere.parsePlan(short);

describe("long plans are worked on in a thread", () => {
  it("and nothing of them here, whatever is done with them", async () => {
    const scene = new Scene();
    const { thread } = scene;
    const plan = await parsed;
    const settings = { key: "k", known: new Map() };
    const all = [
      thread.parsePlan(long),
      thread.parseStoredPlan(long),
      thread.givenTaskIds(long),
      thread.withGivenTasks(long, plan),
      thread.storablePlan(long, plan, settings),
    ];
    await scene.clock.advanceAsync(0);
    const worker = scene.worker();
    expect(worker.asked.map(({ name, given }) => [name, given[0] === long])).toEqual(
      ["parsePlan", "parseStoredPlan", "givenTaskIds", "withGivenTasks", "storablePlan"].map((name) => [name, true]),
    );
    worker.asked.forEach(({ name }, index) => worker.answer(index, { is: "done", result: name }));
    expect(await Promise.all(all)).toEqual(worker.asked.map(({ name }) => name));
    expect([scene.workers.length, scene.here]).toEqual([1, []]);
  });

  it("short ones are not, and one that is too large is refused at once", async () => {
    const scene = new Scene();
    const most = `${short}#`.padEnd(longestHere, "x");
    expect((await scene.thread.parsePlan(most)).tasks).toHaveLength(1);
    await expect(scene.thread.parsePlan("x".repeat(maxPlanLength + 1))).rejects.toThrow("larger than 1 MiB");
    expect([scene.workers.length, scene.here.length]).toEqual([0, 2]);
    void scene.thread.parsePlan(`${most}x`);
    expect(scene.workers).toHaveLength(1);
  });

  it("problems come back as they are here, other faults as faults", async () => {
    const scene = new Scene();
    const wrong = `${long}  - { id: one, role: r, rn: x }\n`;
    const here = await plansHere.parsePlan(wrong).catch((error: unknown) => error);
    const [first, second] = [scene.thread.parsePlan(wrong), scene.thread.parsePlan(wrong)];
    await scene.clock.advanceAsync(0);
    const { problems } = here as { problems: readonly PlanProblem[] };
    scene.worker().answer(0, { is: "invalid", problems: structuredClone(problems) });
    scene.worker().answer(1, { is: "failed", error: new TypeError("a fault") });
    await expect(first).rejects.toEqual(here);
    await expect(second).rejects.toThrow(new TypeError("a fault"));
  });

  it("it ends when nothing was asked for a minute, and begins again with the next", async () => {
    const scene = new Scene();
    const first = scene.thread.parsePlan(long);
    await scene.clock.advanceAsync(120_000);
    expect(scene.worker().isOver).toBe(false);
    scene.worker().answer(0, { is: "done", result: await parsed });
    await first;
    await scene.clock.advanceAsync(59_000);
    const second = scene.thread.parsePlan(long);
    await scene.clock.advanceAsync(59_000);
    scene.worker().answer(1, { is: "done", result: await parsed });
    await second;
    await scene.clock.advanceAsync(59_999);
    expect(scene.worker().isOver).toBe(false);
    await scene.clock.advanceAsync(1);
    expect([scene.worker().isOver, scene.clock.pending]).toEqual([true, 0]);
    void scene.thread.parsePlan(long);
    await scene.clock.advanceAsync(0);
    expect([scene.workers.length, scene.worker(1).asked.length]).toEqual([2, 1]);
  });

  it.each([
    ["ends", "exit", 1, "The thread that reads plans and rules ended."],
    ["fails", "error", new Error("out of memory"), "out of memory"],
  ])("one that %s is told, and the next plan begins another", async (_, event, what, sentence) => {
    const scene = new Scene();
    const asked = scene.thread.parsePlan(long);
    await scene.clock.advanceAsync(0);
    scene.worker().emit(event, what);
    await expect(asked).rejects.toThrow(sentence);
    void scene.thread.parsePlan(long);
    await scene.clock.advanceAsync(0);
    expect(scene.worker(1).asked).toHaveLength(1);
  });

  it("it ends with the window, and no other begins", async () => {
    const scene = new Scene();
    const asked = scene.thread.parsePlan(long);
    scene.thread.dispose();
    await expect(asked).rejects.toThrow("The window closes.");
    await scene.clock.advanceAsync(0);
    expect(scene.worker().isOver).toBe(true);
    await expect(scene.thread.parsePlan(long)).rejects.toThrow("The window closes.");
    expect([scene.workers.length, scene.clock.pending]).toEqual([1, 0]);
  });
});
