import { afterAll, beforeAll, expect, test } from "vitest";
import { CliWorld } from "../support/cliWorld";

let world: CliWorld;
beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

interface Stats {
  readonly projects: readonly {
    readonly project_id: string;
    readonly run_ms: number;
    readonly runs_cut_off: number;
    readonly total: { readonly working_ms: number; readonly questions: { readonly answered: number } };
    readonly by_role: readonly { readonly role: string }[];
  }[];
}

test("stats: figures of a project that ran, as JSON and as rows", async () => {
  expect(await world.run(["do", "alpha", "--role", "builder", "--run", "sleep 1"])).toMatchObject({ code: 0 });
  expect(await world.run(["do", "beta", "--run", "true"])).toMatchObject({ code: 0 });
  const { projects } = (await world.json(["stats"])) as Stats;
  expect(projects.map(({ project_id }) => project_id)).toEqual(["alpha", "beta"]);
  const [alpha] = projects;
  expect(alpha?.total.working_ms).toBeGreaterThanOrEqual(900);
  expect(alpha?.total.working_ms).toBeLessThanOrEqual(alpha?.run_ms ?? 0);
  expect(alpha).toMatchObject({ runs_cut_off: 0, total: { answer_ms: null, false_alarms: 0 } });
  expect(alpha?.by_role.map(({ role }) => role)).toEqual(["builder"]);
  const { stdout } = await world.run(["stats", "alpha"]);
  expect(stdout).toMatch(/^alpha\tall sessions\t\d+(?:\.\d)? s\t0\t0\t0\t0\t\t\t0\nalpha\trole builder\t/);
});

test("stats: since a time that is yet to come there is nothing, and a wrong time or project is said", async () => {
  const later = (await world.json(["stats", "alpha", "--since", "2099-01-01"])) as Stats;
  expect(later.projects[0]).toMatchObject({ from: null, run_ms: 0, total: { working_ms: 0 } });
  expect(await world.run(["stats", "alpha", "--since", "soon"])).toMatchObject({ code: 2 });
  expect(await world.run(["stats", "gamma"])).toMatchObject({ code: 5 });
});
