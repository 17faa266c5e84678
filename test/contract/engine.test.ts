import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { projectSnapshotSchema } from "../../src/core/model/schemas";
import { ProjectHarness } from "../support/projectHarness";
import { type RunningServer, serverKinds } from "../support/servers";

const states = (result: { tasks: readonly { id: string; state: string }[] }): Record<string, string> =>
  Object.fromEntries(result.tasks.map((task) => [task.id, task.state]));
const texts = (entries: readonly ContextEntry[]): string[] => entries.map((entry) => entry.text);

describe.each(serverKinds.filter((kind) => !kind.title.includes("TCP")))(
  "a project on $title",
  ({ start, missing, isWsh }) => {
    let running: RunningServer;
    let count = 0;

    beforeAll(async () => {
      if (!missing) running = await start();
    });
    afterAll(async () => {
      if (!missing) await running.stop();
    });

    const harness = (): Promise<ProjectHarness> =>
      ProjectHarness.create(running.client(), { name: `engine-${++count}` });
    const test = missing ? it.skip : it;
    /** Sessions made in two runs: where a prompt cannot be asked, nobody knows whether the old one is free. */
    const oneIfReused = async (): Promise<number> => ((await running.client().info()).capabilities.resize ? 1 : 2);

    test("runs its tasks in order, writes intent before result, and leaves a snapshot", async () => {
      const project = await harness();
      const result = await project.run(`
roles: { worker: { shell: bash } }
tasks:
  - { id: first, role: worker, run: [echo one > out.txt, cat out.txt] }
  - { id: second, role: worker, needs: [first], run: echo two >> out.txt, check: test -s out.txt }
`);
      expect(result.status).toBe("done");
      expect(states(result)).toEqual({ first: "succeeded", second: "succeeded" });
      expect(await readFile(join(project.workspace, "out.txt"), "utf8")).toBe("one\ntwo\n");

      const entries = await project.entries();
      const order = entries
        .filter((entry) => entry.kind === "command" || entry.kind === "result")
        .map((entry) => `${entry.kind} ${entry.input ?? entry.exit_code}`);
      const steps = (command: string): string[] => [`command ${command}`, "result 0"];
      expect(order.filter((each) => !each.startsWith("command cd"))).toEqual([
        ...steps("echo one > out.txt"),
        ...steps("cat out.txt"),
        ...(order.some((each) => each.startsWith("command cd")) ? ["result 0"] : []),
        ...steps("echo two >> out.txt"),
        ...steps("test -s out.txt"),
      ]);
      expect(entries.find((entry) => entry.output === "one")).toMatchObject({
        complete: true,
        outcome: "exited",
        known_by: "mark",
      });
      const snapshot = projectSnapshotSchema.parse(
        JSON.parse(
          await readFile(
            join(project.workspace, ".orchestrator/projects", project.project.project_id, "snapshot.json"),
            "utf8",
          ),
        ),
      );
      expect(snapshot.summary).toContain("2 of 2 tasks succeeded");
      expect(
        await readFile(
          join(project.workspace, ".orchestrator/projects", project.project.project_id, "SNAPSHOT.md"),
          "utf8",
        ),
      ).toContain("| second | worker | succeeded |");
    });

    test("overlaps independent tasks, hands over between roles, and shows the note in the receiver's terminal", async () => {
      const project = await harness();
      // Each ends only once the other has begun.
      const result = await project.run(`
max_sessions: 3
roles: { left: { shell: bash }, right: { shell: bash }, reader: { shell: bash } }
tasks:
  - { id: a, role: left, run: "touch a; until [ -e b ]; do sleep 0.05; done" }
  - { id: b, role: right, run: "touch b; until [ -e a ]; do sleep 0.05; done", handoff: Mind the gap }
  - { id: c, role: reader, needs: [a, b], run: echo read }
`);
      expect(result.status).toBe("done");
      const handoffs = await project.entries("handoff");
      expect(handoffs.map((entry) => entry.to)).toEqual(["reader", "reader"]);
      expect(texts(handoffs).join(" ")).toContain("Mind the gap");
      expect(await project.entries("delivery")).toHaveLength(2);
      const reader = (await project.entries("session")).find(
        (entry) => entry.event === "created" && entry.role === "reader",
      );
      const wire =
        (await project.entries("session")).find(
          (entry) => entry.session_name === reader?.session_name && entry.wire_name,
        )?.wire_name ?? "";
      const { lines } = await project.server.scrollback(wire, 100, "plain");
      expect(lines.map(String).join("")).toContain("Mind the gap");
    });

    test("shows a note in a shell without integration too, and never to a program, of which the log tells", async () => {
      const project = await harness();
      const result = await project.run(`
roles: { left: { shell: bash }, plain: { shell: sh }, agent: { program: sh -c "echo type; exec cat" } }
tasks:
  - { id: a, role: left, run: "true", handoff: Mind the gap }
  - { id: b, role: plain, needs: [a], run: echo read }
  - { id: c, role: agent, needs: [a], run: hello, check: "true" }
`);
      expect(result.status).toBe("done");
      const about = (role: string): string => `proj-${project.project.project_id}::${role}::1`;
      const deliveries = await project.entries("delivery");
      expect(deliveries.map((entry) => [entry.event, entry.session_name])).toEqual([["delivered", about("plain")]]);
      const wire = about("plain").replaceAll("::", ".");
      const { lines } = await project.server.scrollback(wire, 100, "plain");
      expect(lines.map(String)).toContainEqual(expect.stringMatching(/^Handoff note from left::1: .*Mind the gap/));
      const notes = await project.entries("note");
      expect(notes.map((entry) => [entry.event, entry.session_name])).toEqual([["not_shown", about("agent")]]);
      const agent = await project.server.scrollback(about("agent").replaceAll("::", "."), 100, "plain");
      expect(agent.lines.map(String).join("")).not.toContain("Mind the gap");
    });

    test("tries again after a failure, says why, and stops at codes that are final", async () => {
      const project = await harness();
      const result = await project.run(`
roles: { worker: { shell: bash, count: 2 } }
tasks:
  - { id: flaky, role: worker, run: "test -e seen || { touch seen; exit_with() { return 3; }; exit_with; }", retries: { attempts: 3, backoff: 10ms } }
  - { id: final, role: worker, run: sh -c 'exit 2', retries: { attempts: 3, backoff: 10ms, not_on: [2] } }
  - { id: behind, role: worker, needs: [final], run: echo never }
  - { id: independent, role: worker, run: echo goes on }
`);
      expect(result.status).toBe("failed");
      expect(states(result)).toEqual({
        flaky: "succeeded",
        final: "failed",
        behind: "blocked",
        independent: "succeeded",
      });
      expect(result.tasks.find((task) => task.id === "flaky")).toMatchObject({ attempts: 2, exit_code: 0 });
      expect(result.tasks.find((task) => task.id === "final")).toMatchObject({ attempts: 1, exit_code: 2 });
      const retry = (await project.entries("task")).find((entry) => entry.event === "retrying");
      expect(retry?.reason).toContain("exit code 3");
      const [error] = await project.entries("error");
      expect(error).toMatchObject({ task_id: "final", human_attention_needed: true, options: ["retry", "skip"] });
    });

    test("does not repeat what is done, and repeats what changed with everything behind it", async () => {
      const project = await harness();
      const plan = (word: string): string => `
roles: { worker: { shell: bash } }
tasks:
  - { id: one, role: worker, run: echo ${word} >> log.txt }
  - { id: two, role: worker, needs: [one], run: echo two >> log.txt }
  - { id: three, role: worker, run: echo three >> log.txt }
`;
      await project.run(plan("one"));
      await project.run(plan("one"));
      const log = (): Promise<string> => readFile(join(project.workspace, "log.txt"), "utf8");
      expect((await log()).trim().split("\n").sort()).toEqual(["one", "three", "two"]);
      await project.run(plan("uno"));
      expect((await log()).trim().split("\n").slice(3)).toEqual(["uno", "two"]);
      expect((await project.entries("session")).filter((entry) => entry.event === "created")).toHaveLength(
        await oneIfReused(),
      );
      await project.run(plan("uno"), { again: true });
      expect((await log()).trim().split("\n")).toHaveLength(8);
    });

    test("never holds more sessions than allowed, and makes room by ending idle ones", async () => {
      const project = await harness();
      const result = await project.run(`
max_sessions: 1
roles: { a: { shell: bash }, b: { shell: bash }, c: { shell: bash } }
tasks:
  - { id: a, role: a, run: "true" }
  - { id: b, role: b, run: "true" }
  - { id: c, role: c, run: "true" }
`);
      expect(result.status).toBe("done");
      const alive = (await project.server.list()).filter((session) =>
        session.name.startsWith(`proj-${project.project.project_id}.`),
      );
      expect(alive).toHaveLength(1);
    });

    test("interrupts a command that runs out of time, and the session stays usable", async () => {
      const project = await harness();
      const result = await project.run(`
roles: { worker: { shell: bash } }
tasks:
  - { id: slow, role: worker, run: sleep 60, timeout: 300ms }
  - { id: next, role: worker, run: echo fine }
`);
      expect(states(result)).toEqual({ slow: "failed", next: "succeeded" });
      const outcome = (await project.entries("result")).find((entry) => entry.task_id === "slow" && entry.step === 0);
      expect(outcome).toMatchObject({ outcome: "timed_out", exit_code: 130 });
      expect((await project.entries("session")).filter((entry) => entry.event === "created")).toHaveLength(1);
    });

    test("a stop interrupts what runs, records it, and the same project goes on later", async () => {
      const project = await harness();
      const stop = new AbortController();
      const yaml = `
roles: { worker: { shell: bash } }
tasks:
  - { id: long, role: worker, run: sleep 0.8 && echo finished }
  - { id: after, role: worker, needs: [long], run: echo after }
`;
      const result = await project.run(yaml, {
        signal: stop.signal,
        onEntry: (entry) => {
          if (entry.kind === "command" && entry.step === 0)
            setTimeout(() => stop.abort(new Error("stopped by the test")), 100);
        },
      });
      expect(result.status).toBe("stopped");
      expect(states(result)).toEqual({ long: "cancelled", after: "pending" });
      expect((await project.entries("result")).at(-1)).toMatchObject({ outcome: "interrupted" });
      const second = await project.run(yaml);
      expect(second.status).toBe("done");
      expect((await project.entries("session")).filter((entry) => entry.event === "created")).toHaveLength(
        await oneIfReused(),
      );
    });

    test("a command that ends its shell is known by its code, and the next task gets a new session", async () => {
      const project = await harness();
      const result = await project.run(`
roles: { worker: { shell: bash } }
tasks:
  - { id: leave, role: worker, run: exit 7 }
  - { id: next, role: worker, run: echo fine }
`);
      expect(states(result)).toEqual({ leave: "failed", next: "succeeded" });
      expect(result.tasks.find((task) => task.id === "leave")?.exit_code).toBe(7);
      expect((await project.entries("session")).filter((entry) => entry.event === "created")).toHaveLength(2);
    });

    test("a session that dies without a mark has the server's exit code, or an unknown outcome that asks", async () => {
      const project = await harness();
      const result = await project.run(`
roles: { worker: { shell: bash } }
tasks:
  - { id: gone, role: worker, run: exec sh -c 'exit 9' }
`);
      if (isWsh) {
        expect(result.status).toBe("waiting");
        expect(states(result)).toEqual({ gone: "unknown" });
        expect((await project.entries("blocked"))[0]).toMatchObject({
          options: ["retry", "done", "skip"],
          human_attention_needed: true,
        });
      } else {
        expect(states(result)).toEqual({ gone: "failed" });
        expect(result.tasks[0]?.exit_code).toBe(9);
      }
    });

    test("types a line that the shell refuses once more, so that it has a status, and never runs half of it", async () => {
      const project = await harness();
      const result = await project.run(`
roles: { worker: { shell: bash } }
tasks:
  - { id: broken, role: worker, run: "touch ran; )" }
  - { id: open, role: worker, run: "for each in 1 2; do" }
`);
      expect(states(result)).toEqual({ broken: "failed", open: "failed" });
      const outcomes = (await project.entries("result"))
        .filter((entry) => entry.step === 0)
        .map((entry) => `${entry.task_id} ${entry.outcome}`);
      expect(outcomes).toEqual(["broken rejected", "broken exited", "open rejected", "open exited"]);
      await expect(readFile(join(project.workspace, "ran"))).rejects.toThrow();
    });

    test("works in shells without integration through an end mark", async () => {
      const project = await harness();
      const result = await project.run(`
roles: { worker: { shell: sh } }
tasks:
  - { id: good, role: worker, run: echo from sh }
  - { id: bad, role: worker, run: sh -c 'exit 4' }
`);
      expect(states(result)).toEqual({ good: "succeeded", bad: "failed" });
      const results = (await project.entries("result")).filter((entry) => entry.step === 0);
      expect(results.map((entry) => [entry.known_by, entry.exit_code])).toEqual([
        ["sentinel", 0],
        ["sentinel", 4],
      ]);
      expect(results[0]?.output).toContain("from sh");
    });

    test("takes no silence of a program for success", async () => {
      const project = await harness();
      const result = await project.run(`
roles: { reader: { program: sh -c "echo type; exec cat" } }
tasks:
  - { id: say, role: reader, run: hello there }
  - { id: checked, role: reader, run: hello again, check: "true" }
  - { id: after, role: reader, needs: [say], run: never }
`);
      expect(states(result)).toEqual({ say: "unknown", checked: "succeeded", after: "blocked" });
      expect((await project.entries("result"))[0]).toMatchObject({ known_by: "quiet", exit_code: null });
    });

    test("starts in the folder that the plan says, or says that there is none", async () => {
      const project = await harness();
      await writeFile(join(project.workspace, "marker"), "");
      const result = await project.run(`
roles: { worker: { shell: bash }, nowhere: { shell: bash, cwd: missing } }
tasks:
  - { id: here, role: worker, run: [mkdir -p inner, cd inner] }
  - { id: back, role: worker, needs: [here], run: test -e marker }
  - { id: below, role: worker, needs: [here], cwd: inner, run: test ! -e marker }
  - { id: lost, role: nowhere, run: "true" }
`);
      expect(states(result)).toEqual({ here: "succeeded", back: "succeeded", below: "succeeded", lost: "failed" });
      expect((await project.entries("error"))[0]?.text).toContain("missing");
    });

    test("a name that belongs to somebody else gives the next number", async () => {
      const project = await harness();
      const wire = `proj-${project.project.project_id}.worker.1`;
      await project.server.create({ name: wire, command: "exec cat" });
      const result = await project.run(`
roles: { worker: { shell: bash } }
tasks: [{ id: one, role: worker, run: "true" }]
`);
      expect(result.tasks[0]?.session_name).toBe(`proj-${project.project.project_id}::worker::2`);
      expect(await project.server.get(wire)).toMatchObject({ name: wire });
    });
  },
);
