import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import type { RunResult } from "../../src/core/run/projectRun";
import { ProjectHarness } from "../support/projectHarness";
import { type RunningServer, serverKinds } from "../support/servers";
import { runUntilDeath } from "../support/suddenDeath";
import { until } from "../support/until";

/** Loads for two seconds and forgets what was typed meanwhile; a text brings up a menu, in which Enter deletes. */
const menu = `
import os, sys, termios, time, tty
time.sleep(2)
fd = sys.stdin.fileno(); tty.setraw(fd); termios.tcflush(fd, termios.TCIFLUSH)
def out(text): sys.stdout.write(text); sys.stdout.flush()
out("tool> ")
line = ""; asks = False
while True:
    key = os.read(fd, 1).decode()
    if asks:
        if key == "\\r": open("deleted", "w").write(line); sys.exit(0)
        continue
    if key == "\\x03": sys.exit(1)
    if key != "\\r": line += key; out(key); continue
    if line == "quit": sys.exit(0)
    if line.startswith("fail"): sys.exit(3)
    out("\\r\\nworking on " + line + "\\r\\n"); line = ""; time.sleep(1)
    asks = True; out("\\x1b[2J\\x1b[HWhat now?\\r\\n\\x1b[?25l\\u276f 1. Yes: delete everything\\r\\n  2. No\\r\\n")
`;

/** Runs a plan to its end, which comes for a command that lasts when it is stopped then. */
async function runUntilItLasts(project: ProjectHarness, yaml: string): Promise<RunResult> {
  const stop = new AbortController();
  const onEntry = ({ event }: ContextEntry): void => {
    if (event === "lasts") stop.abort();
  };
  return project.run(yaml, { signal: stop.signal, onEntry });
}

