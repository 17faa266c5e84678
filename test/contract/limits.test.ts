import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ProjectHarness } from "../support/projectHarness";
import { clientServerKinds, type RunningServer } from "../support/servers";

const screens = resolve("test/fixtures/screens/copilot");

/** Draws a recorded limit after its first text, and takes the next ones at its composer. Says when each was entered. */
const agent = `
import os, sys, time, tty
tty.setraw(0)
limit = open("limit.txt", encoding="utf-8").read().split("\\n")
composer = limit.index("❯")
def draw(lines):
    rows = "".join("\\x1b[%d;1H\\x1b[K%s" % (row + 1, line) for row, line in enumerate(lines))
    sys.stdout.write("\\x1b]0;GitHub Copilot\\x07\\x1b[?1049h\\x1b[2J" + rows + "\\x1b[%d;3H" % (composer + 1)); sys.stdout.flush()
rest = [line if row >= composer - 2 else "" for row, line in enumerate(limit)]
draw(rest)
typed = ""; taken = 0
while True:
    key = os.read(0, 1).decode()
    if key != "\\r": typed += key; sys.stdout.write(key); sys.stdout.flush(); continue
    open("taken", "a").write("%f %s\\n" % (time.time(), typed)); typed = ""; taken += 1
    if taken == 2: sys.exit(0)
    time.sleep(1); draw(limit)
`;

describe("a program with a limit", () => {
  const kind = clientServerKinds.find(({ isWsh, missing }) => !isWsh && missing === undefined);
  let running: RunningServer;

  beforeAll(async () => {
    if (!kind) throw new Error("There is no built-in server.");
    running = await kind.start();
  });
  afterAll(() => running.stop());

  it("gets its next text at the time that its screen names, and nobody is asked", { timeout: 60_000 }, async () => {
    const project = await ProjectHarness.create(running.client(), { name: "limits" });
    writeFileSync(join(project.workspace, "agent.py"), agent);
    const screen = readFileSync(join(screens, "error-rate.txt"), "utf8");
    writeFileSync(join(project.workspace, "limit.txt"), screen.replace("try again in 20s", "try again in 9s"));
    const result = await project.run(`
roles: { agent: { program: python3 agent.py } }
tasks: [{ id: build, role: agent, run: [first, second], timeout: 1h }]`);
    expect(result.tasks.map(({ id, state }) => [id, state])).toEqual([["build", "succeeded"]]);
    const entries = await project.entries();
    expect(entries.filter(({ human_attention_needed }) => human_attention_needed)).toEqual([]);
    const limited = entries.filter(({ state }) => state === "limited");
    expect(limited[0]?.text).toMatch(
      /^GitHub Copilot has reached its rate limit until \d\d:\d\d:\d\d; its work continues by itself then\.$/,
    );
    const until = Date.parse(limited[0]?.not_before ?? "");
    const taken = readFileSync(join(project.workspace, "taken"), "utf8").trim().split("\n");
    expect(taken.map((line) => line.split(" ")[1])).toEqual(["first", "second"]);
    expect(Number(taken[1]?.split(" ")[0]) * 1000).toBeGreaterThanOrEqual(until);
  });
});
