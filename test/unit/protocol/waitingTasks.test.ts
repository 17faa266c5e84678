import { describe, expect, it } from "vitest";
import { type ProjectNow, statusText } from "../../../src/cli/statusText";
import { taskWord } from "../../../src/cli/taskWord";
import type { ContextEntry } from "../../../src/core/model/entry";
import { snapshotPage } from "../../../src/core/record/snapshotPage";
import { snapshotOf } from "../../../src/core/record/snapshots";
import { activityGroups } from "../../../src/protocol/activityGroups";
import { taskOutput } from "../../../src/protocol/taskOutput";
import { sessionRows } from "../../../src/protocol/sessionRows";
import { taskRows } from "../../../src/protocol/taskRows";
import { taskTries } from "../../../src/protocol/taskTries";
import { waitsIn } from "../../../src/protocol/taskWaitLook";
import { lineText } from "../../../src/protocol/textPage";
import { entry, picture, start } from "./rowScene";

const coder = (index: number): string => `proj-alpha::coder::${index}`;
const task = (id: string, event: string, state: string, more: Partial<ContextEntry> = {}): ContextEntry =>
  entry({ kind: "task", task_id: id, role: "coder", event, state, attempt: 1, ...more });
const session = (index: number): ContextEntry =>
  entry({ kind: "session", session_name: coder(index), role: "coder", state: "idle", event: "created" });
const prompt = (id: string, index: number): ContextEntry =>
  entry({
    ...{ kind: "command", command_id: `C${id}`, task_id: id, role: "coder", session_name: coder(index), step: 0 },
    ...{ input: "Mend it.", typed_as: "prompt" },
  });
const met = (id: string, index: number, turn: ContextEntry["turn"]): ContextEntry =>
  entry({
    ...{ kind: "result", command_id: `C${id}`, task_id: id, session_name: coder(index), step: 0 },
    ...{ outcome: "exited", exit_code: null, turn, text: "The turn ended after 3 s." },
  });
const limit = (reason: string, not_before?: string): ContextEntry =>
  entry({
    ...{ kind: "state", event: "agent_limited", role: "coder", task_id: "one", reason, text: `${reason}.` },
    refs: [
      { type: "task", id: "one" },
      { type: "role", id: "coder" },
    ],
    ...(not_before === undefined ? {} : { not_before }),
  });
const auth = { state: "failed", state_kind: "auth", reason: "Codex is not logged in any more." };
const begun = [
  entry({ kind: "project", state: "running", event: "started" }),
  ...[1, 2].map(session),
  ...["one", "two"].flatMap((id, index) => [
    task(id, "started", "running", { session_name: coder(index + 1) }),
    prompt(id, index + 1),
  ]),
];
const parked = task("two", "parked", "pending", {
  session_name: coder(2),
  step: 0,
  refs: [
    { type: "task", id: "two" },
    { type: "asked", id: "one" },
  ],
});
const question = entry({
  ...{ kind: "blocked", task_id: "one", role: "coder", session_name: coder(1), human_attention_needed: true },
  ...{ options: ["retry", "skip"], text: "one is blocked: Codex is not logged in any more; log in, then retry." },
});
const asking = [
  ...begun,
  met("one", 1, auth),
  limit("Codex is not logged in any more"),
  task("one", "blocked", "blocked", { session_name: coder(1) }),
  question,
  met("two", 2, auth),
  parked,
  entry({ kind: "project", state: "waiting", event: "ended" }),
];
const timed = [
  ...begun,
  met("one", 1, { state: "limited", state_kind: "rate", reason: "Codex has reached its rate limit." }),
  limit("Codex has reached its rate limit", new Date(start + 3_600_000).toISOString()),
];
const now = start + 60_000;
const clock = (ms: number): string => new Date(ms).toTimeString().slice(0, 5);

describe("a task that waits for the answer about another one", () => {
  const { state, project } = picture(asking);
  const words = "waits for the answer about one";

  it("says so, and why, in its row, to a screen reader and in its session's row", () => {
    const made = picture(asking, { who: "nobody" });
    expect(taskRows(made, now)[1]).toMatchObject({
      description: `${words} · Codex is not logged in any more · coder`,
      spoken: `two, task, ${words}, Codex is not logged in any more`,
    });
    expect(sessionRows(made, "coder", now).map(({ description }) => description)).toContainEqual(
      expect.stringContaining(` · two: ${words}`),
    );
    expect(waitsIn(state, coder(2), now)).toEqual([`two ${words} (Codex is not logged in any more).`]);
  });

  it("says so in its group of Activity", () => {
    const groups = activityGroups([{ picture: picture(asking), recent: asking }], {}, 10);
    expect(groups.find(({ name }) => name === "two")?.description).toContain(words);
  });

  it("says so in the lists of the command line", () => {
    expect(taskWord(state, "two", "pending", now)).toBe(words);
    const each: ProjectNow = { project, state, sessions: [], runner: undefined };
    const at = { now, reader: "human:ada", host: "here", workspace: "/w", columns: 120 };
    const lines = statusText(each, at).map((line) => line.map(({ text }) => text).join(""));
    expect(lines).toContain(`  · two ${words} (Codex is not logged in any more)`);
  });

  it("says so in SNAPSHOT.md, and is not resumed without that answer", () => {
    const snapshot = snapshotOf("alpha", state, new Date(now).toISOString());
    expect(snapshot.tasks?.[1]).toMatchObject({ wait: { about: "one", reason: "Codex is not logged in any more" } });
    expect(snapshot.tasks?.[1]).not.toHaveProperty("parked_by");
    expect(snapshotPage(project, snapshot, [], [])).toContain(`| two | coder | ${words} | 1 |`);
    expect(snapshot.next_steps).toEqual(["Answer 1 question (one)."]);
  });

  it("says so on the page of its output, whose try goes on then", () => {
    const own = [...asking, task("two", "started", "running", { session_name: coder(2) })].filter(
      ({ task_id }) => task_id === "two",
    );
    const page = taskOutput({ picture: picture(asking), task: "two", entries: own, live: undefined, now });
    const text = page.lines.map(lineText).join("\n");
    expect(text).toContain(`${words} · Codex is not logged in any more · 1 try · role coder`);
    expect(text).toContain(`Try 1: ${words}`);
    expect(taskTries(own)).toHaveLength(1);
  });

  it("is pending once that is said", () => {
    const answer = entry({
      kind: "answer",
      task_id: "one",
      answer: "retry",
      refs: [{ type: "entry", id: question.id }],
    });
    const made = picture([...asking, answer], { who: "nobody" });
    expect(taskRows(made, now)[1]?.description).toBe("pending · coder");
    expect(snapshotOf("alpha", made.state, "").next_steps).toEqual(["Resume the project: 1 task pending."]);
  });
});

describe("a task that waits for the time at which a limit ends", () => {
  const made = picture(timed);
  const words = `waits until ${clock(start + 3_600_000)}`;

  it("says so in its row and in SNAPSHOT.md, but for one whose prompt is under way", () => {
    expect(taskRows(made, now).map(({ description }) => description)).toEqual([
      `${words} · Codex has reached its rate limit · coder`,
      expect.stringMatching(/^running for /u),
    ]);
    const snapshot = snapshotOf("alpha", made.state, new Date(now).toISOString());
    expect(snapshotPage(made.project, snapshot, [], [])).toContain(
      "| one | coder | waits until 2026-01-01 11:00 UTC |",
    );
  });

  it("runs from then on", () => {
    expect(taskRows(made, start + 3_600_001)[0]?.description).toMatch(/^running for /u);
  });
});
