import { describe, expect, it } from "vitest";
import { deferred } from "../../../src/core/base/async";
import { requestHandOver } from "../../../src/core/people/runnerRequests";
import { FakeProject } from "../../support/fakeProject";
import type { FakeTerminal } from "../../support/fakeTerminal";

const plan = `
roles: { worker: {} }
tasks: [{ id: one, role: worker, run: [hold on, after] }]`;

/** A project whose run left everything as it was while the task's first command ran. */
async function left(yaml = plan): Promise<{ project: FakeProject; terminal: FakeTerminal }> {
  const project = new FakeProject();
  project.server.shell = (text) => (text.startsWith("hold") ? "runs" : { status: 0 });
  const run = await project.begin(yaml);
  await project.until(run, () => project.running.length === (yaml.match(/run: \[?hold/g) ?? []).length);
  const terminal = project.runningIn("hold on");
  const { lease } = run.record.state;
  if (!terminal || !lease) throw new Error("Nothing runs.");
  await requestHandOver(await project.shared.record(), lease, "human:test", "background");
  await run.result;
  return { project, terminal };
}

const results = (project: FakeProject): unknown[] =>
  project.entries
    .filter(({ kind, step }) => kind === "result" && step !== undefined)
    .map(({ outcome, exit_code, known_by }) => [outcome, exit_code, known_by]);

describe("a command that an earlier run left", () => {
  it("is followed to its end while it runs, and the next step follows it", async () => {
    const { project, terminal } = await left();
    const run = await project.begin(plan);
    await project.until(run, () => project.entries.filter(({ event }) => event === "claimed").length === 2);
    terminal.finish(0);
    expect(FakeProject.states(await run.result)).toEqual({ one: "succeeded" });
    expect(terminal.commands.filter((each) => !each.startsWith("cd "))).toEqual(["hold on", "after"]);
  });

  it("has the status that the prompt's list tells when it ended while nobody looked", async () => {
    const { project, terminal } = await left();
    terminal.finish(3);
    expect(FakeProject.states(await project.run(plan))).toEqual({ one: "failed" });
    expect(results(project)).toEqual([["exited", 3, "probe"]]);
    expect(terminal.commands).not.toContain("after");
  });

  it("is asked about when its session is gone", async () => {
    const { project, terminal } = await left();
    project.server.end(terminal.spec.name, null);
    expect(FakeProject.states(await project.run(plan))).toEqual({ one: "unknown" });
    expect(results(project)).toEqual([["unknown", null, "none"]]);
    expect(project.question("one").options).toEqual(["retry", "done", "skip"]);
  });

  it("is asked about when its server is another one, and what has its name there is left alone", async () => {
    const { project, terminal } = await left();
    project.server.server_id = "fake-2";
    const typed = terminal.typed.length;
    expect(FakeProject.states(await project.run(plan))).toEqual({ one: "unknown" });
    expect(terminal.typed).toHaveLength(typed);
  });

  it("is typed again, once, when the prompt proves that it never arrived", async () => {
    const { project, terminal } = await left();
    // The intent of the next step is on the disk, and its keys were lost with the process.
    terminal.finish(0);
    const of = project.entries.findLast(({ kind, step }) => kind === "command" && step === 0);
    const { ts, id, text, project_id, ...about } = of as NonNullable<typeof of>;
    const note = { actor: "engine", session_name: about.session_name, text: "It ended." };
    project.shared.add({
      ...note,
      kind: "result",
      command_id: about.command_id,
      outcome: "exited",
      exit_code: 0,
      task_id: "one",
      step: 0,
    });
    project.shared.add({
      ...about,
      kind: "command",
      text: "Runs after.",
      input: "after",
      command_id: "lost",
      step: 1,
      n: (about.n ?? 0) + 1,
    });
    const run = await project.begin(plan);
    let over = false;
    void run.result.finally(() => (over = true)).catch(() => undefined);
    for (let waited = 0; !over && waited < 30_000; waited += 50) await project.clock.advanceAsync(50);
    expect(FakeProject.states(await run.result)).toEqual({ one: "succeeded" });
    expect(results(project).slice(1)).toEqual([
      ["not_sent", null, "probe"],
      ["exited", 0, "mark"],
    ]);
    expect(terminal.commands.filter((each) => each === "after")).toHaveLength(1);
  });

  it("is interrupted when the run that waits for it is stopped", async () => {
    const { project, terminal } = await left();
    const run = await project.begin(plan);
    await project.until(run, () => project.entries.filter(({ event }) => event === "claimed").length === 2);
    // It has asked the prompt, which does not answer, and waits.
    await project.clock.advanceAsync(3000);
    run.stop.abort();
    let over = false;
    void run.result.finally(() => (over = true)).catch(() => undefined);
    for (let waited = 0; !over && waited < 30_000; waited += 50) await project.clock.advanceAsync(50);
    expect((await run.result).stopped).toBe(true);
    expect(terminal.typed.at(-1)).toBe("\x03");
    expect(results(project)).toEqual([["interrupted", 130, expect.any(String)]]);
  });

  it("is let go without a stray failure when another process takes over before all are looked at", async () => {
    const strays: unknown[] = [];
    const stray = (reason: unknown): void => void strays.push(reason);
    process.on("unhandledRejection", stray);
    try {
      const { project } = await left(`
roles: { worker: {}, other: {} }
tasks: [{ id: one, role: worker, run: hold on }, { id: two, role: other, run: hold two }]`);
      const looked = deferred<undefined>();
      const get = project.server.get.bind(project.server);
      project.server.get = async (name) => {
        if (name.includes("other")) await looked.promise;
        return get(name);
      };
      const run = await project.begin(plan);
      await project.until(run, () => project.entries.filter(({ event }) => event === "claimed").length === 2);
      await project.clock.advanceAsync(3000);
      project.shared.add({
        kind: "lease",
        actor: "human:other",
        session_name: null,
        event: "claimed",
        text: "Another process runs it.",
        holder: "human:other",
        generation: 3,
      });
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      looked.resolve(undefined);
      await expect(run.result).rejects.toMatchObject({ code: "driven_elsewhere" });
      expect(strays).toEqual([]);
    } finally {
      process.off("unhandledRejection", stray);
    }
  });
});
