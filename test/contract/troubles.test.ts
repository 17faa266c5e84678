import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ProjectRecord } from "../../src/core/record/projectRecord";
import { Lease } from "../../src/core/record/lease";
import type { EntryDraft } from "../../src/core/model/entry";
import { OrchestratorError } from "../../src/core/model/errors";
import type { Processes } from "../../src/core/ports/machine";
import type { Ledger } from "../../src/core/ports/ledger";
import type { Policy } from "../../src/core/ports/safety";
import { overriding, ProjectHarness, testProcesses } from "../support/projectHarness";
import { allowAll } from "../support/policies";
import { type RunningServer, serverKinds } from "../support/servers";
import { testWithShell } from "../support/shellTest";
import { silentLogger, systemClock } from "../support/systemClock";
import { until } from "../support/until";
import { advice } from "../../src/core/model/remedy";

let running: RunningServer;
let count = 0;

beforeAll(async () => {
  const [kind] = serverKinds;
  if (!kind) throw new Error("no server");
  running = await kind.start();
});
afterAll(() => running.stop());

const harness = (policy?: Policy): Promise<ProjectHarness> =>
  ProjectHarness.create(running.client(), { name: `troubles-${++count}`, ...(policy ? { policy } : {}) });
const states = (result: { tasks: readonly { id: string; state: string }[] }): Record<string, string> =>
  Object.fromEntries(result.tasks.map((task) => [task.id, task.state]));
const text = (project: ProjectHarness, name: string): Promise<string> =>
  readFile(join(project.workspace, name), "utf8");
/** As two processes, of which only the record knows which was first. */
const asProcess = (pid: number): Processes => ({ ...testProcesses, pid });

describe("two runners", () => {
  it("claim at once: one holds, the other is told", async () => {
    for (let round = 0; round < 10; round++) {
      const project = await harness();
      const records = await Promise.all(
        [1, 2].map(async () => ProjectRecord.open(await project.ledger(), silentLogger, { start: "beginning" })),
      );
      const claims = await Promise.allSettled(
        records.map((record, index) => Lease.claim(record, asProcess(index + 1), systemClock, `human:${index}`)),
      );
      const held = claims.filter((claim) => claim.status === "fulfilled" && claim.value.held);
      expect(held, `round ${round}`).toHaveLength(1);
      expect(claims.find((claim) => claim.status === "rejected")).toMatchObject({
        reason: { code: "driven_elsewhere" },
      });
      for (const record of records) await record.close();
    }
  });

  it("one takes over: the first sends no key and writes nothing more", async () => {
    const project = await harness();
    const keys: string[] = [];
    const takeOver = async (): Promise<void> => {
      const record = await ProjectRecord.open(await project.ledger(), silentLogger, { start: "beginning" });
      await Lease.claim(record, asProcess(7), systemClock, "human:other");
      await record.close();
    };
    project.server = overriding(project.server, {
      sendInput: async (name, data, signal) => {
        keys.push(data.toString());
        await running.client().sendInput(name, data, signal);
        if (keys.length === 1) await takeOver();
      },
    });
    const first = project.run(
      "roles: { w: { shell: bash } }\ntasks: [{ id: slow, role: w, run: sleep 3, timeout: 1500ms }]",
    );
    await expect(first).rejects.toMatchObject({ code: "driven_elsewhere" });
    expect(keys).toHaveLength(1);
    const entries = await project.entries();
    const claim = entries.findLastIndex((entry) => entry.kind === "lease");
    expect(entries.slice(claim + 1)).toEqual([]);
  });
});

