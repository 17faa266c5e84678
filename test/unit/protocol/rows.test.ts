import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { countedTasks } from "../../../src/core/model/taskCount";
import { ageText, lasting, spokenAge } from "../../../src/protocol/ageText";
import { groupRows, rowAbove, rowsBelow } from "../../../src/protocol/groupRows";
import { countWords, projectRow, type RunnerView } from "../../../src/protocol/projectRows";
import { sessionRows } from "../../../src/protocol/sessionRows";
import { taskRows } from "../../../src/protocol/taskRows";
import { asked, entry, history, picture, session, start } from "./rowScene";

describe("rows of sessions whose server was never chosen", () => {
  it("say so first, name the server, and offer to choose it", () => {
    const { project, ...rest } = picture(history);
    const server = { address: "http://stranger.example", server_id: null };
    const [row] = sessionRows({ ...rest, project: { ...project, server }, server_unchosen: true }, "builder", start);
    expect(row?.description).toMatch(/^its server was never chosen · /);
    expect(row?.spoken).toContain("its server was never chosen");
    expect(row?.tooltip.join("\n")).toContain("name the server http://stranger.example, which you have never chosen");
    expect(row?.context).toBe("session+unchosen");
  });
});

describe("the row of a session with another environment than the window's", () => {
  const started = entry({ kind: "session", session_name: session, role: "builder", state: "idle", event: "starting" });
  const tooltip = (
    environment: Record<string, string>,
    fingerprints?: Record<string, string>,
    runner?: RunnerView,
  ): string => {
    const entries = [...history, { ...started, environment }];
    const rows = sessionRows({ ...picture(entries, runner), fingerprints }, "builder", start);
    return rows[0]?.tooltip.join("\n") ?? "";
  };

  it("names what is different, and what changes that", () => {
    expect(tooltip({ PATH: "1", AWS_PROFILE: "2" }, { PATH: "1", VIRTUAL_ENV: "3" })).toContain(
      "This session has another VIRTUAL_ENV, AWS_PROFILE than new sessions of this window get. " +
        "A restart gives it this window's.",
    );
  });

  it("says nothing while another process runs the project, whose environment a restart would give", () => {
    const other = { who: "other", name: "process 7" } as const;
    expect(tooltip({ PATH: "1" }, { PATH: "2" }, { ...other, gone: false })).not.toContain("another");
    expect(tooltip({ PATH: "1" }, { PATH: "2" }, { ...other, gone: true })).toContain("another PATH");
    expect(tooltip({ PATH: "1" }, { PATH: "2" }, { who: "nobody" })).toContain("another PATH");
  });

  it("says nothing where it has the same, or nothing is known of the window's", () => {
    expect(tooltip({ PATH: "1" }, { PATH: "1" })).not.toContain("another");
    expect(tooltip({ PATH: "1" })).not.toContain("another");
  });
});

