import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { OrchestratorError } from "../../../src/core/model/errors";
import { FakeProject } from "../../support/fakeProject";
import { held, projectOf, shell } from "../../support/heldCommands";
import { nothingToDo } from "../../../src/core/model/remedy";
import { allowAll } from "../../support/policies";

/** A policy that asks about commands that begin with `ask`, and forbids those that begin with `never`. */
function careful(project: FakeProject): FakeProject {
  project.policy = {
    ...allowAll,
    decide: (text) => ({
      verdict: text.startsWith("ask") ? "ask" : text.startsWith("never") ? "deny" : "allow",
      reason: `it begins with ${text.split(" ")[0] ?? ""}`,
      rule: "test",
    }),
  };
  return project;
}

describe("the order of tasks", () => {
  it("is the plan's within a role, and what is needed comes first", async () => {
    const project = projectOf();
    const result = await project.run(`
roles: { worker: {} }
tasks:
  - { id: last, role: worker, needs: [first], run: three }
  - { id: first, role: worker, run: one }
  - { id: second, role: worker, run: two }`);
    expect(result.status).toBe("done");
    expect(project.commands).toEqual(["one", "two", "three"]);
  });

  it("lets as many work at once as the role has sessions, and the project in all", async () => {
    const project = projectOf();
    const run = await project.begin(`
max_sessions: 3
roles: { pair: { count: 2 }, crowd: { count: 5 } }
tasks:
  - { id: a, role: pair, run: hold a }
  - { id: b, role: pair, run: hold b }
  - { id: c, role: pair, run: hold c }
  - { id: d, role: crowd, run: hold d }
  - { id: e, role: crowd, run: hold e }`);
    await held(project, run, 3);
    expect([...project.running].sort()).toEqual(["hold a", "hold b", "hold d"]);
    for (const command of ["a", "b", "c", "d", "e"]) {
      await project.until(run, () => project.runningIn(`hold ${command}`) !== undefined);
      expect(project.running.length).toBeLessThanOrEqual(3);
      project.runningIn(`hold ${command}`)?.finish(0);
    }
    expect((await run.result).status).toBe("done");
    expect(await project.server.list()).toHaveLength(3);
  });

  it("tries again as often as the plan says, after its pause, and then asks", async () => {
    const project = projectOf();
    const run = await project.begin(`
roles: { worker: {} }
tasks: [{ id: flaky, role: worker, run: false now, retries: { attempts: 3, backoff: 10s } }]`);
    for (const [pause, tries] of [
      [10_000, 1],
      [20_000, 2],
    ] as const) {
      await project.until(run, () => project.lifeOf("flaky").filter((event) => event === "retrying").length === tries);
      expect(project.commands).toHaveLength(tries);
      await project.clock.advanceAsync(pause);
    }
    expect((await run.result).status).toBe("failed");
    expect(project.commands).toHaveLength(3);
    expect(project.question("flaky").options).toEqual(["retry", "skip"]);
  });

  it("asks git nothing where nobody gets a note", async () => {
    const project = projectOf();
    const plan = `
roles: { north: {}, south: {} }
tasks:
  - { id: one, role: north, run: one }
  - { id: two, role: south, needs: [one], run: two }`;
    await project.run(plan);
    expect(project.gitStates).toBe(1);
    expect(project.entries.filter(({ kind }) => kind === "handoff").map(({ to }) => to)).toEqual(["south"]);
  });
});

