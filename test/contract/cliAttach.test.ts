import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import type { SessionSpec } from "../../src/core/ports/sessions";
import { cliProgram, CliWorld } from "../support/cliWorld";
import { PtyCli } from "../support/ptyCli";
import { needsResize, type RunningServer, serverKinds } from "../support/servers";
import { testWithShell } from "../support/shellTest";
import { until } from "../support/until";

const detachKey = "\u001d";
/** Prints what comes as hex, each byte at once. */
const hex =
  "stty raw -echo; printf 'ready\\r\\n'; while :; do dd bs=1 count=1 2>/dev/null | od -An -tx1 | tr -d '\\n'; done";

describe.each(serverKinds.filter((kind) => !kind.title.includes("token")))(
  "attach on the $title",
  ({ missing, isWsh, start }) => {
    const test = missing === undefined ? it : it.skip;
    let world: CliWorld;
    let running: RunningServer;
    let server: WshServer;
    const terminals: PtyCli[] = [];

    beforeAll(async () => {
      if (missing !== undefined) return;
      world = new CliWorld();
      running = await start();
      server = running.client();
    });
    afterEach(() => {
      for (const terminal of terminals.splice(0)) terminal.kill();
    });
    afterAll(async () => {
      if (missing !== undefined) return;
      await world.close();
      await running.stop();
    });

    const env = (): NodeJS.ProcessEnv => world.env({ WSH_ORCHESTRATOR_SERVER: running.address });

    function open(command: readonly [string, ...string[]], size: { cols?: number; rows?: number } = {}): PtyCli {
      const terminal = new PtyCli([], { cwd: world.workspace, env: env(), command, ...size });
      terminals.push(terminal);
      return terminal;
    }

    const attach = (args: readonly string[], size: { cols?: number; rows?: number } = {}): PtyCli =>
      open([process.execPath, cliProgram, "attach", ...args], size);

    async function session(name: string, command: string, more: Partial<SessionSpec> = {}): Promise<void> {
      await server.create({ name, command, env: { PS1: "$ ", PROMPT_COMMAND: "" }, cwd: world.workspace, ...more });
    }

    const plain = async (name: string): Promise<string> =>
      (await server.screen(name, "plain")).lines.filter((line) => typeof line === "string").join("\n");
    const shows = (name: string, pattern: RegExp): Promise<boolean> =>
      until(`${name} shows ${pattern.source}`, async () => pattern.test(await plain(name)));
    /** The first picture is there: the modes of the session are set together with it. */
    const drawn = (terminal: PtyCli): Promise<unknown> =>
      until("the first picture", () => terminal.written.includes("\u001b[?2026l"));

    test("what the terminal answers to a program's question arrives, and nobody else answers", async () => {
      const question = "dd bs=1 count=1 >/dev/null 2>&1; printf '\\033]11;?\\007'";
      await session("asks", `stty raw -echo; printf 'ready\\r\\n'; ${question}; exec cat -v`);
      const terminal = attach(["asks"]);
      await terminal.shows(/^ready/);
      terminal.type("x");
      await until("the question", () => terminal.written.includes("\u001b]11;?\u0007"));
      terminal.type("\u001b]11;rgb:ffff/ffff/ffff\u001b\\");
      await shows("asks", /rgb:ffff\/ffff\/ffff/);
      terminal.type("end");
      await shows("asks", /end/);
      expect((await plain("asks")).match(/rgb:/g)).toHaveLength(1);
    });

    test("a shell: what is typed arrives, the screen and its cursor are right, and the terminal is given back", async () => {
      await session("shell", "exec bash --norc -i");
      await shows("shell", /\$/);
      await server.sendInput("shell", "printf '\\033[1;31mearlier\\033[0m\\n'\r");
      await shows("shell", /^earlier/m);
      const outer = open(["bash", "--norc", "-i"]);
      outer.type(
        `PS1='outer> '; stty -g > before; ${process.execPath} ${cliProgram} attach shell; echo "code: $?"; stty -g > after\r`,
      );
      await outer.shows(/^earlier$/);
      expect(outer.written).toMatch(/Attached to shell\. Press Ctrl-\] to detach\./);
      outer.type("echo one$((1+1))three; echo 日本語\r");
      await outer.shows(/^one2three$/);
      await outer.shows(/^日本語$/);
      await until("bracketed paste is on", () => outer.modes.bracketedPasteMode);
      outer.type("# a draft");
      await outer.shows(/\$ # a draft$/);
      outer.type(detachKey);
      const lines = await outer.shows(/^outer>$/);
      expect(lines.slice(-4)).toEqual([
        expect.stringMatching(/\$ # a draft$/),
        "Detached from shell. The session keeps running.",
        "code: 0",
        expect.stringMatching(/^outer>/),
      ]);
      expect(outer.cursorVisible).toBe(true);
      expect(readFileSync(join(world.workspace, "after"), "utf8")).toBe(
        readFileSync(join(world.workspace, "before"), "utf8"),
      );
      await shows("shell", /# a draft$/m);
    });

    test("every byte arrives, once and in order", async (context) => {
      await needsResize(context, server);
      await session("bytes", `exec sh -c ${quoted(hex)}`);
      await shows("bytes", /ready/);
      const terminal = attach(["bytes", "--detach-key", "ctrl-q"], { cols: 200 });
      await drawn(terminal);
      const typed = "abc\u0003\u001a\u0004\u001b[A\u001b[<0;3;4M\u001d\té😀\r";
      for (const character of typed) terminal.type(character);
      const wanted = [...Buffer.from(typed)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
      await until("all bytes", async () => (await plain("bytes")).replace(/\s+/g, " ").includes(`ready ${wanted}`));
      terminal.type("\u0011");
      expect(await terminal.exited()).toBe(0);
    });

    test("64 KiB of paste arrive whole, the detach key in it too", async () => {
      const text = `\u001b[200~${`line of a paste ${detachKey} é\n`.repeat(3000)}`.slice(0, 65_000) + "\u001b[201~";
      const bytes = Buffer.from(text);
      await session(
        "paste",
        `exec sh -c ${quoted(`stty raw -echo; printf 'ready\\r\\n'; head -c ${bytes.length} | sha1sum; read -r _`)}`,
      );
      await shows("paste", /ready/);
      const terminal = attach(["paste"]);
      await drawn(terminal);
      terminal.type(text);
      await terminal.shows(new RegExp(createHash("sha1").update(bytes).digest("hex")));
      terminal.type(detachKey);
      expect(await terminal.exited()).toBe(0);
    });

    test("a full-screen program: its picture, what it prints, and the screen below it", async () => {
      const program =
        "printf 'below\\r\\n'; printf '\\033[?1049h\\033[?1h\\033[H\\033[2J\\033[3;5Hfull screen'; read -r x; printf '\\033[3;5H\\033[44mnow\\nbare\\033[0m'; read -r x; printf '\\033[?1l\\033[?1049lleft\\r\\n'; read -r x";
      await session("full", `exec sh -c ${quoted(`stty -echo -onlcr; ${program}`)}`);
      await shows("full", /full screen/);
      const terminal = attach(["full"]);
      await terminal.shows(/^ {4}full screen$/);
      expect(terminal.alternate).toBe(true);
      expect(terminal.modes.applicationCursorKeysMode).toBe(true);
      terminal.type("\r");
      // A bare line feed goes down and not back.
      await terminal.shows(/^ {4}nowl screen$/);
      await terminal.shows(/^ {7}bare$/);
      terminal.type("\r");
      const lines = await terminal.shows(/^below$/);
      expect(terminal.alternate).toBe(false);
      expect(lines.at(-1)).toBe("left");
      terminal.type(detachKey);
      expect(await terminal.exited()).toBe(0);
    });

    test("detached in the middle of a full-screen program nothing of it stays", async () => {
      await session(
        "covered",
        `exec sh -c ${quoted("printf '\\033[?1049h\\033[?1003;1006;2004h\\033[?25l\\033[2;4rcovers'; read -r x")}`,
      );
      await shows("covered", /covers/);
      const terminal = attach(["covered"]);
      await terminal.shows(/^covers$/);
      if (!isWsh) expect(terminal.modes).toMatchObject({ mouseTrackingMode: "any", bracketedPasteMode: true });
      terminal.type(detachKey);
      expect(await terminal.exited()).toBe(0);
      expect((await terminal.lines()).at(-1)).toBe("Detached from covered. The session keeps running.");
      expect(terminal.alternate).toBe(false);
      expect(terminal.cursorVisible).toBe(true);
      expect(terminal.modes).toMatchObject({
        mouseTrackingMode: "none",
        bracketedPasteMode: false,
        applicationCursorKeysMode: false,
      });
    });

    test("the session follows the size of the terminal, and gets its own back", async (context) => {
      await needsResize(context, server);
      await session("sized", "exec bash --norc -i", { rows: 40, cols: 120 });
      await shows("sized", /\$/);
      const terminal = attach(["sized"], { rows: 21, cols: 77 });
      const size = async (): Promise<string> => {
        const info = await server.get("sized");
        return `${info?.rows} ${info?.cols}`;
      };
      await until("the terminal's size", async () => (await size()) === "21 77");
      await drawn(terminal);
      terminal.type("stty size\r");
      await terminal.shows(/^21 77$/);
      terminal.resize(50, 12);
      await until("the new size", async () => (await size()) === "12 50");
      terminal.type("clear; stty size\r");
      await terminal.shows(/^12 50$/);
      terminal.type(detachKey);
      expect(await terminal.exited()).toBe(0);
      expect(await size()).toBe("40 120");
    });

    test("says that the session has ended, and how where that is told", async () => {
      await session("ends", "exec bash --norc -i");
      await shows("ends", /\$/);
      const terminal = attach(["ends"]);
      await terminal.shows(/\$$/);
      terminal.type("exit 3\r");
      expect(await terminal.exited()).toBe(0);
      expect((await terminal.lines()).at(-1)).toBe(
        isWsh ? "ends has ended; its exit code is not known." : "ends has ended with exit code 3.",
      );
    });

    test("a flood of output leaves the same screen here and there", async () => {
      await session("flood", "exec bash --norc -i");
      await shows("flood", /\$/);
      const terminal = attach(["flood"]);
      await drawn(terminal);
      terminal.type("clear; seq 1 400000; echo over-$((6*7))\r");
      await until("the end", async () => /^over-42$/m.test(await plain("flood")), 30_000);
      await until("the same picture", async () => {
        const there = (await server.screen("flood", "plain")).lines.filter((line) => typeof line === "string");
        const here = (await terminal.lines()).slice(-there.filter((line) => line !== "").length);
        return there.filter((line) => line !== "").join("\n") === here.join("\n");
      });
      terminal.type(detachKey);
      expect(await terminal.exited()).toBe(0);
    });

    test("a signal gives the terminal back", async () => {
      await session("signalled", `exec sh -c ${quoted("printf '\\033[?1049hcovers'; read -r x")}`);
      await shows("signalled", /covers/);
      const terminal = attach(["signalled"]);
      await terminal.shows(/^covers$/);
      process.kill(terminal.pid, "SIGTERM");
      expect(await terminal.exited()).toBe(130);
      expect((await terminal.lines()).at(-1)).toBe("Detached from signalled. The session keeps running.");
      expect(terminal.alternate).toBe(false);
    });

    test("a terminal that is closed leaves the session alone, with its own size", async (context) => {
      await needsResize(context, server);
      await session("closed", "exec bash --norc -i", { rows: 40, cols: 120 });
      await shows("closed", /\$/);
      const terminal = attach(["closed"]);
      await until("the terminal's size", async () => (await server.get("closed"))?.cols === 80);
      await drawn(terminal);
      process.kill(terminal.pid, "SIGHUP");
      await terminal.exited();
      expect(await server.get("closed")).toMatchObject({ rows: 40, cols: 120, clients: 0 });
    });

    test("does not attach a session to itself, nor to what is no terminal, nor to nothing", async () => {
      await session("itself", "exec bash --norc -i", { env: { ...onlyStrings(env()), PS1: "$ " }, cols: 120 });
      await shows("itself", /\$/);
      await server.sendInput("itself", `${process.execPath} ${cliProgram} attach itself; echo "code: $?"\r`);
      await shows("itself", /This terminal shows itself already/);
      await shows("itself", /^code: 2$/m);
      const piped = await world.run(["attach", "itself", "--json"], {
        env: { WSH_ORCHESTRATOR_SERVER: running.address },
      });
      expect(piped.code).toBe(2);
      expect(JSON.parse(piped.stderr)).toMatchObject({
        error: { code: "usage", next: expect.stringContaining("pull itself --follow") as string },
      });
      const none = attach(["nobody"]);
      expect(await none.exited()).toBe(5);
      expect((await none.lines()).join("\n")).toContain("There is no session nobody.");
      const key = attach(["itself", "--detach-key", "ctrl-m"]);
      expect(await key.exited()).toBe(2);
    });
  },
);

describe("attach to a session of a project", () => {
  let world: CliWorld;
  let terminal: PtyCli | undefined;
  beforeAll(() => {
    world = new CliWorld();
  });
  afterEach(() => terminal?.kill());
  afterAll(() => world.close());

  const attach = (args: readonly string[], size: { cols?: number; rows?: number } = {}): PtyCli => {
    terminal = new PtyCli(["attach", ...args], { cwd: world.workspace, env: world.env(), ...size });
    return terminal;
  };

  it("is on record, and nothing of what passed", async () => {
    await world.run(["do", "kept", "--run", "true"]);
    const first = attach(["shell::1"]);
    await first.shows(/^\$/);
    first.type("echo private-$((40+2))\r");
    await first.shows(/^private-42$/);
    first.type(detachKey);
    expect(await first.exited()).toBe(0);
    const second = attach(["proj-kept::shell::1"]);
    await second.shows(/^private-42$/);
    second.type("exit 4\r");
    expect(await second.exited()).toBe(0);
    const about = world.entries("kept").filter(({ actor }) => actor.startsWith("human:") && actor.length > 6);
    expect(about.filter(({ kind }) => kind === "session")).toMatchObject([
      { event: "attached", session_name: "proj-kept::shell::1" },
      { event: "keyboard_taken", session_name: "proj-kept::shell::1" },
      { event: "detached", session_name: "proj-kept::shell::1" },
      { event: "attached" },
      { event: "keyboard_taken" },
      { event: "ended", state: "exited", exit_code: 4 },
    ]);
    expect(JSON.stringify(world.entries("kept"))).not.toContain("private");
  });

  for (const shell of ["bash", "zsh", "fish"]) {
    testWithShell(
      shell,
      `goes on while a runner works there in ${shell}, whatever the sizes, and every command runs once`,
      async () => {
        const project = `driven-${shell}`;
        const log = `${shell}.txt`;
        const commands = Array.from({ length: 25 }, (_, index) => `echo run-${index} >> ${log}; sleep 0.05`);
        const plan = world.write(
          `${shell}.yaml`,
          `project: ${project}\nroles: { worker: { shell: ${shell} } }\ntasks:\n  - { id: all, role: worker, run: ${JSON.stringify(commands)} }\n`,
        );
        const running = world.start(["do", project, "--plan", plan]);
        const results = (): number =>
          existsSync(join(world.projectFolder(project), "events-000001.jsonl"))
            ? world.entries(project).filter(({ kind }) => kind === "result").length
            : 0;
        await until("its first command", () => results() > 0);
        const attached = attach([`proj-${project}::worker::1`], { cols: 70, rows: 20 });
        for (let round = 0; round < 12; round++) {
          await until("a next command", () => results() > round * 2 || running.child.exitCode !== null);
          attached.resize(50 + ((round * 7) % 40), 10 + (round % 5));
        }
        expect((await running.done).code).toBe(0);
        expect(readFileSync(join(world.workspace, log), "utf8")).toBe(
          commands.map((_, index) => `run-${index}\n`).join(""),
        );
        await attached.shows(/run-24/);
        attached.type(detachKey);
        expect(await attached.exited()).toBe(0);
        const sessions = (await world.json(["sessions", project])) as { session_name: string }[];
        expect(sessions.map(({ session_name }) => session_name)).toEqual([`proj-${project}::worker::1`]);
      },
      60_000,
    );
  }

  it("says that its server is gone", async () => {
    await world.run(["do", "lost", "--run", "true"]);
    const attached = attach(["proj-lost::shell::1"]);
    await attached.shows(/^\$/);
    const status = (await world.json(["wsh-server", "status"])) as { pid: number };
    process.kill(status.pid, "SIGKILL");
    expect(await until("its end", () => attached.exitCode, 30_000)).toBe(4);
    // The address is long, so the terminal wraps the line anywhere.
    expect((await attached.lines()).join("")).toMatch(
      /Error: The session server at \S+ ?could ?not ?be ?reached ?for ?\d+ ?s\./,
    );
    expect(attached.modes.bracketedPasteMode).toBe(false);
  });
});

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function onlyStrings(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
