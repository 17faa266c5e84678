import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assignTask } from "../../../src/core/acts/assignTask";
import { runProject, type RunProjectResult } from "../../../src/core/acts/runProject";
import { OrchestratorError } from "../../../src/core/model/errors";
import type { RunProjectRequest } from "../../../src/core/acts/runRequest";
import type { ProjectRecord } from "../../../src/core/record/projectRecord";
import { RunScene } from "./runScene";
import { nothingToDo } from "../../../src/core/model/remedy";

let scene: RunScene;
beforeEach(() => {
  scene = new RunScene();
});

const planText = (tasks: string, more = ""): string => `project: alpha\nroles: { w: {} }\n${more}tasks:\n${tasks}`;
const text = (tasks: string, more = "") => ({ from: "text", text: planText(tasks, more), file: "given.yaml" }) as const;
const states = ({ result }: RunProjectResult): [string, string][] => result.tasks.map(({ id, state }) => [id, state]);

describe("a run", () => {
  it("makes the project, keeps its plan, does it, and lets go of the record", async () => {
    const ran = await scene.run({ goal: "Ship it" });
    expect(ran).toMatchObject({ ran: "here", did_something: true, result: { status: "done", stopped: false } });
    expect(scene.typed).toEqual(["make"]);
    expect(scene.project).toMatchObject({
      name: "alpha",
      goal: "Ship it",
      default_cwd: "/site",
      owner: "ada",
      server: { address: "unix:/fake", server_id: "fake-1", builtin: true },
    });
    expect(scene.shared.plan).toContain("goal: Ship it");
    expect(scene.told).toEqual(["begins", "runs", "ends"]);
    expect([scene.shared.openLedgers, scene.shared.followers.size]).toEqual([0, 0]);
  });

  it("of the recorded plan repeats nothing that is done, unless all of it is wanted again", async () => {
    await scene.run();
    const source = { from: "record" } as const;
    expect(await scene.run({ source })).toMatchObject({ did_something: false, result: { status: "done" } });
    expect(scene.typed).toEqual(["make"]);
    expect((await scene.run({ source, again: true })).did_something).toBe(true);
    expect(scene.typed).toEqual(["make", "make"]);
  });

  it("writes nothing without a plan, with one of another project, or without a server", async () => {
    await expect(scene.run({ source: { from: "record" } })).rejects.toMatchObject({
      code: "usage",
      message: "alpha has no plan, so there is nothing to run.",
    });
    await expect(scene.run({ source: { from: "commands", caller: "/site", run: [] } })).rejects.toMatchObject({
      code: "usage",
    });
    const other = {
      from: "text",
      text: planText("  - { id: a, role: w, run: x }\n").replace("alpha", "beta"),
    } as const;
    await expect(scene.run({ source: { ...other, file: "other.yaml" } })).rejects.toMatchObject({
      message: "The plan other.yaml is for the project beta, not alpha.",
    });
    scene.unreachable = new OrchestratorError("server_unreachable", "There is no server.", nothingToDo);
    await expect(scene.run()).rejects.toMatchObject({ code: "server_unreachable" });
    expect([scene.project, scene.shared.entries, scene.told]).toEqual([undefined, [], []]);
  });

  it("takes its number of sessions from the plan, from who asks, and never more than is allowed", async () => {
    const source = text("  - { id: a, role: w, run: x }\n", "max_sessions: 3\n");
    const sessions = async (more: { max_sessions?: number; session_limit?: number }): Promise<number | undefined> => {
      await scene.run({ source, ...more });
      return scene.runs_as?.plan.max_sessions;
    };
    expect(await sessions({})).toBe(3);
    expect(await sessions({ max_sessions: 5 })).toBe(5);
    expect(await sessions({ max_sessions: 5, session_limit: 2 })).toBe(2);
    expect(await sessions({ session_limit: 9 })).toBe(3);
  });

  it("keeps no secret of its plan, says so, and does not take the kept one for the plan", async () => {
    const run = "curl -H 'Authorization: Bearer ghp_abcdefghijklmnopqrstuvwxyz0123456789' x";
    await scene.run({ source: { from: "commands", caller: "/site", run: [run] } });
    expect(scene.shared.plan).not.toContain("ghp_");
    expect(scene.told).toEqual(["begins", "plan_without_secrets", "runs", "ends"]);
    await expect(scene.run({ source: { from: "record" } })).rejects.toMatchObject({ code: "plan_invalid" });
  });

  it("makes a spoilt project.json again from the events, and says so once", async () => {
    await scene.run({ goal: "Ship it" });
    scene.told.length = 0;
    scene.spoilt = new OrchestratorError("ledger_corrupt", "project.json is spoilt.", nothingToDo);
    await scene.run({ source: { from: "record" } });
    expect(scene.told.filter((each) => each === "project_rebuilt")).toHaveLength(1);
    expect(scene.project).toMatchObject({ project_id: "alpha", default_cwd: "/site", owner: "ada" });
  });

  it("is stopped by its signal, and interrupts what it runs", async () => {
    const stop = new AbortController();
    scene.server.shell = (command) => (command.includes("sleep 9") ? "runs" : { status: 0 });
    const run = runProject(
      scene.world,
      { ...scene.request, source: { from: "commands", caller: "/site", run: ["sleep 9"] }, signal: stop.signal },
      {
        runs: ({ record }) =>
          record.onEntry(({ input }) => {
            if (input === "sleep 9") stop.abort(new OrchestratorError("interrupted", "Stopped.", nothingToDo));
          }),
      },
    );
    expect(await scene.settled(run)).toMatchObject({ result: { stopped: true, status: "stopped" } });
    expect(scene.shared.entries.at(-1)).toMatchObject({ kind: "lease", event: "released" });
  });

  it("leaves its record to who wants it in the end, also when it is refused", async () => {
    const left: ProjectRecord[] = [];
    const leave = (record: ProjectRecord): Promise<void> => Promise.resolve(void left.push(record));
    await scene.run({}, { leave });
    await scene.runs(7, 2);
    await expect(scene.run({}, { leave })).rejects.toMatchObject({ code: "driven_elsewhere" });
    expect(left).toHaveLength(2);
    await Promise.all(left.map((record) => record.close()));
    expect(scene.shared.openLedgers).toBe(0);
  });
});

