import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { answerTypedEvent, terminalAsksEvent } from "../../src/core/model/entryKinds";
import { CliWorld } from "../support/cliWorld";
import { missingFor } from "../support/everydayWait";
import { type RunningServer, serverKinds } from "../support/servers";
import { until } from "../support/until";

/**
 * Asks below a spinner, a clock and a time that run, and says which question got which line. A file in its folder tells
 * it to ask something else in the same place (`change`), or to write a line above what it asks (`log`).
 */
const program = `
import os, select, sys, time
name = sys.argv[1]
say = lambda text: os.write(1, text.encode())
asks = "Keep all of " + name
say("\\x1b[2J\\x1b[4;1H" + asks + "? [y/N] ")
began = time.time()
frame = 0
while True:
    frame += 1
    passed = int(time.time() - began)
    say("\\x1b7\\x1b[1;1H" + "|/-\\\\"[frame % 4] + " Copying... " + time.strftime("%H:%M:%S") + "\\x1b[K")
    say("\\x1b[2;1H\\u280b".replace("\\u280b", "\\u280b\\u2819\\u2839\\u2838"[frame % 4]) + " %d s passed (%ds)\\x1b[K\\x1b8" % (passed, passed))
    for told in ("change", "log"):
        if os.path.exists(name + "." + told):
            os.remove(name + "." + told)
            if told == "change": asks = "Delete all of " + name
            say("\\r\\x1b[K" + ("one is copied\\r\\n" if told == "log" else "") + asks + "? [y/N] ")
    if select.select([0], [], [], 0.2)[0]:
        print("\\n%s got %s" % (asks, sys.stdin.readline().strip()))
        break
`;

