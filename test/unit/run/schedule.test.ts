import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Plan, parsePlan } from "../../../src/core/model/plan";
import type { TaskState } from "../../../src/core/model/states";
import { blockedBehind, withDependents } from "../../../src/core/model/dependents";
import { backoffBefore, Schedule } from "../../../src/core/run/schedule";

/** Each task needs some of those before it. */
function planOf(needs: readonly (readonly number[])[]): Plan {
  const tasks = needs.map((list, index) => {
    const before = index === 0 ? [] : [...new Set(list.map((each) => `t${each % index}`))];
    return `  - { id: t${index}, role: worker, needs: [${before.join(", ")}], run: "true" }`;
  });
  return parsePlan(`project: alpha\ngoal: Any\nroles: { worker: {} }\ntasks:\n${tasks.join("\n")}\n`);
}

/** The rules, as a look at every task. */
function readyAtOnce(plan: Plan, states: ReadonlyMap<string, TaskState>): string[] {
  const of = (id: string): TaskState => states.get(id) ?? "pending";
  const isReady = ({ id, needs }: Plan["tasks"][number]): boolean =>
    of(id) === "pending" && needs.every((need) => of(need) === "succeeded");
  return ids(plan.tasks.filter(isReady));
}

function stoppedAtOnce(
  plan: Plan,
  states: ReadonlyMap<string, TaskState>,
): Map<string, { state: "blocked" | "skipped"; cause: string }> {
  const stopped = new Map<string, { state: "blocked" | "skipped"; cause: string }>();
  const causes = new Map<string, string>();
  const stateOf = (id: string): TaskState => stopped.get(id)?.state ?? states.get(id) ?? "pending";
  for (const { id, needs } of plan.tasks) {
    const need = needs.find((each) => ["failed", "blocked", "skipped", "unknown", "cancelled"].includes(stateOf(each)));
    if (need === undefined) continue;
    const cause = causes.get(need) ?? need;
    causes.set(id, cause);
    if (stateOf(id) !== "pending") continue;
    stopped.set(id, { state: stateOf(need) === "skipped" ? "skipped" : "blocked", cause });
  }
  return stopped;
}

const diamond = parsePlan(`
project: alpha
goal: A diamond
roles: { worker: {} }
tasks:
  - { id: top, role: worker, run: "true" }
  - { id: left, role: worker, needs: [top], run: "true" }
  - { id: right, role: worker, needs: [top], run: "true" }
  - { id: bottom, role: worker, needs: [left, right], run: "true" }
  - { id: alone, role: worker, run: "true" }
`);

function scheduled(of: Record<string, TaskState>): Schedule {
  return new Schedule(diamond, ({ id }) => of[id] ?? "pending");
}

const ids = (list: readonly { id: string }[]): string[] => list.map((each) => each.id);
const ready = (of: Record<string, TaskState>): string[] => ids(scheduled(of).takeReady());

describe("scheduling", () => {
  it("starts what needs nothing, then what has all its needs", () => {
    expect(ready({})).toEqual(["top", "alone"]);
    expect(ready({ top: "succeeded", alone: "running" })).toEqual(["left", "right"]);
    expect(ready({ top: "succeeded", left: "succeeded", right: "running", alone: "succeeded" })).toEqual([]);
    expect(ready({ top: "succeeded", left: "succeeded", right: "succeeded", alone: "failed" })).toEqual(["bottom"]);
  });

  it("stops everything behind a failed task and nothing else", () => {
    const stopped = scheduled({ top: "succeeded", left: "failed" }).takeStopped();
    expect(stopped.map(({ task, state, cause }) => [task.id, state, cause])).toEqual([["bottom", "blocked", "left"]]);
    const all = scheduled({ top: "failed" }).takeStopped();
    expect(all.map(({ task, cause }) => [task.id, cause])).toEqual([
      ["left", "top"],
      ["right", "top"],
      ["bottom", "top"],
    ]);
    expect(scheduled({ top: "running" }).takeStopped()).toEqual([]);
  });

  it("skips what is behind a skipped task", () => {
    expect(
      scheduled({ top: "skipped" })
        .takeStopped()
        .map(({ state }) => state),
    ).toEqual(["skipped", "skipped", "skipped"]);
  });

  it("gives each task once, and again when it is touched", () => {
    const states: Record<string, TaskState> = {};
    const schedule = scheduled(states);
    expect(ids(schedule.takeReady())).toEqual(["top", "alone"]);
    expect(schedule.takeReady()).toEqual([]);
    schedule.touch("alone");
    expect(ids(schedule.takeReady())).toEqual(["alone"]);
    states["top"] = "failed";
    schedule.touch("top");
    expect(ids(schedule.takeStopped().map(({ task }) => task))).toEqual(["left", "right", "bottom"]);
    expect(schedule.takeStopped()).toEqual([]);
    states["top"] = "pending";
    schedule.touch("top");
    expect([schedule.stateOf("bottom"), ids(schedule.ready)]).toEqual(["pending", ["top", "alone"]]);
  });

  it("says after any changes what a look at the whole plan says", () => {
    const state = fc.constantFrom<TaskState>(
      ...(["pending", "running", "succeeded", "failed", "blocked", "skipped", "unknown", "cancelled"] as const),
    );
    const needs = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 14 });
    const changes = fc.array(fc.tuple(fc.nat(), state), { maxLength: 40 });
    fc.assert(
      fc.property(needs, changes, (all, steps) => {
        const plan = planOf(all);
        const states = new Map<string, TaskState>();
        const schedule = new Schedule(plan, ({ id }) => states.get(id) ?? "pending");
        for (const [at, next] of steps) {
          const id = `t${at % all.length}`;
          states.set(id, next);
          schedule.touch(id);
          const stopped = stoppedAtOnce(plan, states);
          expect(ids(schedule.ready)).toEqual(readyAtOnce(plan, states));
          expect(plan.tasks.map((task) => schedule.stateOf(task.id))).toEqual(
            plan.tasks.map((task) => stopped.get(task.id)?.state ?? states.get(task.id) ?? "pending"),
          );
        }
        // Each is given at least once on the way from one state to the last; a new one gives exactly them.
        const fresh = new Schedule(plan, ({ id }) => states.get(id) ?? "pending");
        expect(ids(fresh.takeReady())).toEqual(readyAtOnce(plan, states));
        expect(fresh.takeStopped().map(({ task, ...rest }) => [task.id, rest])).toEqual([
          ...stoppedAtOnce(plan, states),
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it("knows what stands behind a task", () => {
    expect([...withDependents(diamond, ["left"])]).toEqual(["left", "bottom"]);
    expect(blockedBehind(diamond, "top")).toBe(3);
    expect(blockedBehind(diamond, "alone")).toBe(0);
  });

  it("doubles the pause and stops at five minutes", () => {
    expect([1, 2, 3, 20].map((attempt) => backoffBefore(attempt, 5000))).toEqual([5000, 10_000, 20_000, 300_000]);
    expect(backoffBefore(3, 0)).toBe(0);
  });
});
