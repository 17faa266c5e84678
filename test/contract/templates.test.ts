import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliWorld } from "../support/cliWorld";

let world: CliWorld;
beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

/** Sessions of tests have a home folder of their own; rustup is told where its toolchains are. */
const env = { RUSTUP_HOME: process.env["RUSTUP_HOME"] ?? join(homedir(), ".rustup") };
const has = (program: string): boolean =>
  spawnSync(program, ["--version"], { env: { ...process.env, ...env, HOME: tmpdir() } }).status === 0;

/** What each needs, and a file that it leaves. */
const templates: readonly (readonly [name: string, program: string, leaves: string])[] = [
  ["build-and-review", "sh", "."],
  ["node", "node", "src/greet.js"],
  ["docs", "sh", "docs/index.md"],
  ["monorepo", "sh", "packages/app/dist/part.txt"],
  ["python", "python3", "greeting/__init__.py"],
  ["rust", "cargo", "src/lib.rs"],
];

describe("a template", () => {
  for (const [name, program, leaves] of templates) {
    const there = program === "sh" || has(program);
    it.skipIf(!there)(
      `${name} runs to its end in an empty folder${there ? "" : ` [not run: no ${program}]`}`,
      async () => {
        const folder = mkdtempSync(join(world.workspace, `${name}-`));
        const made = await world.run([
          "--dir",
          folder,
          "plan",
          name,
          "--template",
          name,
          "--goal",
          'Say "it": $& # all',
        ]);
        expect(made).toMatchObject({ code: 0 });
        const file = join(folder, `${name}.plan.yaml`);
        expect(readFileSync(file, "utf8")).toContain(`project: ${name}\ngoal: 'Say "it": $& # all'\n`);
        const ran = await world.run(["--dir", folder, "do", name, "--plan", file], { env });
        expect({ code: ran.code, stderr: ran.code === 0 ? "" : ran.stderr }).toEqual({ code: 0, stderr: "" });
        expect(existsSync(join(folder, leaves))).toBe(true);
      },
    );
  }
});

describe("a plan of what a folder has to run", () => {
  it("is written as a new file that runs, and never takes the place of another one", async () => {
    world.write("Makefile", "all: part\n\techo all > all.txt\npart:\n\techo part > part.txt\n");
    const listed = await world.run(["plan", "--json"]);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      files: [
        {
          file: "Makefile",
          work: [
            { name: "all", usual: true },
            { name: "part", needs: [] },
          ],
          notes: [],
        },
      ],
    });
    for (const file of ["made.plan.yaml", "made-2.plan.yaml"]) {
      const { code, stdout } = await world.run(["plan", "made", "--pick", "all", "--pick", "Makefile:part", "--json"]);
      expect({ code, file: (JSON.parse(stdout) as { file: string }).file }).toEqual({
        code: 0,
        file: join(world.workspace, file),
      });
    }
    const ran = await world.run(["do", "made", "--plan", join(world.workspace, "made.plan.yaml")]);
    expect(ran.code).toBe(0);
    expect(existsSync(join(world.workspace, "all.txt"))).toBe(true);
    const printed = await world.run(["plan", "made", "--pick", "all", "--print"]);
    expect(printed.stdout).toContain("run: make all\n");
    expect(existsSync(join(world.workspace, "made-3.plan.yaml"))).toBe(false);
  });

  it("is refused with a sentence where nothing can be asked or picked", async () => {
    const nothing = await world.run(["plan", "none"]);
    expect(nothing).toMatchObject({ code: 2, stdout: "" });
    expect(nothing.stderr).toContain("Nothing was picked, and this is not a terminal.");
    expect((await world.run(["plan", "none", "--pick", "al"])).stderr).toContain('did you mean "all"?');
    expect((await world.run(["plan", "none", "--template", "nod"])).stderr).toContain('did you mean "node"?');
  });
});
