import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { calendarDay } from "../../src/core/model/sentences";
import { CliWorld } from "../support/cliWorld";

let world: CliWorld;
let entries: ContextEntry[];
beforeAll(async () => {
  world = new CliWorld();
  await world.run(["do", "told", "--run", "echo before; (exit 3)"]);
  await world.run(["note", "told", "see [x](https://evil.example) <b>"]);
  const { stdout } = await world.run(["log", "told", "--json"]);
  entries = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as ContextEntry);
});
afterAll(() => world.close());

describe("log --entry", () => {
  it("prints an entry with what belongs to it, by its id or the end of it", async () => {
    const result = entries.find(({ kind, exit_code }) => kind === "result" && exit_code === 3);
    const id = result?.id ?? "";
    const whole = await world.run(["log", "told", "--entry", id]);
    expect(whole.code).toBe(0);
    expect(whole.stdout).toMatch(/\n\$ echo before; \(exit 3\)\nbefore\n\(Failed after .* with exit code 3\.\)\n/);
    expect(whole.stdout).toMatch(/\nWhat followed\n\S+ {2}.* \[\w{6}\]\n/);
    expect(whole.stdout).not.toContain("JSON");
    expect((await world.run(["log", "told", "--entry", id.slice(-8).toLowerCase()])).stdout).toBe(whole.stdout);
    const json = await world.run(["log", "told", "--entry", id, "--json"]);
    expect(JSON.parse(json.stdout)).toEqual(result);
  });

  it("says where there is none", async () => {
    expect(await world.run(["log", "told", "--entry", "ZZZZZZZZ"])).toMatchObject({ code: 5, stdout: "" });
    expect((await world.run(["log", "told", "--entry", "Z"])).stderr).toContain("too short");
    expect((await world.run(["log", "told", "--entry", "ABCDEF", "--follow"])).code).toBe(2);
  });
});

describe("log --markdown", () => {
  it("prints days with their entries, in which what others wrote is text", async () => {
    const { stdout, code } = await world.run(["log", "told", "--markdown"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^## told, \d{4}-\d\d-\d\d\n\n- \d\d:/);
    expect(stdout).toContain("`[x](https://evil.example)` \\<b\\>");
    expect(stdout).toMatch(/\n {2}```text\n {2}before\n {2}```\n/);
    expect((await world.run(["log", "told", "--markdown", "--json"])).code).toBe(2);
  });

  it("and any log has the entries of one day alone", async () => {
    const days = [...new Set(entries.map(({ ts }) => calendarDay(ts)))];
    const of = async (day: string): Promise<string> => (await world.run(["log", "told", "--day", day])).stdout;
    const all = await Promise.all(days.map(of));
    expect(all.join("")).toBe((await world.run(["log", "told"])).stdout);
    expect(await world.run(["log", "told", "--day", "2001-01-01"])).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining("Nothing in the log of told matches.") as string,
    });
    for (const none of ["yesterday", "2026-02-31"])
      expect((await world.run(["log", "told", "--day", none])).code).toBe(2);
  });
});