/** A port of this machine that nobody has. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const states = (result: RunResult): Record<string, string> =>
  Object.fromEntries(result.tasks.map(({ id, state }) => [id, state]));

describe.each(serverKinds.filter((kind) => !kind.title.includes("TCP")))("on $title", ({ start, missing }) => {
  let running: RunningServer;
  let count = 0;
  const test = missing ? it.skip : it;

  beforeAll(async () => {
    if (!missing) running = await start();
  });
  afterAll(async () => {
    if (!missing) await running.stop();
  });

  describe("programs that are no shell", () => {
    const withMenu = async (): Promise<ProjectHarness> => {
      const project = await ProjectHarness.create(running.client(), { name: `programs-${++count}` });
      writeFileSync(join(project.workspace, "menu.py"), menu);
      return project;
    };

    test("get no text into a menu, and their silence is no success", { timeout: 60_000 }, async () => {
      const project = await withMenu();
      const result = await project.run(`
roles: { tool: { program: python3 menu.py } }
tasks:
  - { id: first, role: tool, run: tidy up }
  - { id: second, role: tool, run: tidy more }
  - { id: behind, role: tool, needs: [first], run: never }`);
      expect(states(result)).toEqual({ first: "unknown", second: "blocked", behind: "blocked" });
      expect(existsSync(join(project.workspace, "deleted"))).toBe(false);
      const asked = (await project.entries("blocked")).find(({ task_id }) => task_id === "second");
      expect(asked).toMatchObject({ options: ["retry", "send", "skip"] });
      expect(asked?.text).toContain("❯ 1. Yes: delete everything");
    });

    test("succeed by their end with code 0, and fail with another", { timeout: 60_000 }, async () => {
      const project = await withMenu();
      const result = await project.run(`
max_sessions: 1
roles: { tool: { program: python3 menu.py }, other: { program: python3 menu.py } }
tasks:
  - { id: good, role: tool, run: quit }
  - { id: bad, role: other, needs: [good], run: fail }`);
      // Where the server tells no exit codes, nobody knows.
      if (!(await running.client().info()).capabilities.exitCodes) {
        expect(states(result)).toEqual({ good: "unknown", bad: "blocked" });
        return;
      }
      expect(states(result)).toEqual({ good: "succeeded", bad: "failed" });
      expect(result.tasks.map(({ exit_code }) => exit_code)).toEqual([0, 3]);
    });

    test("are checked in a shell beside them, also where one session is all", { timeout: 60_000 }, async () => {
      const project = await ProjectHarness.create(running.client(), { name: `programs-${++count}` });
      const result = await project.run(`
max_sessions: 1
roles: { py: { program: python3 -i, env: { MARK: here } } }
tasks:
  - { id: sleeps, role: py, run: 'import time; time.sleep(4); _ = open("slept", "w").write("x")', check: 'test -s slept && test "$MARK" = here' }
  - { id: shows, role: py, needs: [sleeps], run: 'print("un" + "til")', until: { screen: ^until$ } }
  - { id: late, role: py, needs: [shows], run: time.sleep(60), timeout: 1.5s }`);
      expect(states(result)).toEqual({ sleeps: "succeeded", shows: "succeeded", late: "failed" });
      const names = (await project.entries("command")).map(({ session_name }) =>
        session_name?.split("::").slice(1).join("::"),
      );
      expect(names).toEqual(["py::1", "py-check::1", "py::1", "py::1"]);
    });
  });

  describe("until, of a command in a shell", () => {
    test("is met by what the command prints only, and the command keeps running", { timeout: 60_000 }, async () => {
      const project = await ProjectHarness.create(running.client(), { name: `programs-${++count}` });
      const result = await project.run(`
roles: { server: { shell: bash }, wrong: { shell: bash } }
tasks:
  - { id: serve, role: server, run: "sleep 1; echo re''ady; sleep 60", until: { screen: ready }, check: "true", timeout: 20s }
  - { id: later, role: server, needs: [serve], run: "true" }
  - { id: echoed, role: wrong, run: ": never said", until: { screen: never said } }`);
      expect(states(result)).toEqual({ serve: "succeeded", later: "blocked", echoed: "failed" });
      expect((await project.entries("result"))[0]).toBeDefined();
      const outcomes = (await project.entries("result")).filter(({ task_id }) => task_id === "serve");
      expect(outcomes[0]).toMatchObject({ outcome: "still_running", known_by: "screen", output: "ready" });
      const why = (await project.entries("blocked")).find(({ task_id }) => task_id === "later")?.text;
      expect(why).toMatch(/of serve in server::1 is still running\. Raise count of the role server in the plan/);
    });

    for (const [what, command, state] of [
      ["has scrolled away", "echo re''ady; seq 300; touch shown; sleep 60", "succeeded"],
      ["was shown before it ended", "echo re''ady; seq 300; touch shown", "succeeded"],
      ["was never shown, only typed, and by a command before", ": ready; seq 300; touch shown", "failed"],
    ] as const)
      test(`is found by the runner behind one that was killed, where it ${what}`, { timeout: 60_000 }, async () => {
        const project = await ProjectHarness.create(running.client(), { name: `programs-${++count}` });
        const plan = `
roles: { server: { shell: bash } }
tasks: [{ id: serve, role: server, run: ["echo re''ady", "echo >> starts; ${command}"], until: { screen: ^ready }, timeout: 20s }]`;
        await runUntilDeath(project, running.client(), plan, {
          when: "after",
          call: (method, [, keys]) => method === "sendInput" && String(keys).includes("starts"),
        });
        await until("the command has shown all", () => existsSync(join(project.workspace, "shown")));
        expect(states(await runUntilItLasts(project, plan))).toEqual({ serve: state });
        expect(readFileSync(join(project.workspace, "starts"), "utf8")).toBe("\n");
      });

    test("is met by a port that opens, unless somebody else has it", { timeout: 60_000 }, async () => {
      const project = await ProjectHarness.create(running.client(), { name: `programs-${++count}` });
      const port = await freePort();
      const serve = (id: string, more = ""): string =>
        `{ id: ${id}, role: ${id}, run: "sleep 1; exec python3 -m http.server ${port} --bind 127.0.0.1", until: { port: ${port} }, timeout: 20s${more} }`;
      const result = await project.run(`
roles: { serve: { shell: bash }, again: { shell: bash }, test: { shell: bash } }
tasks:
  - ${serve("serve")}
  - { id: get, role: test, needs: [serve], run: "curl -sf http://127.0.0.1:${port}/" }
  - ${serve("again", ", needs: [get]")}`);
      expect(states(result)).toEqual({ serve: "succeeded", get: "succeeded", again: "blocked" });
      const [ready] = (await project.entries("result")).filter(({ task_id }) => task_id === "serve");
      expect(ready).toMatchObject({ outcome: "still_running", known_by: "port", port });
      const why = (await project.entries("blocked")).find(({ task_id }) => task_id === "again");
      expect(why?.text).toContain(`port ${port} is already used by another program`);
      expect(why?.options).toEqual(["retry", "skip"]);
    });

    test("is met by a state of its session", { timeout: 60_000 }, async () => {
      const project = await ProjectHarness.create(running.client(), { name: `programs-${++count}` });
      const result = await project.run(`
roles: { repl: { shell: bash }, late: { shell: bash } }
tasks:
  - { id: repl, role: repl, run: python3 -i -q, until: { state: "idle:repl" }, timeout: 20s }
  - { id: never, role: late, run: "sleep 2", until: { state: "idle:repl" } }`);
      expect(states(result)).toEqual({ repl: "succeeded", never: "failed" });
      const [ready] = (await project.entries("result")).filter(({ task_id }) => task_id === "repl");
      expect(ready).toMatchObject({ outcome: "still_running", known_by: "state" });
      const why = (await project.entries("error")).find(({ task_id }) => task_id === "never");
      expect(why?.text).toContain('"sleep 2" ended before its session was in the state idle:repl');
    });

    test("is the same command to a later runner, and ends with the project", { timeout: 60_000 }, async () => {
      const project = await ProjectHarness.create(running.client(), { name: `programs-${++count}` });
      const serve = `
roles: { server: { shell: bash } }
tasks:
  - { id: serve, role: server, run: "echo >> starts; echo re''ady; sleep 60", until: { screen: ready }, check: "true" }`;
      await runUntilDeath(project, running.client(), serve, {
        when: "after",
        append: ({ event }) => event === "lasts",
      });
      const later = `
  - { id: later, role: server, run: "true" }`;
      expect(states(await project.run(serve + later))).toEqual({ serve: "succeeded", later: "blocked" });
      const why = (await project.entries("blocked")).find(({ task_id }) => task_id === "later")?.text;
      expect(why).toContain(`"echo >> starts; echo re''ady; sleep 60" of serve in server::1 is still running`);
      expect(readFileSync(join(project.workspace, "starts"), "utf8")).toBe("\n");
      // Ctrl-C is enough, and the session is kept.
      const [ended] = (await project.entries("state")).filter(({ event }) => event === "command_ended");
      expect(ended).toMatchObject({ task_id: "serve", outcome: "interrupted" });
      expect(states(await runUntilItLasts(project, serve))).toEqual({ serve: "succeeded" });
      expect(readFileSync(join(project.workspace, "starts"), "utf8")).toBe("\n\n");
      const typed = (await project.entries("command")).filter(({ step }) => step === 0);
      expect(typed.map(({ session_name }) => session_name?.split("::").slice(1).join("::"))).toEqual([
        "server::1",
        "server::1",
      ]);
    });

    test("is seen to end behind a plain sh too", { timeout: 60_000 }, async () => {
      const project = await ProjectHarness.create(running.client(), { name: `programs-${++count}` });
      const result = await project.run(`
roles: { plain: { shell: sh } }
tasks: [{ id: serve, role: plain, run: "echo re''ady; sleep 3; (exit 3)", until: { screen: ^ready } }]`);
      expect(states(result)).toEqual({ serve: "failed" });
      expect((await project.entries("state")).find(({ event }) => event === "command_ended")).toMatchObject({
        outcome: "exited",
        exit_code: 3,
      });
      expect((await project.entries("error"))[0]?.text).toMatch(/ended with exit code 3, .* after it was ready/);
    });

    test("is restarted when it dies, and given up after that", { timeout: 60_000 }, async () => {
      const project = await ProjectHarness.create(running.client(), { name: `programs-${++count}` });
      const port = await freePort();
      writeFileSync(
        join(project.workspace, "server.js"),
        `require("fs").appendFileSync("starts", "x");
const server = require("http").createServer((request, response) => { response.end("bye"); setTimeout(() => process.exit(7), 50); });
setTimeout(() => server.listen(${port}, "127.0.0.1"), 300);`,
      );
      const get = `curl -sf --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:${port}/`;
      const result = await project.run(`
roles: { web: { shell: bash }, user: { shell: bash } }
tasks:
  - { id: web, role: web, run: node server.js, until: { port: ${port} }, restart: { attempts: 1, backoff: 100ms } }
  - { id: use, role: user, needs: [web], run: ["${get}", "sleep 1", "${get}", "sleep 1"] }`);
      expect(states(result)).toEqual({ web: "failed", use: "succeeded" });
      expect(readFileSync(join(project.workspace, "starts"), "utf8")).toBe("xx");
      const errors = (await project.entries("error")).map(({ text }) => text);
      expect(errors).toEqual([
        expect.stringMatching(
          /^web: "node server\.js" ended with exit code 7, .* after it was ready\. It is restarted in 100 ms \(restart 1 of 1\)\.$/,
        ),
        expect.stringMatching(/^web failed: "node server\.js" ended with exit code 7, .* after it was ready\./),
      ]);
    });
  });
});
