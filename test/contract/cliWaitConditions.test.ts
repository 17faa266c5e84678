import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sessionContextSchema } from "../../src/core/model/schemas";
import { CliWorld, type RunningCli } from "../support/cliWorld";
import { cliOnServer, untilGate } from "../support/cliOnServer";
import { serverKinds } from "../support/servers";
import { until } from "../support/until";

describe.each(serverKinds.filter((kind) => !kind.title.includes("token")))(
  "wait for a condition on the $title",
  ({ missing, start }) => {
    const test = missing === undefined ? it : it.skip;
    const place = cliOnServer({ missing, start });
    const { run, begin, openGate } = place;
    const shows = (wire: string, text: string): Promise<unknown> =>
      until(`${wire} shows ${text}`, async () =>
        (await place.server.screen(wire, "plain")).lines.some(
          (line) => typeof line === "string" && line.includes(text),
        ),
      );
    /** A session of no project, with no shell of ours. */
    const stranger = (name: string, command: string): Promise<unknown> =>
      place.server.create({ name, command: `exec sh -c ${quoted(command)}`, cwd: place.world.workspace });
    /** Waits while a shorter wait for the same fails: it had the time to find that it has to wait. */
    const stillWaits = async (waiting: RunningCli, ...args: string[]): Promise<void> => {
      expect(await run(...args, "--timeout", "1s")).toMatchObject({ code: 3 });
      expect(waiting.child.exitCode).toBeNull();
    };

    test("a state and its kind, in a session of a project that is not running", async () => {
      await run("do", "states", "--run", "true");
      const name = "proj-states::shell::1";
      expect(await run("wait", name, "--state", "idle")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(": idle") as string,
      });
      await place.server.sendInput("proj-states.shell.1", `${untilGate}; read -p 'Go on? [y/N] ' x\r`);
      await shows("proj-states.shell.1", "read -p");
      expect((await run("wait", name, "--state", "working", "--timeout", "20s")).code).toBe(0);
      const waiting = begin("wait", name, "--state", "waiting:confirm", "--json");
      await stillWaits(waiting, "wait", name, "--state", "waiting");
      openGate();
      const { code, stdout } = await waiting.done;
      expect(code).toBe(0);
      expect(sessionContextSchema.parse(JSON.parse(stdout))).toMatchObject({ state: "waiting", state_kind: "confirm" });
      await place.server.sendInput("proj-states.shell.1", "y\r");
      expect((await run("wait", name, "--state", "idle:shell", "--timeout", "20s")).code).toBe(0);
    });

    test("the end of a session, and one that ends before", async () => {
      await run("do", "ends", "--run", "true");
      const name = "proj-ends::shell::1";
      await place.server.sendInput("proj-ends.shell.1", `${untilGate}; exit 6\r`);
      const [ending, asking, showing] = [
        begin("wait", name, "--state", "exited"),
        begin("wait", name, "--state", "waiting", "--json"),
        begin("wait", name, "--text", "^never$"),
      ];
      await stillWaits(ending, "wait", name, "--state", "exited");
      openGate();
      expect((await ending.done).code).toBe(0);
      const { code, stdout, stderr } = await asking.done;
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(JSON.parse(stderr)).toMatchObject({
        error: {
          code: "session_ended",
          message: expect.stringMatching(
            /^proj-ends::shell::1 was never in the state waiting\. The session ended/,
          ) as string,
        },
      });
      expect(await showing.done).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("did not show the text. The session ended") as string,
      });
      // Later it is known without waiting, as far as the server or the log tell.
      expect((await run("wait", name, "--state", "waiting", "--timeout", "5s")).code).not.toBe(0);
    });

    test("a text: what a command has printed already, and what comes, but not what is typed", async () => {
      await run("do", "texts", "--run", "true");
      const name = "proj-texts::shell::1";
      await run("send", name, `echo before; ${untilGate}; echo READY; sleep 60`);
      await shows("proj-texts.shell.1", "before");
      expect(await run("wait", name, "--text", "^bef..e$", "--timeout", "20s")).toMatchObject({
        code: 0,
        stdout: `${name}: before\n`,
      });
      expect((await run("wait", name, "--text", "before", "--new", "--timeout", "1s")).code).toBe(3);
      const waiting = begin("wait", name, "--text", "READY", "--json");
      await stillWaits(waiting, "wait", name, "--text", "READY");
      openGate();
      const { code, stdout } = await waiting.done;
      expect([code, (JSON.parse(stdout) as { shown: string }).shown]).toEqual([0, "READY"]);
    });

    test("a text that is printed by a later command, however short, and however much comes with it", async () => {
      await run("do", "later", "--run", "true");
      const name = "proj-later::shell::1";
      const waiting = begin("wait", name, "--text", "^needle 77$");
      await stillWaits(waiting, "wait", name, "--text", "^needle 77$");
      await place.server.sendInput("proj-later.shell.1", "echo needle $((70+7)); seq 3000\r");
      const { code, stdout } = await waiting.done;
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${name}: needle 77\n` });
    });

    test("a text, a stable screen and a state of a session of no project", async () => {
      await stranger(
        "ticker",
        `echo old; ${untilGate}; seq 500; echo fresh; printf 'Password: '; stty -echo; read x; exec cat`,
      );
      await shows("ticker", "old");
      expect(await run("wait", "ticker", "--text", "^o.d$", "--timeout", "20s")).toMatchObject({
        code: 0,
        stdout: "ticker: old\n",
      });
      const fresh = begin("wait", "ticker", "--text", "^(old|12|fresh)$", "--new");
      const asks = begin("wait", "ticker", "--state", "waiting:password");
      await stillWaits(fresh, "wait", "ticker", "--text", "^(old|12|fresh)$", "--new");
      openGate();
      expect(await fresh.done).toMatchObject({ code: 0, stdout: "ticker: 12\n" });
      expect((await asks.done).code).toBe(0);
      const { code, stdout } = await run("wait", "ticker", "--stable", "500ms", "--json", "--timeout", "20s");
      expect(code).toBe(0);
      expect(sessionContextSchema.parse(JSON.parse(stdout))).toMatchObject({ session_name: "ticker" });
      await place.server.kill("ticker");
    });

    test("no stable screen while something moves", async () => {
      await stranger("mover", `while [ ! -e gate ]; do date +%N; sleep 0.1; done; exec cat`);
      const waiting = begin("wait", "mover", "--stable", "1s");
      await stillWaits(waiting, "wait", "mover", "--stable", "900ms");
      openGate();
      expect((await waiting.done).code).toBe(0);
      await place.server.kill("mover");
    });

    test("a server that dies meanwhile", async () => {
      await stranger("orphan", "exec cat");
      await until("it is there", () => place.server.get("orphan"));
      const waits = ["--state waiting", "--text x", "--stable 60s"].map((how) =>
        begin("wait", "orphan", ...how.split(" ")),
      );
      for (const waiting of waits) expect(waiting.child.exitCode).toBeNull();
      await stillWaits(waits[0] as RunningCli, "wait", "orphan", "--text", "x");
      await place.running.crash();
      for (const waiting of waits)
        expect(await waiting.done).toMatchObject({
          code: 4,
          stderr: expect.stringContaining("could not be reached") as string,
        });
      await place.restart();
    });
  },
);

describe("what cannot be waited for", () => {
  let world: CliWorld;
  beforeAll(() => {
    world = new CliWorld();
  });
  afterAll(() => world.close());

  it.each([
    [["--state", "waitng"], 'waitng is not a state of a session; did you mean "waiting"?', "States and their kinds: "],
    [["--state", "waiting:repl"], "repl is not a kind of waiting.", "States and their kinds: "],
    [["--text", "(a"], "The pattern of --text must be a regular expression: ", "Give another regular expression."],
    [["--text", "a*"], "The pattern of --text must not match an empty line", "Give another regular expression."],
    [["--text", "a", "--stable", "1s"], "--state, --text and --stable cannot be used together.", "Give one of them."],
    [["--new"], "--new belongs to --text.", "Leave it out, or add --text."],
    [["--stable", "soon"], 'The option --stable cannot be "soon".', "Give a time such as 30s, 10m or 1h30m."],
  ])("%j is refused before anything is looked for", async (args, message, next) => {
    const { code, stdout, stderr } = await world.run(["wait", "nobody", ...args, "--json"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    const { error } = JSON.parse(stderr) as { error: { message: string; next: string } };
    expect(error.message).toContain(message);
    expect(error.next).toContain(next);
  });

  it("a state of a project", async () => {
    await world.run(["do", "alpha", "--run", "true"]);
    expect(await world.run(["wait", "alpha", "--state", "idle"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("alpha is a project") as string,
    });
  });
});

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
