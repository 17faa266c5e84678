import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { quietAsksEvent } from "../../src/core/model/entryKinds";
import { CliWorld } from "../support/cliWorld";
import { PtyCli } from "../support/ptyCli";
import { until } from "../support/until";

/** The first of these that is on this machine. */
function installed(...programs: readonly string[]): string | undefined {
  return programs.find((program) => {
    try {
      execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

const editor = installed("vim", "nano");

describe("pagers, editors and prompts that a task's command opened, on the built-in server", () => {
  let world: CliWorld;

  beforeAll(() => {
    world = new CliWorld();
  });
  afterAll(() => world.close());

  function begin(project: string, run: string): ReturnType<CliWorld["start"]> {
    const tasks = [{ id: "work", role: "work", run }];
    const plan = world.write(`${project}.yaml`, JSON.stringify({ project, roles: { work: { shell: "bash" } }, tasks }));
    return world.start(["--quiet-after", "2s", "do", project, "--plan", plan]);
  }

  const asked = (project: string): Promise<ContextEntry> =>
    until("it asks", () =>
      existsSync(join(world.projectFolder(project), "events-000001.jsonl"))
        ? world.entries(project).find(({ event }) => event === quietAsksEvent)
        : undefined,
    );
  const output = (project: string): string | undefined =>
    world.entries(project).find(({ kind, task_id }) => kind === "result" && task_id === "work")?.output;

  it.skipIf(installed("less") === undefined)(
    "leaves a pager when its person says so, and the task goes on",
    async () => {
      const run = begin("pager", "seq 1000 | less; echo got=$?");
      const { id, text, options } = await asked("pager");
      expect(options).toEqual(["wait", "quit"]);
      expect(text).toContain("shows text page by page");
      const { stdout } = await world.run(["attention"]);
      expect(stdout).toContain("wait: keep waiting · quit: leave the pager (q)");
      expect(stdout).toContain("wsh-orchestrator attach proj-pager::work::1");
      expect((await world.run(["answer", id, "quit"])).code).toBe(0);
      expect((await run.done).code).toBe(0);
      expect(output("pager")).toContain("got=0");
      expect((await world.run(["attention"])).stdout).toContain("Nothing needs your answer");
    },
  );

  for (const [program, start] of [
    ["python3", "python3 -q -i -c 'x = 6'"],
    ["bash", "bash --norc"],
  ] as const)
    it.skipIf(installed(program) === undefined)(`leaves the prompt of ${program} when its person says so`, async () => {
      const project = `prompt-${program}`;
      const run = begin(project, `${start}; echo got=$?`);
      const { id, text, options } = await asked(project);
      expect(options).toEqual(["wait", "leave"]);
      expect(text).toMatch(/is at its prompt\. .+ The task continues once its prompt is left\.$/u);
      expect((await world.run(["attention"])).stdout).toContain(
        "wait: keep waiting · leave: leave the prompt (Ctrl-D)",
      );
      expect((await world.run(["answer", id, "leave"])).code).toBe(0);
      expect((await run.done).code).toBe(0);
      expect(output(project)).toContain("got=0");
    });

  it.skipIf(installed("python3") === undefined)("leaves a role's own program at its prompt", async () => {
    const tasks = [{ id: "work", role: "work", run: "6 * 7", until: { screen: "never" } }];
    const roles = { work: { program: "python3 -q" } };
    const plan = world.write("own.yaml", JSON.stringify({ project: "own", roles, tasks }));
    const run = world.start(["--quiet-after", "1s", "do", "own", "--plan", plan]);
    await until("the text was sent", () =>
      existsSync(join(world.projectFolder("own"), "events-000001.jsonl"))
        ? world.entries("own").find(({ kind }) => kind === "command")
        : undefined,
    );
    for (const condition of [
      ["--state", "idle:repl"],
      ["--stable", "4s"],
    ])
      expect(await world.run(["wait", "own::work::1", ...condition])).toMatchObject({ code: 0 });
    expect(world.entries("own").filter(({ event }) => event === quietAsksEvent)).toEqual([]);
    await world.run(["stop", "own"]);
    await run.done;
  });

  it.skipIf(editor === undefined)("sends the person to the terminal of an editor, whose text is theirs", async () => {
    const git = "git -c user.name=a -c user.email=a@b.c";
    const start = editor === "vim" ? "vim -u NONE" : "nano";
    const run = begin("editor", `git init -q r; cd r; EDITOR='${start}' ${git} commit --allow-empty; echo got=$?`);
    const { text, options } = await asked("editor");
    expect(options).toEqual(["wait"]);
    expect(text).toMatch(/has a file open\..+Save or close the file in its terminal, and the task continues\.$/u);
    const attached = new PtyCli(["attach", "editor::work::1"], { cwd: world.workspace, env: world.env() });
    await attached.shows(/Please enter the commit message/);
    attached.type(editor === "vim" ? "iFirst\u001b:wq\r" : "First\u000f\r\u0018");
    expect((await run.done).code).toBe(0);
    attached.kill();
    expect(output("editor")).toContain("got=0");
    expect((await world.run(["attention"])).stdout).toContain("Nothing needs your answer");
  });
});
