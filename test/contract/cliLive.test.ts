import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { cliProgram, CliWorld } from "../support/cliWorld";
import { until } from "../support/until";
import { PtyCli, type PtyCliOptions } from "../support/ptyCli";

let world: CliWorld;
let cli: PtyCli | undefined;
beforeAll(() => {
  world = new CliWorld();
});
afterEach(() => cli?.kill());
afterAll(() => world.close());

function open(args: readonly string[], more: Partial<PtyCliOptions> = {}): PtyCli {
  cli = new PtyCli(args, { cwd: world.workspace, ...more, env: world.env(more.env) });
  return cli;
}

describe("do on a terminal", () => {
  it("draws a calm picture, scrolls the log above it, and leaves the answer", async () => {
    const plan =
      "project: live\ngoal: 日本語の目標\nroles: { a: {}, b: {} }\ntasks:\n  - { id: first, role: a, run: [echo one, 'echo shown; sleep 1.5'] }\n  - { id: second, role: b, needs: [first], run: echo two }\n";
    // Wide enough for the path of its summary.
    const terminal = open(["do", "live", "--plan", world.write("live.yaml", plan)], { cols: 160 });
    const lines = await terminal.shows(/^ {7}shown$/);
    const top = lines.findIndex((line) => line.startsWith("── live  日本語の目標 ─"));
    expect(lines.slice(top).map((line) => line.replace(/\d+ s\b/g, "N s").replace(/ ─+ /, " ─ "))).toEqual([
      "── live  日本語の目標 ─ 0 of 2 tasks succeeded  N s",
      " ● first   a::1  running    N s",
      " · second  b     pending",
      "",
      " a::1  $ echo shown; sleep 1.5  N s",
      "       shown",
    ]);
    expect(lines.slice(0, top).some((line) => /^\d\d:\d\d:\d\d a::1 {2,}first \$ echo one$/.test(line))).toBe(true);
    expect(await terminal.exited()).toBe(0);
    const rest = await terminal.lines();
    expect(rest.join("\n")).not.toContain("──");
    expect(rest.slice(-4)).toEqual([
      expect.stringMatching(/^✓ first {3}succeeded {2}/),
      expect.stringMatching(/^✓ second {2}succeeded {2}/),
      "live: done, 2 of 2 tasks succeeded.",
      expect.stringMatching(/^Summary: /),
    ]);
    expect(terminal.cursorVisible).toBe(true);
    // A picture every hundred milliseconds at most, and none without a change.
    expect(terminal.written.split("\u001b[?2026h").length).toBeLessThan(40);
  });

  it("keeps asking, and takes the answer that is typed", async () => {
    world.write("precious.txt", "");
    const terminal = open(["do", "asks", "--run", "rm -rf precious.txt"]);
    await terminal.shows(/Type skip or run, then Enter › ▏$/);
    terminal.type("nonsense\r");
    await terminal.shows(/"nonsense" is not an answer to this question\. Type one of: skip, run\./);
    terminal.type("rum");
    terminal.type("\u007f");
    await terminal.shows(/› ru▏$/);
    expect(existsSync(join(world.workspace, "precious.txt"))).toBe(true);
    terminal.type("\r");
    expect(await terminal.exited()).toBe(0);
    expect(existsSync(join(world.workspace, "precious.txt"))).toBe(false);
    expect(world.entries("asks").find((entry) => entry.kind === "answer")).toMatchObject({ answer: "run" });
  });

  it("takes an answer from another terminal", async () => {
    const terminal = open(["do", "elsewhere", "--run", "rm -rf nothing.txt"]);
    const lines = await terminal.shows(/\[[0-9A-Z]{6}: run or skip\]|Type skip or run/);
    expect(lines.length).toBeGreaterThan(3);
    const question = world.entries("elsewhere").find((entry) => entry.kind === "approval_needed");
    expect((await world.run(["answer", question?.id ?? "", "skip"])).code).toBe(0);
    expect(await terminal.exited()).toBe(0);
    expect((await terminal.lines()).join("\n")).toContain("skipped");
  });

  it("stops at Ctrl-C with a clean terminal, and says so meanwhile", async () => {
    const terminal = open(["do", "stops", "--run", "touch begun && sleep 60"]);
    await terminal.shows(/^ shell::1 {2}\$ touch begun && sleep 60/);
    await until("the shell has begun it", () => existsSync(join(world.workspace, "begun")));
    terminal.type("\u0003");
    expect(await terminal.exited()).toBe(130);
    expect(terminal.cursorVisible).toBe(true);
    expect((await terminal.lines()).join("\n")).not.toContain("──");
    expect(world.entries("stops").findLast((entry) => entry.kind === "result")).toMatchObject({
      outcome: "interrupted",
    });
  });

  it("leaves at once at the second Ctrl-C; the session stays", async () => {
    const terminal = open(["do", "leaves", "--run", "trap '' INT QUIT; sleep 30"]);
    await terminal.shows(/^ shell::1 {2}\$ trap/);
    terminal.type("\u0003");
    await terminal.shows(/── leaves {2}stopping…/);
    terminal.type("\u0003");
    expect(await terminal.exited()).toBe(130);
    expect(terminal.cursorVisible).toBe(true);
    expect((await world.run(["sessions", "leaves"])).stdout).toContain("proj-leaves::shell::1");
  });

  it("works in a tiny terminal and survives every size", async () => {
    const terminal = open(["do", "tiny", "--run", "sleep 2"], { cols: 20, rows: 5 });
    await terminal.shows(/^── tiny/);
    for (const [cols, rows] of [
      [8, 3],
      [120, 40],
      [3, 2],
      [40, 10],
    ] as const)
      terminal.resize(cols, rows);
    expect(await terminal.exited()).toBe(0);
    expect((await terminal.lines()).join("")).toContain("tiny: done");
  });

  it("draws nothing with NO_LIVE, and still takes answers", async () => {
    const terminal = open(["do", "plain", "--run", "rm -rf nothing.txt"], { env: { NO_LIVE: "1" } });
    await terminal.shows(/\? "rm -rf nothing\.txt" deletes/);
    terminal.type("skip\r");
    expect(await terminal.exited()).toBe(0);
    expect(terminal.written).not.toContain("\u001b[?25l");
  });
});

