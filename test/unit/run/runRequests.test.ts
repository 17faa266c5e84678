import { describe, expect, it } from "vitest";
import { requestHandOver, requestRestart, requestRetry, requestStop } from "../../../src/core/people/runnerRequests";
import { parsePlan } from "../../../src/core/model/plan";
import type { ContextEntry } from "../../../src/core/model/entry";
import { FakeProject, type FakeRun } from "../../support/fakeProject";
import { held, projectOf, shell } from "../../support/heldCommands";

const ended = (task_id: string, state: string) => (entry: ContextEntry) =>
  entry.kind === "task" && entry.task_id === task_id && entry.state === state;

describe("what others ask of a run", () => {
  const plan = `
roles: { worker: {}, other: {} }
tasks:
  - { id: bad, role: worker, run: false }
  - { id: behind, role: worker, needs: [bad], run: behind }
  - { id: long, role: other, run: hold on }`;
  const parsed = parsePlan(`project: alpha\ngoal: test\n${plan}`);
  const lease = ({ record }: FakeRun): Parameters<typeof requestStop>[1] => {
    if (!record.state.lease) throw new Error("Nobody runs it.");
    return record.state.lease;
  };

  it("is a task once more, with all behind it: each is said to go on, and does", async () => {
    const project = projectOf();
    const run = await project.begin(plan);
    await project.until(run, () => project.entries.some(ended("behind", "blocked")) && project.running.length === 1);
    project.server.shell = () => ({ status: 0 });
    await requestRetry(await project.shared.record(), parsed, "bad", "human:other");
    await project.until(run, () => project.entries.some(ended("behind", "succeeded")));
    expect(project.lifeOf("bad").slice(-4)).toEqual(["retry_requested", "answered", "started", "finished"]);
    expect(project.lifeOf("behind").slice(-4)).toEqual(["retry_requested", "answered", "started", "finished"]);
    expect(project.entries.findLast(({ event }) => event === "answered")?.text).toBe(
      "behind will run again, as other asked.",
    );
    project.runningIn("hold on")?.finish(0);
    expect((await run.result).status).toBe("done");
  });

  it("is a task once more, in the moment in which it fails", async () => {
    const project = projectOf();
    const other = await project.shared.record();
    const run = await project.begin(plan);
    let asked = false;
    run.record.onEntry((entry) => {
      if (asked || !ended("bad", "failed")(entry)) return;
      asked = true;
      project.server.shell = (text, terminal) => (text.startsWith("hold") ? shell(text, terminal) : { status: 0 });
      void other.catchUp().then(() => requestRetry(other, parsed, "bad", "human:other"));
    });
    await project.until(run, () => project.entries.some(ended("behind", "succeeded")) && project.running.length === 1);
    project.runningIn("hold on")?.finish(0);
    expect((await run.result).status).toBe("done");
  });

  it("is to stop: what runs is interrupted, and nothing new begins", async () => {
    const project = projectOf();
    const run = await project.begin(plan);
    await held(project, run, 1);
    const terminal = project.runningIn("hold on");
    await requestStop(await project.shared.record(), lease(run), "human:other");
    const result = await run.result;
    expect(result).toMatchObject({ stopped: true, left: false });
    expect(terminal?.typed.at(-1)).toBe("\x03");
    expect(FakeProject.states(result)).toMatchObject({ long: "cancelled" });
  });

  it("is to leave everything as it is: what runs goes on, and the next run takes it up", async () => {
    const project = projectOf();
    const run = await project.begin(plan);
    await held(project, run, 1);
    await project.until(run, () => project.entries.some(ended("behind", "blocked")));
    const terminal = project.runningIn("hold on");
    const typed = terminal?.typed.length;
    await requestHandOver(await project.shared.record(), lease(run), "human:other", "background");
    expect(await run.result).toMatchObject({ status: "running", left: true });
    expect(terminal?.typed.length).toBe(typed);
    const next = await project.begin(plan);
    await project.until(next, () => project.entries.filter(({ event }) => event === "claimed").length === 2);
    terminal?.finish(0);
    expect(FakeProject.states(await next.result)).toEqual({ bad: "failed", behind: "blocked", long: "succeeded" });
    expect(project.commands.filter((command) => command === "hold on")).toHaveLength(1);
    expect(project.entries.filter(({ kind }) => kind === "error")).toHaveLength(1);
  });

  it("ends it when another process takes its place", async () => {
    const project = projectOf();
    const run = await project.begin(plan);
    await held(project, run, 1);
    const typed = project.runningIn("hold on")?.typed.length;
    project.shared.add({
      kind: "lease",
      actor: "human:other",
      session_name: null,
      event: "claimed",
      text: "Another process runs it.",
      holder: "human:other",
      host: "there",
      pid: 7,
      started_at: "now",
      generation: lease(run).generation + 1,
    });
    await expect(run.result).rejects.toMatchObject({ code: "driven_elsewhere" });
    expect(project.runningIn("hold on")?.typed.length).toBe(typed);
  });

  it("is a session like the one before, also with the next run; what ran there has an end that nobody knows", async () => {
    const project = projectOf();
    const one = `
roles: { worker: {} }
tasks: [{ id: long, role: worker, run: hold on }]`;
    const created = (): number => project.entries.filter(({ event }) => event === "created").length;
    const run = await project.begin(one);
    await held(project, run, 1);
    const other = await project.shared.record();
    await requestRestart(other, "proj-alpha::worker::1", "human:other");
    expect(FakeProject.states(await run.result)).toEqual({ long: "unknown" });
    expect(created()).toBe(2);
    await requestRestart(other, "proj-alpha::worker::1", "human:other");
    await project.run(one);
    expect(created()).toBe(3);
  });
});

describe("a session server that is gone", () => {
  it("ends the run with its problem and a question about what ran, which the next run does not ask again", async () => {
    const project = projectOf();
    const plan = `
roles: { worker: {} }
tasks: [{ id: long, role: worker, run: hold on }, { id: next, role: worker, run: next }]`;
    const run = await project.begin(plan);
    await held(project, run, 1);
    project.server.tell({ type: "disconnected" });
    await project.clock.advanceAsync(10_000);
    const result = await run.result;
    expect(result.problem).toMatchObject({ code: "server_unreachable" });
    expect(FakeProject.states(result)).toEqual({ long: "unknown", next: "pending" });
    expect(project.entries.at(-2)).toMatchObject({ kind: "project", reason: "server_unreachable" });
    project.server.server_id = "fake-2";
    project.server.terminals.clear();
    expect(FakeProject.states(await project.run(plan))).toEqual({ long: "unknown", next: "succeeded" });
    expect(project.entries.filter(({ kind }) => kind === "blocked")).toHaveLength(1);
    expect(project.question("long").options).toEqual(["retry", "done", "skip"]);
  });
});
