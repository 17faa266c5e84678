import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import type { ContextEntry } from "../../src/core/model/entry";
import { contextEntrySchema } from "../../src/core/model/schemas";
import { parsePlan } from "../../src/core/model/plan";
import { CliWorld } from "../support/cliWorld";
import { testWithShell } from "../support/shellTest";

let world: CliWorld;
beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

const plan = parsePlan(readFileSync("media/tour/plan.yaml", "utf8"));

/** When a task began and ended, in milliseconds. */
function interval(entries: readonly ContextEntry[], task_id: string): [number, number] {
  const of = entries.filter((entry) => entry.kind === "task" && entry.task_id === task_id);
  return [
    Date.parse(of.find((entry) => entry.event === "started")?.ts ?? ""),
    Date.parse(of.findLast((entry) => entry.event === "finished")?.ts ?? ""),
  ];
}

it("its plan has all that a project can have", () => {
  expect(plan.roles.length).toBeGreaterThanOrEqual(3);
  expect(plan.tasks.length).toBeGreaterThanOrEqual(8);
  expect(plan.tasks.some((task) => task.handoff !== undefined)).toBe(true);
  const [left, right] = plan.tasks.filter((task) => task.needs.includes("gather"));
  expect(left && right).toBeTruthy();
});

for (const shell of ["bash", "zsh", "fish", "sh"]) {
  testWithShell(
    shell,
    `is done in ${shell} without a question: one retry, work side by side, a note handed over`,
    async () => {
      const result = await world.run(["tour", "--json"], { env: { SHELL: `/bin/${shell}` } });
      expect(result).toMatchObject({ code: 0 });
      const lines = result.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown);
      const entries = lines.slice(0, -1).map((line) => contextEntrySchema.parse(line) as ContextEntry);
      const { tasks } = z
        .object({
          result: z.object({ tasks: z.array(z.object({ id: z.string(), state: z.string(), attempts: z.number() })) }),
        })
        .parse(lines.at(-1)).result;
      expect(tasks.map((task) => task.state)).toEqual(plan.tasks.map(() => "succeeded"));
      expect(tasks.filter((task) => task.attempts === 2).map((task) => task.id)).toEqual(["proofread"]);
      expect(entries.some((entry) => entry.human_attention_needed)).toBe(false);
      expect(entries.some((entry) => entry.kind === "handoff" && entry.to === "reader")).toBe(true);
      const [first, second] = [interval(entries, "count-words"), interval(entries, "index-lines")];
      expect(Math.max(first[0], second[0])).toBeLessThan(Math.min(first[1], second[1]));
    },
    30_000,
  );
}

it("ends in a few friendly lines with the record's place and exact commands, and clears up after earlier ones", async () => {
  const result = await world.run(["tour"]);
  expect(result.code).toBe(0);
  const snapshot = /^Summary: (.*SNAPSHOT\.md)$/m.exec(result.stdout)?.[1] ?? "";
  expect(readFileSync(snapshot, "utf8")).toContain("| read | reader | succeeded |");
  const folder = resolve(dirname(snapshot), "../../..");
  expect(readFileSync(join(folder, "book/book.txt"), "utf8")).toContain("A LITTLE BOOK OF LIGHT");
  const next = result.stdout
    .slice(result.stdout.indexOf("\n\n") + 2)
    .trimEnd()
    .split("\n");
  expect(next.length).toBeGreaterThanOrEqual(4);
  expect(next.length).toBeLessThanOrEqual(6);
  expect(next.filter((line) => line.includes(`--dir ${folder}`))).toHaveLength(3);
  const sessions = z.array(z.object({ session_name: z.string() })).parse(await world.json(["sessions", "--all"]));
  expect(sessions.map((session) => session.session_name).sort()).toEqual(
    ["counter", "gatherer", "reader", "scribe"].map((role) => `proj-tour::${role}::1`),
  );
  const log = next.find((line) => line.startsWith("See the log:"))?.replace(/^See the log: +/, "") ?? "";
  const { stdout } = await promisify(execFile)("sh", ["-c", log], { cwd: world.workspace, env: world.env() });
  expect(stdout).toMatch(/ tour +project +is done\.$/m);
});

it("start.mjs runs the command line with its arguments and exit code", async () => {
  const run = promisify(execFile);
  const version = await run(process.execPath, [resolve("start.mjs"), "--version"], {
    cwd: world.workspace,
    env: world.env(),
  });
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  await expect(
    run(process.execPath, [resolve("start.mjs"), "log", "nobody"], { cwd: world.workspace, env: world.env() }),
  ).rejects.toMatchObject({ code: 5 });
});