describe("rows of a project", () => {
  it("say its state, its progress, and which process runs it elsewhere", () => {
    expect(projectRow(picture(history), start + 10_000)).toMatchObject({
      label: "alpha",
      description: "running here · 0/1",
      context: "project+running",
    });
    const other = projectRow(picture(history, { who: "other", name: "process 7", gone: false }), start);
    expect(other.description).toBe("running · 0/1 · process 7");
    expect(projectRow({ ...picture(history), muted: true }, start)).toMatchObject({
      description: "running here · 0/1 · muted",
      context: "project+running+muted",
    });
  });

  it("do not say that it runs when its process has ended", () => {
    const row = projectRow(picture(history, { who: "other", name: "process 7", gone: true }), start);
    expect([row.look.word, row.context]).toEqual(["not running", "project+stopped"]);
    expect(row.description).toBe("not running · 0/1 · process 7 ended unexpectedly");
  });

  it("say to a screen reader and in a tooltip what stands there, in whole phrases", () => {
    const row = projectRow(
      picture([...history, asked], { who: "other", name: "process 7", gone: false }),
      start + 65_000,
    );
    expect(row.spoken).toBe("alpha, project, needs your answer, running in process 7, 0 of 1 task succeeded");
    expect(row.tooltip).toEqual([
      "Ship it",
      "needs your answer, running in process 7, 0 of 1 task succeeded",
      "Folder: /w",
      "Latest, 1 min ago: build wants to",
    ]);
    const over = picture([...history, entry({ kind: "project", state: "stopped", text: "stopped" }, 9)], {
      who: "nobody",
    });
    expect(projectRow({ ...over, folder: "web" }, start).spoken).toBe(
      "alpha, project, stopped, 0 of 1 task succeeded, folder web",
    );
  });

  it("count sessions in the singular and in the plural", () => {
    const { sessions, ...made } = picture(history);
    const [one] = sessions;
    const words = (...states: NonNullable<typeof one>["state"][]): string | undefined =>
      groupRows({ ...made, sessions: one ? states.map((state) => ({ ...one, state })) : [] }, start).at(-1)
        ?.description;
    expect([words("idle", "working"), words("lost", "exited")]).toEqual(["2 sessions", "2 sessions, all ended"]);
    expect(words("idle", "exited")).toBe("2 sessions, 1 ended");
  });

  it("say for how long something goes on, and how long ago it ended, whatever is written about it meanwhile", () => {
    const beat = entry({ kind: "heartbeat", session_name: session, text: "still" }, 300);
    const working = picture([...history, beat]);
    const minutes = (count: number): number => start + 3000 + count * 60_000;
    expect(sessionRows(working, "builder", minutes(6))[0]).toMatchObject({
      description: "build · working for 6 min · Runs: make",
      spoken: "builder::1, session, working for 6 minutes, task build, project alpha",
    });
    expect(taskRows(working, minutes(6))[0]).toMatchObject({
      description: "running for 6 min · builder",
      spoken: "build, task, running for 6 minutes",
    });
    const ended = picture([
      ...history,
      entry(
        {
          kind: "session",
          session_name: session,
          event: "ended",
          state: "exited",
          text: "builder::1 ended with exit code 2.",
        },
        400,
      ),
      entry({ kind: "task", task_id: "build", state: "failed", exit_code: 2, attempt: 2, text: "failed" }, 400),
      entry({ kind: "note", session_name: session, text: "later" }, 500),
    ]);
    expect(sessionRows(ended, "builder", start + 460_000)[0]?.description).toBe("ended 1 min ago · exit code 2");
    expect(taskRows(ended, start + 460_000)[0]).toMatchObject({
      description: "failed after 6 min 38 s · exit code 2 · try 2 · 1 min ago · builder",
      spoken: "build, task, failed after 6 min 38 s, exit code 2, try 2, 1 minute ago",
    });
  });

  it("say what a task needs of a person, until it has an answer", () => {
    const blocked = entry({ kind: "task", task_id: "build", state: "blocked", event: "waiting", text: "waits" }, 6);
    const answer = entry({ kind: "answer", answer: "run", refs: [{ type: "entry", id: asked.id }], text: "run" }, 7);
    const word = (...more: ContextEntry[]): string | undefined =>
      taskRows(picture([...history, asked, ...more]), start + 65_000)[0]?.description;
    expect(word(blocked)).toBe("needs approval · asked 1 min ago · builder");
    expect(word(blocked, answer)).toBe("answered: run, not applied yet · 58 s ago · builder");
    const answered = picture([...history, asked, blocked, answer]);
    expect(countWords(countedTasks(answered.state))).toBe("0 of 1 task succeeded");
    const ended = entry({ kind: "project", event: "ended", state: "blocked", text: "alpha needs an answer." }, 8);
    const standing = picture([...history, asked, blocked, answer, ended], { who: "nobody" });
    expect(projectRow(standing, start).look.word).toBe("not running");
  });

  it("say what a program asks in the session of a running task, and that it asks for an approval", () => {
    const asks = (kind: string): ContextEntry =>
      entry({ kind, event: "terminal_asks", human_attention_needed: true, session_name: session, text: "asks" }, 6);
    const word = (...more: ContextEntry[]): string | undefined =>
      taskRows(picture([...history, ...more]), start + 66_000)[0]?.description;
    expect(word(asks("approval_needed"))).toBe("needs approval · asked 1 min ago · builder");
    expect(word(asks("blocked"))).toBe("needs your answer · asked 1 min ago · builder");
    const waits = entry({ kind: "state", session_name: session, state: "waiting", text: "waits" }, 6);
    expect(word(waits)).toBe("needs your answer · for 1 min · builder");
  });

  it("say that an answer is needed before they say that a run has failed", () => {
    const failed = entry({ kind: "project", event: "ended", state: "failed", text: "alpha failed." }, 8);
    const row = projectRow(picture([...history, asked, failed], { who: "nobody" }), start);
    expect(row).toMatchObject({ description: "needs your answer · failed · 0/1", look: { icon: "question" } });
    expect(row.spoken).toBe("alpha, project, needs your answer, failed, 0 of 1 task succeeded");
  });

  it("show the last task of a session at rest with how it ended", () => {
    const ended = [
      entry({ kind: "result", command_id: "C", session_name: session, outcome: "exited", exit_code: 0, text: "ok" }, 9),
      entry({ kind: "session", session_name: session, state: "idle", event: "idle", text: "idle" }, 9),
      entry({ kind: "task", task_id: "build", state: "succeeded", exit_code: 0, text: "build succeeded." }, 9),
    ];
    const made = picture([...history, ...ended]);
    expect(sessionRows(made, "builder", start + 70_000)[0]?.description).toBe("idle for 1 min · build: succeeded");
    expect(taskRows(made, start + 70_000)[0]?.description).toBe("succeeded after 7 s · 1 min ago · builder");
  });

  it("have tasks in one group, and sessions by role, with ids that stay when labels change", () => {
    const made = picture(history);
    const [one] = made.sessions;
    const two = { ...made, sessions: one ? [one, { ...one, session_name: `${session}1` }] : [] };
    const groups = groupRows(two, start);
    expect(groups.map((group) => [group.kind, group.name])).toEqual([
      ["tasks", ""],
      ["role", "builder"],
    ]);
    const parents = (of: typeof made): string[] =>
      [
        projectRow(of, start),
        ...groupRows(of, start),
        ...groupRows(of, start).flatMap((row) => rowsBelow(of, row, start)),
      ].map((row) => `${row.kind} < ${rowAbove(of, row, start)?.kind ?? "top"}`);
    expect(parents(two)).toEqual([
      "project < top",
      "tasks < project",
      "role < project",
      "task < tasks",
      "session < role",
      "session < role",
    ]);
    // The only session of a role needs no group.
    expect(parents(made)).toEqual(["project < top", "tasks < project", "session < project", "task < tasks"]);
    const [before, after] = [start + 4000, start + 400_000].map(
      (now) => sessionRows(picture(history), "builder", now)[0],
    );
    expect(before?.description).toContain("working for a few seconds");
    expect(after?.description).toContain("working for 6 min");
    expect(before?.id).toBe(after?.id);
    expect(taskRows(picture(history), start + 4000)[0]).toMatchObject({ label: "build", context: "task" });
  });

  it("say that a session needs an answer while its question is open", () => {
    const [row] = sessionRows(picture([...history, asked]), "builder", start + 65_000);
    expect(row?.look.word).toBe("needs your answer");
    expect(row?.spoken).toBe(
      "builder::1, session, needs your answer for 1 minute, task build, rm -rf x, project alpha",
    );
    expect(projectRow(picture([...history, asked]), start).look.word).toBe("needs your answer");
  });
});