describe("a record that cannot be written", () => {
  it("stops the run before anything more is typed", async () => {
    const project = await harness();
    const failing = (ledger: Ledger): Ledger =>
      overriding(ledger, {
        append: (draft: EntryDraft, durability) =>
          draft.kind === "result" && draft.task_id === "a" && draft.step === 0
            ? Promise.reject(new OrchestratorError("disk_full", "The disk is full.", advice("Make room.")))
            : ledger.append(draft, durability),
      });
    const plan =
      "roles: { w: { shell: bash }, long: { shell: bash } }\ntasks:\n  - { id: a, role: w, run: [sleep 1, touch two, touch three] }\n  - { id: b, role: long, run: sleep 30 }";
    const begun = performance.now();
    await expect(project.run(plan, { ledger: failing })).rejects.toMatchObject({ code: "disk_full" });
    expect(performance.now() - begun).toBeLessThan(10_000);
    await expect(text(project, "two")).rejects.toThrow();
    // What ran goes on, and the next runner finds it.
    expect((await project.entries("command")).some((entry) => entry.input === "sleep 30")).toBe(true);
    expect((await project.entries()).some((entry) => entry.event === "interrupting")).toBe(false);
  });
});

describe("a session in which something unforeseen happens", () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    testWithShell(
      shell,
      `${shell} ends just before the line comes: it did not run, and a new session does it`,
      async () => {
        const project = await harness();
        const { server } = project;
        let done = false;
        project.server = overriding(server, {
          sendInput: async (name, data, signal) => {
            if (!done && data.toString().includes("touch ran")) {
              done = true;
              await server.sendInput(name, "\x04");
            }
            await server.sendInput(name, data, signal);
          },
        });
        const result = await project.run(
          `roles: { w: { shell: ${shell} } }\ntasks: [{ id: a, role: w, run: touch ran }]`,
        );
        expect(states(result)).toEqual({ a: "succeeded" });
        expect(await text(project, "ran")).toBe("");
        expect((await project.entries("session")).filter((entry) => entry.event === "created")).toHaveLength(2);
      },
    );
  }

  for (const shell of ["bash", "fish"]) {
    testWithShell(shell, `${shell} leaves with exit 0: the next task gets another session`, async () => {
      const project = await harness();
      const result = await project.run(
        `roles: { w: { shell: ${shell} } }\ntasks:\n  - { id: a, role: w, run: exit 0 }\n  - { id: b, role: w, needs: [a], run: echo b }`,
      );
      expect(states(result)).toEqual({ a: "succeeded", b: "succeeded" });
    });
  }

  for (const shell of ["bash", "zsh", "fish"]) {
    testWithShell(shell, `${shell}: a late line of a job in the background is no draft`, async () => {
      const project = await harness();
      const background = shell === "fish" ? "sh -c 'sleep 0.4; echo late' &" : "(sleep 0.4; echo late) &";
      const result = await project.run(
        `roles: { w: { shell: ${shell} }, o: { shell: bash } }\ntasks:\n  - { id: a, role: w, run: "${background}" }\n  - { id: wait, role: o, needs: [a], run: sleep 1 }\n  - { id: b, role: w, needs: [wait], run: echo b }`,
      );
      expect(states(result)).toEqual({ a: "succeeded", wait: "succeeded", b: "succeeded" });
    });
  }

  it("a person's draft is left alone, and the session stays theirs", async () => {
    const project = await harness();
    const plan = (id: string): string =>
      `roles: { w: { shell: bash } }\ntasks: [{ id: ${id}, role: w, run: echo ${id} }]`;
    const first = await project.run(plan("a"));
    const wire = first.tasks[0]?.session_name?.replaceAll("::", ".") ?? "";
    await project.server.sendInput(wire, "echo my draft");
    await until("the draft stands there", async () =>
      (await project.server.screen(wire, "plain")).lines.some(
        (line) => typeof line === "string" && line.includes("my draft"),
      ),
    );
    const second = await project.run(plan("b"));
    expect(states(second)).toEqual({ b: "succeeded" });
    expect(second.tasks[0]?.session_name).not.toBe(first.tasks[0]?.session_name);
    expect(
      (await project.server.screen(wire, "plain")).lines.some(
        (line) => typeof line === "string" && line.endsWith("echo my draft"),
      ),
    ).toBe(true);
  });

  it("a refused line beside a job that never stops printing ends, and in time", async () => {
    const project = await harness();
    const result = await project.run(`roles: { w: { shell: bash } }
tasks:
  - { id: noise, role: w, run: "(while :; do echo noise; sleep 0.5; done) & disown" }
  - { id: broken, role: w, needs: [noise], run: "echo (", timeout: 20s }`);
    expect(states(result)).toEqual({ noise: "succeeded", broken: "failed" });
  });

  it("a line that is taken only while it is being withdrawn is waited for, and not typed again", async () => {
    const project = await harness();
    const { server } = project;
    let held: string | undefined;
    let lines = 0;
    project.server = overriding(server, {
      sendInput: async (name, data, signal) => {
        const keys = data.toString();
        if (keys.includes("echo x >> once") && ++lines === 1) {
          held = keys;
          return;
        }
        if (keys === "\x03" && held !== undefined) {
          await server.sendInput(name, held, signal);
          held = undefined;
          await until("it runs", () =>
            text(project, "once").then(
              (content) => content !== "",
              () => false,
            ),
          );
        }
        await server.sendInput(name, data, signal);
      },
    });
    const result = await project.run(
      "roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: \"(trap '' INT; echo x >> once; sleep 8)\" }]",
    );
    expect(await text(project, "once")).toBe("x\n");
    expect(lines).toBe(1);
    expect(states(result)).toEqual({ a: "succeeded" });
  });

  it("a plain shell that refuses a line gives an unknown outcome instead of silence", async () => {
    const project = await harness();
    const result = await project.run(`roles: { w: { shell: sh } }\ntasks: [{ id: a, role: w, run: "echo (" }]`);
    expect(states(result)).toEqual({ a: "unknown" });
  });

  it("a plain shell is used again by the next run, and starts at once", async () => {
    const project = await harness();
    const begun = performance.now();
    for (const id of ["a", "b"])
      await project.run(`roles: { w: {} }\ntasks: [{ id: ${id}, role: w, run: echo ${id} }]`, { defaultShell: "sh" });
    expect((await project.entries("session")).filter((entry) => entry.event === "created")).toHaveLength(1);
    expect(performance.now() - begun).toBeLessThan(8000);
  });

  it("a folder that was made anew is entered anew", async () => {
    const project = await harness();
    const result = await project.run(`roles: { w: { shell: bash }, o: { shell: bash } }
tasks:
  - { id: a, role: w, run: mkdir -p sub }
  - { id: b, role: w, needs: [a], cwd: sub, run: pwd }
  - { id: c, role: o, needs: [b], run: rm -r sub && mkdir sub && echo hi > sub/f }
  - { id: d, role: w, needs: [c], cwd: sub, run: cat f }`);
    expect(states(result)).toEqual({ a: "succeeded", b: "succeeded", c: "succeeded", d: "succeeded" });
  });

  it("a changed role gets a new session, and the old one is ended", async () => {
    const project = await harness();
    const plan = (value: string): string =>
      `roles: { w: { shell: bash, env: { V: ${value} } } }\ntasks: [{ id: a, role: w, run: "echo $V > v" }]`;
    await project.run(plan("one"));
    await project.run(plan("two"));
    expect(await text(project, "v")).toBe("two\n");
    const alive = (await project.server.list()).filter((session) =>
      session.name.startsWith(`proj-${project.project.project_id}.`),
    );
    expect(alive).toHaveLength(1);
  });

  testWithShell("fish", "takes text of many lines in fish", async () => {
    const project = await harness();
    await writeFile(join(project.workspace, "plan"), "");
    const lines = Array.from({ length: 2000 }, (_, index) => `set total (math $total + ${index % 7})`);
    const result = await project.run(
      `roles: { w: { shell: fish } }\ntasks:\n  - id: a\n    role: w\n    timeout: 15s\n    run: |\n      set -g total 0\n${lines.map((line) => `      ${line}`).join("\n")}\n      echo $total > sum`,
    );
    expect(states(result)).toEqual({ a: "succeeded" });
    expect((await text(project, "sum")).trim()).toBe(String(lines.reduce((sum, _, index) => sum + (index % 7), 0)));
  });

  it("a text without content fails its task, and nothing is left open", async () => {
    const project = await harness();
    const result = await project.run('roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: "\\u0001" }]');
    expect(states(result)).toEqual({ a: "failed" });
    expect(await project.entries("command")).toEqual([]);
  });
});

