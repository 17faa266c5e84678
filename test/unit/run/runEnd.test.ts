import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/core/model/plan";
import type { TaskRecord } from "../../../src/core/model/projectState";
import { runEnd } from "../../../src/core/run/runEnd";

const plan = { tasks: [{ id: "lint" }] } as unknown as Plan;
const tasks = (states: Readonly<Record<string, string>>): { tasks: Map<string, TaskRecord> } => ({
  tasks: new Map(Object.entries(states).map(([id, state]) => [id, { id, state } as TaskRecord])),
});

describe("what a project is after a run of some of its tasks", () => {
  it("is done when the others are", () => {
    const state = tasks({ lint: "succeeded", test: "succeeded", docs: "skipped" });
    expect(runEnd({ name: "alpha", plan, others: ["test", "docs"] }, "done", state, false)).toEqual({
      status: "done",
      event: "finished",
      text: "alpha is done.",
    });
    expect(runEnd({ name: "alpha", plan }, "done", state, false).status).toBe("done");
  });

  it("is stopped while one of the others is open, also one that never ran", () => {
    const state = tasks({ lint: "succeeded", test: "failed" });
    expect(runEnd({ name: "alpha", plan, others: ["test"] }, "done", state, false)).toEqual({
      status: "stopped",
      event: "ended",
      text: "lint of alpha is done; test is still to be done.",
    });
    expect(runEnd({ name: "alpha", plan, others: ["test", "docs"] }, "done", state, false).text).toBe(
      "lint of alpha is done; 2 other tasks are still to be done.",
    );
  });

  it("is what the run came to where that is not done", () => {
    expect(runEnd({ name: "alpha", plan, others: ["test"] }, "failed", tasks({}), false).status).toBe("failed");
  });
});
