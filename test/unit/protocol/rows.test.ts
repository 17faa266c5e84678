import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { applyEntry, emptyProjectState } from "../../../src/core/model/projectState";
import { activityRows } from "../../../src/protocol/activityRows";
import { ageText, spokenAge } from "../../../src/protocol/ageText";
import {
  attentionRow,
  attentionRows,
  deadlineWords,
  isToldWhole,
  namesOf,
  openQuestions,
  questionSentence,
} from "../../../src/protocol/attentionRows";
import { questionText } from "../../../src/protocol/questionText";
import {
  type RunnerView,
  groupRows,
  projectRow,
  type ProjectPicture,
  sessionRows,
  taskRows,
} from "../../../src/protocol/projectRows";

const start = Date.parse("2026-01-01T10:00:00Z");
let count = 0;

function entry(fields: Partial<ContextEntry> & { kind: string }, second = 0): ContextEntry {
  return {
    id: `E${String(++count).padStart(6, "0")}`,
    project_id: "alpha",
    session_name: null,
    actor: "engine",
    ts: new Date(start + second * 1000).toISOString(),
    text: "",
    ...fields,
  };
}

const session = "proj-alpha::builder::1";
const history: ContextEntry[] = [
  entry({ kind: "project", state: "running", goal: "Ship it", text: "started" }),
  entry(
    {
      kind: "session",
      session_name: session,
      role: "builder",
      state: "idle",
      event: "created",
      text: `${session} is ready.`,
    },
    1,
  ),
  entry(
    {
      kind: "task",
      task_id: "build",
      role: "builder",
      session_name: session,
      state: "running",
      event: "started",
      attempt: 1,
      text: "build runs",
    },
    2,
  ),
  entry(
    {
      kind: "command",
      command_id: "C",
      task_id: "build",
      step: 0,
      session_name: session,
      input: "make",
      text: "Runs: make",
    },
    3,
  ),
];
const asked = entry(
  {
    kind: "approval_needed",
    human_attention_needed: true,
    session_name: session,
    task_id: "build",
    input: "rm -rf x",
    reason: "It deletes files.",
    options: ["run", "skip"],
    text: "build wants to",
  },
  5,
);

function picture(entries: readonly ContextEntry[], runner: RunnerView = { who: "this_window" }): ProjectPicture {
  const state = emptyProjectState();
  for (const each of entries) applyEntry(state, each);
  const project = {
    project_id: "alpha",
    name: "alpha",
    goal: "Ship it",
    status: "running" as const,
    default_cwd: "/w",
    active_branch: null,
    owner: "o",
    updated_at: "",
  };
  return { key: "/w#alpha", project, state, sessions: [...state.sessions.values()], runner, folder: undefined };
}

describe("rows of a project", () => {
  it("say its state, its progress, and who drives it elsewhere", () => {
    expect(projectRow(picture(history), start + 10_000)).toMatchObject({
      label: "alpha",
      description: "running · 0/1",
      context: "project+running",
    });
    const other = projectRow(picture(history, { who: "other", name: "process 7", gone: false }), start);
    expect(other.description).toBe("running · 0/1 · driven by process 7");
    expect(projectRow({ ...picture(history), muted: true }, start)).toMatchObject({
      description: "running · 0/1 · muted",
      context: "project+running+muted",
    });
  });

  it("do not say that it runs when its driver is gone", () => {
    const row = projectRow(picture(history, { who: "other", name: "process 7", gone: true }), start);
    expect([row.look.word, row.context]).toEqual(["not running", "project+stopped"]);
  });

  it("have tasks in one group, and sessions by role, with ids that stay when labels change", () => {
    const groups = groupRows(picture(history));
    expect(groups.map((group) => [group.kind, group.name])).toEqual([
      ["tasks", ""],
      ["role", "builder"],
    ]);
    const [before, after] = [start + 4000, start + 400_000].map(
      (now) => sessionRows(picture(history), "builder", now)[0],
    );
    expect(before?.description).toContain("working · 1 s");
    expect(after?.description).toContain("working · 6 min");
    expect(before?.id).toBe(after?.id);
    expect(taskRows(picture(history), start + 4000)[0]).toMatchObject({ label: "build", context: "task" });
  });

  it("say that a session waits for a person while its question is open", () => {
    const [row] = sessionRows(picture([...history, asked]), "builder", start + 65_000);
    expect(row?.look.word).toBe("waits for you");
    expect(row?.spoken).toBe("builder::1, session, waits for you, project alpha, for 1 minute");
    expect(projectRow(picture([...history, asked]), start).look.word).toBe("waits for you");
  });
});

