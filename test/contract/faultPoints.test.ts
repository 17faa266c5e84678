import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { ProjectHarness } from "../support/projectHarness";
import { serverKinds } from "../support/servers";
import { type FatalPoint } from "../support/suddenDeath";
import { until } from "../support/until";
import {
  answer,
  append,
  fatalRuns,
  questions,
  ran,
  results,
  sessionsOf,
  states,
  three,
  typing,
} from "../support/fatalRuns";

describe.each(serverKinds.filter((kind) => !kind.title.includes("TCP")))("a runner that dies on $title", (kind) => {
  const { test, shellTest, harness, dies } = fatalRuns(kind);

  test.each<[string, FatalPoint]>([
    [
      "after it said that a session starts, before there is one",
      append("after", { kind: "session", event: "starting" }),
    ],
    ["after the session was made, before it said so", { when: "after", call: (method) => method === "create" }],
    ["before it said that the session is ready", append("before", { kind: "session", event: "created" })],
    ["after the task was started", append("after", { kind: "task", event: "started" })],
    ["before the first command is on the disk", append("before", { kind: "command", step: 0 })],
    ["between the command and its keys", append("after", { kind: "command", step: 1 })],
    ["right before the keys", typing("before", "two")],
    ["right after the keys", typing("after", "two")],
    ["between the end and its result", append("before", { kind: "result", step: 1 })],
    ["after the result", append("after", { kind: "result", step: 1 })],
    ["between the last end and its result", append("before", { kind: "result", step: 2 })],
    ["between the last result and the end of the task", append("after", { kind: "result", step: 2 })],
    ["before the end of the task is written", append("before", { kind: "task", event: "finished" })],
    ["after the end of the task is written", append("after", { kind: "task", event: "finished" })],
  ])("%s: each command runs once, in one session", async (_, point) => {
    const project = await harness();
    await dies(project, three, point);
    const result = await project.run(three);
    expect(result).toMatchObject({ status: "done", tasks: [{ state: "succeeded", attempts: 1, exit_code: 0 }] });
    expect(await ran(project)).toEqual(["one", "two", "three"]);
    expect(await sessionsOf(project)).toHaveLength(1);
    for (const step of [0, 1, 2])
      expect(
        (await results(project, step)).map((entry) => entry.outcome).filter((outcome) => outcome !== "not_sent"),
      ).toEqual(["exited"]);
  });

  test("twice, the second time right after it went on: what was done stays done", async () => {
    const project = await harness();
    await dies(project, three, append("after", { kind: "command", step: 1 }));
    await dies(project, three, append("after", { kind: "task", event: "started" }));
    await dies(project, three, append("before", { kind: "command", step: 1 }));
    expect((await project.run(three)).status).toBe("done");
    expect(await ran(project)).toEqual(["one", "two", "three"]);
  });

  test("while the shell still reads its start-up files: its session is taken over", async () => {
    const project = await harness();
    await mkdir(join(project.workspace, "home"));
    await writeFile(join(project.workspace, "home/.bashrc"), "sleep 3\n");
    const plan = `roles: { w: { shell: bash, env: { HOME: ${join(project.workspace, "home")} } } }\ntasks: [{ id: a, role: w, run: echo one >> ran }]`;
    await dies(project, plan, { when: "after", call: (method) => method === "create" });
    expect((await project.run(plan)).status).toBe("done");
    expect(await sessionsOf(project)).toHaveLength(1);
    expect(await ran(project)).toEqual(["one"]);
  });

  for (const shell of ["bash", "zsh", "fish"]) {
    shellTest(shell, "during a command: the next one waits for its end", async () => {
      const project = await harness();
      const plan = `roles: { w: { shell: ${shell} } }\ntasks: [{ id: a, role: w, run: "echo one >> ran; sleep 1.5; sh -c 'exit 7'" }]`;
      await dies(project, plan, typing("after", "one"));
      expect((await project.run(plan)).tasks).toMatchObject([{ state: "failed", exit_code: 7, attempts: 1 }]);
      expect(await ran(project)).toEqual(["one"]);
    });

    shellTest(shell, "after a line that the shell refuses: it ends as refused, without a question first", async () => {
      const project = await harness();
      const plan = `roles: { w: { shell: ${shell} } }\ntasks: [{ id: a, role: w, run: "echo (; echo one >> ran" }, { id: b, role: w, needs: [], run: echo b >> ran }]`;
      await dies(project, plan, typing("after", "echo ("));
      const result = await project.run(plan);
      expect(states(result)).toEqual({ a: "failed", b: "succeeded" });
      expect(await ran(project)).toEqual(["b"]);
    });

    shellTest(shell, "after a line that is not finished: it ends as refused", async () => {
      const project = await harness();
      const plan = `roles: { w: { shell: ${shell} } }\ntasks: [{ id: a, role: w, run: "if true" }]`;
      await dies(project, plan, typing("after", "if true"));
      expect(states(await project.run(plan))).toEqual({ a: "failed" });
      expect((await results(project, 0)).map((entry) => entry.outcome)).not.toContain("unknown");
    });

    shellTest(
      shell,
      "between the command and its keys, while the shell hangs: it is typed once the shell answers",
      async () => {
        const project = await harness();
        const plan = `roles: { w: { shell: ${shell} } }\ntasks: [{ id: a, role: w, run: echo one >> ran }]`;
        await dies(project, plan, append("after", { kind: "command", step: 0 }));
        const pid = (await project.server.get((await sessionsOf(project))[0] ?? ""))?.pid;
        if (!pid) throw new Error("The shell's process is not known.");
        process.kill(pid, "SIGSTOP");
        const next = project.run(plan);
        await new Promise((resolve) => setTimeout(resolve, 3000));
        process.kill(pid, "SIGCONT");
        expect((await next).status).toBe("done");
        expect(await ran(project)).toEqual(["one"]);
      },
    );
  }

  const handing =
    "roles: { w: { shell: bash }, r: { shell: bash } }\ntasks: [{ id: a, role: w, run: echo one >> ran }, { id: b, role: r, needs: [a], run: echo two >> ran }]";
  test.each<[string, FatalPoint]>([
    ["between the end of a task and its note", append("before", { kind: "handoff" })],
    ["between the note and the end of its task", append("after", { kind: "handoff" })],
    ["between the note and its delivery", append("before", { kind: "delivery" })],
    ["after the delivery", append("after", { kind: "delivery" })],
  ])("%s: the note is written once and shown once", async (_, point) => {
    const project = await harness();
    await dies(project, handing, point);
    expect((await project.run(handing)).status).toBe("done");
    const entries = await project.entries();
    expect(entries.filter((entry) => entry.kind === "handoff")).toHaveLength(1);
    expect(entries.filter((entry) => entry.kind === "command" && entry.input?.startsWith(": 'Handoff"))).toHaveLength(
      1,
    );
    expect(entries.filter((entry) => entry.kind === "delivery")).toHaveLength(1);
    expect(await ran(project)).toEqual(["one", "two"]);
  });

  describe("and the command's end is not known, because its session is gone", () => {
    const plan =
      "roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: [echo one >> ran, echo two >> ran; sleep 60, echo three >> ran] }]";
    const lost = async (project: ProjectHarness): Promise<void> => {
      await dies(project, plan, typing("after", "two"));
      await until("the second runs", async () => (await ran(project)).includes("two"));
      for (const name of await sessionsOf(project)) await project.server.kill(name);
    };

    test.each<[string, FatalPoint]>([
      ["before the result", append("before", { kind: "result" })],
      ["before the task counts as unknown", append("before", { kind: "task", event: "unknown" })],
      ["before the question", append("before", { kind: "blocked" })],
      ["after the question", append("after", { kind: "blocked" })],
    ])("%s: one question, and nothing is typed", async (_, point) => {
      const project = await harness();
      await lost(project);
      await dies(project, plan, point);
      for (let round = 0; round < 2; round++) expect((await project.run(plan)).status).toBe("waiting");
      expect(await questions(project)).toMatchObject([{ kind: "blocked", options: ["retry", "done", "skip"] }]);
      expect(await ran(project)).toEqual(["one", "two"]);
    });

    test.each<[string, FatalPoint | undefined]>([
      ["right away", undefined],
      [
        "after another that died as soon as it had read the answer",
        append("after", { kind: "task", event: "answered" }),
      ],
      ["after another that died as soon as the task was started", append("after", { kind: "task", event: "started" })],
      ["after another that died before its next command", append("before", { kind: "command", step: 2 })],
    ])("the next runner goes on behind it, %s, when a person says that it is done", async (_, point) => {
      const project = await harness();
      await lost(project);
      await project.run(plan);
      await answer(project, (await questions(project))[0], "done");
      if (point) await dies(project, plan, point);
      expect((await project.run(plan)).status).toBe("done");
      expect(await ran(project)).toEqual(["one", "two", "three"]);
      expect(await questions(project)).toHaveLength(1);
    });
  });

  describe("while it interrupts a command", () => {
    const interrupt: FatalPoint = {
      when: "after",
      call: (method, args) => method === "sendInput" && args[1] === "\x03",
    };

    test("because it was told to stop: that is what the record says, and the next runner does it anew", async () => {
      const project = await harness();
      const plan = "roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: echo one >> ran; sleep 3 }]";
      const stop = new AbortController();
      void until("it runs", async () => (await ran(project)).length > 0).then(() => stop.abort());
      await dies(project, plan, interrupt, { signal: stop.signal });
      expect(states(await project.run(plan))).toEqual({ a: "succeeded" });
      expect((await results(project, 0)).map((entry) => entry.outcome)).toEqual(["interrupted", "exited"]);
    });

    test("because its time is over: that is what the record says, and the command is not repeated", async () => {
      const project = await harness();
      const plan =
        "roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: echo one >> ran; sleep 60, timeout: 1500ms }]";
      await dies(project, plan, interrupt);
      expect(states(await project.run(plan))).toEqual({ a: "failed" });
      expect((await results(project, 0)).map((entry) => entry.outcome)).toEqual(["timed_out"]);
      expect(await ran(project)).toEqual(["one"]);
    });
  });

  test("during a command with a time limit: the limit goes on", async () => {
    const project = await harness();
    const plan =
      "roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: echo one >> ran; sleep 60, timeout: 3s }]";
    await dies(project, plan, typing("after", "one"));
    const result = await project.run(plan);
    expect(states(result)).toEqual({ a: "failed" });
    expect(await results(project, 0)).toMatchObject([{ outcome: "timed_out" }]);
    expect(await ran(project)).toEqual(["one"]);
  });

  test("before the pause between two tries is over: the next try follows", async () => {
    const project = await harness();
    const plan =
      "roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: 'echo try >> ran; test $(wc -l < ran) -ge 3', retries: 3 }]";
    await dies(project, plan, append("after", { kind: "task", event: "retrying", attempt: 1 }));
    await dies(project, plan, append("after", { kind: "command", attempt: 2 }));
    expect((await project.run(plan)).tasks).toMatchObject([{ state: "succeeded", attempts: 3 }]);
    expect(await ran(project)).toEqual(["try", "try", "try"]);
  });

  test("and its plan is changed before the next one comes: the role's new variables count", async () => {
    const project = await harness();
    const plan = (value: string): string =>
      `roles: { w: { shell: bash, env: { V: ${value} } } }\ntasks: [{ id: a, role: w, run: "echo $V >> ran; sleep 1" }]`;
    await dies(project, plan("old"), typing("after", "echo"));
    await until("it runs", async () => (await ran(project)).length > 0);
    expect((await project.run(plan("new"))).status).toBe("done");
    expect(await ran(project)).toEqual(["old", "new"]);
  });

  test("between the two halves of a look at the prompt: the session keeps its size", async () => {
    const project = await harness();
    await dies(project, three, typing("after", "two"));
    await dies(project, three, { when: "after", call: (method) => method === "resize" });
    expect((await project.run(three)).status).toBe("done");
    expect(await project.server.get((await sessionsOf(project))[0] ?? "")).toMatchObject({ rows: 50, cols: 120 });
  });
});
