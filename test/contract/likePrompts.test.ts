import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { terminalAsksEvent } from "../../src/core/model/entryKinds";
import { CliWorld } from "../support/cliWorld";
import { PtyCli } from "../support/ptyCli";
import { until } from "../support/until";

describe("prompts that cannot be told apart by their words, on the built-in server", () => {
  let world: CliWorld;

  beforeAll(() => {
    world = new CliWorld();
  });
  afterAll(() => world.close());

  const cli = (...args: string[]): ReturnType<CliWorld["run"]> => world.run(args);

  function begin(project: string, run: string): ReturnType<CliWorld["start"]> {
    const roles = { ask: { shell: "bash" } };
    const plan = world.write(
      `${project}.yaml`,
      JSON.stringify({ project, roles, tasks: [{ id: "ask", role: "ask", run }] }),
    );
    return world.start(["do", project, "--plan", plan]);
  }

  const questions = (project: string): ContextEntry[] =>
    existsSync(join(world.projectFolder(project), "events-000001.jsonl"))
      ? world.entries(project).filter(({ event }) => event === terminalAsksEvent)
      : [];
  const asked = (project: string, count: number): Promise<ContextEntry> =>
    until(`${project} asks ${count} times`, () => questions(project)[count - 1]);
  const written = (file: string): string => {
    const path = join(world.workspace, file);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  };

  it("gives no answer to the first one into the second, drawn in its very place", async () => {
    const run = begin("place", "for i in 1 2 3; do clear; read -p 'Go on? [y/N] ' x; echo $i=$x >> place; done");
    const first = await asked("place", 1);
    // As somebody who is attached, of whom nothing stands in the record.
    const attached = new PtyCli(["attach", "place::ask::1"], { cwd: world.workspace, env: world.env() });
    await attached.shows(/Go on\?/);
    attached.type("n\r");
    await until("the first is answered there", () => written("place") === "1=n\n");
    const late = await cli("answer", first.id, "y");
    expect([late.code, late.stderr]).toEqual([1, expect.stringMatching(/no longer asks that|The question is closed/)]);
    expect(written("place")).toBe("1=n\n");
    attached.kill();
    const second = await asked("place", 2);
    expect((await cli("answer", second.id, "y")).code).toBe(0);
    const third = await asked("place", 3);
    await cli("send", "place::ask::1", "n");
    expect((await run.done).code).toBe(0);
    expect(written("place")).toBe("1=n\n2=y\n3=n\n");
    expect((await cli("answer", third.id, "y")).code).toBe(1);
  });

  it("asks each of a loop, types one of two answers that come at once, and says who was first", async () => {
    const run = begin("loop", "for i in $(seq 6); do read -p 'Go on? [y/N] ' x; echo $i=$x >> loop; done");
    for (let round = 1; round <= 6; round++) {
      const { id } = await asked("loop", round);
      const [yes, no] = await Promise.all([cli("answer", id, "y"), cli("answer", id, "n")]);
      const [first, second] = yes.code === 0 ? [yes, no] : [no, yes];
      expect([first.code, second.code, second.stderr]).toEqual([0, 1, expect.stringContaining("already answered")]);
      const given = yes.code === 0 ? "y" : "n";
      await until("it was typed", () => written("loop").split("\n")[round - 1] === `${round}=${given}`);
    }
    expect((await run.done).code).toBe(0);
    expect(questions("loop")).toHaveLength(6);
  });

  it("takes Enter alone for a default, and says how", async () => {
    const run = begin("default", "read -p 'Package name: (work) ' x; echo ${x:-work} > default");
    const { id } = await asked("default", 1);
    expect((await cli("attention")).stdout).toContain(`(or: "" for Enter alone, --interrupt for Ctrl-C)`);
    const none = await cli("answer", id);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining(`(or: "" for Enter alone)`)]);
    expect((await cli("answer", id, "")).code).toBe(0);
    expect((await run.done).code).toBe(0);
    expect(written("default")).toBe("work\n");
  });
});
