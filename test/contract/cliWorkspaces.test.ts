import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { CliWorld } from "../support/cliWorld";

const sessionsSchema = z.array(
  z.looseObject({ session_name: z.string(), state: z.string(), ours: z.boolean().optional() }),
);

let world: CliWorld;
let other: { readonly cwd: string };
beforeAll(async () => {
  world = new CliWorld();
  other = { cwd: join(world.root, "other") };
  mkdirSync(other.cwd);
  expect(await world.run(["do", "m", "--run", "echo first"])).toMatchObject({ code: 0 });
  expect(await world.run(["do", "m", "--run", "echo second"], other)).toMatchObject({ code: 0 });
});
afterAll(() => world.close());

const record = (): string => readFileSync(join(other.cwd, ".orchestrator/projects/m/events-000001.jsonl"), "utf8");
const screen = async (): Promise<string> => (await world.run(["pull", "shell::1"])).stdout;

describe("two workspaces with a project of the same name on one server", () => {
  it.each([
    ["send", ["send", "shell::1", "echo typed-by-a-stranger"]],
    ["send --wait", ["send", "shell::1", "echo typed-by-a-stranger", "--wait"]],
    ["kill", ["kill", "shell::1", "--yes"]],
    ["pull", ["pull", "shell::1"]],
  ])("%s does not reach the other's session by a short name", async (_, args) => {
    expect(await world.run(args, other)).toMatchObject({ code: 5, stdout: "" });
    const lines = await screen();
    expect(lines).toContain("first");
    expect(lines).not.toContain("typed-by-a-stranger");
  });

  it("each reaches its own", async () => {
    expect(await world.run(["send", "shell::2", "echo mine", "--wait"], other)).toMatchObject({
      code: 0,
      stdout: "mine\n",
    });
  });

  it("the list says whose they are", async () => {
    const sessions = sessionsSchema.parse(await world.json(["sessions", "--all"], 0, other));
    expect(
      sessions.find((session) => session.session_name === "proj-m::shell::1" && session.ours === false),
    ).toBeDefined();
    expect(
      sessions.find((session) => session.session_name === "proj-m::shell::2" && session.ours !== false),
    ).toMatchObject({ state: "idle" });
  });

  it("the full name of the wire reaches it as a stranger's: nothing is recorded, and kill says so", async () => {
    const before = record();
    expect((await world.run(["pull", "proj-m.shell.1"], other)).stdout).toContain("first");
    expect((await world.run(["kill", "proj-m.shell.1"], other)).stderr).toContain(
      "The session does not belong to this workspace.",
    );
    const ended = await world.run(["kill", "proj-m.shell.1", "--yes"], other);
    expect(ended).toMatchObject({
      code: 0,
      stdout: "proj-m::shell::1 ended. The session did not belong to this workspace.\n",
    });
    expect(record()).toBe(before);
  });
});
