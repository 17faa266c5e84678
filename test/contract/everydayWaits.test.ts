import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { terminalAsksEvent } from "../../src/core/model/entryKinds";
import { CliWorld } from "../support/cliWorld";
import { missingFor, type Needing } from "../support/everydayWait";
import { everydayWaits } from "../support/everydayWaits";
import { type RunningServer, serverKinds } from "../support/servers";
import { percentiles, ShownTimes } from "../support/shownTimes";
import { until } from "../support/until";

const project = "waits";
/** From the prompt on the screen to the question in the log. */
const longestMs = 2000;

/** A command that waits, from its prompt to its end. */
describe.each(serverKinds.filter(({ title }) => !title.includes("TCP")))("on $title", ({ title, start, missing }) => {
  let world: CliWorld;
  let running: RunningServer;
  const ends: (() => Promise<void>)[] = [];
  const tookMs: number[] = [];
  const shown = new Map<string, ShownTimes>();
  const missingHere = (wait: Needing): string | undefined => missing ?? missingFor(wait, !title.includes("built-in"));
  const here = everydayWaits.filter((wait) => missingHere(wait) === undefined);

  beforeAll(async () => {
    if (missing) return;
    world = new CliWorld();
    running = await start();
    const roles = Object.fromEntries(here.map(({ name }) => [name, { shell: "bash" }]));
    const tasks = here.map(({ name, run }) => ({ id: name, role: name, run }));
    for (const { setUp } of here) if (setUp) ends.push(await setUp(world.workspace));
    const plan = world.write("waits.yaml", JSON.stringify({ project, max_sessions: 30, roles, tasks }));
    world.start(["--server", running.address, "do", project, "--plan", plan]).done.catch(() => undefined);
    const client = running.client();
    for (const { name } of here) shown.set(name, await ShownTimes.of(client, `proj-${project}.${name}.1`));
  });
  afterAll(async () => {
    if (missing) return;
    console.log(`from prompt to question: ${percentiles(tookMs)}`);
    for (const end of ends) await end();
    await world.close();
    await running.stop();
  });

  const entries = (): ContextEntry[] =>
    existsSync(join(world.projectFolder(project), "events-000001.jsonl")) ? world.entries(project) : [];

  for (const wait of everydayWaits) {
    const { name, steps, gives } = wait;
    const why = missingHere(wait);
    const test = why === undefined ? it : it.skip;
    const reason = why === undefined ? "" : ` [not run: ${why}]`;
    test(`${name}: is asked about, answered and goes on${reason}`, { timeout: 60_000 }, async () => {
      let at = 0;
      for (const { asks, kind, options, answer, optional, listed } of steps) {
        const question = await until(
          `${name} asks ${String(asks)}`,
          () => entries().filter((entry) => entry.event === terminalAsksEvent && entry.role === name)[at],
        );
        const asked = listed ? question.text : question.text.trimEnd().split("\n").at(-1);
        if (optional && !asks.test(asked ?? "")) continue;
        at++;
        expect(asked).toMatch(asks);
        expect(question).toMatchObject({ state_kind: kind, ...(options ? { options } : {}) });
        tookMs.push(shown.get(name)?.msUntil(Date.parse(question.ts)) ?? Infinity);
        const [words, input] = typeof answer === "string" ? [[answer], {}] : [[], { input: `${answer.secret}\n` }];
        const given = await world.run(["--server", running.address, "answer", question.id, ...words], input);
        expect({ code: given.code, stderr: given.stderr }).toEqual({ code: 0, stderr: "" });
      }
      const result = await until(`${name} ends`, () =>
        entries().find((entry) => entry.kind === "result" && entry.task_id === name),
      );
      expect(result.output).toMatch(gives);
      const all = entries().filter((entry) => entry.event === terminalAsksEvent && entry.role === name);
      expect(
        all.slice(at).map(({ text }) => text),
        "asked once more",
      ).toEqual([]);
    });
  }

  // A single one may be late on a machine that does much else; how late is printed.
  (missing ? it.skip : it)("they are found in time", () => {
    expect(tookMs.sort((one, other) => one - other)[Math.floor(tookMs.length / 2)]).toBeLessThan(longestMs);
  });
});
