// Its code is loaded before time is moved on.
import "../../../src/core/command/programTyping";
import { describe, expect, it } from "vitest";
import { CommandTyping } from "../../../src/core/command/commandTyping";
import type { Typed, TypingRequest } from "../../../src/core/command/typingRequest";
import { OrchestratorError } from "../../../src/core/model/errors";
import { ShellSession } from "../../../src/core/session/shellSession";
import { encodeSentinel } from "../../../src/core/sense/typing";
import { FakeClock } from "../../support/fakeClock";
import { FakeServer } from "../../support/fakeServer";
import type { FakeShell, FakeTerminal } from "../../support/fakeTerminal";
import { nothingToDo } from "../../../src/core/model/remedy";

const wire = "proj-alpha.worker.1";

interface World {
  readonly clock: FakeClock;
  readonly server: FakeServer;
  readonly terminal: FakeTerminal;
  readonly session: ShellSession;
  /** What happened, in its order: `intent`, and the keys that were typed. */
  readonly order: string[];
  /** Begins to type; time stands still until `clock` is moved. */
  readonly type: (text: string, more?: Partial<TypingRequest>) => Promise<Typed>;
}

async function world(shell: FakeShell = () => ({ status: 0 })): Promise<World> {
  const clock = new FakeClock();
  const server = new FakeServer(shell);
  await server.create({ name: wire, env: { WO_K: "k1" }, cwd: "/site" });
  const terminal = server.terminal(wire);
  const session = new ShellSession(server, clock, { name: "worker", wire, key: "k1", rows: 24, cols: 80 });
  await session.open();
  const order: string[] = [];
  server.onInput = (_name, keys) => order.push(keys);
  const ids = { next: () => "c1", secret: () => "secret1" };
  const typing = new CommandTyping(server, clock, ids, () => Promise.resolve());
  const type = (text: string, more: Partial<TypingRequest> = {}): Promise<Typed> => {
    const typed = typing.type({ text, session, mode: "marks", ...more }, "line", ({ n, typed_as }) => {
      order.push(`intent ${n ?? "-"} ${typed_as ?? ""}`);
      return Promise.resolve("c1");
    });
    typed.catch(() => undefined);
    return typed;
  };
  return { clock, server, terminal, session, order, type };
}

/** Moves time until the promise is settled; fails when that takes longer than a minute. */
async function passes<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let settled = false;
  const done = promise.finally(() => (settled = true));
  done.catch(() => undefined);
  for (let waited = 0; !settled && waited < 60_000; waited += 10) await clock.advanceAsync(10);
  if (!settled) throw new Error("Nothing came of it within a minute.");
  return done;
}

const paste = (text: string): string => `\x1b[200~ ${text}\x1b[201~\r`;

describe("typing at a prompt with marks", () => {
  it("says durably what it will type before the first byte, and knows the end by its mark", async () => {
    const { order, type } = await world(() => ({ status: 3, output: "hello\r\n" }));
    const { end, usable } = await type("make");
    expect(order).toEqual(["intent 1 paste", paste("make")]);
    expect(end).toMatchObject({ outcome: "exited", exit_code: 3, known_by: "mark" });
    expect(usable).toBe(true);
  });

  it("types nothing where somebody's text stands, and says so only after their time to finish", async () => {
    const { clock, terminal, order, type } = await world();
    terminal.type("git comm");
    order.length = 0;
    const begun = clock.monotonic();
    await expect(passes(clock, type("make", { draftMs: 5000 }))).rejects.toMatchObject({ code: "draft_on_line" });
    expect(clock.monotonic() - begun).toBeGreaterThanOrEqual(5000);
    expect(order).toEqual([]);
  });

  it("gives a text that is drawn a moment after its prompt time to come, before the line counts as empty", async () => {
    const { clock, terminal, order, type } = await world();
    terminal.type("git comm");
    terminal.drawsDraft = (draw) => void clock.after(10, draw);
    terminal.resize({ rows: 30, cols: 80 });
    order.length = 0;
    await expect(passes(clock, type("make"))).rejects.toMatchObject({ code: "draft_on_line" });
    expect(order).toEqual([]);
  });

  it("types as soon as the person is done", async () => {
    const { clock, terminal, order, type } = await world();
    terminal.type("git st");
    const typed = type("make", { draftMs: 60_000 });
    await clock.advanceAsync(2000);
    terminal.type("\x03");
    order.length = 0;
    expect((await passes(clock, typed)).end).toMatchObject({ outcome: "exited", exit_code: 0 });
    expect(order).toEqual(["intent 1 paste", paste("make")]);
  });

  it("takes text that a job printed into the prompt for no draft: a redraw shows an empty line", async () => {
    const { clock, terminal, type } = await world();
    terminal.print("[1]+ Done  sleep 1");
    expect((await passes(clock, type("make"))).end.outcome).toBe("exited");
  });

  it("types nothing while something else runs", async () => {
    const { clock, terminal, order, type } = await world((text) => (text === "vi" ? "runs" : { status: 0 }));
    terminal.type(paste("vi"));
    await expect(passes(clock, type("make"))).rejects.toMatchObject({ code: "session_busy" });
    expect(order).toEqual([]);
  });

  it("types nothing when somebody begins to type while the intent goes to the disk", async () => {
    const { clock, terminal, server, session } = await world();
    const typing = new CommandTyping(server, clock, { next: () => "c", secret: () => "s" }, () => Promise.resolve());
    const typed = typing.type({ text: "make", session, mode: "marks" }, "line", () => {
      terminal.type("l");
      return Promise.resolve("c1");
    });
    expect((await passes(clock, typed)).end.outcome).toBe("not_sent");
    expect(terminal.commands).toEqual([]);
  });

  it("tells a line that the shell refuses from one that runs, without typing anything more", async () => {
    const { clock, order, type } = await world(() => "refused");
    const { end } = await passes(clock, type("if then"));
    expect(end).toMatchObject({ outcome: "rejected", known_by: "probe" });
    expect(order).toEqual(["intent 1 paste", paste("if then")]);
  });

  it("asks before every key whether it still may", async () => {
    const { clock, server, session, order } = await world();
    const gone = new OrchestratorError("driven_elsewhere", "Another process runs it.", nothingToDo);
    const typing = new CommandTyping(server, clock, { next: () => "c", secret: () => "s" }, () => Promise.reject(gone));
    const typed = typing.type({ text: "make", session, mode: "marks" }, "line", () => Promise.resolve("c1"));
    await expect(passes(clock, typed)).rejects.toBe(gone);
    expect(order).toEqual([]);
  });
});

