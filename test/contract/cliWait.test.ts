import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { projectContextSchema, projectSnapshotSchema, sessionContextSchema } from "../../src/core/model/schemas";
import type { RunningCli } from "../support/cliWorld";
import { cliOnServer, untilGate } from "../support/cliOnServer";
import { serverKinds } from "../support/servers";
import { until } from "../support/until";

const projectSchema = z.strictObject({ project: projectContextSchema, snapshot: projectSnapshotSchema });

describe.each(serverKinds.filter((kind) => !kind.title.includes("token")))(
  "wait on the $title",
  ({ missing, isWsh, start }) => {
    const test = missing === undefined ? it : it.skip;
    const place = cliOnServer({ missing, start });
    const { run, begin, openGate } = place;
    const runs = (project: string): Promise<unknown> =>
      until(
        `a command of ${project} runs`,
        () =>
          existsSync(join(place.world.projectFolder(project), "events-000001.jsonl")) &&
          place.world.entries(project).some(({ kind, input }) => kind === "command" && input === untilGate),
      );
    /**
     * A wait that has found out that there is something to wait for: it has not ended, although it had the time of
     * another one.
     */
    const stillWaits = async (waiting: RunningCli, name: string): Promise<void> => {
      const other = await run("wait", name, "--timeout", "1s");
      expect(other).toMatchObject({
        code: 3,
        stderr: expect.stringContaining("was still running when the time was up") as string,
      });
      expect(waiting.child.exitCode).toBeNull();
    };

    test("a session that asks something meanwhile: what it asks is said, and how it is answered", async () => {
      await run("do", "asks", "--run", "true");
      await run("send", "proj-asks::shell::1", 'read -p "Ship it? [y/N] " x');
      const waiting = begin("wait", "proj-asks::shell::1");
      await until("it is said", () => waiting.stderr().includes("wsh-orchestrator answer proj-asks::shell::1"));
      expect(waiting.stderr()).toContain("shell::1 needs confirmation. Ship it? [y/N]");
      await place.server.sendInput("proj-asks.shell.1", "n\r");
      expect((await waiting.done).code).toBe(0);
    });

    test("a project, until it is done", async () => {
      const doing = begin("do", "done", "--run", untilGate);
      await runs("done");
      const waiting = begin("wait", "done", "--json");
      await stillWaits(waiting, "done");
      openGate();
      const { code, stdout } = await waiting.done;
      expect(code).toBe(0);
      const { project, snapshot } = projectSchema.parse(JSON.parse(stdout));
      expect([project.status, snapshot.tasks?.[0]?.state]).toEqual(["done", "succeeded"]);
      // Whoever waited may run it next.
      expect((await run("do", "done", "--again")).code).toBe(0);
      expect((await doing.done).code).toBe(0);
      expect(await run("wait", "done")).toMatchObject({ code: 0, stdout: "done: done, 1 of 1 task succeeded.\n" });
    });

    test("a project that fails, and one that waits for a person", async () => {
      await run("do", "fails", "--run", "sh -c 'exit 7'");
      expect(await run("wait", "fails")).toMatchObject({
        code: 1,
        stdout: "fails: failed, 0 of 1 task succeeded, 1 failed.\n",
      });
      await run("do", "asks", "--run", "rm -rf precious");
      expect(await run("wait", "asks")).toMatchObject({
        code: 3,
        stdout: expect.stringMatching(/^asks: (needs your answer|blocked), /) as string,
      });
    });

    test("a project that is running and can only go on with an answer", async () => {
      place.world.write(
        "asking.yaml",
        `project: asking\nroles: { a: {}, b: {} }\ntasks:\n  - { id: clean, role: a, run: rm -rf precious }\n  - { id: other, role: b, run: "${untilGate}" }\n`,
      );
      await run("do", "asking", "--plan", join(place.world.workspace, "asking.yaml"), "--detach");
      await runs("asking");
      const waiting = begin("wait", "asking");
      await stillWaits(waiting, "asking");
      openGate();
      const { code, stdout, stderr } = await waiting.done;
      expect({ code, stdout }).toEqual({
        code: 3,
        stdout: "asking: needs your answer, 1 of 2 tasks succeeded, 1 waiting for approval.\n",
      });
      expect(stderr).toContain("rm -rf precious");
      expect(stderr).toMatch(/wsh-orchestrator answer \w{6} skip {3}\(or: run\)/);
      const late = await run("wait", "asking", "--timeout", "1s");
      expect(late.code).toBe(3);
      expect(late.stderr).toContain("rm -rf precious");
      await run("stop", "asking");
    });

    test("a project whose runner dies: says so and does not hang", async () => {
      const doing = begin("do", "dies", "--run", untilGate);
      await runs("dies");
      const waiting = begin("wait", "dies");
      await stillWaits(waiting, "dies");
      doing.child.kill("SIGKILL");
      const { code, stdout, stderr } = await waiting.done;
      expect({ code, stdout }).toEqual({ code: 3, stdout: "dies: not running, 0 of 1 task succeeded.\n" });
      expect(stderr).toMatch(/The process that ran dies ended unexpectedly\./);
      expect(stderr).toMatch(
        /Error: dies is not running: process \d+ ended unexpectedly\.\n.* with: wsh-orchestrator do dies/,
      );
      // Later nobody is given time to take over.
      expect((await run("wait", "dies", "--timeout", "8s")).stderr).toContain("dies is not running");
      openGate();
      // Where the prompt cannot be asked nobody knows what became of the command.
      const known = (await place.server.info()).capabilities.resize ? 0 : 3;
      expect((await run("do", "dies")).code).toBe(known);
      expect((await run("wait", "dies")).code).toBe(known);
    });

    test("a session, until its command has ended", async () => {
      await run("--session-columns", "90", "do", "worker", "--run", "true");
      expect(await run("wait", "proj-worker::shell::1")).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^proj-worker::shell::1: idle\. /) as string,
      });
      await place.server.sendInput("proj-worker.shell.1", `${untilGate}; seq 3\r`);
      await until("it runs", async () =>
        (await place.server.screen("proj-worker.shell.1", "plain")).lines.some(
          (line) => typeof line === "string" && line.includes("seq 3"),
        ),
      );
      const waiting = begin("wait", "proj-worker::shell::1", "--json");
      await stillWaits(waiting, "proj-worker::shell::1");
      openGate();
      const { code, stdout } = await waiting.done;
      expect(code).toBe(0);
      expect(sessionContextSchema.parse(JSON.parse(stdout))).toMatchObject({
        session_name: "proj-worker::shell::1",
        state: "idle",
      });
      expect(await place.server.get("proj-worker.shell.1")).toMatchObject({ rows: 50, cols: 90 });
    });

    test("a session that ends, and one that has ended", async () => {
      await run("do", "ending", "--run", "true");
      await place.server.sendInput("proj-ending.shell.1", `${untilGate}; exit 6\r`);
      const waiting = begin("wait", "proj-ending::shell::1");
      await stillWaits(waiting, "proj-ending::shell::1");
      openGate();
      expect(await waiting.done).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(isWsh ? /: ended\b/ : /: ended\. The session ended with exit code 6\./) as string,
      });
      await run("do", "ended", "--run", "true");
      await run("kill", "proj-ended::shell::1", "--yes");
      expect(await run("wait", "proj-ended::shell::1")).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/: ended\b/) as string,
      });
    });

    test("a session that is not ours, until it is quiet", async () => {
      await place.server.create({
        name: "talker",
        command: `exec sh -c '${untilGate.replaceAll("'", "")}; while [ -e gate ]; do echo talks; sleep 0.1; done; exec cat'`,
        cwd: place.world.workspace,
      });
      openGate();
      await until("it talks", async () => (await place.server.screen("talker", "plain")).lines.includes("talks"));
      const waiting = begin("wait", "talker", "--json");
      await stillWaits(waiting, "talker");
      place.closeGate();
      const { code, stdout } = await waiting.done;
      expect(code).toBe(0);
      expect(sessionContextSchema.parse(JSON.parse(stdout))).toMatchObject({
        session_name: "talker",
        state: "unclear",
        last_signal: expect.stringContaining("quiet for 2 s") as string,
      });
    });

    test("nothing of that name, no such time, and Ctrl-C", async () => {
      expect((await run("wait", "nobody")).code).toBe(5);
      expect((await run("wait", "nobody::1")).code).toBe(5);
      expect((await run("wait", "done", "--timeout", "soon")).code).toBe(2);
      const doing = begin("do", "stopped", "--run", untilGate);
      await runs("stopped");
      const waiting = begin("wait", "stopped", "--json", "--timeout", "1h");
      await stillWaits(waiting, "stopped");
      waiting.child.kill("SIGINT");
      expect(await waiting.done).toMatchObject({ code: 130, stdout: "", stderr: "" });
      doing.child.kill("SIGINT");
      expect((await doing.done).code).toBe(130);
      expect(await run("wait", "stopped")).toMatchObject({
        code: 3,
        stdout: expect.stringMatching(/^stopped: stopped, /) as string,
      });
    });
  },
);