describe("what stands behind a task that is not done", () => {
  const plan = `
roles: { worker: {} }
tasks:
  - { id: top, role: worker, run: false }
  - { id: middle, role: worker, needs: [top], run: middle }
  - { id: bottom, role: worker, needs: [middle], run: bottom }
  - { id: aside, role: worker, run: hold aside }`;

  it("is blocked, and nothing else is", async () => {
    const project = projectOf();
    const run = await project.begin(plan);
    await held(project, run, 1);
    project.runningIn("hold aside")?.finish(0);
    const result = await run.result;
    expect(result.status).toBe("failed");
    expect(FakeProject.states(result)).toEqual({
      top: "failed",
      middle: "blocked",
      bottom: "blocked",
      aside: "succeeded",
    });
    expect(project.lifeOf("bottom")).toEqual(["planned", "blocked"]);
  });

  it("is skipped with it in the same run, when a person says so", async () => {
    const project = projectOf();
    const run = await project.begin(plan);
    await held(project, run, 1);
    project.answer(project.question("top"), "skip");
    await project.until(run, () => project.lifeOf("bottom").includes("skipped"));
    project.runningIn("hold aside")?.finish(0);
    const result = await run.result;
    expect(result.status).toBe("done");
    expect(FakeProject.states(result)).toMatchObject({ top: "skipped", middle: "skipped", bottom: "skipped" });
    expect(project.lifeOf("top").at(-1)).toBe("answered");
  });

  it("follows when the task is tried again and succeeds", async () => {
    const project = projectOf();
    const run = await project.begin(plan);
    await held(project, run, 1);
    project.server.shell = () => ({ status: 0 });
    project.answer(project.question("top"), "retry");
    await project.until(run, () => project.lifeOf("top").filter((event) => event === "answered").length === 1);
    project.runningIn("hold aside")?.finish(0);
    expect(FakeProject.states(await run.result)).toEqual({
      top: "succeeded",
      middle: "succeeded",
      bottom: "succeeded",
      aside: "succeeded",
    });
  });
});

describe("an answer", () => {
  const plan = `
roles: { worker: {} }
tasks: [{ id: one, role: worker, run: false }]`;

  it("counts in the same run when it comes before the question's task has settled", async () => {
    const project = projectOf();
    const run = await project.begin(plan);
    run.record.onEntry((entry) => {
      // In the middle of what asks.
      if (entry.kind !== "error") return;
      project.server.shell = () => ({ status: 0 });
      project.answer(entry, "retry");
    });
    expect((await run.result).status).toBe("done");
    expect(project.lifeOf("one")).toEqual(["planned", "started", "failed", "answered", "started", "finished"]);
  });

  it("is the first in the record when two come at once", async () => {
    const project = projectOf();
    const run = await project.begin(plan);
    run.record.onEntry((entry) => {
      if (entry.kind !== "error") return;
      project.answer(entry, "skip", "human:first");
      project.answer(entry, "retry", "human:second");
    });
    const result = await run.result;
    expect(FakeProject.states(result)).toEqual({ one: "skipped" });
    expect(project.entries.findLast(({ event }) => event === "answered")?.text).toBe("one was skipped, as first said.");
    expect(project.commands).toHaveLength(1);
  });

  it("given while nobody runs the project counts with the next run, with who gave it", async () => {
    const project = projectOf();
    await project.run(plan);
    project.answer(project.question("one"), "skip");
    expect(FakeProject.states(await project.run(plan))).toEqual({ one: "skipped" });
    expect(project.entries.findLast(({ event }) => event === "answered")?.text).toBe("one was skipped, as other said.");
  });

  it("to a question of before says nothing about a later failure", async () => {
    const project = projectOf();
    await project.run(plan);
    project.answer(project.question("one"), "retry");
    const result = await project.run(plan);
    expect(result.status).toBe("failed");
    expect(project.commands).toHaveLength(2);
    expect(project.entries.filter(({ kind }) => kind === "error")).toHaveLength(2);
  });
});

