import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliWorld } from "../support/cliWorld";
import { keepFishQuiet } from "../support/quietFish";

const versionOf = (program: string): string =>
  /version (\S+)/.exec(spawnSync(program, ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1] ?? "";

/** Programs of fish 4 or later that FISH_BIN names, else the one of PATH. */
const programs = (process.env["FISH_BIN"]?.split(delimiter) ?? ["fish"])
  .map((program) => ({ program, version: versionOf(program) }))
  .filter(({ version }) => Number.parseInt(version) >= 4);

if (programs.length === 0)
  describe("fish 4 [not run: no fish 4 on PATH, and FISH_BIN names none]", () => {
    it.skip("starts at once", () => undefined);
  });

describe.each(programs)("fish $version", ({ program }) => {
  let world: CliWorld;
  let env: NodeJS.ProcessEnv;

  beforeAll(() => {
    world = new CliWorld();
    const folder = join(world.root, "bin");
    mkdirSync(folder);
    symlinkSync(
      spawnSync("/bin/sh", ["-c", `command -v '${program}'`], { encoding: "utf8" }).stdout.trim(),
      join(folder, "fish"),
    );
    env = { PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` };
    keepFishQuiet(world.env({})["XDG_DATA_HOME"] ?? join(world.root, ".local/share"));
  });
  afterAll(() => world.close());

  it("gets its answers, runs commands and keeps them out of its history", async () => {
    const commands = Array.from({ length: 12 }, (_, index) => `echo typed${index}`);
    const plan = join(world.root, "plan.yaml");
    writeFileSync(
      plan,
      [
        "project: demo",
        "roles: { w: { shell: fish } }",
        "tasks:",
        `  - { id: run, role: w, run: [${commands.join(", ")}] }`,
        `  - { id: lines, role: w, needs: [run], run: "echo a\\n\\techo 'b!'\\n" }`,
        `  - { id: fails, role: w, needs: [lines], run: "sh -c 'exit 3'" }`,
        `  - { id: wrong, role: w, needs: [lines], run: "echo (" }`,
        `  - { id: history, role: w, needs: [lines], run: "history | string match -rq '^(echo typed|eval)'" }`,
      ].join("\n"),
    );
    const { stdout, stderr } = await world.run(["do", "demo", "--plan", plan, "--json"], { env });
    expect(stderr).not.toContain('"error"');
    const { result } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as {
      result: { tasks: { id: string; exit_code: number | null }[] };
    };
    expect(Object.fromEntries(result.tasks.map(({ id, exit_code }) => [id, exit_code]))).toEqual({
      run: 0,
      lines: 0,
      fails: 3,
      wrong: 123,
      history: 1,
    });
    const { stdout: screen } = await world.run(["pull", "w::1", "--lines", "500"], { env });
    expect(screen).toContain("typed11");
    expect(screen).not.toContain("could not read response");
  }, 60_000);
});