describe("a run of what another process runs", () => {
  const source = { from: "record" } as const;
  beforeEach(async () => {
    await scene.run();
    scene.told.length = 0;
    await scene.runs(7, 2);
  });

  it("is refused with who runs it", async () => {
    await expect(scene.run({ source })).rejects.toMatchObject({
      code: "driven_elsewhere",
      message: "alpha is running in process 7.",
    });
    expect([scene.told, scene.typed]).toEqual([[], ["make"]]);
  });

  it("is refused by nobody who is gone: its place is taken", async () => {
    scene.alive.delete(7);
    expect(await scene.run({ source, again: true })).toMatchObject({ ran: "here", result: { status: "done" } });
    expect(scene.typed).toEqual(["make", "make"]);
  });

  const begun = (elsewhere: "follow" | "wait", again = false): Promise<RunProjectResult> =>
    runProject(scene.world, { ...scene.request, source, elsewhere, again }, scene.shell);

  it("follows that one, and is over with it when that was all", async () => {
    const run = begun("follow");
    await scene.pass(1000);
    expect(scene.told).toEqual(["follows process 7 (human:bob)"]);
    await scene.ends(2);
    expect(await scene.settled(run)).toMatchObject({ ran: "elsewhere", result: { status: "done" } });
    expect(scene.told).toEqual(["follows process 7 (human:bob)", "follows no more"]);
  });

  it("does afterwards what that one did not have to do", async () => {
    const run = begun("follow", true);
    await scene.pass(1000);
    await scene.ends(2);
    expect((await scene.settled(run)).ran).toBe("here");
    expect(scene.told).toEqual(["follows process 7 (human:bob)", "follows no more", "begins", "runs", "ends"]);
    expect(scene.typed).toEqual(["make", "make"]);
  });

  it("goes on in the place of one that dies", async () => {
    const run = begun("follow");
    await scene.pass(1000);
    scene.alive.delete(7);
    expect((await scene.settled(run)).ran).toBe("here");
    expect(scene.told).toEqual([
      "follows process 7 (human:bob)",
      "follows no more",
      "takes_over",
      "begins",
      "runs",
      "ends",
    ]);
  });

  it("is over with one that dies after its last word, before it has said that it is gone", async () => {
    const run = begun("follow");
    await scene.pass(1000);
    scene.shared.add({
      kind: "project",
      actor: "human:bob",
      session_name: null,
      event: "ended",
      state: "failed",
      generation: 2,
      text: "alpha failed.",
    });
    scene.alive.delete(7);
    expect(await scene.settled(run)).toMatchObject({ ran: "elsewhere", result: { status: "failed" } });
    expect(scene.typed).toEqual(["make"]);
  });

  it("waits for its end without a word", async () => {
    const run = begun("wait");
    await scene.pass(1000);
    expect(scene.told).toEqual([]);
    await scene.ends(2);
    expect((await scene.settled(run)).ran).toBe("here");
  });

  it("leaves it alone when whoever follows is interrupted", async () => {
    const interrupt = new AbortController();
    const run = runProject(
      scene.world,
      { ...scene.request, source, elsewhere: "follow", signal: interrupt.signal },
      scene.shell,
    );
    const refused = expect(run).rejects.toThrow("Ctrl-C");
    await scene.pass(1000);
    interrupt.abort(new Error("Ctrl-C"));
    await refused;
    expect(scene.shared.entries.at(-1)).toMatchObject({ kind: "lease", event: "claimed" });
    expect(scene.told).toEqual(["follows process 7 (human:bob)", "follows no more"]);
  });
});