describe("keys that are lost on their way", () => {
  const fails = (code: "input_not_sent" | "input_unconfirmed"): OrchestratorError =>
    new OrchestratorError(code, "The connection broke.", nothingToDo);

  it("are known not to have arrived when the connection says so", async () => {
    const { server, terminal, type } = await world();
    server.onInput = () => {
      throw fails("input_not_sent");
    };
    expect((await type("make")).end.outcome).toBe("not_sent");
    expect(terminal.commands).toEqual([]);
  });

  it("are known not to have arrived when the prompt stays empty", async () => {
    const { clock, server, type } = await world();
    server.onInput = () => {
      throw fails("input_unconfirmed");
    };
    expect((await passes(clock, type("make"))).end).toMatchObject({ outcome: "not_sent", known_by: "probe" });
  });

  it("are known to have arrived by what came of them, and are not typed again", async () => {
    const { clock, server, terminal, type } = await world();
    server.onInput = (_name, keys) => {
      terminal.type(keys);
      throw fails("input_unconfirmed");
    };
    expect((await passes(clock, type("make"))).end).toMatchObject({ outcome: "exited", exit_code: 0 });
    expect(terminal.commands).toEqual(["make"]);
  });
});

describe("the end of a command", () => {
  const long: FakeShell = (text) => (text === "long" ? "runs" : { status: 0 });

  it("that nobody saw, because bytes were lost, is told by the prompt when it is asked", async () => {
    const { clock, terminal, type } = await world(long);
    const typed = type("long");
    await clock.advanceAsync(50);
    for (const listener of [...terminal.listeners]) {
      terminal.listeners.delete(listener);
      terminal.finish(4);
      terminal.listeners.add(listener);
    }
    terminal.loseBytes();
    expect((await passes(clock, typed)).end).toMatchObject({ outcome: "exited", exit_code: 4, known_by: "probe" });
  });

  it("is waited for after a gap while nothing answers", async () => {
    const { clock, terminal, type } = await world(long);
    const typed = type("long");
    await clock.advanceAsync(50);
    terminal.loseBytes();
    await clock.advanceAsync(120_000);
    terminal.finish(0);
    expect((await passes(clock, typed)).end).toMatchObject({ outcome: "exited", exit_code: 0 });
  });

  it("comes with Ctrl-C when it is stopped, which is told before", async () => {
    const { clock, terminal, order, type } = await world(long);
    const stop = new AbortController();
    const interrupting = (outcome: string): Promise<void> => Promise.resolve(void order.push(`tells ${outcome}`));
    const typed = type("long", { signal: stop.signal, interrupting });
    await clock.advanceAsync(5000);
    stop.abort();
    expect((await passes(clock, typed)).end).toMatchObject({ outcome: "interrupted", means: "ctrl_c", exit_code: 130 });
    expect(order.slice(-2)).toEqual(["tells interrupted", "\x03"]);
    expect(terminal.over).toBeUndefined();
  });

  it("comes with the session's when nothing milder helps, once its time is over", async () => {
    const { clock, terminal, order, type } = await world(long);
    terminal.takes = (keys) => keys === "\x03" || keys === "\x1c";
    const { end, usable } = await passes(clock, type("long", { timeoutMs: 2000 }));
    expect(end).toMatchObject({ outcome: "timed_out", means: "session_end" });
    expect(usable).toBe(false);
    expect(order.slice(-3)).toEqual(["\x03", "\x03", "\x1c"]);
  });

  it("is the session's own when it ends", async () => {
    const { clock, server, type } = await world(long);
    const typed = type("long");
    await clock.advanceAsync(50);
    server.end(wire, 7);
    const { end, usable } = await passes(clock, typed);
    expect(end).toMatchObject({ outcome: "session_ended", exit_code: 7 });
    expect(usable).toBe(false);
  });
});

describe("typing where there are no marks", () => {
  it("carries an end mark of its own, once it is known which shell reads it", async () => {
    const { clock, terminal, order, type } = await world();
    terminal.takes = (keys) => {
      const asks = keys.includes("FISH_VERSION");
      terminal.print(asks ? "\x1b]133;D;0;id=secret1;f=\x07" : "\x1b]133;C;id=secret1\x07\x1b]133;D;5;id=secret1\x07");
      return true;
    };
    const { end } = await passes(clock, type("make", { mode: "sentinel" }));
    expect(end).toMatchObject({ outcome: "exited", exit_code: 5, known_by: "sentinel" });
    expect(order.at(-1)).toBe(encodeSentinel("make", { shell: "posix", id: "secret1" }));
  });

  it("types no line that a terminal may cut off", async () => {
    const { clock, order, type } = await world();
    await expect(passes(clock, type("x".repeat(2000), { mode: "program" }))).rejects.toMatchObject({
      code: "request_invalid",
    });
    expect(order).toEqual([]);
  });
});
