import { describe, expect, it } from "vitest";
import { startingPoints } from "../../../src/core/run/startingPoints";
import type { EntryDraft } from "../../../src/core/model/entry";
import { parsePlan, taskDefinitionHash } from "../../../src/core/model/plan";
import { applyEntry, emptyProjectState, type ProjectState } from "../../../src/core/model/projectState";
import { entryOf } from "../../support/entries";

const plan = parsePlan(`
project: alpha
goal: Two in a row
roles: { worker: {} }
tasks:
  - { id: one, role: worker, run: [first, second], check: third }
  - { id: two, role: worker, needs: [one], run: fourth }
`);
const definitions = new Map(plan.tasks.map((task) => [task.id, taskDefinitionHash(plan, task)]));
const definition = definitions.get("one") ?? "";

function after(...drafts: (Partial<EntryDraft> & { kind: string })[]): ProjectState {
  const state = emptyProjectState();
  for (const draft of drafts) applyEntry(state, entryOf(draft));
  return state;
}

const task = (state: string, more: Partial<EntryDraft> = {}): Partial<EntryDraft> & { kind: string } => ({
  kind: "task",
  task_id: "one",
  state,
  definition,
  ...more,
});
const command = (step: number): Partial<EntryDraft> & { kind: string } => ({
  kind: "command",
  task_id: "one",
  command_id: `c${step}`,
  step,
  session_name: "proj-alpha::worker::1",
});
const result = (step: number, more: Partial<EntryDraft>): Partial<EntryDraft> & { kind: string } => ({
  kind: "result",
  task_id: "one",
  command_id: `c${step}`,
  known_by: "probe",
  ...more,
});
const started = task("running", { event: "started", attempt: 1 });

function first(
  state: ProjectState,
  again = false,
  goesOn = false,
): ReturnType<typeof startingPoints>[number] | undefined {
  return startingPoints(plan, definitions, state, { again, goesOn })[0];
}