describe("a command that the policy holds back", () => {
  const plan = `
roles: { worker: {} }
tasks:
  - { id: risky, role: worker, run: [safe, ask me] }
  - { id: behind, role: worker, needs: [risky], run: behind }`;

  it("is asked about once, also over several runs, and nothing of its task is typed before", async () => {
    const project = careful(projectOf());
    expect((await project.run(plan)).status).toBe("waiting");
    expect((await project.run(plan)).status).toBe("waiting");
    expect(project.entries.filter(({ kind }) => kind === "approval_needed")).toHaveLength(1);
    expect(project.commands).toEqual([]);
    project.answer(project.question("risky"), "run");
    expect((await project.run(plan)).status).toBe("done");
    expect(project.commands).toEqual(["safe", "ask me", "behind"]);
  });

  it("is waited for where that is wanted, and runs in the same run", async () => {
    const project = careful(projectOf());
    const run = await project.begin(plan, { waitForAnswers: true });
    await project.until(run, () => project.entries.some(({ kind }) => kind === "approval_needed"));
    project.answer(project.question("risky"), "run");
    expect((await run.result).status).toBe("done");
  });

  it("takes its task and what is behind it away when a person says no", async () => {
    const project = careful(projectOf());
    const run = await project.begin(plan, { waitForAnswers: true });
    await project.until(run, () => project.entries.some(({ kind }) => kind === "approval_needed"));
    project.answer(project.question("risky"), "skip");
    expect(FakeProject.states(await run.result)).toEqual({ risky: "skipped", behind: "skipped" });
    expect(project.commands).toEqual([]);
  });

  it("blocks its task when it is forbidden, without a question about the other commands", async () => {
    const project = careful(projectOf());
    const result = await project.run(`
roles: { worker: {} }
tasks: [{ id: bad, role: worker, run: [ask me, never] }]`);
    expect(result.status).toBe("blocked");
    expect(project.entries.filter(({ kind }) => kind === "approval_needed")).toEqual([]);
    expect(project.commands).toEqual([]);
  });

  it("is waited for until each question about its task is answered, in whatever order", async () => {
    const project = careful(projectOf());
    const run = await project.begin(
      `
roles: { worker: {} }
tasks: [{ id: two, role: worker, run: [ask this, ask that] }]`,
      { waitForAnswers: true },
    );
    const questions = (): ContextEntry[] => project.entries.filter(({ kind }) => kind === "approval_needed");
    await project.until(run, () => questions().length === 2);
    const [first, second] = questions() as [ContextEntry, ContextEntry];
    project.answer(second, "run");
    await run.record.catchUp();
    await new Promise((resolve) => setImmediate(resolve));
    project.answer(first, "run");
    expect((await run.result).status).toBe("done");
    expect(project.commands).toEqual(["ask this", "ask that"]);
  });

  it("blocks its task without a question that could allow it when it is forbidden only where it is typed", async () => {
    const project = projectOf();
    let isTyped = false;
    project.policy = {
      ...allowAll,
      decide: (text) => ({ verdict: isTyped && text === "second" ? "deny" : "allow", reason: "No.", rule: "test" }),
    };
    project.server.shell = (text) => {
      isTyped = true;
      return shell(text, undefined as never);
    };
    const result = await project.run(`
roles: { worker: {} }
tasks: [{ id: one, role: worker, run: [first, second], retries: { attempts: 3 } }]`);
    expect([result.status, FakeProject.states(result)]).toEqual(["blocked", { one: "blocked" }]);
    const asked = project.entries.filter(({ human_attention_needed }) => human_attention_needed);
    expect(asked.map(({ kind, options }) => [kind, options])).toEqual([["blocked", ["retry", "skip"]]]);
    expect(asked[0]?.text).toContain('the policy forbids "second": No');
    expect(project.commands).toEqual(["first"]);
  });

  it("goes on in its try and at its step when it is held back only where it is typed, also in another run", async () => {
    const project = projectOf();
    let asks = false;
    project.policy = {
      ...allowAll,
      decide: (text) => ({ verdict: asks && text === "second" ? "ask" : "allow", reason: "it may", rule: "test" }),
    };
    project.server.shell = (text) => {
      asks = true;
      return shell(text, undefined as never);
    };
    const tries = `
roles: { worker: {} }
tasks: [{ id: one, role: worker, run: [first, second] }]`;
    expect((await project.run(tries)).status).toBe("waiting");
    expect(project.question("one")).toMatchObject({ step: 1, attempt: 1 });
    project.answer(project.question("one"), "run");
    expect((await project.run(tries)).status).toBe("done");
    expect(project.commands).toEqual(["first", "second"]);
  });

  it("stays where it was when a person is asked about its next step", async () => {
    const project = careful(projectOf());
    project.server.shell = (text, terminal) => {
      if (text !== "lost") return shell(text, terminal);
      // The server ends the session and does not tell how.
      queueMicrotask(() => project.server.end(terminal.spec.name, null));
      return "runs";
    };
    const steps = `
roles: { worker: {} }
tasks: [{ id: one, role: worker, run: [lost, "true", ask me] }]`;
    const first = await project.begin(steps, { waitForAnswers: true });
    await project.until(first, () => project.entries.some(({ kind }) => kind === "approval_needed"));
    project.answer(project.question("one"), "run");
    expect((await first.result).status).toBe("waiting");
    // Before anybody allows `ask me` again, the next run must know that `lost` is done.
    project.answer(project.question("one"), "done");
    expect((await project.run(steps)).status).toBe("waiting");
    project.answer(project.question("one"), "run");
    expect((await project.run(steps)).status).toBe("done");
    expect(project.commands).toEqual(["lost", "true", "ask me"]);
  });
});

