import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectContextSchema } from "../../src/core/model/schemas";
import { CliWorld } from "../support/cliWorld";

let world: CliWorld;
beforeAll(async () => {
  world = new CliWorld();
  for (const name of ["good", "nofile", "nojson"])
    expect(await world.run(["do", name, "--goal", `The goal of ${name}`, "--run", "true"])).toMatchObject({ code: 0 });
  rmSync(join(world.projectFolder("nofile"), "project.json"));
  writeFileSync(join(world.projectFolder("nojson"), "project.json"), "{ broken");
  mkdirSync(join(world.workspace, ".orchestrator/projects/stray"));
});
afterAll(() => world.close());

describe("project folders that are broken", () => {
  it.each([["status"], ["projects"], ["attention"], ["sessions"]])(
    "do not keep %s from the others",
    async (command) => {
      const result = await world.run([command]);
      expect(result.code).toBe(0);
      if (command !== "attention") expect(result.stdout).toContain("good");
      expect(
        result.stderr
          .trimEnd()
          .split("\n")
          .map((line) => /^Project (\w+) is left out: /.exec(line)?.[1]),
      ).toEqual(["nofile", "nojson", "stray"]);
    },
  );

  it("are said as JSON where that was asked for", async () => {
    const result = await world.run(["projects", "--json"]);
    expect(JSON.parse(result.stdout)).toHaveLength(1);
    for (const line of result.stderr.trimEnd().split("\n"))
      expect(JSON.parse(line)).toMatchObject({ warning: { code: "ledger_corrupt" } });
  });

  it("do not keep kill from a session of another", async () => {
    expect(await world.run(["kill", "proj-good::shell::1", "--yes"])).toMatchObject({ code: 0 });
  });

  it("are damage to verify, each by itself", async () => {
    const result = await world.run(["verify"]);
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(/✓ good/);
    expect(result.stdout).toMatch(/✗ nofile.*\n.*project\.json is missing/);
    expect(result.stdout).toMatch(/✗ nojson.*\n.*project\.json is not valid JSON/);
  });

  it.each(["nofile", "nojson"])("do makes project.json of %s anew, from its events", async (name) => {
    const result = await world.run(["do", name]);
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).toContain("It was restored from the log.");
    const project = projectContextSchema.parse(
      JSON.parse(readFileSync(join(world.projectFolder(name), "project.json"), "utf8")),
    );
    expect(project).toMatchObject({ project_id: name, goal: `The goal of ${name}`, status: "done" });
    expect((await world.run(["verify", name])).code).toBe(0);
  });

  it("do makes a project of an empty folder", async () => {
    expect(await world.run(["do", "stray", "--run", "true"])).toMatchObject({ code: 0 });
    expect(JSON.parse((await world.run(["projects", "--json"])).stdout)).toHaveLength(4);
  });

  it("verify finds events that were cut away", async () => {
    truncateSync(join(world.projectFolder("good"), "events-000001.jsonl"), 0);
    const result = await world.run(["verify", "good"]);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain("Events are missing in ");
  });
});