describe.each(serverKinds.filter(({ title }) => !title.includes("TCP")))(
  "a prompt that stands for a while, on $title",
  ({ start, missing, isWsh }) => {
    const why = missing ?? missingFor({ needs: ["python3"] });
    const test = why === undefined ? it : it.skip;
    let world: CliWorld;
    let running: RunningServer;

    beforeAll(async () => {
      if (why !== undefined) return;
      world = new CliWorld();
      world.write("asks.py", program);
      running = await start();
    });
    afterAll(async () => {
      if (why !== undefined) return;
      await world.close();
      await running.stop();
    });

    const cli = (...args: string[]): ReturnType<CliWorld["run"]> => world.run(["--server", running.address, ...args]);
    const entries = (project: string): ContextEntry[] =>
      existsSync(join(world.projectFolder(project), "events-000001.jsonl")) ? world.entries(project) : [];
    const questions = (project: string): ContextEntry[] =>
      entries(project).filter(({ event }) => event === terminalAsksEvent);
    const asked = (project: string, count = 1): Promise<ContextEntry> =>
      until(`${project} asks`, () => questions(project)[count - 1]);
    const ended = (project: string): Promise<ContextEntry> =>
      until(`${project} ends`, () => entries(project).find(({ kind, step }) => kind === "result" && step === 0));

    async function begin(project: string, run: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
      const task = { id: "ask", role: "ask", run, ...more };
      const plan = world.write(
        `${project}.yaml`,
        JSON.stringify({ project, roles: { ask: { shell: "bash" } }, tasks: [task] }),
      );
      expect((await cli("do", project, "--plan", plan, "--detach")).code).toBe(0);
    }
    const screen = async (project: string): Promise<string> => (await cli("pull", `${project}::ask::1`)).stdout;

    test("a spinner, a clock and a time that run above it do not expire its answer", async () => {
      await begin("clock", "python3 asks.py clock");
      const question = await asked("clock");
      const before = /\d+ s passed/.exec(await screen("clock"))?.[0] ?? "";
      expect(before).not.toBe("");
      await until("three seconds pass", async () => {
        const now = /\d+ s passed/.exec(await screen("clock"))?.[0] ?? "";
        return parseInt(now) >= parseInt(before) + 3;
      });
      expect(questions("clock")).toHaveLength(1);
      const { code, stderr } = await cli("answer", question.id, "y");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect((await ended("clock")).output).toContain("Keep all of clock got y");
    });

    test("another question beside them gets no key of its answer", async () => {
      await begin("change", "python3 asks.py change");
      const first = await asked("change");
      world.write("change.change", "");
      const second = await asked("change", 2);
      expect(second.text).toContain("Delete all of change?");
      const late = await cli("answer", first.id, "y");
      expect([late.code, late.stderr]).toEqual([1, expect.stringContaining("The question is closed")]);
      expect((await cli("answer", second.id, "n")).code).toBe(0);
      expect((await ended("change")).output).toContain("Delete all of change got n");
    });

    test("is asked anew where its program writes a line above it", async () => {
      await begin("log", "python3 asks.py log");
      const first = await asked("log");
      world.write("log.log", "");
      await until("the line is there", async () => (await screen("log")).includes("one is copied"));
      const late = await cli("answer", first.id, "y");
      expect(late.code).toBe(1);
      const second = await asked("log", 2);
      expect((await cli("answer", second.id, "n")).code).toBe(0);
      expect((await ended("log")).output).toContain("Keep all of log got n");
    });

    test("is answered in a terminal that was made smaller, and larger", async () => {
      await begin("size", "seq 60; read -p 'Keep all sixty of them? [y/N] ' x; echo got=$x");
      const question = await asked("size");
      const client = running.client();
      for (const [cols, rows] of [
        [60, 9],
        [120, 40],
        [50, 12],
      ] as const) {
        await client.resize("proj-size.ask.1", { cols, rows });
        await until("it has that size", async () => (await client.get("proj-size.ask.1"))?.cols === cols);
      }
      client.close();
      const { code, stderr } = await cli("answer", question.id, "y");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect((await ended("size")).output).toContain("got=y");
      expect(questions("size")).toHaveLength(1);
    });

    test("is no question any more once its task is out of time", async () => {
      await begin("late", "read -p 'Name of the release: ' x; echo got=$x", { timeout: "4s" });
      const { id } = await asked("late");
      expect(await ended("late")).toMatchObject({ outcome: "timed_out" });
      const answered = await cli("answer", id, "blue");
      expect([answered.code, answered.stderr]).toEqual([1, expect.stringContaining("The question is closed")]);
      expect(await screen("late")).not.toContain("blue");
    });

    test("is interrupted from elsewhere, once, and only while it stands", async () => {
      await begin("stops", "read -p 'Name of the release: ' x; echo got=$x");
      const { id } = await asked("stops");
      const { code, stdout, stderr } = await cli("answer", id, "--interrupt");
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: expect.stringContaining("interrupted what asks in ask::1 (Ctrl-C).") as string,
        stderr: "",
      });
      expect(await ended("stops")).toMatchObject({ exit_code: 130 });
      expect((await ended("stops")).output).not.toContain("got=");
      expect((await cli("answer", id, "--interrupt")).stderr).toContain("already answered");
      const both = await cli("answer", id, "y", "--interrupt");
      expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("in place of an answer")]);
    });

    test("of a person's own session is interrupted only once they confirm that", async () => {
      await begin("own", "true");
      await ended("own");
      await cli("send", "own::ask::1", "read -p 'Ship it? [y/N] ' x; echo got=$x");
      await until("it waits", async () => (await cli("attention")).stdout.includes("own::ask::1"));
      const unread = await cli("answer", "own::ask::1", "--interrupt");
      expect([unread.code, unread.stderr]).toEqual([3, expect.stringContaining("Nothing was typed")]);
      for (const more of [[], ["--yes"]]) {
        const held = await cli("answer", "own::ask::1", "--interrupt", ...more);
        expect([held.code, held.stderr]).toEqual([
          3,
          expect.stringContaining(more.length === 0 ? "belongs to no task of a plan" : "--yes is accepted only"),
        ]);
      }
      expect((await cli("answer", "own::ask::1", "y")).code).toBe(0);
      await until("it goes on", async () => (await screen("own")).includes("got=y"));
    });

    // Whoever answers types, and may be killed with the answer in the log and no key typed.
    test("that whoever answered was killed at is answered exactly once", { timeout: 120_000 }, async () => {
      const rounds = 4;
      const asks = Array.from(
        { length: rounds },
        (_, at) => `read -p 'Name of part ${at}? ' x; echo part ${at} got=$x`,
      );
      await begin("killed", asks.join("; "));
      let again = 0;
      for (let at = 0; at < rounds; at++) {
        // What stands above a prompt is in its question, too.
        const open = (): ContextEntry | undefined =>
          questions("killed").findLast(({ text }) => text.includes(`part ${at}?`) && !text.includes(`part ${at + 1}?`));
        const question = await until(`part ${at} is asked`, open);
        const answering = world.start(["--server", running.address, "answer", question.id, `first-${at}`]);
        answering.done.catch(() => undefined);
        await until("it is in the log", () =>
          entries("killed").some(({ kind, refs }) => kind === "answer" && refs?.some(({ id }) => id === question.id)),
        );
        answering.child.kill("SIGKILL");
        await answering.done;
        const typed = (): boolean =>
          questions("killed").some(({ text }) => text.includes(`part ${at + 1}?`)) ||
          entries("killed").some(({ kind, step }) => kind === "result" && step === 0);
        const next = await until(
          "it goes on, or is asked again",
          () => typed() || (open()?.id !== question.id && "asked"),
        );
        if (next !== "asked") continue;
        again++;
        expect((await cli("answer", open()?.id ?? "", `second-${at}`)).code).toBe(0);
        await until("it goes on", typed);
      }
      const lines = ((await ended("killed")).output ?? "").match(/part \d got=\S*/g) ?? [];
      expect(lines.map((line) => line.replace(/(?:first|second)-/, ""))).toEqual(
        asks.map((_, at) => `part ${at} got=${at}`),
      );
      const noted = entries("killed").filter(({ event }) => event === answerTypedEvent).length;
      console.log(
        `${again} of ${rounds} were asked again; of the others ${noted - again} could still say that they typed`,
      );
      expect(isWsh || again + noted > 0).toBe(true);
    });
  },
);
