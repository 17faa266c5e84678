import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { CliWorld } from "../support/cliWorld";
import { type RunningServer, serverKinds } from "../support/servers";
import { until } from "../support/until";

/** What stops for a person, what is answered, and the states that are told of it; the last one is the shell's. */
const waits = {
  migrate: { run: "read -p 'Apply 3 migrations? [y/N] ' x", answer: ["y"], state: "waiting confirm" },
  remove: { run: "rm -i precious", answer: ["n"], state: "waiting confirm" },
  secret: { run: `python3 -c "import getpass; getpass.getpass()"`, answer: ["abc"], state: "waiting password" },
  choose: { run: "select x in one two; do break; done", answer: ["1"], state: "waiting question" },
  page: { run: "less /etc/passwd", answer: ["q", "--no-enter"], state: "idle pager" },
} as const;
const names = Object.keys(waits) as (keyof typeof waits)[];

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

  test("tells what each of five programs waits for, and nothing else, and takes the answers", async () => {
    world.write("precious", "");
    const roles = Object.fromEntries(names.map((name) => [name, { shell: "bash" }]));
    const tasks = names.map((name) => ({ id: name, role: name, run: waits[name].run }));
    const plan = world.write("waits.yaml", JSON.stringify({ project: "waits", max_sessions: 5, roles, tasks }));
    const server = ["--server", running.address];
    const run = world.start([...server, "do", "waits", "--plan", plan]);
    await until("the project is there", () => run.stdout().length + run.stderr().length > 0);
    const sensed = (name: string): ContextEntry[] =>
      world.entries("waits").filter((entry) => entry.event === "sensed" && entry.role === name);
    const told = (name: string): string[] =>
      sensed(name).map(({ state, state_kind }) => [state, state_kind].filter(Boolean).join(" "));
    for (const name of names) {
      await until(`${name} waits`, () => told(name).at(-1) === waits[name].state);
      expect(sensed(name).at(-1)?.evidence?.[0]?.rule).toMatch(/\w\/\w/);
      const { code, stderr } = await world.run([...server, "send", `${name}::1`, ...waits[name].answer]);
      expect({ code, stderr }).toMatchObject({ code: 0 });
    }
    expect((await run.done).code).toBe(0);
    for (const name of names) {
      const states = told(name).filter((state) => state !== "idle" && state !== "working");
      // What was sent is told, too; where the program takes a moment to end, its state is told again.
      expect([name, [...new Set(states)]]).toEqual([name, [waits[name].state]]);
    }
  });
});