describe("open questions", () => {
  it("name the session first, then why, then the command", () => {
    const [question] = openQuestions([picture([...history, asked])]);
    expect(question && questionSentence(question, start)).toBe(
      "builder::1 (alpha) wants to run rm -rf x — It deletes files.",
    );
    expect(question && attentionRow(question, start + 10_000)).toMatchObject({
      label: "builder::1 (alpha)",
      description: "5 s ago · It deletes files.",
    });
  });

  it("are gone once they are answered; the answer stays until a run has applied it, and says what it waits for", () => {
    const answer = entry(
      { kind: "answer", actor: "human:ada", answer: "run", refs: [{ type: "entry", id: asked.id }], text: "run" },
      6,
    );
    const answered = [...history, asked, answer];
    expect(openQuestions([picture(answered)])).toEqual([]);
    const words = (runner: RunnerView, ...more: ContextEntry[]): string[] =>
      attentionRows([picture([...answered, ...more], runner)], start).map(
        (row) => `${row.context}: ${row.description}`,
      );
    expect(words({ who: "nobody" })).toEqual(["question+answered: answered: run by human:ada · not running"]);
    expect(words({ who: "other", name: "process 7", gone: true })).toEqual([
      "question+answered: answered: run by human:ada · not running",
    ]);
    expect(words({ who: "other", name: "process 7", gone: false })).toEqual([
      "question+answered+running: answered: run by human:ada · process 7 has not applied it yet",
    ]);
    expect(
      words(
        { who: "this_window" },
        entry(
          { kind: "task", task_id: "build", state: "running", event: "started", attempt: 1, text: "build runs" },
          7,
        ),
      ),
    ).toEqual([]);
    expect(words({ who: "nobody" }, entry({ kind: "project", state: "done", text: "done" }, 8))).toEqual([]);
  });

  it("say how much time is left, and what counts afterwards", () => {
    const until = (seconds: number, more: Partial<ContextEntry> = {}): string | undefined =>
      deadlineWords({ ...asked, deadline: new Date(start + seconds * 1000).toISOString(), ...more }, start);
    expect([until(45), until(100, { default: "skip" }), until(7200), until(-1), until(0, { default: "skip" })]).toEqual(
      [
        "answer within 45 s",
        "answer within 2 min, else skip",
        "answer within 2 h",
        "its time is over",
        "its time is over: skip",
      ],
    );
    expect([deadlineWords(asked, start), deadlineWords({ ...asked, deadline: "soon" }, start)]).toEqual([
      undefined,
      undefined,
    ]);
    const [question] = openQuestions([
      picture([...history, { ...asked, deadline: new Date(start + 45_000).toISOString(), default: "skip" }]),
    ]);
    expect(question && questionSentence(question, start)).toBe(
      "builder::1 (alpha) wants to run rm -rf x — It deletes files. (answer within 45 s, else skip)",
    );
    expect(question && attentionRow(question, start + 10_000).spoken).toContain("answer within 35 s, else skip");
  });

  it("are not told whole when their command is long, and are named in a few words when there are many", () => {
    const long = openQuestions([picture([...history, { ...asked, input: `${"x".repeat(300)} && rm -rf /` }])]);
    const lines = openQuestions([picture([...history, { ...asked, input: "echo one\nrm -rf /" }])]);
    const short = openQuestions([picture([...history, asked])]);
    expect([...long, ...lines, ...short].map(isToldWhole)).toEqual([false, false, true]);
    const [one] = short;
    expect(one && namesOf(["a", "b", "c", "d", "e"].map((who) => ({ ...one, who })))).toBe(
      "a (alpha), b (alpha), c (alpha) and 2 more",
    );
  });

  it("are read as a page that hides nothing and tells what became of them", () => {
    const input = "echo \u001b[8mhidden\u001b[0m\u202e\n  rm -rf x";
    const asking = { ...asked, input, rule: "rm-recursive", id: "ASKED" };
    const about = { refs: [{ type: "entry", id: "ASKED" }] };
    const told = entry(
      { kind: "delivery", event: "delivered", attempt: 1, text: "A window tells of it.", ...about },
      6,
    );
    const answer = entry({ kind: "answer", answer: "skip", text: "human:ada answered: skip", ...about }, 7);
    const made = picture([...history, asking, told, answer], { who: "nobody" });
    const escalation = made.state.escalations.get("ASKED");
    const text = escalation ? questionText(made, escalation, start) : "";
    expect(text).toContain(
      "builder::1 (alpha)\n\nIt deletes files.\n\nIt wants to run:\n\n    echo hidden\n      rm -rf x\n",
    );
    expect(text).toMatch(/Rule: +rm-recursive\nAnswers: +run, skip\n/);
    expect(text).toMatch(/ {2}asked\n.+ A window tells of it\.\n.+ human:ada answered: skip\n +not running\n$/);
    expect(text).not.toMatch(/[^\n\P{Control}]|\u202e/u);
  });
});

