import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import { ProgramStatusTree } from "../../src/core/sense/programStatus";
import { cliProgram, CliWorld } from "../support/cliWorld";
import { PtyCli, type PtyCliOptions } from "../support/ptyCli";
import { type RunningServer, serverKinds } from "../support/servers";
import { until } from "../support/until";

const attributes = "\u001b[?62;22c";
/** Of a terminal that knows OSC 7501. */
const knows = `\u001b]7501;?\u001b\\${attributes}`;
const clear = "\u001b]7501;state=clear\u001b\\";
const titleBack = "\u001b]0;\u001b\\\u001b[23;0t";
const ghostty = { TERM_PROGRAM: "ghostty", TERM_PROGRAM_VERSION: "1.3.1" };

let world: CliWorld;
let cli: PtyCli | undefined;
beforeAll(() => {
  world = new CliWorld();
});
afterEach(() => cli?.kill());
afterAll(() => world.close());

function open(args: readonly string[], { env, ...more }: Partial<PtyCliOptions> = {}): PtyCli {
  cli = new PtyCli(args, { cwd: world.workspace, answers: knows, ...more, env: world.env({ ...ghostty, ...env }) });
  return cli;
}

/** What the terminal has as statuses now, roots first: `build blocked permission`. */
function statuses(written: string): string[] {
  const tree = new ProgramStatusTree();
  for (const [, data = ""] of written.matchAll(/\u001b\]7501;(.*?)\u001b\\/g)) tree.report(data);
  return tree.records.map(({ id, state, kind }) => [id, state, kind].filter((each) => each !== undefined).join(" "));
}

const titles = (written: string): string[] =>
  [...written.matchAll(/\u001b\]0;(.*?)\u001b\\/g)].map(([, title = ""]) => title);
const progress = (written: string): string[] =>
  [...written.matchAll(/\u001b\]9;4;(\d;\d+)\u001b\\/g)].map(([, each = ""]) => each);