describe("where a task begins", () => {
  it("plans what the record does not know", () => {
    expect(
      startingPoints(plan, definitions, emptyProjectState(), { again: false, goesOn: false }).map(
        ({ state, isNew }) => [state, isNew],
      ),
    ).toEqual([
      ["pending", true],
      ["pending", true],
    ]);
  });

  it("keeps what is done and unchanged", () => {
    expect(first(after(task("succeeded")))).toMatchObject({ state: "succeeded", isNew: false });
  });

  it("repeats a changed task and everything behind it", () => {
    const state = after(task("succeeded", { definition: "another" }), {
      kind: "task",
      task_id: "two",
      state: "succeeded",
      definition: definitions.get("two"),
    });
    expect(startingPoints(plan, definitions, state, { again: false, goesOn: false }).map((each) => each.state)).toEqual(
      ["pending", "pending"],
    );
  });

  it("repeats everything when told to", () => {
    expect(first(after(task("succeeded")), true)).toMatchObject({ state: "pending", isNew: true });
  });

  it("goes on after the last step that succeeded", () => {
    const state = after(started, command(0), result(0, { outcome: "exited", exit_code: 0 }));
    expect(first(state)?.resume).toMatchObject({ attempt: 1, step: 1 });
  });

  it("types a step again only when it provably was not accepted", () => {
    expect(
      first(after(started, command(1), result(1, { outcome: "not_sent", exit_code: null })))?.resume,
    ).toMatchObject({ attempt: 1, step: 1 });
  });

  it("goes on at the same step when a second runner ended before it typed anything", () => {
    const state = after(
      started,
      command(0),
      result(0, { outcome: "exited", exit_code: 0 }),
      task("running", { event: "started", attempt: 1, step: 1 }),
    );
    expect(first(state)?.resume).toMatchObject({ attempt: 1, step: 1 });
  });

  it("goes on behind a step that somebody said is done, also when the runner that read it ended at once", () => {
    const waiting = [
      started,
      command(0),
      result(0, { outcome: "unknown", exit_code: null }),
      task("unknown", { attempt: 1 }),
      task("pending", { event: "answered", attempt: 1, step: 1 }),
    ];
    expect(first(after(...waiting))).toMatchObject({ state: "pending", resume: { attempt: 1, step: 1 } });
    expect(first(after(...waiting, task("running", { event: "started", attempt: 1, step: 1 })))?.resume).toMatchObject({
      attempt: 1,
      step: 1,
    });
  });

  it("begins at the beginning when everything is to be done again, wherever it waited", () => {
    const point = first(after(started, task("pending", { event: "answered", attempt: 1, step: 1 })), true);
    expect(point).toMatchObject({ state: "pending", isNew: true });
    expect(point?.resume).toBeUndefined();
  });

  it("begins at the beginning only where it is one of the tasks that are to be done again", () => {
    const state = after(started, task("succeeded", { event: "finished", attempt: 1 }));
    const again = (ids: readonly string[]): string | undefined =>
      startingPoints(plan, definitions, state, { again: ids, goesOn: false })[0]?.state;
    expect(again([plan.tasks[0]?.id ?? ""])).toBe("pending");
    expect(again(["another"])).toBe("succeeded");
  });

  it("only writes down the end of a try whose last step has succeeded", () => {
    const point = first(
      after(started, command(2), result(2, { outcome: "exited", exit_code: 0, output: "all\nfine\n" })),
    );
    expect(point?.resume?.verdict?.result).toMatchObject({
      state: "succeeded",
      exit_code: 0,
      commands: 3,
      lastLine: "fine",
    });
  });

  it("judges a step that failed while nobody ran it", () => {
    const point = first(after(started, command(1), result(1, { outcome: "exited", exit_code: 2 })));
    expect(point?.resume?.verdict?.result).toMatchObject({ state: "failed", exit_code: 2 });
  });

  it("asks about a step whose end nobody knows", () => {
    const point = first(after(started, command(1), result(1, { outcome: "unknown", exit_code: null })));
    expect(point?.resume?.verdict?.result.state).toBe("unknown");
  });

  it("begins the next try when the runner ended in a pause", () => {
    expect(first(after(started, task("ready", { event: "retrying", attempt: 1 })))?.resume).toEqual({
      attempt: 2,
      step: 0,
    });
  });

  it.each([
    ["retry", "pending"],
    ["done", "succeeded"],
    ["skip", "skipped"],
  ])("carries out the answer %s to an unknown outcome", (answer, expected) => {
    const question = {
      kind: "blocked",
      task_id: "one",
      human_attention_needed: true,
      options: ["retry", "done", "skip"],
    };
    const state = after(task("unknown"), question);
    const id = [...state.escalations.keys()][0] ?? "";
    applyEntry(state, entryOf({ kind: "answer", answer, refs: [{ type: "entry", id }] }));
    expect(first(state)?.state).toBe(expected);
  });

  it("leaves an unknown outcome alone until somebody answers", () => {
    const question = {
      kind: "blocked",
      task_id: "one",
      human_attention_needed: true,
      options: ["retry", "done", "skip"],
    };
    expect(first(after(task("unknown"), question))).toMatchObject({ state: "unknown", isNew: false });
  });

  it("asks about an unknown outcome when the runner ended before it could", () => {
    const state = after(
      started,
      command(1),
      result(1, { outcome: "unknown", exit_code: null }),
      task("unknown", { attempt: 1 }),
    );
    expect(first(state)?.resume?.verdict?.result).toMatchObject({ state: "unknown", command_id: "c1" });
  });

  it("tries a failed task again when the project is done again", () => {
    expect(first(after(task("failed")))).toMatchObject({ state: "pending", isNew: true });
  });

  it("leaves a failed task as it is when a run goes on whose runner is gone, and tells of it once", () => {
    const question = { kind: "error", task_id: "one", human_attention_needed: true, options: ["retry", "skip"] };
    const told = after(
      started,
      command(0),
      result(0, { outcome: "exited", exit_code: 7 }),
      task("failed", { reason: "it failed" }),
      question,
    );
    expect(first(told, false, true)).toMatchObject({ state: "failed", isNew: false });
    const untold = after(
      started,
      command(0),
      result(0, { outcome: "exited", exit_code: 7 }),
      task("failed", { reason: "it failed" }),
    );
    expect(first(untold, false, true)?.resume?.verdict?.result).toMatchObject({
      state: "failed",
      reason: "it failed",
      exit_code: 7,
    });
    const id = [...told.escalations.keys()][0] ?? "";
    applyEntry(told, entryOf({ kind: "answer", answer: "retry", refs: [{ type: "entry", id }] }));
    expect(first(told, false, true)).toMatchObject({ state: "pending", isNew: true });
  });
});