describe("where commands run that somebody gives", () => {
  const here = (caller: string, cwd?: string): Partial<RunProjectRequest> => ({
    source: { from: "commands", caller, run: ["pwd"], ...(cwd === undefined ? {} : { cwd }) },
  });
  const folders = (): (string | undefined)[] =>
    scene.shared.entries.filter(({ kind, step }) => kind === "command" && step !== undefined).map(({ cwd }) => cwd);

  it("is the folder that the caller stands in, unless one is named", async () => {
    await scene.run(here("/site"));
    await scene.run(here("/site/packages/api"));
    await scene.run(here("/elsewhere"));
    await scene.run(here("/site", "/site/docs"));
    expect(folders()).toEqual(["/site", "/site/packages/api", "/elsewhere", "/site/docs"]);
  });

  it("stays the same task from the same folder, however that was told, and is another one from another", async () => {
    const did = async (more: Partial<RunProjectRequest>): Promise<boolean> => (await scene.run(more)).did_something;
    await scene.run(here("/site"));
    expect(scene.shared.plan).not.toContain("cwd");
    expect(await did(here("/site"))).toBe(false);
    expect(await did({ source: { from: "record" } })).toBe(false);
    expect(await did(here("/site/packages/api"))).toBe(true);
    expect(await did(here("/site/packages/api"))).toBe(false);
    expect(await did(here("/site", "/site/packages/api"))).toBe(false);
    expect(await did(here("/site"))).toBe(true);
  });

  it("keeps the folder in a new project's plan", async () => {
    await scene.run(here("/site/packages/api"));
    expect((await scene.run({ source: { from: "record" } })).did_something).toBe(false);
    expect(scene.shared.plan).toContain("cwd: /site/packages/api");
  });

  it("is the caller's also where the role has a folder of its own, or the project has", async () => {
    const plan = {
      from: "text",
      text: "project: alpha\nroles: { w: { cwd: api } }\ntasks:\n  - { id: a, role: w, run: x }\n",
    };
    await scene.run({ source: { ...plan, from: "text", file: "given.yaml" }, cwd: "/project" });
    const assign = (caller: string): Promise<RunProjectResult> =>
      scene.settled(
        assignTask(scene.world, { ...scene.request, role: "w", given: { caller, run: ["pwd"] } }, scene.shell),
      );
    await assign("/project");
    await assign("/project/api");
    await assign("/site");
    expect(folders()).toEqual(["/project/api", "/project", "/project/api", "/site"]);
  });

  it("is named where it is not the workspace", async () => {
    await scene.run(here("/site"));
    await scene.run(here("/site/packages/api"));
    await scene.run(here("/elsewhere"));
    const started = scene.shared.entries.filter(({ event, kind }) => kind === "task" && event === "started");
    expect(started.map(({ text, cwd }) => [text, cwd])).toEqual([
      ["run started in shell::1.", undefined],
      ["run started in shell::1, in the folder packages/api.", "/site/packages/api"],
      ["run started in shell::1, in the folder /elsewhere.", "/elsewhere"],
    ]);
    expect(scene.shared.entries.length).toBeGreaterThan(0);
  });
});

