import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliOptions, CliWorld } from "../support/cliWorld";

let world: CliWorld;
let nested: CliOptions & { readonly cwd: string };
let api: CliOptions & { readonly cwd: string };

function git(...args: readonly string[]): void {
  const env = { ...world.env(), GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const who = ["-c", "user.name=ada", "-c", "user.email=ada@example.com"];
  expect(spawnSync("git", [...who, ...args], { cwd: world.workspace, env }).status).toBe(0);
}

/** Where the newest command of the project ran, by its own word. */
function ranIn(folder: string, project: string): string {
  const path = join(folder, ".orchestrator/projects", project, "events-000001.jsonl");
  const results = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.includes('"kind":"result"'));
  const outputs = results.map((line) => (JSON.parse(line) as { output?: string }).output ?? "");
  return outputs.findLast((output) => output.trim() !== "")?.trim() ?? "";
}

beforeAll(async () => {
  world = new CliWorld();
  git("init", "--quiet");
  git("commit", "--quiet", "--allow-empty", "--message", "first");
  git("worktree", "add", "--quiet", "nested");
  nested = { cwd: join(world.workspace, "nested") };
  api = { cwd: join(world.workspace, "packages/api") };
  mkdirSync(api.cwd, { recursive: true });
  expect(await world.run(["do", "top", "--run", "pwd"])).toMatchObject({ code: 0 });
});
afterAll(() => world.close());

describe("where commands run", () => {
  it("in a nested work tree is that work tree, whose record is its own", async () => {
    expect(await world.run(["do", "t", "--run", "pwd"], nested)).toMatchObject({ code: 0 });
    expect(ranIn(nested.cwd, "t")).toBe(nested.cwd);
    expect((await world.run(["projects"])).stdout).not.toMatch(/^t\b/m);
  });

  it("in a folder of the workspace is that folder, and its record is the workspace's", async () => {
    const ran = await world.run(["do", "p", "--run", "pwd"], api);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain("run started in shell::1, in the folder packages/api.");
    expect(ranIn(world.workspace, "p")).toBe(api.cwd);
    expect((await world.run(["log", "p"])).stdout).toContain("in the folder packages/api");
    expect((await world.run(["do", "p", "--run", "pwd"], api)).stdout).toContain("nothing to do");
    expect((await world.run(["do", "p", "--run", "pwd", "--cwd", "packages/api"])).stdout).toContain("nothing to do");
    expect(await world.run(["do", "p", "--run", "pwd", "--cwd", ".."], api)).toMatchObject({ code: 0 });
    expect(ranIn(world.workspace, "p")).toBe(join(world.workspace, "packages"));
  });

  it("is the caller's also for assign, for a background run, and for a workspace that is named from elsewhere", async () => {
    const dir = ["--dir", world.workspace];
    expect(await world.run(["assign", "top", "helper", "--run", "pwd"], api)).toMatchObject({ code: 0 });
    expect(ranIn(world.workspace, "top")).toBe(api.cwd);
    const ran = await world.run([...dir, "do", "top", "--run", "pwd"], { cwd: world.root });
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain(`in the folder ${world.root}.`);
    expect(ranIn(world.workspace, "top")).toBe(world.root);
    expect(await world.run(["do", "top", "--detach", "--run", "pwd"], api)).toMatchObject({ code: 0 });
    expect(await world.run(["wait", "top"])).toMatchObject({ code: 0 });
    expect(ranIn(world.workspace, "top")).toBe(api.cwd);
  });

  it("within a session is where that stands, for the record of the session's workspace", async () => {
    const env = { WSH_ORCHESTRATOR_DIR: world.workspace };
    expect(await world.run(["assign", "top", "helper", "--run", "pwd"], { ...nested, env })).toMatchObject({ code: 0 });
    expect(ranIn(world.workspace, "top")).toBe(nested.cwd);
  });

  it("stays the plan's for a plan, from wherever it is given", async () => {
    const plan = "project: planned\nroles: { w: { cwd: packages } }\ntasks:\n  - { id: a, role: w, run: pwd }\n";
    world.write("packages/plan.yaml", plan);
    expect(await world.run(["do", "planned", "--plan", "../plan.yaml"], api)).toMatchObject({ code: 0 });
    expect(ranIn(world.workspace, "planned")).toBe(join(world.workspace, "packages"));
    expect((await world.run(["do", "planned"], api)).stdout).toContain("nothing to do");
  });
});
