import { describe, expect, it } from "vitest";
import { clockTime } from "../../../src/core/model/sentences";
import { shortSession } from "../../../src/core/model/names";
import { isForPeople, type LogLines, isLate, progressLines, recordLines } from "../../../src/protocol/logLines";
import type { ContextEntry } from "../../../src/core/model/entry";
import { entryKinds } from "../../../src/core/model/entryKinds";
import { applyEntry, emptyProjectState } from "../../../src/core/model/projectState";

function entry(fields: Partial<ContextEntry>): ContextEntry {
  return {
    id: "01JZZZZZZZZZZZZZZZZZ7KQX2M",
    project_id: "alpha",
    session_name: "proj-alpha::builder::1",
    actor: "engine",
    kind: "note",
    ts: "2026-11-23T02:40:12.345Z",
    text: "Something.",
    ...fields,
  };
}

const texts = (lines: LogLines | undefined): string[] | undefined =>
  lines?.map((line) => line.map((piece) => piece.text).join(""));
const at = clockTime("2026-11-23T02:40:12.345Z");

describe("progress lines", () => {
  it.each([
    [{ kind: "command", input: "npm ci", task_id: "build", step: 0 }, [`${at} builder::1    build $ npm ci`]],
    [
      {
        kind: "result",
        task_id: "build",
        step: 0,
        outcome: "exited",
        exit_code: 0,
        duration_ms: 3200,
        output: "a\nadded 12 packages\n",
      },
      [`${at} builder::1    build ok 3.2 s  added 12 packages`],
    ],
    [
      {
        kind: "result",
        task_id: "build",
        step: 0,
        outcome: "exited",
        exit_code: 2,
        duration_ms: 80,
        output: "no rule",
      },
      [`${at} builder::1    build exit code 2, 80 ms`, "         no rule"],
    ],
    [
      {
        kind: "result",
        task_id: "build",
        step: 0,
        outcome: "interrupted",
        exit_code: 130,
        duration_ms: 80,
        output: "",
        text: "Interrupted after 80 ms.",
      },
      [`${at} builder::1    build: Interrupted after 80 ms.`],
    ],
    [
      { kind: "task", event: "finished", state: "succeeded", text: "build succeeded after 3 s." },
      [`${at} builder::1    ✓ build succeeded after 3 s.`],
    ],
    [
      { kind: "session", event: "created", state: "idle", text: "proj-alpha::builder::1 is ready." },
      [`${at} builder::1    is ready.`],
    ],
    [
      { kind: "project", session_name: null, event: "finished", text: "alpha is done." },
      [`${at} alpha         is done.`],
    ],
    [
      {
        kind: "approval_needed",
        session_name: null,
        human_attention_needed: true,
        options: ["run", "skip"],
        text: "May I?",
      },
      [`${at} alpha         ? May I?  [7KQX2M: run or skip]`],
    ],
    [{ kind: "handoff", to: "reviewer", text: "It is done." }, [`${at} builder::1    → reviewer: It is done.`]],
    [{ kind: "something_new", text: "Kept and shown." }, [`${at} builder::1    Kept and shown.`]],
  ] as [Partial<ContextEntry>, string[]][])("%o", (fields, expected) => {
    expect(texts(progressLines(entry(fields)))).toEqual(expected);
  });

  it.each([
    { kind: "lease" },
    { kind: "delivery" },
    { kind: "heartbeat" },
    { kind: "session", event: "starting", state: "starting" },
    { kind: "task", event: "planned", state: "pending" },
    { kind: "command", input: "cd '/x'", task_id: "build" },
    { kind: "result", task_id: "build", outcome: "exited", exit_code: 0, output: "" },
    { kind: "result", task_id: "build", step: 0, outcome: "exited", exit_code: 0, duration_ms: 4, output: " \n" },
  ] as Partial<ContextEntry>[])("are silent about %o", (fields) => {
    expect(progressLines(entry(fields))).toBeUndefined();
  });

  it("show a preparing step that failed", () => {
    expect(
      texts(
        progressLines(
          entry({
            kind: "result",
            task_id: "build",
            outcome: "exited",
            exit_code: 1,
            duration_ms: 2,
            output: "no such folder",
          }),
        ),
      )?.[1],
    ).toBe("         no such folder");
  });
});

describe("lines of the record", () => {
  it("name the kind and leave nothing out", () => {
    expect(texts(recordLines(entry({ kind: "lease", session_name: null, text: "me runs the project." })))).toEqual([
      `${at} alpha         lease    me runs the project.`,
    ]);
    expect(texts(recordLines(entry({ kind: "note", text: "One.\nTwo." })))).toEqual([
      `${at} builder::1    note     One.`,
      "         Two.",
    ]);
  });
});

it("shortens logical names only", () => {
  expect(shortSession("proj-my-app::builder::12")).toBe("builder::12");
  expect(shortSession("foreign")).toBe("foreign");
});

describe("an answer", () => {
  const asked = entry({
    id: "01JZZZZZZZZZZZZZZZZZ7KQX2M",
    kind: "approval_needed",
    session_name: null,
    human_attention_needed: true,
    options: ["run", "skip"],
    text: "May I?",
  });
  const given = (id: string, text: string): ContextEntry =>
    entry({ id, kind: "answer", session_name: null, text, refs: [{ type: "entry", id: asked.id }] });

  it("names its question, and one that came second is no answer", () => {
    const state = emptyProjectState();
    const [first, second] = [
      given("01JZZZZZZZZZZZZZZZZZAAAAAA", "human:ada answered: run"),
      given("01JZZZZZZZZZZZZZZZZZBBBBBB", "human:bob answered: skip"),
    ];
    for (const each of [asked, first, second]) applyEntry(state, each);
    expect([asked, first, second].map((each) => isLate(state, each))).toEqual([false, false, true]);
    expect(texts(recordLines(first, false))).toEqual([
      `${at} alpha         answer   human:ada answered: run  [to 7KQX2M]`,
    ]);
    expect(texts(recordLines(second, true))).toEqual([
      `${at} alpha         answer   too late, it changed nothing: human:bob answered: skip  [to 7KQX2M]`,
    ]);
    expect(texts(progressLines(second, true))).toEqual([
      `${at} alpha         too late, it changed nothing: human:bob answered: skip  [to 7KQX2M]`,
    ]);
  });
});

it("leaves out of a log what processes tell each other, and keeps kinds that it does not know", () => {
  expect([...entryKinds, "tomorrow"].filter((kind) => !isForPeople({ kind }))).toEqual([
    "heartbeat",
    "lease",
    "delivery",
  ]);
});

it("leaves out of a log what prepares a session, unless it fails", () => {
  const prepares = { task_id: "build", outcome: "exited" as const };
  const shown = (entry: Parameters<typeof isForPeople>[0]): boolean => isForPeople(entry);
  expect(shown({ kind: "command", ...prepares })).toBe(false);
  expect(shown({ kind: "result", ...prepares, exit_code: 0 })).toBe(false);
  expect(shown({ kind: "result", ...prepares, exit_code: 1 })).toBe(true);
  expect(shown({ kind: "command", ...prepares, step: 0 })).toBe(true);
  expect(shown({ kind: "result", ...prepares, step: 0, exit_code: 0 })).toBe(true);
  // Sent by a person.
  expect(shown({ kind: "command" })).toBe(true);
});
