import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { CliWorld } from "../support/cliWorld";
import { until } from "../support/until";

let world: CliWorld;

beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

const entries = (project: string): ContextEntry[] => {
  try {
    return world.entries(project);
  } catch {
    return [];
  }
};
const log = (name: string): string => {
  try {
    return readFileSync(join(world.workspace, name), "utf8");
  } catch {
    return "";
  }
};
const holders = (project: string): (number | null | undefined)[] =>
  entries(project)
    .filter((entry) => entry.kind === "lease" && entry.event === "claimed")
    .map((entry) => entry.pid);
const untilBegun = (name: string): Promise<true> =>
  until(`${name} says that it runs`, () => log(name).includes("begun") || undefined);
const release = (name: string): void => void world.write(name, "");

/** A command that logs its beginning and its end, and waits in between until a file is there. */
const gated = (name: string, then = "true"): string =>
  `echo begun >> ${name}.log; until [ -e ${name}.go ]; do sleep 0.05; done; echo ended >> ${name}.log; ${then}`;

describe("a second do of the same project", () => {
  it("says who runs it, shows what happens, types nothing, and ends with the runner's code", async () => {
    const run = ["do", "same", "--run", gated("same", "(exit 3)")];
    const first = world.start(run);
    await untilBegun("same.log");
    const second = world.start(run);
    await until("the second says who runs it", () =>
      second.stderr().includes(`already running in process ${first.child.pid ?? 0}`),
    );
    release("same.go");
    const [one, two] = [await first.done, await second.done];
    expect([one.code, two.code]).toEqual([1, 1]);
    expect(two.stderr).toContain("exit code 3");
    expect(log("same.log")).toBe("begun\nended\n");
    expect(holders("same")).toEqual([first.child.pid]);
  });

  it("goes on in the place of a runner that is killed, and repeats nothing", async () => {
    const run = ["do", "heir", "--run", gated("heir"), "--run", "echo next >> heir.log"];
    const first = world.start(run);
    await untilBegun("heir.log");
    const second = world.start(run);
    await until("the second follows", () => second.stderr().includes("Following it."));
    first.child.kill("SIGKILL");
    await until("the second runs it", () => holders("heir").length === 2);
    release("heir.go");
    const result = await second.done;
    expect(result.code).toBe(0);
    expect(result.stderr).toContain("The process that ran the project ended unexpectedly. This one resumes it.");
    expect(log("heir.log")).toBe("begun\nended\nnext\n");
    expect(holders("heir")).toEqual([first.child.pid, second.child.pid]);
  });

  it("takes the place of a runner that stands still, which stops when it wakes up", async () => {
    const run = ["do", "still", "--run", gated("still"), "--run", "echo next >> still.log"];
    const first = world.start(run);
    await untilBegun("still.log");
    first.child.kill("SIGSTOP");
    const second = world.start(run);
    await until("the second runs it", () => holders("still").length === 2);
    release("still.go");
    expect((await second.done).code).toBe(0);
    first.child.kill("SIGCONT");
    const woken = await first.done;
    expect(woken.code).toBe(0);
    expect(log("still.log")).toBe("begun\nended\nnext\n");
    expect(holders("still")).toEqual([first.child.pid, second.child.pid]);
    const claim = entries("still").findLastIndex((entry) => entry.kind === "lease" && entry.event === "claimed");
    const released = entries("still").findIndex((entry, index) => index > claim && entry.event === "released");
    expect(
      entries("still")
        .slice(released + 1)
        .map((entry) => [entry.kind, entry.event, entry.text]),
    ).toEqual([]);
  });

  it("leaves the runner alone when it is interrupted", async () => {
    const run = ["do", "alone", "--run", gated("alone")];
    const first = world.start(run);
    await untilBegun("alone.log");
    const second = world.start(run);
    await until("the second follows", () => second.stderr().includes("Following it."));
    second.child.kill("SIGINT");
    expect((await second.done).code).toBe(130);
    release("alone.go");
    expect((await first.done).code).toBe(0);
  });

  it("does what the other runner did not have to do, after it, and a task that is given twice twice", async () => {
    const first = world.start(["do", "more", "--run", gated("more")]);
    await untilBegun("more.log");
    const given = ["assign", "more", "shell", "--run", "echo given >> more.log"];
    const others = [world.start(given), world.start(given)];
    for (const other of others) await until("it follows", () => other.stderr().includes("Following it."));
    release("more.go");
    expect((await first.done).code).toBe(0);
    for (const other of others) expect((await other.done).code).toBe(0);
    expect(log("more.log")).toBe("begun\nended\ngiven\ngiven\n");
  });
});

