import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cliProgram, CliWorld } from "../support/cliWorld";

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

describe("one task of a plan", () => {
  it("runs with what it needs, again when it is named again, and the project is not done while others are open", async () => {
    const file = world.write(
      "parts.yaml",
      "project: parts\nroles: { r: {} }\ntasks:\n" +
        "  - { id: a, role: r, run: echo a >> a.txt }\n  - { id: b, role: r, needs: a, run: echo b >> b.txt }\n" +
        "  - { id: c, role: r, run: echo c >> c.txt }\n",
    );
    const lines = (name: string): number =>
      existsSync(join(world.workspace, name))
        ? readFileSync(join(world.workspace, name), "utf8").split("\n").length - 1
        : 0;
    const ran = (): number[] => ["a.txt", "b.txt", "c.txt"].map(lines);
    const status = async (): Promise<string> => (await world.run(["projects"])).stdout;
    const first = await world.run(["do", "parts", "--plan", file, "--task", "b"]);
    expect(first.code).toBe(0);
    expect(first.stderr).toContain("a and b of parts are done; c is still to be done.");
    expect(ran()).toEqual([1, 1, 0]);
    expect(await status()).toMatch(/parts\s.*stopped/);
    expect((await world.run(["do", "parts", "--task", "b"])).code).toBe(0);
    expect(ran()).toEqual([1, 2, 0]);
    expect((await world.run(["assign", "parts", "r", "--run", "true"])).stderr).toContain("c is still to be done.");
    expect((await world.run(["do", "parts"])).code).toBe(0);
    expect(ran()).toEqual([1, 2, 1]);
    expect(await status()).toMatch(/parts\s.*done/);
    expect((await world.run(["do", "parts", "--task", "a"])).stderr).toMatch(/parts\s+is done\./);
    expect(await world.run(["do", "parts", "--task", "none"])).toMatchObject({ code: 2 });
    expect(await world.run(["do", "parts", "--task", "a", "--run", "true"])).toMatchObject({ code: 2 });
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

describe("prompts without a plan that cannot be sent", () => {
  it.each([
    [["do", "bare", "--prompt", "x"], "The role shell of bare has no agent that takes a prompt."],
    [["do", "bare", "--agent", "codx", "--prompt", "x"], 'which is not known; did you mean "codex"?'],
    [
      ["do", "bare", "--agent", "codex", "--prompt", "{{a.output}}"],
      'The prompt cannot be sent: there is no task "a".',
    ],
    [["do", "bare", "--agent", "codex", "--prompt-file", "none"], "The file none cannot be read."],
    [["do", "bare", "--agent", "codex", "--mode", "asks", "--prompt", "x"], 'The option --mode cannot be "asks".'],
    [["do", "bare", "--agent", "codex"], "--agent needs a prompt."],
    [["assign", "bare", "coder"], "assign needs a command or a prompt."],
  ])("%j", async (command, words) => {
    const result = await world.run(command);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(words);
    expect((await world.run(["projects"])).stdout).not.toContain("bare");
  });
});

describe("plans that are not what they say", () => {
  const text = (run: string): string => `project: odd\nroles: { r: {} }\ntasks:\n  - { id: a, role: r, run: ${run} }\n`;
  const plan = (bytes: string | Buffer): string => {
    const path = join(world.workspace, "odd.yaml");
    writeFileSync(path, bytes);
    return path;
  };

  it.each([
    ["Latin-1", Buffer.from(text("echo grün"), "latin1"), "odd.yaml:4:35: the byte 0xFC is not UTF-8"],
    [
      "UTF-16",
      Buffer.from(`\ufeff${text("ls")}`, "utf16le"),
      "odd.yaml:1:1: the file is UTF-16; save the file as UTF-8",
    ],
    ["with a character in place of bytes", text("echo gr\ufffdn"), "odd.yaml:4:35: U+FFFD stands for bytes"],
    [
      "with an agent that nobody knows",
      text("ls").replace("r: {}", "r: { agent: codx }"),
      'odd.yaml:2:22: roles.r.agent: there is no agent "codx"; did you mean "codex"?',
    ],
    [
      "without quotes",
      text("x").replace("{ id: a, role: r, run: x }", "id: a\n    role: r\n    run: echo a: b"),
      "run: 'echo a: b'",
    ],
  ])("%s are refused with the place, and nothing is made", async (_, bytes, words) => {
    const result = await world.run(["do", "odd", "--plan", plan(bytes)]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(words);
    expect((await world.run(["projects"])).stdout).not.toContain("odd");
  });

  it("are refused as arguments, too, and as the name of the current folder", () => {
    const run = (script: string): { status: number | null; stderr: string } =>
      spawnSync("bash", ["-c", script, "bash", process.execPath, cliProgram], {
        cwd: world.workspace,
        env: world.env(),
        encoding: "utf8",
      });
    const typed = run(`exec "$1" "$2" do odd --run $'echo gr\\xfcn'`);
    expect([typed.status, typed.stderr]).toEqual([
      2,
      expect.stringContaining('The argument "echo gr\ufffdn" is not UTF-8.'),
    ]);
    expect(run(`exec "$1" "$2" do replaced --run $'echo gr\\xef\\xbf\\xbdn'`).status).toBe(0);
    const stood = run(`mkdir $'gr\\xfcn' && cd $'gr\\xfcn' && exec "$1" "$2" do odd --run ls`);
    expect([stood.status, stood.stderr]).toEqual([
      2,
      expect.stringContaining("The path of the current folder is not UTF-8"),
    ]);
  });

  it("of an earlier version stay readable, and their agents do not run", async () => {
    expect(await world.run(["do", "old", "--run", "ls"])).toMatchObject({ code: 0 });
    const own = join(world.projectFolder("old"), "plan.yaml");
    writeFileSync(
      own,
      "project: old\nroles: { coder: { agent: codex }, shell: {} }\ntasks: [{ id: a, role: coder, run: Fix }]\n",
    );
    for (const command of [
      ["status", "old"],
      ["log", "old"],
      ["verify", "old"],
    ])
      expect(await world.run(command)).toMatchObject({ code: 0 });
    const run = await world.run(["do", "old"]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`${own}:3:36: task "a": run: the role coder has an agent, which takes a prompt`);
    expect(await world.run(["assign", "old", "shell", "--run", "ls"])).toMatchObject({ code: 0 });
    const assigned = await world.run(["assign", "old", "coder", "--run", "ls"]);
    expect(assigned.code).toBe(2);
    expect(assigned.stderr).toContain("The role coder of old has an agent, which takes a prompt and no command.");
  });
});
