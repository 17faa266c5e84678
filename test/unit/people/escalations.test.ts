import { describe, expect, it } from "vitest";
import { chosenOption } from "../../../src/core/people/escalations";
import { snapshotPage } from "../../../src/core/record/snapshotPage";
import { snapshotOf } from "../../../src/core/record/snapshots";
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
      expect.stringMatching(/^build failed\. \(Answers: retry, skip; question \S+\)$/),
    ]);
    expect(snapshot.next_steps).toEqual([
      "Answer 1 question (build).",
      "Check why build failed (exit code 2).",
      "Resume the project: 1 task pending.",
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

  it("reads as a page", () => {
    const recent = [entryOf({ kind: "note", text: "Look at\nthe build." })];
    const page = snapshotPage(project, snapshot, recent);
    expect(page.match(/^#+ .*$/gm)).toEqual([
      "# Alpha",
      "## Needs your answer",
      "## Failed",
      "## Next steps",
      "## Tasks",
      "## Recent events",
    ]);
    for (const line of [
      "Last updated 2026-01-01 00:00 UTC. This file is written by the program; changes to it are overwritten.",
      "- build failed (exit code 2).",
      "| build | builder | failed | 1 | 2 |  |",
      "- 2026-01-01 00:00 UTC: Look at the build.",
    ])
      expect(page.split("\n")).toContain(line);
  });

  it("says of a project that nobody has to look at that there is nothing to do", () => {
    const done = emptyProjectState();
    for (const entry of [
      entryOf({ kind: "project", state: "done" }),
      entryOf({ kind: "task", task_id: "build", state: "succeeded", text: "build succeeded." }),
    ])
      applyEntry(done, entry);
    const page = snapshotPage(project, snapshotOf("alpha", done, ""), []);
    expect(page).toContain("Done: 1 of 1 task succeeded.");
    expect(page).toContain("## Needs your answer\n\nNothing needs your answer.\n");
    expect(page).toContain("## Done\n\n1 task succeeded: build.\n");
    expect(page).toContain("## Next steps\n\nNothing to do.\n");
    expect(page).not.toContain("## Failed");
  });

  it("says once what a question repeats", () => {
    const asked = emptyProjectState();
    for (const entry of [
      entryOf({ kind: "task", task_id: "a", event: "waiting", state: "blocked", text: "a needs approval." }),
      entryOf({ kind: "approval_needed", task_id: "a", text: "a needs approval: why.", human_attention_needed: true }),
      entryOf({ kind: "task", task_id: "b", event: "failed", state: "failed", text: "b failed: x." }),
      entryOf({ kind: "error", task_id: "b", text: "b failed: x. Last output: y.", human_attention_needed: true }),
      entryOf({ kind: "task", task_id: "c", event: "blocked", state: "blocked", text: "c is blocked by b." }),
    ])
      applyEntry(asked, entry);
    expect(snapshotOf("alpha", asked, "").recent_highlights).toEqual([
      "a needs approval: why.",
      "b failed: x. Last output: y.",
      "c is blocked by b.",
    ]);
  });
});