describe("do on a terminal that knows what it is told", () => {
  it("tells a tree of the tasks, progress and title, and keeps that all is done", async () => {
    const plan = world.write(
      "told.yaml",
      "project: told\nroles: { a: {}, b: {} }\ntasks:\n  - { id: first, role: a, run: sleep 1 }\n  - { id: second, role: b, needs: [first], run: sleep 1 }\n",
    );
    const terminal = open(["do", "told", "--plan", plan]);
    await until("the first task", () => statuses(terminal.written).includes("first/a.1 working"));
    expect(statuses(terminal.written)).toEqual([" working", "first working", "first/a.1 working"]);
    await until("the second task", () => statuses(terminal.written).includes("second working"));
    expect(statuses(terminal.written)).toEqual(
      expect.arrayContaining([" working", "first done", "second working"]) as string[],
    );
    expect(await terminal.exited()).toBe(0);
    expect(statuses(terminal.written)).toEqual([" done"]);
    expect(titles(terminal.written)).toEqual(expect.arrayContaining(["told 0/2", "told 1/2", ""]) as string[]);
    expect(terminal.written).toContain("\u001b[22;0t\u001b]0;told");
    expect(terminal.written.endsWith(titleBack) || terminal.written.includes(titleBack)).toBe(true);
    expect(progress(terminal.written).at(-1)).toBe("0;0");
    expect(progress(terminal.written)).toContain("1;50");
  });

  it("says that it needs an answer, takes what is typed, and is no terminal's answer", async () => {
    const terminal = open(["do", "asks", "--run", "rm -rf precious"]);
    await terminal.shows(/Type skip or run, then Enter › ▏$/);
    await until("the question", () => statuses(terminal.written)[0] === " blocked permission");
    expect(statuses(terminal.written)).toEqual([" blocked permission", "run blocked permission"]);
    expect(titles(terminal.written).at(-1)).toBe("? asks needs your answer");
    expect(progress(terminal.written).at(-1)).toBe("4;0");
    // Late, and cut anywhere.
    terminal.type("\u001b]7501;?\u001b\\\u001b[?62;22cskip");
    await terminal.shows(/› skip▏$/);
    terminal.type("\r");
    expect(await terminal.exited()).toBe(0);
    expect(statuses(terminal.written)).toEqual([" done"]);
  });

  it("keeps that a task failed", async () => {
    const terminal = open(["do", "fails", "--run", "sh -c 'exit 3'"]);
    expect(await terminal.exited()).toBe(1);
    expect(statuses(terminal.written)).toEqual([" error"]);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("leaves nothing behind after %s", async (signal) => {
    const project = signal.toLowerCase();
    const terminal = open(["do", project, "--run", "sleep 60"]);
    await until("it works", () => statuses(terminal.written).includes("run working"));
    process.kill(terminal.pid, signal);
    expect(await terminal.exited()).toBe(130);
    expect(statuses(terminal.written)).toEqual([]);
    expect(progress(terminal.written).at(-1)).toBe("0;0");
    expect(terminal.written).toContain(clear);
    expect(terminal.written).toContain(titleBack);
  });

  it("leaves nothing behind when it is left at once", async () => {
    const terminal = open(["do", "left", "--run", "trap '' INT QUIT; sleep 30"]);
    await until("it works", () => statuses(terminal.written).includes("run working"));
    terminal.type("\u0003");
    await terminal.shows(/── left {2}stopping…/);
    terminal.type("\u0003");
    expect(await terminal.exited()).toBe(130);
    expect(statuses(terminal.written)).toEqual([]);
    expect(progress(terminal.written).at(-1)).toBe("0;0");
  });

  it("is silent while it is stopped, and tells all of it when it goes on", async () => {
    const terminal = open([], { command: ["bash", "--norc", "-i"] });
    terminal.type(`${process.execPath} ${cliProgram} do stopped --run 'sleep 60'\r`);
    await until("it works", () => statuses(terminal.written).includes("run working"));
    terminal.type("\u001a");
    await terminal.shows(/Stopped/);
    expect(statuses(terminal.written)).toEqual([]);
    expect(progress(terminal.written).at(-1)).toBe("0;0");
    terminal.type("fg\r");
    await until("it works again", () => statuses(terminal.written).includes("run working"));
    terminal.type("\u0003");
    await until("its end", () => statuses(terminal.written).length === 0);
  });

  it("leaves what was typed while the terminal was asked to whoever reads next", async () => {
    const terminal = open([], { command: ["bash", "--norc", "-i"], answers: `early${knows}` });
    terminal.type(`${process.execPath} ${cliProgram} do early --run 'rm -rf precious'\r`);
    await terminal.shows(/› early▏$/);
    terminal.type("\u0015skip\r");
    await terminal.shows(/^early: done/);
    // No answer of the terminal is typed into the shell.
    terminal.type("echo end\r");
    const lines = await terminal.shows(/^end$/);
    expect(lines.join("\n")).not.toContain("7501");
    expect(lines.join("\n")).not.toContain("62;22c");
  });
});

describe("do on other terminals", () => {
  const told = /\u001b\](?:0|9|7501);/;

  it("tells one that does not know OSC 7501 its title, and progress only where that is known", async () => {
    const plain = open(["do", "plain", "--run", "sleep 1"], {
      answers: attributes,
      env: { TERM_PROGRAM: undefined, TERM_PROGRAM_VERSION: undefined },
    });
    expect(await plain.exited()).toBe(0);
    expect(plain.written.match(/\u001b\]7501;[^\u001b]*/g)).toEqual(["\u001b]7501;?"]);
    expect(progress(plain.written)).toEqual([]);
    expect(titles(plain.written)).toEqual(expect.arrayContaining(["plain 0/1", ""]) as string[]);
  });

  it.each<[string, readonly string[], Readonly<Record<string, string>>]>([
    ["--no-signals", ["--no-signals"], {}],
    ["the variable", [], { WSH_ORCHESTRATOR_NO_SIGNALS: "1" }],
    ["--json", ["--json"], {}],
    ["a build server", [], { CI: "true" }],
  ])("tells nothing with %s", async (_name, args, env) => {
    const terminal = open(["do", "silent", "--run", "true", ...args], { env });
    expect(await terminal.exited()).toBe(0);
    expect(terminal.written).not.toMatch(told);
    expect(terminal.written).not.toContain("\u001b[22;0t");
  });

  it("tells nothing where its answer is piped, and nothing in the background", async () => {
    const terminal = open([], { command: ["bash", "--norc", "-i"] });
    terminal.type(`${process.execPath} ${cliProgram} do piped --run true | cat; echo 'over'\r`);
    await terminal.shows(/^over$/);
    terminal.type(`${process.execPath} ${cliProgram} do behind --run true & wait; echo 'behind it'\r`);
    await terminal.shows(/^behind it$/);
    expect(terminal.written).not.toMatch(told);
  });
});

