import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { emptyProjectState, type ProjectState, type TaskRecord } from "../../../src/core/model/projectState";
import type { SessionContext } from "../../../src/core/model/session";
import type { TaskState } from "../../../src/core/model/states";
import type { ProgramStatus } from "../../../src/core/sense/programStatus";
import type { LiveSession } from "../../../src/core/session/liveSessions";
import { entryOf } from "../../support/entries";
import { newsBytes, projectNews, type TerminalNews, titleBytes } from "../../../src/protocol/terminalNews";

const all = { title: true, progress: true, statuses: true };

function project(
  tasks: Readonly<Record<string, TaskState>>,
  questions: Readonly<Record<string, Partial<ContextEntry>>> = {},
): ProjectState {
  const state = emptyProjectState();
  for (const [id, each] of Object.entries(tasks)) state.tasks.set(id, { id, state: each } as TaskRecord);
  for (const [task_id, more] of Object.entries(questions)) {
    const entry = entryOf({ kind: "blocked", text: "?", ...more, id: `q-${task_id}`, task_id });
    state.escalations.set(entry.id, { entry, settled: false });
  }
  return state;
}

function live(name: string, sensed: Partial<LiveSession["sensed"]>, command?: string): LiveSession {
  const found: LiveSession["sensed"] = { state: "idle", why: "", by: "marks", ...sensed };
  const typed = command === undefined ? undefined : { input: command };
  return { name, role: "a", command: typed, sensed: found, runsFor: 0, lastLine: "", silentMs: null };
}

const shown = ({ records }: TerminalNews): string[] =>
  records.map(({ id, state, kind }) => [id, state, kind].filter((each) => each !== undefined).join(" "));

describe("what a terminal is told of a project", () => {
  it("is a tree of its tasks, what needs a person first, without those that have not begun", () => {
    const state = project(
      { a: "succeeded", b: "running", c: "blocked", d: "failed", e: "pending" },
      { c: { kind: "approval_needed", text: "May it?\nReally?" } },
    );
    const news = projectNews({ name: "alpha", state, live: [] });
    expect(shown(news)).toEqual([" blocked permission", "c blocked permission", "d error", "b working", "a done"]);
    expect(news).toMatchObject({
      title: "? alpha needs your answer",
      progress: { state: "paused", percent: 20 },
      records: [{ app: "wsh-orchestrator", title: "alpha", progress: 20, message: "May it? Really?" }, {}, {}, {}, {}],
    });
  });

  it.each<[Readonly<Record<string, TaskState>>, string, TerminalNews["progress"]]>([
    [{}, "alpha", { state: "busy", percent: undefined }],
    [{ a: "running", b: "pending", c: "succeeded" }, "alpha 1/3", { state: "busy", percent: 33 }],
    [{ a: "failed", b: "running" }, "alpha 0/2, 1 failed", { state: "error", percent: 0 }],
  ])("has title and progress: %j", (tasks, title, progress) => {
    expect(projectNews({ name: "alpha", state: project(tasks), live: [] })).toMatchObject({ title, progress });
  });

  it("needs nobody where a run waits for nobody", () => {
    const state = project({ a: "failed" }, { a: { kind: "error", text: "a failed." } });
    expect(shown(projectNews({ name: "alpha", state, live: [] }))).toEqual([" working", "a error"]);
  });

  it("has a session below the task that runs there, and a question there is first, too", () => {
    const state = project({ a: "running", b: "running", c: "succeeded" });
    for (const [name, task_id] of [
      ["proj-alpha::x::1", "a"],
      ["proj-alpha::y::1", "b"],
      ["proj-alpha::z::1", "c"],
    ] as const)
      state.sessions.set(name, { task_id } as SessionContext);
    const sessions = [
      live("proj-alpha::x::1", { state: "idle" }, "make"),
      live("proj-alpha::y::1", { state: "waiting", kind: "password", why: "sudo asks for a password." }, "sudo id"),
      live("proj-alpha::z::1", { state: "idle" }),
    ];
    const news = projectNews({ name: "alpha", state, live: sessions });
    expect(shown(news)).toEqual([
      " working",
      "b working",
      "b/y.1 blocked auth",
      "a working",
      "a/x.1 working",
      "c done",
    ]);
    expect(news.records[2]).toMatchObject({ title: "y::1", message: "sudo asks for a password." });
    expect(news.records[4]).toMatchObject({ title: "x::1", message: "make" });
  });

  it("stays below what a terminal keeps, and leaves out what is done first", () => {
    const tasks = Object.fromEntries(
      Array.from({ length: 400 }, (_, at) => [`t${at}`, at === 399 ? "failed" : at === 398 ? "running" : "succeeded"]),
    ) as Record<string, TaskState>;
    const { records } = projectNews({ name: "alpha", state: project(tasks), live: [] });
    expect(records.length).toBeLessThan(256);
    expect(records.slice(0, 3).map(({ id }) => id)).toEqual(["", "t399", "t398"]);
  });
});

describe("the bytes for it", () => {
  const news = (title: string, percent: number, records: readonly ProgramStatus[]): TerminalNews => ({
    title,
    progress: { state: "busy", percent },
    records,
  });
  const first = news("alpha 0/2", 0, [
    { state: "working", id: "" },
    { state: "working", id: "a" },
    { state: "working", id: "a/s.1" },
  ]);

  it("are all of it at first, and only what is new later", () => {
    expect(newsBytes(undefined, first, all)).toBe(
      "\x1b]0;alpha 0/2\x1b\\\x1b]9;4;1;0\x1b\\" +
        "\x1b]7501;state=working\x1b\\\x1b]7501;state=working:id=a\x1b\\\x1b]7501;state=working:id=a/s.1\x1b\\",
    );
    expect(newsBytes(first, first, all)).toBe("");
    const then = news("alpha 0/2", 50, [
      { state: "working", id: "" },
      { state: "done", id: "a" },
    ]);
    expect(newsBytes(first, then, all)).toBe(
      "\x1b]9;4;1;50\x1b\\\x1b]7501;state=clear:id=a/s.1\x1b\\\x1b]7501;state=done:id=a\x1b\\",
    );
    // What stands below one that goes goes with it.
    expect(newsBytes(first, news("alpha 0/2", 0, [{ state: "working", id: "" }]), all)).toBe(
      "\x1b]7501;state=clear:id=a\x1b\\",
    );
  });

  it("are only what the terminal understands", () => {
    expect(newsBytes(undefined, first, { title: true, progress: false, statuses: false })).toBe(
      "\x1b]0;alpha 0/2\x1b\\",
    );
    expect(newsBytes(undefined, first, { title: false, progress: true, statuses: false })).toBe("\x1b]9;4;1;0\x1b\\");
    expect(newsBytes(undefined, first, { title: false, progress: false, statuses: false })).toBe("");
  });

  it("say errors, pauses and what nobody can count", () => {
    const of = (progress: TerminalNews["progress"]): string =>
      newsBytes(undefined, { ...first, progress }, { title: false, progress: true, statuses: false });
    expect(of({ state: "error", percent: 30 })).toBe("\x1b]9;4;2;30\x1b\\");
    expect(of({ state: "paused", percent: 30 })).toBe("\x1b]9;4;4;30\x1b\\");
    expect(of({ state: "busy", percent: undefined })).toBe("\x1b]9;4;3;0\x1b\\");
  });

  it("end with the title, whatever a name holds", () => {
    expect(titleBytes("a\x1b\\b\x07c")).toBe("\x1b]0;a \\b c\x1b\\");
  });
});
