import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { contextEntrySchema, projectContextSchema, projectSnapshotSchema } from "../../src/core/model/schemas";
import { taskStates } from "../../src/core/model/states";
import { CliWorld } from "../support/cliWorld";
import { until } from "../support/until";

const resultSchema = z.strictObject({
  result: z.strictObject({
    status: z.string(),
    tasks: z.array(
      z.strictObject({
        id: z.string(),
        state: z.enum(taskStates),
        attempts: z.number(),
        exit_code: z.number().nullable(),
      }),
    ),
    snapshot: projectSnapshotSchema,
  }),
});

let world: CliWorld;
beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

/** The last line of a run with --json; all lines before it are entries. */
function resultOf(stdout: string): z.infer<typeof resultSchema>["result"] {
  const lines = stdout.trimEnd().split("\n");
  for (const line of lines.slice(0, -1)) contextEntrySchema.parse(JSON.parse(line));
  return resultSchema.parse(JSON.parse(lines.at(-1) ?? "")).result;
}

describe("do with commands", () => {
  it("runs them in a session, keeps the record, and ends by itself", async () => {
    const result = await world.run([
      "do",
      "quick",
      "--goal",
      "Say hello",
      "--run",
      "echo hello > out.txt",
      "--run",
      "cat out.txt",
    ]);
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout).toContain("quick: done, 1 of 1 task succeeded.");
    expect(result.stderr).toMatch(/^\d\d:\d\d:\d\d shell::1 {2,}run \$ cat out\.txt$/m);
    expect(result.stderr).toMatch(/^\d\d:\d\d:\d\d shell::1 {2,}run ok .* hello$/m);
    expect(result.stdout + result.stderr).not.toContain("\u001b");
    const folder = world.projectFolder("quick");
    const project = projectContextSchema.parse(JSON.parse(readFileSync(join(folder, "project.json"), "utf8")));
    expect(project).toMatchObject({
      project_id: "quick",
      name: "quick",
      goal: "Say hello",
      status: "done",
      default_cwd: world.workspace,
      active_branch: null,
    });
    expect(project.server).toMatchObject({
      address: `unix:${join(world.root, "run/runtime/server.sock")}`,
      builtin: true,
    });
    expect(readFileSync(join(folder, "plan.yaml"), "utf8")).toContain("echo hello > out.txt");
    expect(readFileSync(join(folder, "SNAPSHOT.md"), "utf8")).toContain("| run | shell | succeeded |");
    expect(statSync(join(world.workspace, ".orchestrator")).mode & 0o777).toBe(0o700);
    expect(world.entries("quick").filter((entry) => entry.kind === "result" && entry.step !== undefined)).toMatchObject(
      [{ exit_code: 0 }, { exit_code: 0, output: "hello" }],
    );
  });

  it("does not repeat what is done and unchanged, but what changed, and all with --again", async () => {
    const commands = (): number =>
      world.entries("repeat").filter((entry) => entry.kind === "command" && entry.step !== undefined).length;
    const runs: number[] = [];
    for (const args of [
      ["--run", "echo one"],
      ["--run", "echo one"],
      ["--run", "echo two"],
      ["--run", "echo two", "--again"],
      ["--again"],
    ]) {
      expect((await world.run(["do", "repeat", ...args])).code).toBe(0);
      runs.push(commands());
    }
    // The last one runs the plan that the first call left: its first command.
    expect(runs).toEqual([1, 1, 2, 3, 4]);
  });

  it("draws output that moves the cursor as its terminal does", async () => {
    const drawn = await world.run(["do", "drawn", "--run", "printf 'abc\\033[2DX\\n'"]);
    expect(drawn).toMatchObject({ code: 0 });
    expect(drawn.stderr).toContain("aXc");
  });

  it("fails with 1, and stops at the first command that fails", async () => {
    const result = await world.run(["do", "broken", "--json", "--run", "sh -c 'exit 7'", "--run", "echo never"]);
    expect(result.code).toBe(1);
    expect(resultOf(result.stdout)).toMatchObject({
      status: "failed",
      tasks: [{ id: "run", state: "failed", attempts: 1, exit_code: 7 }],
    });
    expect(result.stdout).not.toContain('"input":"echo never"');
  });

  it("says when there is nothing to do", async () => {
    expect((await world.run(["do", "idle", "--run", "true"])).stdout).toContain("idle: done");
    expect((await world.run(["do", "idle"])).stdout).toBe(
      "idle: nothing to do (1 of 1 task succeeded, nothing has changed). Use --again to run everything again.\n",
    );
    expect((await world.run(["do", "idle", "--again"])).stdout).toContain("idle: done, 1 of 1 task succeeded.");
  });

  it("shows the name that a project was given beside its id", async () => {
    const id = /^(my-project-[0-9a-f]{8}) \(My Project\): done/m.exec(
      (await world.run(["do", "My Project", "--run", "true"])).stdout,
    )?.[1];
    expect(id).toBeDefined();
    expect((await world.run(["status", "My Project"])).stdout).toContain(`${id ?? ""} (My Project)`);
    expect((await world.run(["projects"])).stdout).toMatch(new RegExp(`^${id ?? ""}\t`, "m"));
  });

  it("streams every entry of the run as JSON, then the result", async () => {
    const result = await world.run(["do", "streamed", "--json", "--role", "builder", "--run", "true"]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(resultOf(result.stdout)).toMatchObject({
      status: "done",
      tasks: [{ id: "builder", state: "succeeded", attempts: 1, exit_code: 0 }],
    });
    const printed = result.stdout
      .trimEnd()
      .split("\n")
      .slice(0, -1)
      .map((line) => contextEntrySchema.parse(JSON.parse(line)).id);
    expect(printed).toEqual(world.entries("streamed").map((entry) => entry.id));
  });
});

