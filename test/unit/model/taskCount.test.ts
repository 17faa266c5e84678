import { describe, expect, it } from "vitest";
import type { TaskState } from "../../../src/core/model/states";
import { countedTasks, succeededText, taskCountText } from "../../../src/core/model/taskCount";

describe("the count of a project's tasks", () => {
  it.each<[readonly TaskState[], string]>([
    [[], "no tasks"],
    [["pending"], "0 of 1 task succeeded"],
    [["succeeded"], "1 of 1 task succeeded"],
    [["succeeded", "ready", "pending"], "1 of 3 tasks succeeded"],
    [["succeeded", "skipped"], "1 of 2 tasks succeeded, 1 skipped"],
    [
      ["running", "cancelled", "unknown", "failed", "blocked", "failed"],
      "0 of 6 tasks succeeded, 2 failed, 1 blocked, 1 unknown, 1 cancelled",
    ],
  ])("of %j is %j", (states, text) => {
    const count = countedTasks(states.map((state) => ({ state })));
    expect(taskCountText(count)).toBe(text);
    expect(text.startsWith(succeededText(count))).toBe(true);
  });
});