describe.each(serverKinds.filter(({ isWsh, title }) => !isWsh && !title.includes("token")))(
  "do in a session of the $title",
  ({ start }) => {
    let running: RunningServer;
    let server: WshServer;
    beforeAll(async () => {
      running = await start();
      server = running.client();
    });
    afterAll(() => running.stop());

    it("gives a tree there, of what the sensor makes that it waits", async () => {
      await server.create({
        name: "outer",
        command: "exec bash --norc -i",
        cwd: world.workspace,
        env: Object.fromEntries(
          Object.entries(world.env({ PS1: "$ ", CI: "", WSH_ORCHESTRATOR_SERVER: running.address })).flatMap(
            ([name, value]) => (value === undefined ? [] : [[name, value]]),
          ),
        ),
        cols: 120,
      });
      const reports = async (): Promise<string[]> => (await server.look("outer")).signs?.statuses?.slice() ?? [];
      const tree = async (): Promise<string[]> =>
        statuses((await reports()).map((data) => `\u001b]7501;${data}\u001b\\`).join(""));
      const plan = join(world.workspace, "inner.yaml");
      world.write(
        "inner.yaml",
        "project: inner\nroles: { a: {}, b: {} }\ntasks:\n  - { id: build, role: a, run: sleep 60 }\n  - { id: clean, role: b, run: rm -rf precious }\n",
      );
      await server.sendInput("outer", `${process.execPath} ${cliProgram} do inner --plan ${plan}\r`);
      await until(
        "the tree",
        async () => (await tree()).includes("build working") && (await tree())[0] === " blocked permission",
      );
      expect(await tree()).toEqual(expect.arrayContaining(["clean blocked permission"]) as string[]);
      const explained = (await world.json(["explain", "outer"], 0, {
        env: { WSH_ORCHESTRATOR_SERVER: running.address },
      })) as { state: string; state_kind: string; program: { name: string } };
      expect(explained).toMatchObject({
        state: "waiting",
        state_kind: "permission",
        program: { name: "wsh-orchestrator" },
      });
      await server.sendInput("outer", "\u0003");
      await until("the end", async () => (await tree()).length === 0);
      await server.kill("outer");
    });

    it("is told again to who attaches later, passes while attached, and is taken back", async () => {
      await server.create({
        name: "agent",
        command:
          "printf '\\033]0;agent\\007\\033]7501;state=working:app=agent\\033\\\\'; read x; printf '\\033]7501;state=done:app=agent\\033\\\\'; exec cat",
        cwd: world.workspace,
      });
      await until("its status", async () => (await server.look("agent")).signs?.statuses?.length === 1);
      const env = { WSH_ORCHESTRATOR_SERVER: running.address };
      const terminal = open(["attach", "agent"], { env });
      await until("what stood", () => statuses(terminal.written)[0] === " working");
      expect(titles(terminal.written)).toContain("agent");
      await until("the first picture", () => terminal.written.includes("\u001b[?2026l"));
      terminal.type("\r");
      await until("what it says", () => statuses(terminal.written)[0] === " done");
      terminal.type("\u001d");
      expect(await terminal.exited()).toBe(0);
      expect(statuses(terminal.written)).toEqual([]);
      expect(terminal.written).toContain("\u001b[23;0t");
      // Nothing of what the terminal answered was typed into the session.
      const { lines } = await server.screen("agent", "plain");
      expect(JSON.stringify(lines)).not.toMatch(/7501|62;22c/);
      await server.kill("agent");
    });
  },
);
