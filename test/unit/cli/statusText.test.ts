import { describe, expect, it } from "vitest";
import { livePicture } from "../../../src/cli/livePicture";
import { type ProjectNow, sessionWords, statusOf, statusText } from "../../../src/cli/statusText";
import { type EntryDraft, shortEntryId } from "../../../src/core/model/entry";
import { applyEntry, emptyProjectState, openEscalations } from "../../../src/core/model/projectState";
import type { SessionState } from "../../../src/core/model/states";
import { countedTasks, succeededText, taskCountText } from "../../../src/core/model/taskCount";
import { snapshotPage } from "../../../src/core/record/snapshotPage";
import { snapshotOf } from "../../../src/core/record/snapshots";
import { withQuestions } from "../../../src/core/session/trueSessions";
import { groupRows } from "../../../src/protocol/groupRows";
import { neediestFirst } from "../../../src/protocol/needs";
import { projectRow } from "../../../src/protocol/projectRows";
import { textWidth } from "../../../src/core/base/textWidth";
import { entryOf } from "../../support/entries";

const now = Date.UTC(2026, 0, 2);
const minutesAgo = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();

type Draft = Partial<EntryDraft> & { kind: string };

/** A project by what its log says; each entry came so many minutes ago. */
function projectOf(
  name: string,
  drafts: readonly (readonly [number, Draft])[],
  rest: Partial<ProjectNow> = {},
): ProjectNow {
  const state = emptyProjectState();
  for (const [minutes, draft] of drafts) applyEntry(state, { ...entryOf(draft), ts: minutesAgo(minutes) });
  return {
    project: {
      project_id: name,
      name,
      goal: "Build, test and publish the documentation of the parser to the staging site",
      status: state.status,
      default_cwd: "/site",
      active_branch: null,
      owner: "ada",
      updated_at: minutesAgo(drafts.at(-1)?.[0] ?? 0),
    },
    state,
    sessions: withQuestions([...state.sessions.values()], state),
    runner: undefined,
    ...rest,
  };
}

const runner = { holder: "human:ada", host: "here", pid: 812, alive: true };
const session = (index: number): string => `proj-alpha::a-builder-with-a-long-name::${index}`;
const task = (id: string, state: string, more: Partial<EntryDraft> = {}): Draft => ({
  kind: "task",
  task_id: id,
  state,
  event: state,
  role: "builder",
  ...more,
});
const ended = "failed";
const busy = projectOf(
  "alpha",
  [
    [90, { kind: "project", state: "running", event: "started" }],
    [90, task("build", "pending")],
    [90, task("deploy", "pending")],
    [80, task("fetch", "succeeded")],
    [80, task("docs", "skipped")],
    [70, { kind: "session", session_name: session(1), event: "created", state: "idle" }],
    [60, { kind: "session", session_name: session(2), event: "created", state: "idle" }],
    [
      12,
      { kind: "command", session_name: session(2), command_id: "c", text: "Runs for build: make all install check" },
    ],
    [1, { kind: "heartbeat", session_name: session(2), text: "make has run for 11 min." }],
    [30, task("lint", ended, { exit_code: 2 })],
    [
      20,
      {
        kind: "approval_needed",
        task_id: "deploy",
        session_name: session(1),
        input: "rm -rf dist && ./deploy --to staging --with-everything",
        reason: '"rm -rf dist" deletes files or whole folders without asking.',
        text: "deploy wants to run it.",
        human_attention_needed: true,
        options: ["run", "skip"],
      },
    ],
  ],
  { runner },
);

function drawn(each: ProjectNow, columns: number, host = "here"): string[] {
  return statusText(each, { now, host, reader: "human:ada", workspace: "/site", columns }).map((line) =>
    line.map(({ text }) => text).join(""),
  );
}

