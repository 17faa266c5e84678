import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pickQuestion } from "../../../src/cli/answering";
import { freeTaskId, withinPlan } from "../../../src/core/run/plannedRun";
import { isLocalAddress } from "../../../src/adapters/wsh/serverAddress";
import { exitOf } from "../../../src/protocol/exitCodes";
import { exitCodeOf } from "../../../src/protocol/exitCodes";
import { wantsColors } from "../../../src/cli/paint";
import { peoplesName } from "../../../src/core/model/names";
import { shellWord } from "../../../src/core/sense/shellWord";
import { sinceTime } from "../../../src/cli/sinceTime";
import { plainRow, styledRow } from "../../../src/core/session/styledText";
import { findWorkspace } from "../../../src/cli/workspace";
import type { RunResult } from "../../../src/core/run/projectRun";
import type { ContextEntry } from "../../../src/core/model/entry";
import { type ErrorCode, OrchestratorError } from "../../../src/core/model/errors";
import { parsePlan } from "../../../src/core/model/plan";
import { quickPlan } from "../../../src/core/model/quickPlan";
import type { TaskState } from "../../../src/core/model/states";
import { advice } from "../../../src/core/model/remedy";

describe("times of log --since", () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  it.each([
    ["30s", now - 30_000],
    ["10m", now - 600_000],
    ["2h", now - 7_200_000],
    ["1d", now - 86_400_000],
    ["2w", now - 14 * 86_400_000],
    ["2026-11-22T10:00:00Z", Date.parse("2026-11-22T10:00:00Z")],
    ["2026-11-22", Date.parse("2026-11-22")],
  ])("%s", (text, expected) => expect(sinceTime(text, now)).toBe(expected));

  it.each(["", "10", "m", "yesterday", "-5m", "1", "5 months"])("%j is no time", (text) => {
    expect(() => sinceTime(text, now)).toThrow(/is not a time/);
  });
});

describe("exit codes", () => {
  it.each([
    ["usage", 2],
    ["plan_invalid", 2],
    ["server_ambiguous", 2],
    ["ambiguous", 2],
    ["needs_person", 3],
    ["input_unconfirmed", 3],
    ["server_unreachable", 4],
    ["auth_invalid", 4],
    ["project_not_found", 5],
    ["session_not_found", 5],
    ["entry_not_found", 5],
    ["role_not_found", 5],
    ["already_answered", 1],
    ["ledger_corrupt", 1],
    ["interrupted", 130],
  ] as [ErrorCode, number][])("%s is %i", (code, expected) => expect(exitCodeOf(code)).toBe(expected));

  it("a run whose server went away before anything was unclear ends with 4", () => {
    const task = (state: TaskState): RunResult["tasks"][number] => ({
      id: state,
      role: "r",
      state,
      attempts: 1,
      exit_code: null,
      session_name: null,
      started_at: null,
      ended_at: null,
    });
    const gone = (states: TaskState[]): RunResult => ({
      status: "stopped",
      tasks: states.map(task),
      snapshot: { summary: "", open_blockers: [], next_steps: [], recent_highlights: [] },
      count: { succeeded: 0, total: 0, others: [] },
      problem: new OrchestratorError("server_unreachable", "It is gone.", advice("Start it.")),
      stopped: false,
      left: false,
    });
    expect(exitOf(gone(["succeeded", "pending"]))).toBe(4);
    expect(exitOf(gone(["unknown", "pending"]))).toBe(3);
  });

  it.each([
    [["succeeded", "skipped"], false, 0],
    [["succeeded", "failed", "blocked"], false, 1],
    [["failed", "unknown"], false, 1],
    [["succeeded", "blocked"], false, 3],
    [["unknown"], false, 3],
    [["pending"], false, 3],
    [["failed"], true, 130],
    [[], false, 0],
  ] as [TaskState[], boolean, number][])(
    "a run with %j (interrupted: %s) ends with %i",
    (states, interrupted, expected) => {
      const tasks = states.map((state, index) => ({
        id: `t${index}`,
        role: "r",
        state,
        attempts: 1,
        exit_code: null,
        session_name: null,
        started_at: null,
        ended_at: null,
      }));
      expect(
        exitOf({
          status: "done",
          tasks,
          snapshot: { summary: "", open_blockers: [], next_steps: [], recent_highlights: [] },
          count: { succeeded: 0, total: 0, others: [] },
          problem: undefined,
          stopped: interrupted,
          left: false,
        } satisfies RunResult),
      ).toBe(expected);
    },
  );
});

describe("answers that are typed", () => {
  const questions = ["A", "B"].map((id) => ({ id }) as ContextEntry);
  it.each([
    ["run", "A", "run"],
    ["2 skip", "B", "skip"],
    ["1) run", "A", "run"],
    ["3 run", "A", "3 run"],
    ["2", "A", "2"],
  ])("%j answers %s with %j", (line, id, text) => {
    const picked = pickQuestion(questions, line);
    expect([picked?.question.id, picked?.text]).toEqual([id, text]);
  });
  it("an empty line answers nothing", () => expect(pickQuestion(questions, "  ")).toBeUndefined());
});

describe("styled rows", () => {
  it("become SGR sequences and nothing else", () => {
    expect(
      styledRow([
        { text: "plain " },
        { text: "faint", faint: true, fg: { indexed: 1 } },
        { text: "rgb", bg: { rgb: { r: 1, g: 2, b: 300 } } },
      ]),
    ).toBe("plain \u001b[2;38;5;1mfaint\u001b[0m\u001b[48;2;1;2;44mrgb\u001b[0m");
  });
  it("carry no control characters of the session", () => {
    const hostile = "a\u001b]52;c;aGk=\u0007b\u009b2Jc\rd\u202e";
    expect(plainRow(hostile)).toBe("abcd");
    expect(styledRow([{ text: hostile, underline: true }])).toBe("\u001b[4mabcd\u001b[0m");
  });
});