describe("stop", () => {
  it("ends a runner as Ctrl-C does: its command is interrupted, the session stays, and do goes on", async () => {
    const first = world.start(["do", "halt", "--run", `${gated("halt")}; echo never >> halt.log`]);
    await untilBegun("halt.log");
    const stopped = await world.json(["stop", "halt"]);
    expect(stopped).toMatchObject({ kind: "project", event: "stop_requested" });
    expect((await first.done).code).toBe(130);
    expect(entries("halt").at(-1)).toMatchObject({ kind: "lease", event: "released" });
    expect(entries("halt").findLast((entry) => entry.kind === "result")).toMatchObject({ outcome: "interrupted" });
    expect(log("halt.log")).toBe("begun\n");
    expect((await world.run(["stop", "halt"])).stdout).toContain("halt is already stopped.");
    release("halt.go");
    expect((await world.run(["do", "halt"])).code).toBe(0);
    expect(log("halt.log")).toBe("begun\nbegun\nended\nnever\n");
    expect(entries("halt").filter((entry) => entry.kind === "session" && entry.event === "created")).toHaveLength(1);
  });

  it("says that there is no such project", async () => {
    expect((await world.run(["stop", "nowhere"])).code).toBe(5);
  });
});

describe("do --detach", () => {
  it("leaves the work to a process that outlives it, waits for answers, and can be stopped", async () => {
    const plan = world.write(
      "off.yaml",
      `project: off\nroles: { w: { shell: bash } }\ntasks:\n  - { id: a, role: w, run: ${JSON.stringify(gated("off"))} }\n  - { id: b, role: w, needs: [a], run: rm -rf ./off.log }\n`,
    );
    const entry = await world.json(["do", "off", "--plan", plan, "--detach"]);
    expect(entry).toMatchObject({ kind: "lease", event: "claimed" });
    await untilBegun("off.log");
    const again = await world.run(["do", "off", "--detach"]);
    expect(again.code).toBe(3);
    expect(again.stderr).toContain("off is running in process");
    release("off.go");
    const question = await until("it asks", () => entries("off").find((each) => each.kind === "approval_needed"));
    expect((await world.run(["answer", question.id, "run"])).code).toBe(0);
    await until("it is done", () => entries("off").at(-1)?.event === "released" || undefined);
    expect(entries("off").findLast((each) => each.kind === "project")).toMatchObject({ state: "done" });
    expect(log("off.log")).toBe("");
  });

  it("ends with its word and code when there is nothing to run", async () => {
    const result = await world.run(["do", "nothing", "--detach"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("has no plan, so there is nothing to run");
  });
});

describe("retry", () => {
  it("does a failed task and its dependents again, here when nobody runs it", async () => {
    const plan = world.write(
      "again.yaml",
      "project: again\nroles: { w: { shell: bash } }\ntasks:\n  - { id: a, role: w, run: test -e again.ok }\n  - { id: b, role: w, needs: [a], run: echo b >> again.log }\n",
    );
    expect((await world.run(["do", "again", "--plan", plan])).code).toBe(1);
    release("again.ok");
    const refused = await world.run(["retry", "again", "b"]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("retry again a");
    const entry = await world.json(["retry", "again", "a"]);
    expect(entry).toMatchObject({ kind: "task", event: "retry_requested", task_id: "a" });
    expect(log("again.log")).toBe("b\n");
    expect(entries("again").findLast((each) => each.kind === "project")).toMatchObject({ state: "done" });
    const done = await world.run(["retry", "again", "a"]);
    expect(done.code).toBe(2);
    expect(done.stderr).toContain("a succeeded, so it cannot be retried");
  });

  it("is left to the runner that there is", async () => {
    const plan = world.write(
      "left.yaml",
      `project: left\nmax_sessions: 2\nroles: { w: { shell: bash, count: 2 } }\ntasks:\n  - { id: a, role: w, run: test -e left.ok }\n  - { id: b, role: w, needs: [a], run: echo b >> b.log }\n  - { id: long, role: w, run: ${JSON.stringify(gated("left"))} }\n`,
    );
    const running = world.start(["do", "left", "--plan", plan]);
    await untilBegun("left.log");
    await until("a has failed", () => entries("left").some((entry) => entry.kind === "error") || undefined);
    release("left.ok");
    const result = await world.run(["retry", "left", "a"]);
    expect(result.code).toBe(0);
    expect(result.stderr).toContain("a will be retried by the process that runs left.");
    await until("b is done", () => log("b.log") === "b\n" || undefined);
    release("left.go");
    expect((await running.done).code).toBe(0);
    expect(holders("left")).toEqual([running.child.pid]);
  });

  it("refuses what it does not know", async () => {
    expect((await world.run(["retry", "again", "c"])).stderr).toContain("Its tasks: a, b");
  });
});