describe("the status of a project", () => {
  it("says at 60 columns what needs an answer, then what failed, then what runs", () => {
    const lines = drawn(busy, 60);
    const at = (part: string): number => lines.findIndex((line) => line.slice(0, 60).includes(part));
    const order = [
      at("alpha  "),
      at('? "rm -rf dist" deletes'),
      at("deploy $ rm -rf dist"),
      at("wsh-orchestrator answer "),
      at("✗ lint: failed with exit code 2, 30 min ago"),
      at("needs your answer for 20 min"),
      at("working for 12 min"),
      at("Runs in process 812, started by ada."),
    ];
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(order).not.toContain(-1);
  });

  it("names the folder of a task that does not run in the workspace", () => {
    const started = (id: string, cwd: string | undefined): Draft =>
      task(id, "running", {
        event: "started",
        attempt: 1,
        session_name: session(2),
        ...(cwd === undefined ? {} : { cwd }),
      });
    const inside = projectOf("alpha", [
      [90, { kind: "project", state: "running", event: "started" }],
      [80, started("api", "/site/packages/api")],
      [70, task("api", "failed", { event: "failed" })],
      [60, started("top", "/site")],
      [50, task("top", "failed", { event: "failed" })],
      [40, started("other", "/elsewhere")],
      [30, { kind: "session", session_name: session(2), event: "created", state: "idle" }],
      [
        20,
        { kind: "command", session_name: session(2), command_id: "c", task_id: "other", text: "Runs for other: make" },
      ],
    ]);
    const lines = drawn(inside, 120);
    expect(lines.find((line) => line.includes("✗ api"))).toMatch(/, in packages\/api$/);
    expect(lines.find((line) => line.includes("✗ top"))).not.toContain(" in ");
    expect(lines.find((line) => line.includes("Runs for other"))).toMatch(/make, in \/elsewhere$/);
  });

  it("cuts long names and goals there, and no question", () => {
    const lines = drawn(busy, 60);
    expect(lines.find((line) => line.includes("working"))).toMatch(
      /^ {2}a-builder-with-a-lo… {2}working for 12 min {2,}Runs/,
    );
    const asked = lines.slice(1, lines.findIndex((line) => line.includes("orchestrator answer ")) + 1);
    for (const line of asked) expect(textWidth(line)).toBeLessThanOrEqual(60);
    expect(asked.join(" ").replace(/\s+/g, " ")).toContain("deletes files or whole folders without asking.");
    const long = projectOf("a-project-with-a-very-long-name-that-goes-to-the-end", []);
    expect(drawn(long, 40)[0]).toMatch(/^a-project-wit.*… {2}planned {2}no tasks$/);
  });

  it("cuts nothing where no terminal has a width", () => {
    const text = drawn(busy, 10_000).join("\n");
    for (const whole of [busy.project.goal, "a-builder-with-a-long-name::2", "make all install check"])
      expect(text).toContain(whole);
    expect(text).not.toContain("…");
  });

  it("says that a project is not running whose process ended, and how to resume it", () => {
    const lines = drawn(
      projectOf("beta", [[5, { kind: "project", state: "running" }]], { runner: { ...runner, alive: false } }),
      80,
    );
    expect(lines[0]).toMatch(/^beta {2}not running {2}no tasks/);
    expect(lines[1]).toBe("  Process 812 ended unexpectedly. Resume it with: wsh-orchestrator do beta");
  });

  it("says what each answer does, how to answer, and the answer that waits for a run", () => {
    const drafts: (readonly [number, Draft])[] = [
      [9, { kind: "project", state: "running", event: "started" }],
      [6, task("build", "failed", { exit_code: 2 })],
      [
        5,
        {
          kind: "blocked",
          task_id: "build",
          text: "build failed.",
          human_attention_needed: true,
          options: ["retry", "skip"],
        },
      ],
      [4, { kind: "project", state: "failed", event: "ended" }],
    ];
    const asked = projectOf("shop", drafts);
    const [question] = openEscalations(asked.state);
    const answer = `wsh-orchestrator answer ${shortEntryId(question?.id ?? "")} skip`;
    expect(drawn(asked, 200)).toEqual(
      expect.arrayContaining([
        "    skip: skip the task and every task that needs it · retry: run the task again",
        `    ${answer} --resume   (or: retry)`,
      ]),
    );
    expect(drawn({ ...asked, runner }, 200)).toContain(`    ${answer}   (or: retry)`);
    const given = entryOf({
      kind: "answer",
      task_id: "build",
      answer: "retry",
      refs: [{ type: "entry", id: question?.id ?? "" }],
    });
    applyEntry(asked.state, { ...given, ts: minutesAgo(1) });
    expect(drawn(asked, 200).slice(1)).toEqual([
      '  Answer "retry" for build is saved.',
      "  ✗ build: failed with exit code 2, 6 min ago",
      "  Resume it with: wsh-orchestrator do shop",
    ]);
  });

  it("names another host", () => {
    expect(drawn(busy, 80, "there").at(-1)).toBe("  Runs in process 812 on here, started by ada.");
  });
});

it("puts projects that need an answer first, then failed ones, then those that run", () => {
  const status = (name: string, state: string, more: Partial<ProjectNow> = {}): ProjectNow =>
    projectOf(name, [[5, { kind: "project", state }]], more);
  const all = [status("done", "done"), status("runs", "running", { runner }), status("failed", "failed"), busy];
  expect(neediestFirst(all, statusOf).map(({ project }) => project.name)).toEqual(["alpha", "failed", "runs", "done"]);
});

it("counts the tasks of a project the same wherever they are counted", () => {
  const { state, project, sessions } = busy;
  const count = countedTasks(state);
  const words = taskCountText(count);
  expect(words).toBe("1 of 5 tasks succeeded, 1 failed, 1 skipped");
  const picture = { key: "/w#alpha", project, state, sessions, runner: { who: "nobody" }, folder: undefined } as const;
  const snapshot = snapshotOf("alpha", state, project.updated_at);
  for (const [where, text] of [
    ["status", drawn(busy, 200)[0]],
    ["snapshot", snapshot.summary],
    ["SNAPSHOT.md", snapshotPage(project, snapshot, [], [])],
    ["row", projectRow(picture, now).tooltip.join("\n")],
    ["spoken row", projectRow(picture, now).spoken],
    ["group", groupRows(picture, 0)[0]?.description],
  ] as const)
    expect(text, where).toContain(words);
  expect(projectRow(picture, now).description).toContain(`${count.succeeded}/${count.total}`);
  const model = { name: "alpha", goal: "", elapsed_ms: 0, tasks: [], count, sessions: [], questions: [], notice: "" };
  const [title = []] = livePicture({ ...model, typed: undefined, stopping: false }, { columns: 80, rows: 24 });
  expect(title.map(({ text }) => text).join("")).toContain(succeededText(count));
});

it("words what a session does, and says of a silent one of another workspace only that it is not known", () => {
  const words = (state: SessionState, ours?: boolean): string =>
    sessionWords(
      {
        session_name: session(1),
        project_id: "alpha",
        agent_id: null,
        role: "builder",
        state,
        next_action: "",
        last_signal: "",
        updated_at: minutesAgo(2),
        ...(ours === undefined ? {} : { ours }),
      },
      now,
    );
  expect([words("working"), words("waiting"), words("exited"), words("unclear"), words("unclear", false)]).toEqual([
    "working for 2 min",
    "needs your answer for 2 min",
    "ended 2 min ago",
    "unclear for 2 min",
    "state unknown",
  ]);
});
