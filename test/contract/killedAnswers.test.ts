import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { answerTypedEvent, terminalAsksEvent } from "../../src/core/model/entryKinds";
import { CliWorld } from "../support/cliWorld";
import { type RunningServer, serverKinds } from "../support/servers";
import { until } from "../support/until";

/**
 * Loaded before a command: it ends there as by `kill -9`, before its keys leave, or once the server has the first ones,
 * or those with Enter.
 */
const killer = `
const http = require("node:http");
const { request } = http;
const die = () => process.kill(process.pid, "SIGKILL");
http.request = function (...args) {
  const isInput = args.some((each) => each?.method === "POST" && /\\/input(?:\\?|$)/.test(each.path ?? ""));
  if (isInput && process.env.KILLED === "before") die();
  const made = request.apply(this, args);
  if (!isInput) return made;
  let sent = "";
  for (const name of ["write", "end"]) {
    const send = made[name];
    made[name] = function (chunk, ...rest) {
      if (typeof chunk === "string" || chunk instanceof Uint8Array) sent += Buffer.from(chunk).toString();
      return send.call(this, chunk, ...rest);
    };
  }
  const isLast = () => process.env.KILLED === "first" || sent.endsWith("\\r");
  made.prependListener("response", () => isLast() && die());
  return made;
};
`;

/** Takes each key by itself, and shows it. */
const lineEditor =
  "const lines = require('node:readline').createInterface({ input: process.stdin, output: process.stdout });" +
  "lines.question('Apply 3 migrations? [y/N] ', (x) => { lines.close(); console.log('got=' + x + '.'); })";

describe.each(serverKinds.filter(({ title }) => !title.includes("TCP")))(
  "an answer whose command is killed, on $title",
  ({ start, missing }) => {
    const test = missing ? it.skip : it;
    let world: CliWorld;
    let running: RunningServer;
    let hook: string;

    beforeAll(async () => {
      if (missing) return;
      world = new CliWorld();
      hook = world.write("killer.cjs", killer);
      running = await start();
    });
    afterAll(async () => {
      if (missing) return;
      await world.close();
      await running.stop();
    });

    const cli = (args: readonly string[], killed?: "before" | "first" | "last"): ReturnType<CliWorld["run"]> =>
      world.run(
        ["--server", running.address, ...args],
        killed === undefined ? {} : { env: { NODE_OPTIONS: `--require ${hook}`, KILLED: killed } },
      );
    const entries = (project: string): ContextEntry[] =>
      existsSync(join(world.projectFolder(project), "events-000001.jsonl")) ? world.entries(project) : [];
    const questions = (project: string): ContextEntry[] =>
      entries(project).filter(({ event }) => event === terminalAsksEvent);
    const asked = (project: string, count: number): Promise<ContextEntry> =>
      until(`${project} asks ${count} times`, () => questions(project)[count - 1]);
    const result = (project: string): Promise<ContextEntry> =>
      until(`${project} goes on`, () => entries(project).find(({ kind, step }) => kind === "result" && step === 0));

    async function begin(project: string, run: string): Promise<void> {
      const tasks = [{ id: "ask", role: "ask", run }];
      const plan = world.write(
        `${project}.yaml`,
        JSON.stringify({ project, roles: { ask: { shell: "bash" } }, tasks }),
      );
      expect((await cli(["do", project, "--plan", plan, "--detach"])).code).toBe(0);
    }
    /** It was given, and nobody is left to say that it was typed. */
    function isLeft(project: string, { id }: ContextEntry): void {
      const about = entries(project).filter(({ refs }) => refs?.some((ref) => ref.id === id));
      expect(about.filter(({ kind }) => kind === "answer")).toHaveLength(1);
      expect(about.filter(({ event }) => event === answerTypedEvent)).toEqual([]);
    }

    test("before its keys left: the person is asked once more, and the new answer is typed once", async () => {
      await begin("before", "read -p 'Apply 3 migrations? [y/N] ' x; read -t 2 y; echo got=$x,$y.");
      const first = await asked("before", 1);
      expect((await cli(["answer", first.id, "y"], "before")).code).not.toBe(0);
      isLeft("before", first);
      const second = await asked("before", 2);
      expect(second.screen).toBe(first.screen);
      expect(await cli(["answer", first.id, "y"])).toMatchObject({ code: 1 });
      expect(await cli(["answer", second.id, "y"])).toMatchObject({ code: 0, stderr: "" });
      expect((await result("before")).output).toContain("got=y,.");
    });

    test("between its keys: what stands there is not typed once more, and no other answer behind it", async () => {
      await begin("between", `node -e "${lineEditor}"`);
      const first = await asked("between", 1);
      expect((await cli(["answer", first.id, "y"], "first")).code).not.toBe(0);
      isLeft("between", first);
      const second = await asked("between", 2);
      expect(second.text).toContain("[y/N] y");
      const other = await cli(["answer", second.id, "n"]);
      expect(other.code).not.toBe(0);
      expect(other.stderr).toContain('There is unsent text at the prompt of ask::1: "y"');
      expect(await cli(["answer", second.id, "y"])).toMatchObject({ code: 0, stderr: "" });
      expect((await result("between")).output).toContain("got=y.");
    });

    test("after its keys arrived: the program goes on, and nothing is asked or typed once more", async () => {
      await begin("after", "read -p 'Apply 3 migrations? [y/N] ' x; read -t 8 y; echo got=$x,$y.");
      const first = await asked("after", 1);
      expect((await cli(["answer", first.id, "y"], "last")).code).not.toBe(0);
      isLeft("after", first);
      expect((await result("after")).output).toContain("got=y,.");
      expect(questions("after")).toHaveLength(1);
      expect((await cli(["attention"])).stdout).toContain("Nothing needs your answer");
    });
  },
);