describe("answers", () => {
  it("cannot allow what the policy forbids", async () => {
    const project = await harness({
      ...allowAll,
      decide: (command) => ({
        verdict: command.startsWith("rm") ? "deny" : "allow",
        reason: "Never here.",
        rule: "test",
      }),
    });
    const result = await project.run(
      "roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: rm x }, { id: b, role: w, run: 'true' }]",
    );
    expect(states(result)).toEqual({ a: "blocked", b: "succeeded" });
    expect(await project.entries("approval_needed")).toEqual([]);
    expect((await project.entries("blocked"))[0]?.text).toContain("Never here");
  });

  it("skip a failed task while another runs, and the record says so", async () => {
    const project = await harness();
    const result = await project.run(
      "roles: { w: { shell: bash }, o: { shell: bash } }\ntasks:\n  - { id: bad, role: w, run: 'false' }\n  - { id: after, role: w, needs: [bad], run: 'true' }\n  - { id: slow, role: o, run: sleep 1.5 }",
      {
        onEntry: (entry) => {
          if (entry.kind !== "error") return;
          void (async () => {
            const ledger = await project.ledger();
            await ledger.append(
              {
                kind: "answer",
                actor: "human:test",
                session_name: null,
                text: "skip",
                answer: "skip",
                task_id: "bad",
                refs: [{ type: "entry", id: entry.id }],
              },
              "synced",
            );
            await ledger.close();
          })();
        },
      },
    );
    expect(states(result)).toEqual({ bad: "skipped", after: "skipped", slow: "succeeded" });
    expect(result.status).toBe("done");
  });

  it("count also when they come before the runner knows that its question is on the disk", async () => {
    const project = await harness();
    let seen = false;
    const answered = (ledger: Ledger): Ledger =>
      overriding(ledger, {
        append: async (draft: EntryDraft, durability) => {
          const entry = await ledger.append(draft, durability);
          if (draft.kind !== "error") return entry;
          await ledger.append(
            {
              kind: "answer",
              actor: "human:test",
              session_name: null,
              text: "skip",
              answer: "skip",
              task_id: "bad",
              refs: [{ type: "entry", id: entry.id }],
            },
            "synced",
          );
          await until("the runner has seen the answer", () => seen);
          return entry;
        },
      });
    const result = await project.run(
      "roles: { w: { shell: bash } }\ntasks: [{ id: bad, role: w, run: 'false' }, { id: after, role: w, needs: [bad], run: 'true' }]",
      { ledger: answered, onEntry: (entry) => (seen ||= entry.kind === "answer") },
    );
    expect(states(result)).toEqual({ bad: "skipped", after: "skipped" });
  });

  testWithShell("zsh", "are asked for when only the shell that really runs makes a command dangerous", async () => {
    const policy: Policy = {
      ...allowAll,
      decide: (command, { shell }) =>
        shell === "zsh" && command.startsWith("touch")
          ? { verdict: "ask", reason: "It touches.", rule: "test" }
          : allowAll.decide(command, { shell, cwd: "" }),
    };
    const project = await harness(policy);
    const plan = "roles: { w: { env: { SHELL: /bin/zsh } } }\ntasks: [{ id: a, role: w, run: touch it }]";
    const first = await project.run(plan);
    expect(first.status).toBe("waiting");
    const [question] = await project.entries("approval_needed");
    expect(question).toMatchObject({ task_id: "a", step: 0, options: ["run", "skip"] });
    await project.answer(question, "run");
    expect((await project.run(plan)).status).toBe("done");
  });
});
