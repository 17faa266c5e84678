import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { terminalAsksEvent } from "../../src/core/model/entryKinds";
import { CliWorld } from "../support/cliWorld";
import { type RunningServer, serverKinds } from "../support/servers";
import { until } from "../support/until";

const secret = "correct-horse-9";

/** What asks, the answer, and what is printed when that has arrived. */
const asks = {
  confirm: {
    run: "read -p 'Apply 3 migrations? [y/N] ' x; echo got=$x",
    options: ["y", "n"],
    answer: "yes",
    gives: "got=y",
  },
  remove: { run: "rm -i precious; echo removed=$?", options: ["y", "n"], answer: "n", gives: "removed=0" },
  choose: {
    run: "select x in red green; do echo got=$x; break; done",
    options: ["1", "2"],
    answer: "2",
    gives: "got=green",
  },
  words: {
    run: "read -p 'Name of the release: ' x; echo got=$x",
    options: [],
    answer: "blue moon",
    gives: "got=blue moon",
  },
  key: { run: "read -n1 -p 'Go on? [y/n] ' x; echo; echo got=$x", options: ["y", "n"], answer: "y", gives: "got=y" },
} as const;
const names = Object.keys(asks) as (keyof typeof asks)[];

describe.each(serverKinds.filter(({ title }) => !title.includes("TCP")))("on $title", ({ start, missing }) => {
  const test = missing ? it.skip : it;
  let world: CliWorld;
  let running: RunningServer;

  beforeAll(async () => {
    if (missing) return;
    world = new CliWorld();
    running = await start();
  });
  afterAll(async () => {
    if (missing) return;
    await world.close();
    await running.stop();
  });

  const cli = (...args: string[]): ReturnType<CliWorld["run"]> => world.run(["--server", running.address, ...args]);

  function begin(project: string, runs: Readonly<Record<string, string>>): ReturnType<CliWorld["start"]> {
    const roles = Object.fromEntries(Object.keys(runs).map((name) => [name, { shell: "bash" }]));
    const tasks = Object.entries(runs).map(([name, run]) => ({ id: name, role: name, run }));
    const plan = world.write(`${project}.yaml`, JSON.stringify({ project, max_sessions: 8, roles, tasks }));
    return world.start(["--server", running.address, "do", project, "--plan", plan]);
  }

  const isThere = (project: string): boolean => existsSync(join(world.projectFolder(project), "events-000001.jsonl"));
  const questions = (project: string, role: string): ContextEntry[] =>
    (isThere(project) ? world.entries(project) : []).filter(
      (entry) => entry.event === terminalAsksEvent && entry.role === role,
    );
  const asked = (project: string, role: string, count = 1): Promise<ContextEntry> =>
    until(`${role} asks`, () =>
      questions(project, role).length >= count ? questions(project, role).at(-1) : undefined,
    );

  test("asks people what programs ask, and types their answers", async () => {
    world.write("precious", "");
    const run = begin("asks", Object.fromEntries(names.map((name) => [name, asks[name].run])));
    for (const name of names) {
      const question = await asked("asks", name);
      expect(question).toMatchObject({ human_attention_needed: true, options: asks[name].options });
      const { code, stderr } = await cli("answer", question.id, ...asks[name].answer.split(" "));
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    }
    expect((await run.done).code).toBe(0);
    for (const name of names) {
      const result = world.entries("asks").find(({ kind, task_id }) => kind === "result" && task_id === name);
      expect(result?.output?.trim().split("\n").at(-1)).toBe(asks[name].gives);
      expect(questions("asks", name)).toHaveLength(1);
    }
    expect((await cli("attention")).stdout).toContain("Nothing needs your answer");
  });

  test("types a secret, and writes it nowhere", async () => {
    const run = begin("secret", { login: `read -s -p "Password: " x; echo; echo "\${#x} letters"` });
    const { id } = await asked("secret", "login");
    const seen = await cli("answer", id, secret);
    expect(seen.stderr).toContain("A secret is never an argument");
    const given = await world.run(["--server", running.address, "answer", id], { input: `${secret}\n` });
    expect(given.code).toBe(0);
    expect((await run.done).code).toBe(0);
    const result = world.entries("secret").find(({ kind, task_id }) => kind === "result" && task_id === "login");
    expect(result?.output).toContain(`${secret.length} letters`);
    expect(JSON.stringify(world.entries("secret"))).not.toContain(secret);
    expect(`${given.stdout}${given.stderr}${run.stdout()}${run.stderr()}`).not.toContain(secret);
  });

  test("types no words that the policy asks about without a person's word at a terminal", async () => {
    const run = begin("free", { ask: "read -p 'Command to run: ' x; echo got=$x" });
    const { id } = await asked("free", "ask");
    for (const more of [[], ["--yes"]]) {
      const held = await cli("answer", id, "rm -rf /srv", ...more);
      expect([held.code, held.stderr]).toEqual([
        3,
        expect.stringContaining(more[0] ? "--yes is accepted only" : "This needs confirmation: "),
      ]);
    }
    expect((await cli("answer", id, "ls")).code).toBe(0);
    expect((await run.done).code).toBe(0);
    expect(questions("free", "ask")).toHaveLength(1);
    expect(JSON.stringify(world.entries("free"))).not.toContain("/srv");
  });

  test("is answered by its session where nobody runs the project, once it was read", async () => {
    expect((await begin("rests", { ship: "true" }).done).code).toBe(0);
    await cli("send", "rests::ship::1", "read -p 'Ship it? [y/N] ' x; echo got=$x");
    await until("it waits", async () => (await cli("attention")).stdout.includes("answer proj-rests::ship::1"));
    const unread = await cli("answer", "rests::ship::1", "y");
    expect([unread.code, unread.stdout]).toEqual([3, expect.stringContaining("Ship it? [y/N]")]);
    expect(unread.stderr).toContain("Nothing was typed");
    expect(questions("rests", "ship")).toHaveLength(1);
    expect((await cli("answer", "rests::ship::1", "y")).code).toBe(0);
    await until("it goes on", async () => (await cli("pull", "rests::ship::1")).stdout.includes("got=y"));
    const nothing = await cli("answer", "rests::ship::1", "y");
    expect([nothing.code, nothing.stderr]).toEqual([5, expect.stringContaining("does not ask for anything now")]);
  });

  test("is asked while somebody waits for a command of theirs", async () => {
    expect((await begin("sends", { ship: "true" }).done).code).toBe(0);
    const line = "read -p 'Ship it? [y/N] ' x; echo got=$x";
    const sending = world.start(["--server", running.address, "send", "--wait", "sends::ship::1", line]);
    const { id } = await asked("sends", "ship");
    expect((await cli("answer", id, "y")).code).toBe(0);
    const sent = await sending.done;
    expect([sent.code, sent.stdout]).toEqual([0, expect.stringContaining("got=y")]);
    expect(sent.stderr).toMatch(/ship::1: .+ asks for confirmation\./);
  });

  test("closes what is answered in the terminal, and types nothing where something else is asked", async () => {
    const run = begin("changes", {
      ask: "read -p 'Delete a? [y/N] ' x; echo a=$x; read -p 'Delete b? [y/N] ' x; echo b=$x",
    });
    const first = await asked("changes", "ask");
    await cli("send", "changes::ask::1", "n");
    const second = await asked("changes", "ask", 2);
    const late = await cli("answer", first.id, "y");
    expect([late.code, late.stderr]).toEqual([1, expect.stringContaining("The question is closed")]);
    expect((await cli("answer", second.id, "n")).code).toBe(0);
    expect((await cli("answer", second.id, "y")).stderr).toContain("already answered");
    expect((await run.done).code).toBe(0);
    const result = world.entries("changes").find(({ kind, task_id }) => kind === "result" && task_id === "ask");
    expect(result?.output).toMatch(/a=n[^]*b=n/);
  });
});
