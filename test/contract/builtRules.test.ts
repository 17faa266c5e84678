import { resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CliWorld } from "../support/cliWorld";
import { recordings, sensed } from "../support/recordedScreens";

let world: CliWorld;
beforeAll(() => (world = new CliWorld()));
afterAll(() => world.close());

it("reads screens with letters of all kinds in the program as it is built, as in its sources", async () => {
  const told = (await world.run(["explain", "--samples", resolve("test/fixtures/screens"), "--json"])).stdout;
  const found = new Map(
    told.split("\n").flatMap((line) => {
      if (line === "") return [];
      const { sample, state, kind } = JSON.parse(line) as { sample: string; state: string; kind: string | null };
      return [[sample.split("/").slice(-2).join("/"), kind ?? state] as const];
    }),
  );
  for (const tool of ["claude", "codex"]) {
    const all = recordings(tool);
    expect(all.length).toBeGreaterThan(50);
    expect(all.map(({ name }) => [name, found.get(`${tool}/${name}`)])).toEqual(
      all.map(({ name, facts }) => [name, /\((.*)\)$/u.exec(sensed(facts))?.[1] ?? sensed(facts)]),
    );
  }
});