describe("do with a plan", () => {
  const plan = `project: planned
goal: Build it
max_sessions: 2
roles: { a: {}, b: { env: { GREETING: hello } } }
tasks:
  - { id: one, role: a, run: "echo 1 > one" }
  - { id: two, role: b, needs: [one], run: ["echo $GREETING", "cat one"], check: "test -f one" }
`;

  it("copies and runs it, later without naming it", async () => {
    const file = world.write("plan.yaml", plan);
    const first = await world.run(["do", "planned", "--plan", file, "--json"]);
    expect(first.code).toBe(0);
    expect(resultOf(first.stdout).tasks.map((task) => [task.id, task.state])).toEqual([
      ["one", "succeeded"],
      ["two", "succeeded"],
    ]);
    expect(readFileSync(join(world.projectFolder("planned"), "plan.yaml"), "utf8")).toBe(plan);
    const again = await world.run(["do", "planned"]);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).not.toContain("$ cat one");
  });

  it("gives a role one more task with the next number", async () => {
    const first = await world.run(["assign", "planned", "b", "--run", "cat one", "--json"]);
    expect(resultOf(first.stdout).tasks).toMatchObject([{ id: "b-1", state: "succeeded" }]);
    const second = await world.run(["assign", "planned", "newcomer", "--run", "false", "--json"]);
    expect(second.code).toBe(1);
    expect(resultOf(second.stdout).tasks).toMatchObject([{ id: "newcomer-1", state: "failed" }]);
    expect(
      resultOf((await world.run(["assign", "planned", "b", "--run", "true", "--json"])).stdout).tasks,
    ).toMatchObject([{ id: "b-2" }]);
  });

  it("refuses a wrong plan before anything starts, with every problem and its place", async () => {
    const file = world.write(
      "wrong.yaml",
      "project: wrong\nroels: {}\ntasks:\n  - { id: a, role: x, run: ls, needs: [b] }\n  - { id: b, role: x, run: ls, needs: [a] }\nroles: { x: {} }\n",
    );
    const result = await world.run(["do", "wrong", "--plan", file]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(`${file}:2:1: `);
    expect(result.stderr).toMatch(/wrong\.yaml:[45]:\d+: /);
    expect(existsSync(world.projectFolder("wrong"))).toBe(false);
    const asJson = await world.run(["do", "wrong", "--plan", file, "--json"]);
    expect(JSON.parse(asJson.stderr)).toMatchObject({ error: { code: "plan_invalid" } });
  });
});

