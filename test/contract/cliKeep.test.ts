import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliWorld } from "../support/cliWorld";

let world: CliWorld;
beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

const json = async <T>(...args: string[]): Promise<T> => {
  const { stdout, code, stderr } = await world.run([...args, "--json"]);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as T;
};

describe("a project that is done", () => {
  it("is renamed, put away, taken back, has its sessions ended, and is removed to a place that is named", async () => {
    expect((await world.run(["do", "kept", "--run", "echo one"])).code).toBe(0);
    const projects = (...args: string[]): Promise<string> =>
      world.run(["projects", ...args]).then(({ stdout }) => stdout);
    expect((await world.run(["rename", "kept", "The kept one"])).stdout).toContain("Its id stays kept.");
    expect(await json("projects")).toMatchObject([{ project_id: "kept", name: "The kept one" }]);
    // A run neither needs the other name nor takes it back.
    expect((await world.run(["do", "kept", "--again"])).code).toBe(0);
    expect(await json("projects")).toMatchObject([{ name: "The kept one", status: "done" }]);

    expect((await world.run(["do", "The kept one"])).code).toBe(0);
    expect((await world.run(["log", "The kept one"])).code).toBe(0);
    expect(await json<unknown[]>("projects")).toHaveLength(1);
    expect((await world.run(["archive", "kept"])).stdout).toContain("kept is archived.");
    expect(await projects()).not.toContain("kept");
    expect((await world.run(["projects"])).stderr).toContain("1 archived project left out");
    expect(await projects("--all")).toMatch(/kept\tdone, archived/);
    expect((await world.run(["status"])).stdout).not.toContain("kept");
    expect(await json("projects")).toMatchObject([{ archived: true }]);
    expect((await world.run(["archive", "kept", "--undo"])).code).toBe(0);
    expect(await projects()).toMatch(/kept\tdone\t/);

    const refused = await world.run(["remove", "kept", "--yes"]);
    expect(refused.stderr).toContain("kept has 1 open session.");
    expect(refused.stderr).toContain("wsh-orchestrator end kept");
    expect((await world.run(["end", "kept"])).stderr).toContain("end asks before it ends sessions");
    expect((await world.run(["end", "kept", "--yes"])).stdout).toContain("1 session of kept ended.");
    const { moved_to } = await json<{ moved_to: string }>("remove", "kept", "--yes");
    expect(existsSync(join(moved_to, "project.json"))).toBe(true);
    expect(existsSync(world.projectFolder("kept"))).toBe(false);
    expect(await json("projects")).toEqual([]);
  });

  it("does one of its tasks again, with those that need it", async () => {
    const lines = join(world.workspace, "lines");
    expect((await world.run(["do", "more", "--run", `echo x >> ${lines}`])).code).toBe(0);
    const [{ id }] = (await json<{ projects: [{ snapshot: { tasks: [{ id: string }] } }] }>("status", "more"))
      .projects[0].snapshot.tasks;
    expect((await world.run(["retry", "more", id])).code).not.toBe(0);
    expect((await world.run(["retry", "more", id, "--again"])).code).toBe(0);
    const { readFileSync } = await import("node:fs");
    expect(readFileSync(lines, "utf8")).toBe("x\nx\n");
  });
});

describe("a project that was put away", () => {
  it("asks nobody any more, unless it is named", async () => {
    expect((await world.run(["do", "asking", "--run", "false"])).code).toBe(1);
    expect((await world.run(["attention"])).stdout).toContain("asking");
    expect((await world.run(["archive", "asking"])).code).toBe(0);
    expect((await world.run(["attention"])).stdout).not.toContain("asking");
    expect(await json("attention")).toEqual([]);
    expect((await world.run(["attention", "asking"])).stdout).toContain("asking");
  });
});

describe("a name that people gave to two projects", () => {
  it("is no name for one of them, and both are told", async () => {
    for (const id of ["twin-a", "twin-b"]) {
      expect((await world.run(["do", id, "--run", "true"])).code).toBe(0);
      await world.run(["rename", id, "Twin"]);
    }
    for (const command of [
      ["log", "Twin"],
      ["do", "Twin", "--run", "true"],
    ]) {
      const refused = await world.run(command);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/is called Twin: twin-a and twin-b\.\s+Name one of them by its id\./);
    }
  });
});