describe("activity", () => {
  const sources = [
    {
      picture: picture(history),
      recent: [...history, entry({ kind: "heartbeat", session_name: session, text: "still" }, 9)],
    },
  ];

  it("is newest first and leaves signs of life out", () => {
    expect(activityRows(sources, {}, 3).map((row) => row.label)).toEqual(["build $ make", "build runs", "is ready."]);
  });

  it("leaves out which window tells of a question, and keeps who received a note", () => {
    const told = entry(
      { kind: "delivery", session_name: null, event: "delivered", channel: "window", text: "A window tells." },
      9,
    );
    const received = entry(
      { kind: "delivery", session_name: session, event: "delivered", text: "It received the note." },
      10,
    );
    const both = [{ picture: picture(history), recent: [told, received] }];
    expect(activityRows(both, {}, 9).map((row) => row.label)).toEqual([expect.stringContaining("received the note")]);
    expect(activityRows(both, { kinds: ["delivery"] }, 9)).toHaveLength(2);
  });

  it("is short in its rows, whatever was printed", () => {
    const long = entry(
      {
        kind: "result",
        session_name: session,
        outcome: "exited",
        exit_code: 1,
        output: `${"x".repeat(1_000_000)}\n`,
        text: "y".repeat(1_000_000),
      },
      9,
    );
    const [row] = activityRows([{ picture: picture(history), recent: [long] }], {}, 1);
    expect(
      [row?.label.length, row?.tooltip.length, row?.spoken.length].every(
        (length) => length !== undefined && length < 2100,
      ),
    ).toBe(true);
  });

  it("is filtered by session and kind", () => {
    expect(activityRows(sources, { kinds: ["heartbeat"] }, 9)).toHaveLength(1);
    expect(activityRows(sources, { session: "proj-alpha::other::1" }, 9)).toEqual([]);
    expect(activityRows(sources, { key: "/elsewhere#alpha" }, 9)).toEqual([]);
  });
});

describe("ages", () => {
  it.each([
    [0, "just now", "just now"],
    [30, "30 s ago", "30 seconds ago"],
    [60, "1 min ago", "1 minute ago"],
    [7200, "2 h ago", "2 hours ago"],
    [200_000, "2 d ago", "2 days ago"],
  ])("%i s", (seconds, short, spoken) => {
    const ts = new Date(start).toISOString();
    expect([ageText(ts, start + seconds * 1000), spokenAge(ts, start + seconds * 1000)]).toEqual([short, spoken]);
  });
});
