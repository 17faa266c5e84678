import { describe, expect, it } from "vitest";
import type { Escalation } from "../../../src/core/model/questionState";
import type { TaskState } from "../../../src/core/model/states";
import { countedTasks, succeededText, taskCountText } from "../../../src/core/model/taskCount";
import { entryOf } from "../../support/entries";

describe("the count of a project's tasks", () => {
  it.each<[readonly TaskState[], string]>([
    [[], "no tasks"],
    [["pending"], "0 of 1 task succeeded"],
    [["succeeded"], "1 of 1 task succeeded"],
    [["succeeded", "ready", "pending"], "1 of 3 tasks succeeded"],
    [["succeeded", "skipped"], "1 of 2 tasks succeeded, 1 skipped"],
    [
      ["running", "cancelled", "unknown", "failed", "blocked", "failed"],
      "0 of 6 tasks succeeded, 2 failed, 1 blocked, 1 outcome unknown, 1 cancelled",
    ],
  ])("of %j is %j", (states, text) => {
    const count = countedTasks({
      tasks: new Map(states.map((state, index) => [String(index), { state }])),
      questions: new Map(),
    });
    expect(taskCountText(count)).toBe(text);
    expect(text.startsWith(succeededText(count))).toBe(true);
  });
});

it("says of a task that only waits for an approval what it needs, until it is answered", () => {
  const asked = { entry: entryOf({ kind: "approval_needed", task_id: "a" }), settled: false };
  const count = (question: Escalation): string =>
    taskCountText(
      countedTasks({
        tasks: new Map([
          ["a", { state: "blocked" }],
          ["b", { state: "blocked" }],
        ]),
        questions: new Map([["a", [question]]]),
      }),
    );
  expect(count(asked)).toBe("0 of 2 tasks succeeded, 1 waiting for approval, 1 blocked");
  expect(count({ ...asked, settled: true })).toBe("0 of 2 tasks succeeded, 2 blocked");
});