describe("commands for a project that has a plan", () => {
  const commands = (run: string) => ({ source: { from: "commands", caller: "/site", run: [run] } }) as const;

  it("replace the ones that it was made of, and those are run again from then on", async () => {
    await scene.run(commands("make"));
    scene.server.shell = (command) => ({ status: command.includes("make test") ? 1 : 0 });
    expect(states(await scene.run(commands("make test")))).toEqual([["run", "failed"]]);
    scene.server.shell = () => ({ status: 0 });
    await scene.run({ source: { from: "record" } });
    expect(scene.typed).toEqual(["make", "make test", "make test"]);
  });

  it("are one task beside others, the same one when they are corrected", async () => {
    await scene.run({
      source: text("  - { id: a, role: w, run: make }\n  - { id: run, role: w, run: x }\n"),
    });
    scene.server.shell = () => ({ status: 1 });
    expect(states(await scene.run(commands("wrong")))).toEqual([["run-1", "failed"]]);
    scene.server.shell = () => ({ status: 0 });
    expect(states(await scene.run(commands("right")))).toEqual([["run-1", "succeeded"]]);
    expect(scene.shared.plan?.match(/id: run-1/g)).toHaveLength(1);
  });
});

describe("a task that is assigned", () => {
  const assign = (role: string, run: readonly string[]): Promise<RunProjectResult> =>
    scene.settled(assignTask(scene.world, { ...scene.request, role, given: { caller: "/site", run } }, scene.shell));

  it("is one more each time, for a project that exists", async () => {
    await expect(assign("w", ["date"])).rejects.toMatchObject({ code: "project_not_found" });
    await scene.run({ source: text("  - { id: w-1, role: w, run: make }\n") });
    expect(states(await assign("w", ["date"]))).toEqual([["w-2", "succeeded"]]);
    expect(states(await assign("w", ["date"]))).toEqual([["w-3", "succeeded"]]);
    expect(scene.typed).toEqual(["make", "date", "date"]);
    expect(scene.shared.plan).not.toContain("date");
    await expect(assign("w", [])).rejects.toMatchObject({ message: "There is no command to run." });
  });

  it("is kept in the plan while it has not succeeded, so that a run of the project does it again", async () => {
    const plan = text("  - { id: make, role: w, run: make } # ours\n");
    await scene.run({ source: plan });
    scene.server.shell = (command) => ({ status: command.includes("test -f") ? 1 : 0 });
    expect(states(await assign("helper", ["test -f flag"]))).toEqual([["helper-1", "failed"]]);
    expect(scene.shared.plan).toContain("# ours");
    expect(scene.shared.plan).toContain("x-given:");
    scene.server.shell = () => ({ status: 0 });
    const states_after = states(await scene.run({ source: { from: "record" } }));
    expect(states_after).toEqual([
      ["make", "succeeded"],
      ["helper-1", "succeeded"],
    ]);
    expect(scene.typed).toEqual(["make", "test -f flag", "test -f flag"]);
  });

  it("is not kept with a secret, which would make the whole plan useless", async () => {
    await scene.run({ source: text("  - { id: make, role: w, run: make }\n") });
    const before = scene.shared.plan;
    scene.server.shell = () => ({ status: 1 });
    await assign("w", ["curl -H 'Authorization: Bearer ghp_abcdefghijklmnopqrstuvwxyz0123456789' x"]);
    expect(scene.shared.plan).toBe(before);
  });
});

afterEach(() => {
  expect(scene.shared.followers.size).toBe(0);
});
