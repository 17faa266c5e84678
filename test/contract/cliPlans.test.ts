import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliWorld } from "../support/cliWorld";

let world: CliWorld;
beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

/** Every file of a project's record in one text. */
function wholeRecord(project_id: string): string {
  const folder = world.projectFolder(project_id);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  return files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
}

describe("secrets of a plan", () => {
  const secret = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";

  it.each([
    [
      "the quick form",
      "quick",
      (): string[] => ["--run", `echo ${secret} > quick.txt`, "--goal", "log in with password=hunter2hunter2"],
      "To run the project again, give --run again.",
    ],
    [
      "a plan's copy",
      "file",
      (): string[] => [
        "--plan",
        world.write(
          "secret.yaml",
          `project: file\nroles: { r: { env: { API_TOKEN: verysecretvalue } } }\ntasks:\n  - { id: a, role: r, run: 'echo ${secret} > file.txt' }\n`,
        ),
      ],
      "To run the project again, give --plan ",
    ],
  ])("of %s are run, and are in no file of the record", async (_, name, args, hint) => {
    const result = await world.run(["do", name, ...args()]);
    expect(result).toMatchObject({ code: 0 });
    expect(readFileSync(join(world.workspace, `${name}.txt`), "utf8")).toBe(`${secret}\n`);
    for (const part of [secret.slice(4), "hunter2hunter2", "verysecretvalue"])
      expect(wholeRecord(name)).not.toContain(part);
    expect(result.stderr).toContain(`The stored copy of the plan has its secrets removed. ${hint}`);
    const again = await world.run(["do", name]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("Secrets were removed from the saved plan");
    expect((await world.run(["verify", name])).code).toBe(0);
    expect((await world.run(["do", name, ...args()])).code).toBe(0);
  });
});

describe("plans that cannot be meant", () => {
  it.each([
    [
      "another project's",
      "project: other\nroles: { r: {} }\ntasks:\n  - { id: a, role: r, run: ls }\n",
      "is for the project other, not mine",
    ],
    ["one without tasks", "project: mine\nroles: { r: {} }\ntasks: []\n", "has no tasks, so there is nothing to run"],
    ["one that has none", "project: mine\nroles: { r: {} }\n", "has no tasks, so there is nothing to run"],
  ])("%s is refused, and nothing is made", async (_, text, words) => {
    const result = await world.run(["do", "mine", "--plan", world.write("plan.yaml", text)]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(words);
    expect((await world.run(["projects"])).stdout).not.toContain("mine");
  });

  it("one whose project has the same id is taken", async () => {
    const text = "project: ' same '\nroles: { r: {} }\ntasks:\n  - { id: a, role: r, run: 'true' }\n";
    expect(await world.run(["do", "same", "--plan", world.write("same.yaml", text)])).toMatchObject({ code: 0 });
  });
});