describe("do that needs a person", () => {
  it("waits with 3, takes an answer, and goes on", async () => {
    world.write("victim.txt", "x");
    const first = await world.run(["do", "asking", "--json", "--run", "rm -rf victim.txt"]);
    expect(first.code).toBe(3);
    expect(resultOf(first.stdout)).toMatchObject({ status: "waiting" });
    expect(existsSync(join(world.workspace, "victim.txt"))).toBe(true);
    const [question] = z.array(contextEntrySchema).parse(await world.json(["attention", "asking"]));
    expect(question).toMatchObject({ kind: "approval_needed", options: ["run", "skip"], input: "rm -rf victim.txt" });
    expect(await world.run(["answer", question?.id ?? "", "perhaps"])).toMatchObject({ code: 2 });
    const given = contextEntrySchema.parse(await world.json(["answer", (question?.id ?? "").slice(-6), "run"]));
    expect(given).toMatchObject({ kind: "answer", answer: "run", refs: [{ type: "entry", id: question?.id }] });
    const late = await world.run(["answer", question?.id ?? "", "skip", "--json"]);
    expect(late.code).toBe(1);
    expect(JSON.parse(late.stderr)).toMatchObject({ error: { code: "already_answered" } });
    expect((await world.run(["do", "asking"])).code).toBe(0);
    expect(existsSync(join(world.workspace, "victim.txt"))).toBe(false);
    expect(await world.json(["attention"])).not.toContainEqual(expect.objectContaining({ project_id: "asking" }));
  });
});

describe("an answer in a project that does not run", () => {
  const asked = async (project: string): Promise<string> => {
    world.write(`${project}.txt`, "x");
    expect((await world.run(["do", project, "--run", `rm -rf ${project}.txt`])).code).toBe(3);
    const [question] = z.array(contextEntrySchema).parse(await world.json(["attention", project]));
    return question?.id ?? "";
  };

  it("is saved, and says how to resume it", async () => {
    const answered = await world.run(["answer", await asked("saved"), "run"]);
    expect(answered).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/ allowed "rm -rf saved\.txt" \(task run\)\.\n$/) as string,
    });
    expect(answered.stderr).toContain("Answer saved. saved is not running. Resume it with: wsh-orchestrator do saved");
    expect((await world.run(["attention", "saved"])).stdout).toBe(
      "Nothing needs your answer.\n" + 'Answer "run" for run is saved. Resume it with: wsh-orchestrator do saved\n',
    );
    expect(existsSync(join(world.workspace, "saved.txt"))).toBe(true);
  });

  it("resumes it with --resume, and ends as that run does", async () => {
    const id = await asked("resumed");
    const answered = await world.run(["answer", id, "run", "--resume", "--json"]);
    expect(answered.code).toBe(0);
    expect(JSON.parse(answered.stdout)).toMatchObject({ kind: "answer", answer: "run" });
    expect(existsSync(join(world.workspace, "resumed.txt"))).toBe(false);
    expect((await world.run(["answer", id, "skip", "--resume"])).code).toBe(1);
  });
});

describe("do that is stopped", () => {
  it("interrupts its command at the first Ctrl-C, saves, and leaves the session usable", async () => {
    const running = world.start(["do", "stopped", "--run", "touch began; sleep 60; echo never"]);
    // Its entry comes before it is typed.
    await until("the command runs", () => existsSync(join(world.workspace, "began")));
    const begun = performance.now();
    running.child.kill("SIGINT");
    const result = await running.done;
    expect(result.code).toBe(130);
    expect(performance.now() - begun).toBeLessThan(8_000);
    const entries = world.entries("stopped");
    expect(entries.findLast((entry) => entry.kind === "result")).toMatchObject({ outcome: "interrupted" });
    expect(entries.at(-1)).toMatchObject({ kind: "lease", event: "released" });
    const next = await world.json(["send", "proj-stopped::shell::1", "echo still here", "--wait"]);
    expect(next).toMatchObject({ exit_code: 0, output: "still here" });
  });

  it("says in a sentence that the server went away, and that the outcome is unknown", async () => {
    const other = new CliWorld();
    try {
      const running = other.start(["do", "orphan", "--run", "sleep 60"]);
      await until("the command runs", () => running.stderr().includes("$ sleep 60"));
      const { pid } = z.object({ pid: z.number() }).parse(await other.json(["wsh-server", "status"]));
      process.kill(pid, "SIGKILL");
      const result = await running.done;
      expect(result.code).toBe(3);
      expect(result.stdout + result.stderr).toMatch(/unknown/);
      expect(result.stderr).not.toMatch(/ {4}at /);
      const status = await other.run(["status"]);
      expect(status.code).toBe(0);
      expect(status.stdout).toMatch(/shell::1 +lost/);
    } finally {
      await other.close();
    }
  });
});