it("in the background of a terminal it neither draws nor asks, and is not stopped", async () => {
  const shell = new PtyCli([], { cwd: world.workspace, env: world.env(), command: ["bash", "--norc", "-i"] });
  cli = shell;
  shell.type(`PS1='$ '; ${process.execPath} ${cliProgram} do behind --run "echo done" & wait; echo "code: $?"\r`);
  await shell.shows(/^behind: done, 1 of 1 task succeeded\.$/);
  await shell.shows(/^code: 0$/);
  expect(shell.written).not.toContain("\u001b[?25l");
});

describe("other commands on a terminal", () => {
  it("kill asks", async () => {
    await world.run(["do", "killed", "--run", "true"]);
    const no = open(["kill", "proj-killed::shell::1"]);
    await no.shows(/End proj-killed::shell::1 and what runs in it\? \[y\/N\]/);
    no.type("n\r");
    expect(await no.exited()).toBe(3);
    const yes = open(["kill", "proj-killed::shell::1"]);
    await yes.shows(/\[y\/N\]/);
    yes.type("y\r");
    expect(await yes.exited()).toBe(0);
  });

  it("a person may confirm what the policy asks about, and the record says who", async () => {
    await world.run(["do", "confirmed", "--run", "true"]);
    world.write("old.txt", "");
    const terminal = open(["send", "proj-confirmed::shell::1", "rm -rf old.txt", "--wait", "--yes"]);
    expect(await terminal.exited()).toBe(0);
    expect(existsSync(join(world.workspace, "old.txt"))).toBe(false);
    const policy = world.entries("confirmed").find((entry) => entry.kind === "policy");
    expect(policy).toMatchObject({
      event: "confirmed",
      input: "rm -rf old.txt",
      actor: expect.stringMatching(/^human:/) as string,
    });
  });

  it.each([
    ["lists are aligned and cut to the width", 70, /^SESSION +STATE +NOW$/],
    ["lists have a line for each cell where columns do not fit", 50, /^proj-asks::shell::1$/],
  ])("%s", async (_, cols, first) => {
    const terminal = open(["sessions"], { cols });
    expect(await terminal.exited()).toBe(0);
    const lines = await terminal.lines();
    expect(lines[0]).toMatch(first);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(cols);
  });
});