describe("names", () => {
  it("of the wire become those of people", () => {
    expect(peoplesName("proj-alpha.builder.2")).toBe("proj-alpha::builder::2");
    expect(peoplesName("my.own.session")).toBe("my.own.session");
    expect(peoplesName("proj-alpha.builder.x")).toBe("proj-alpha.builder.x");
  });
  it("of local servers are known", () => {
    expect(
      ["unix:/run/x.sock", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:5"].map(isLocalAddress),
    ).toEqual([true, true, true, true]);
    expect(["http://10.0.0.1:8080", "https://build.example", "nonsense"].map(isLocalAddress)).toEqual([
      false,
      false,
      false,
    ]);
  });
  it("are quoted for a shell only where needed", () => {
    expect(shellWord("/tmp/a-b_c.d")).toBe("/tmp/a-b_c.d");
    expect(shellWord("it's here")).toBe("'it'\\''s here'");
  });
});

describe("colours", () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: "1" }, false],
    [false, { FORCE_COLOR: "1" }, true],
    [true, { TERM: "dumb" }, false],
    [true, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
  ])("terminal %s with %o: %s", (terminal, env, expected) => expect(wantsColors(terminal, env)).toBe(expected));
});

describe("a quick task beside a plan", () => {
  const plan = parsePlan(
    "project: p\nroles: {builder: {env: {CI: '1'}}}\ntasks:\n  - {id: builder, role: builder, run: make}\n  - {id: test, role: builder, run: make test}\n",
  );
  it("takes the plan's role and a free id", () => {
    const { roles, tasks } = withinPlan(quickPlan({ project: "p", role: "builder", run: ["ls"] }), plan);
    expect(roles).toEqual([{ name: "builder", env: { CI: "1" }, count: 1 }]);
    expect(tasks.map((task) => task.id)).toEqual(["builder-1"]);
  });
  it("numbers tasks", () => {
    expect(freeTaskId("builder", [])).toBe("builder-1");
    expect(freeTaskId("builder", ["builder-1", "builder-2", "builder-4"])).toBe("builder-3");
  });
});

describe("the workspace", () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "workspace-")));
    mkdirSync(join(root, "a/b/c"), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("is the nearest parent with a record, else the current folder", () => {
    expect(findWorkspace(undefined, join(root, "a/b/c"))).toBe(join(root, "a/b/c"));
    mkdirSync(join(root, "a/.orchestrator"));
    expect(findWorkspace(undefined, join(root, "a/b/c"))).toBe(join(root, "a"));
    expect(findWorkspace("b", join(root, "a"))).toBe(join(root, "a/b"));
  });

  it("is found also where the record is a link, which is refused later", () => {
    symlinkSync("/nowhere", join(root, "a/.orchestrator"));
    expect(findWorkspace(undefined, join(root, "a/b"))).toBe(join(root, "a"));
  });

  describe("of a git work tree", () => {
    const record = (folder: string): void => void mkdirSync(join(root, folder, ".orchestrator"), { recursive: true });
    const repository = (folder: string): void => {
      mkdirSync(join(root, folder, ".git"), { recursive: true });
      writeFileSync(join(root, folder, ".git/HEAD"), "ref: refs/heads/main\n");
    };
    const workspace = (from: string): string => findWorkspace(undefined, join(root, from)).slice(root.length + 1);

    it("is not above its root: not for a repository, a further work tree or a submodule", () => {
      record("a");
      repository("a/b");
      expect(workspace("a/b/c")).toBe("a/b/c");
      rmSync(join(root, "a/b/.git"), { recursive: true });
      writeFileSync(join(root, "a/b/.git"), "gitdir: ../.git/worktrees/b\n");
      expect([workspace("a/b/c"), workspace("a/b"), workspace("a")]).toEqual(["a/b/c", "a/b", "a"]);
    });

    it("is found at its root, and in folders of it", () => {
      repository("a");
      record("a");
      expect([workspace("a/b/c"), workspace("a")]).toEqual(["a", "a"]);
      record("a/b");
      expect(workspace("a/b/c")).toBe("a/b");
      expect(workspace("a/.git")).toBe("a");
    });

    it("is found above what is no work tree: an empty .git, a file of that name that names none, a bare repository", () => {
      record("a");
      mkdirSync(join(root, "a/b/.git"));
      expect(workspace("a/b/c")).toBe("a");
      rmSync(join(root, "a/b/.git"), { recursive: true });
      writeFileSync(join(root, "a/b/.git"), "");
      expect(workspace("a/b/c")).toBe("a");
      writeFileSync(join(root, "a/b/HEAD"), "ref: refs/heads/main\n");
      expect(workspace("a/b")).toBe("a");
    });

    it("ends where $GIT_WORK_TREE says so", () => {
      record("a");
      expect(findWorkspace(undefined, join(root, "a/b/c"), join(root, "a/b"))).toBe(join(root, "a/b/c"));
      expect(findWorkspace(undefined, join(root, "a/b/c"), "..")).toBe(join(root, "a/b/c"));
      expect(findWorkspace(undefined, join(root, "a/b/c"), root)).toBe(join(root, "a"));
    });
  });

  it("must be a folder", () => expect(() => findWorkspace("missing", root)).toThrow(/is not a folder/));
});
