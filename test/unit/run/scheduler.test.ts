import { describe, expect, it } from "vitest";
import { parsePlan } from "../../../src/core/model/plan";
import type { TaskState } from "../../../src/core/model/states";
import { blockedBehind, withDependents } from "../../../src/core/model/dependents";
import { backoffBefore, readyTasks, stoppedTasks } from "../../../src/core/run/scheduler";

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

function states(of: Record<string, TaskState>): Map<string, TaskState> {
  return new Map(diamond.tasks.map((task) => [task.id, of[task.id] ?? "pending"]));
}

const ids = (list: readonly { id: string }[]): string[] => list.map((each) => each.id);

describe("scheduling", () => {
  it("starts what needs nothing, then what has all its needs", () => {
    expect(ids(readyTasks(diamond, states({})))).toEqual(["top", "alone"]);
    expect(ids(readyTasks(diamond, states({ top: "succeeded", alone: "running" })))).toEqual(["left", "right"]);
    expect(
      ids(readyTasks(diamond, states({ top: "succeeded", left: "succeeded", right: "running", alone: "succeeded" }))),
    ).toEqual([]);
    expect(
      ids(readyTasks(diamond, states({ top: "succeeded", left: "succeeded", right: "succeeded", alone: "failed" }))),
    ).toEqual(["bottom"]);
  });

  it("stops everything behind a failed task and nothing else", () => {
    const stopped = stoppedTasks(diamond, states({ top: "succeeded", left: "failed" }));
    expect(stopped.map(({ task, state, need }) => [task.id, state, need])).toEqual([["bottom", "blocked", "left"]]);
    expect(stoppedTasks(diamond, states({ top: "failed" })).map(({ task }) => task.id)).toEqual([
      "left",
      "right",
      "bottom",
    ]);
    expect(stoppedTasks(diamond, states({ top: "running" }))).toEqual([]);
  });

  it("skips what is behind a skipped task", () => {
    expect(stoppedTasks(diamond, states({ top: "skipped" })).map(({ state }) => state)).toEqual([
      "skipped",
      "skipped",
      "skipped",
    ]);
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