describe("ages", () => {
  it.each([
    [0, "just now", "just now"],
    [30, "30 s ago", "less than a minute ago"],
    [60, "1 min ago", "1 minute ago"],
    [7200, "2 h ago", "2 hours ago"],
    [200_000, "2 d ago", "2 days ago"],
  ])("%i s", (seconds, short, spoken) => {
    const ts = new Date(start).toISOString();
    expect([ageText(ts, start + seconds * 1000), spokenAge(ts, start + seconds * 1000)]).toEqual([short, spoken]);
  });

  it("are told apart from how long something goes on", () => {
    const since = lasting(new Date(start).toISOString());
    expect([since.text(start + 720_000), since.spoken(start + 3_600_000)]).toEqual(["for 12 min", "for 1 hour"]);
    expect([since.text(start), lasting("no time").text(start), lasting("").spoken(start)]).toEqual([
      "for a few seconds",
      "",
      "",
    ]);
  });
});

describe("rows of coding agents", () => {
  const starts = entry(
    {
      kind: "session",
      event: "starting",
      session_name: session,
      role: "builder",
      state: "starting",
      agent: { name: "codex", title: "Codex", model: "gpt-5.1" },
      text: "builder::1 is starting.",
    },
    0,
  );
  const prompt = entry(
    {
      kind: "command",
      command_id: "P",
      task_id: "build",
      step: 0,
      session_name: session,
      typed_as: "prompt",
      input: "\n  Fix the build.\nKeep the tests green.",
      text: "build: Fix the build. Keep the tests green.",
    },
    4,
  );
  const waits = entry(
    {
      kind: "state",
      session_name: session,
      state: "waiting",
      state_kind: "permission",
      program: { name: "codex", version: "0.169" },
      evidence: [{ signal: "screen", rule: "approval", lines: ["Would you like to run it?", "  $ make clean"] }],
      text: "builder::1 needs permission.",
    },
    5,
  );
  const told = [...history.slice(0, 1), starts, ...history.slice(1), prompt];

  it("name the agent and its model, after what it does and asks", () => {
    const working = picture(told);
    expect(sessionRows(working, "builder", start + 63_000)[0]).toMatchObject({
      description: "build · working for 1 min · Fix the build. Keep the tests green. · Codex gpt-5.1",
      spoken: "builder::1, session, Codex gpt-5.1, working for 1 minute, task build, project alpha",
    });
    const asking = sessionRows(picture([...told, waits]), "builder", start + 185_000)[0];
    expect(asking?.description).toBe("build · needs permission for 3 min · Would you like to run it? · Codex gpt-5.1");
    expect(asking?.tooltip.slice(0, 3)).toEqual([
      session,
      "Codex gpt-5.1: needs permission for 3 min",
      "Would you like to run it?",
    ]);
  });

  it("show the very command that is to be allowed, where a question has it", () => {
    const question = entry(
      {
        kind: "approval_needed",
        human_attention_needed: true,
        event: "terminal_asks",
        session_name: session,
        input: "make clean",
        reason: "It asks to run this.",
        options: ["Yes, proceed", "No"],
        text: "builder::1 asks.",
      },
      6,
    );
    const row = sessionRows(picture([...told, waits, question]), "builder", start + 185_000)[0];
    expect(row?.description).toBe("build · needs permission for 3 min · make clean · Codex gpt-5.1");
  });

  it("name the agent on the role's row, and the prompt of a task by its first line", () => {
    const working = picture(told);
    const [one] = working.sessions;
    const two = { ...working, sessions: one ? [one, one] : [] };
    expect(groupRows(two, start).at(-1)).toMatchObject({
      description: "Codex gpt-5.1 · 2 sessions",
      spoken: "builder, role, Codex gpt-5.1, 2 sessions",
    });
    expect(taskRows(working, start)[0]?.tooltip).toContain("Prompt: Fix the build.");
  });

  it("name an agent that a person has started in a shell, and none once its session starts without one", () => {
    const byHand = picture([...history, waits]);
    expect(sessionRows(byHand, "builder", start)[0]?.description).toMatch(/ · Codex$/);
    const again = { ...starts, agent: undefined };
    expect(sessionRows(picture([...told, again]), "builder", start)[0]?.description).not.toContain("Codex");
  });
});