describe("a record that refuses an entry", () => {
  it("ends the run where it stands: no key goes to what runs, and no task fails for it", async () => {
    const project = careful(projectOf());
    const run = await project.begin(`
roles: { worker: {}, other: {} }
tasks:
  - { id: long, role: worker, run: [hold on, not typed] }
  - { id: next, role: worker, run: next }
  - { id: quick, role: other, run: hold quick }
  - { id: asks, role: other, needs: [quick], run: ask me }`);
    await held(project, run, 2);
    const terminal = project.runningIn("hold on");
    const typed = terminal?.typed.length;
    project.shared.refusal = ({ kind }) =>
      kind === "approval_needed" ? new OrchestratorError("disk_full", "The disk is full.", nothingToDo) : undefined;
    project.runningIn("hold quick")?.finish(0);
    await expect(run.result).rejects.toMatchObject({ code: "disk_full" });
    terminal?.finish(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(terminal?.typed).toHaveLength(typed ?? -1);
    expect(project.lifeOf("next")).toEqual(["planned"]);
    expect(project.entries.filter(({ kind }) => kind === "error")).toEqual([]);
  });
});

describe("a wide plan", () => {
  it("is judged in slices: others get their turn after a few tasks", async () => {
    const project = projectOf();
    const { clock } = project;
    // How many commands were judged in each go.
    const goes = [0];
    const after = clock.after.bind(clock);
    clock.after = (ms, callback) => {
      if (ms > 0) return after(ms, callback);
      setImmediate(() => {
        goes.push(0);
        callback();
      });
      return { dispose: () => undefined };
    };
    // Each judgement takes a millisecond.
    let judging = 0;
    const monotonic = clock.monotonic.bind(clock);
    clock.monotonic = () => monotonic() + judging;
    project.policy = {
      ...allowAll,
      decide: (...given) => {
        judging++;
        goes.push((goes.pop() ?? 0) + 1);
        return allowAll.decide(...given);
      },
    };
    const tasks = Array.from({ length: 60 }, (_, index) => `  - { id: t${index}, role: worker, run: c${index} }`);
    const result = await project.run(`roles: { worker: {} }\ntasks:\n${tasks.join("\n")}`);
    expect(result.status).toBe("done");
    expect(project.commands).toHaveLength(60);
    // Beside those of a slice, what begins to run is judged once more.
    expect(Math.max(...goes)).toBeLessThan(20);
  });
});
