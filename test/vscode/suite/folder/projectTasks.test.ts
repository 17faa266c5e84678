import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import { type Task, tasks } from "vscode";
import { until } from "../../../support/until";
import { entries, folder, probe, sessionMs } from "../../support/host";

const plan = (name: string, run: string): string =>
  `project: ${name}\ngoal: Be a task\nroles: { shell: {} }\ntasks:\n` +
  `  - { id: first, role: shell, run: "${run}" }\n  - { id: second, role: shell, needs: first, run: "echo second" }\n`;

const written = {
  version: "2.0.0",
  tasks: [
    { label: "before", type: "wsh", plan: "tasked-one.plan.yaml" },
    { label: "after", type: "wsh", plan: "tasked-two.plan.yaml", dependsOn: ["before"] },
    { label: "endless", type: "wsh", plan: "tasked-long.plan.yaml" },
    { label: "nothing", type: "wsh", project: "tasked-nowhere" },
  ],
};

async function task(name: string): Promise<Task> {
  return until(
    `the task ${name}`,
    async () => (await tasks.fetchTasks()).find((each) => each.name === name),
    sessionMs,
  );
}

/** Runs it to its end; gives its exit code. */
async function codeOf(name: string): Promise<number | undefined> {
  const wanted = await task(name);
  let code: number | undefined;
  let ended = false;
  const listener = tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
    if (execution.task.name !== name) return;
    code = exitCode;
    ended = true;
  });
  try {
    await tasks.executeTask(wanted);
    await until(`${name} has ended`, () => ended, 60_000);
    return code;
  } finally {
    listener.dispose();
  }
}

const timesOf = (project: string, event: string): string[] =>
  entries(project)
    .filter((entry) => entry.kind === "project" && entry.event === event)
    .map(({ ts }) => ts);

/** How often a task of the first project has begun. */
const ran = (task: string): number =>
  entries("tasked-one").filter(
    ({ kind, event, task_id, step }) =>
      kind === "task" && event === "started" && step === undefined && task_id === task,
  ).length;

describe("projects as tasks of VS Code", () => {
  before(() => {
    for (const [name, run] of [
      ["tasked-one", "sleep 1"],
      ["tasked-two", "echo two"],
      ["tasked-long", "sleep 1000"],
    ] as const)
      writeFileSync(join(folder(), `${name}.plan.yaml`), plan(name, run));
    mkdirSync(join(folder(), ".vscode"), { recursive: true });
    writeFileSync(join(folder(), ".vscode/tasks.json"), JSON.stringify(written, undefined, 2));
  });

  it("run one after the other where tasks.json says so, and end with the exit code of do", async () => {
    equal(await codeOf("after"), 0);
    const [one = ""] = timesOf("tasked-one", "finished");
    const [two = ""] = timesOf("tasked-two", "started");
    ok(one !== "" && one <= two, `${one} ${two}`);
    equal(timesOf("tasked-two", "finished").length, 1);
  });

  it("are offered: whole projects and single tasks", async () => {
    const names = async (): Promise<string[]> =>
      (await tasks.fetchTasks({ type: "wsh" })).filter(({ source }) => source === "wsh").map(({ name }) => name);
    const offered = await until("those of the record", async () => {
      const all = await names();
      return all.includes("run project tasked-one") ? all : undefined;
    });
    // Of what tasks.json has VS Code offers that in place of ours.
    for (const name of ["tasked-one: first", "tasked-one: second", "run project tasked-two", "tasked-long: first"])
      ok(offered.includes(name), `${name} of ${offered.join(", ")}`);
    deepEqual(
      offered.filter((name) => name === "run project tasked-one"),
      ["run project tasked-one"],
    );
  });

  it("run one task, also when it is done", async () => {
    const before = ran("second");
    equal(await codeOf("tasked-one: second"), 0);
    equal(ran("second"), before + 1);
  });

  it("do all their work again when it is done", async () => {
    const before = ran("first");
    equal(await codeOf("before"), 0);
    equal(ran("first"), before + 1);
  });

  it("stop their project when they are terminated", async () => {
    const execution = await tasks.executeTask(await task("endless"));
    await until("it runs", async () => (await probe()).running().includes("tasked-long"), sessionMs);
    execution.terminate();
    await until("it is stopped", async () => !(await probe()).running().includes("tasked-long"), sessionMs);
    equal(entries("tasked-long").filter(({ kind, state }) => kind === "project" && state === "stopped").length, 1);
  });

  it("that name nothing to run end with the exit code of that", async () => {
    equal(await codeOf("nothing"), 2);
  });
});
