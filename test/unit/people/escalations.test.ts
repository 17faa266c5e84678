import { describe, expect, it } from "vitest";
import { chosenOption } from "../../../src/core/people/escalations";
import { snapshotMarkdown, snapshotOf } from "../../../src/core/record/snapshots";
import { applyEntry, emptyProjectState } from "../../../src/core/model/projectState";
import { entryOf } from "../../support/entries";

describe("the option that an answer means", () => {
  const question = entryOf({ kind: "approval_needed", options: ["run", "skip"] });
  it.each([
    ["run", "run"],
    ["RUN ", "run"],
    ["s", "skip"],
    ["yes", "run"],
    ["n", "skip"],
  ])("%j is %s", (text, expected) => expect(chosenOption(question, text)).toBe(expected));

  it("is none for anything else, and says what there is", () => {
    for (const text of ["", "maybe", "retry"])
      expect(() => chosenOption(question, text)).toThrow(
        expect.objectContaining({
          code: "usage",
          remedy: { kind: "answer_question", entry_id: question.id, options: ["run", "skip"] },
        }) as Error,
      );
    expect(() => chosenOption(entryOf({ kind: "blocked", options: ["retry", "restart"] }), "re")).toThrow();
  });

  it("is the text itself when the question has no options", () => {
    expect(chosenOption(entryOf({ kind: "blocked" }), " use port 9000 ")).toBe("use port 9000");
  });
});

describe("a snapshot", () => {
  const state = emptyProjectState();
  for (const entry of [
    entryOf({ kind: "project", state: "failed", goal: "Ship it" }),
    entryOf({ kind: "task", task_id: "build", role: "builder", state: "failed", exit_code: 2, attempt: 1 }),
    entryOf({ kind: "task", task_id: "test", role: "builder", state: "pending" }),
    entryOf({
      kind: "error",
      task_id: "build",
      text: "build failed.",
      human_attention_needed: true,
      options: ["retry", "skip"],
    }),
  ]) {
    applyEntry(state, entry);
  }
  const snapshot = snapshotOf("alpha", state, "2026-01-01T00:00:00.000Z");

  it("says what is done, what is open and what comes next", () => {
    expect(snapshot.summary).toBe("Ship it. Failed: 0 of 2 tasks succeeded, 1 failed.");
    expect(snapshot.open_blockers).toEqual([
      expect.stringMatching(/^build failed\. \(question \S+: retry or skip\)$/),
    ]);
    expect(snapshot.next_steps).toEqual([
      "Answer 1 open question.",
      "Find out why build failed with exit code 2.",
      "Run test.",
    ]);
    expect(snapshot.tasks?.map((task) => Object.keys(task))).toEqual(
      Array.from({ length: 2 }, () => [
        "id",
        "role",
        "state",
        "attempts",
        "exit_code",
        "session_name",
        "started_at",
        "ended_at",
      ]),
    );
  });

  it("reads as a page", () => {
    const project = {
      project_id: "alpha",
      name: "Alpha",
      goal: "Ship it",
      status: "failed" as const,
      default_cwd: "/",
      active_branch: null,
      owner: "me",
      updated_at: "",
    };
    expect(snapshotMarkdown(project, snapshot)).toContain("| build | builder | failed | 1 | 2 |  |");
  });
});
