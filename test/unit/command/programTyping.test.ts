import { describe, expect, it } from "vitest";
import "../../../src/core/command/programTyping";
import { CommandTyping } from "../../../src/core/command/commandTyping";
import { ProgramNotReady } from "../../../src/core/command/programNotReady";
import type { Typed, TypingRequest } from "../../../src/core/command/typingRequest";
import { ShellSession } from "../../../src/core/session/shellSession";
import type { Screen, SessionServer } from "../../../src/core/ports/sessions";
import type { SessionState } from "../../../src/core/model/states";
import type { SensedStates } from "../../../src/core/session/sensedStates";
import { FakeClock } from "../../support/fakeClock";

const wire = "proj-alpha.agent.1";

/** A program that draws whole screens: what stands there, and what becomes of each key. */
class FakeProgram {
  readonly typed: string[] = [];
  rows: string[] = [];
  cursor = { row: 0, col: 0, visible: true };
  modes: number[] = [];
  alternate = false;
  onKeys: (keys: string) => void = () => undefined;
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  readonly #enders = new Set<(code: number | null) => void>();

  /** The cursor stands behind the last row, unless it is said where. */
  draw(rows: string[], cursor?: { row: number; col: number }): void {
    this.rows = rows;
    const last = Math.max(0, rows.length - 1);
    this.cursor = { ...(cursor ?? { row: last, col: rows[last]?.length ?? 0 }), visible: true };
    for (const listener of this.#listeners) listener(new TextEncoder().encode("~"));
  }

  end(code: number | null): void {
    for (const ender of this.#enders) ender(code);
  }

  get screen(): Screen {
    const lines = [...this.rows.map((row) => row.trimEnd()), ...Array<string>(24 - this.rows.length).fill("")];
    const { cursor, modes, alternate } = this;
    const about = { rows: 24, cols: 80, total_lines: 24, alternate_active: alternate, private_modes: modes };
    return { lines, cursor, ...about };
  }

  server(canonical?: boolean): SessionServer {
    const mode = canonical === undefined ? undefined : { echo: canonical, canonical, foreground: undefined };
    const server: Partial<SessionServer> = {
      screen: () => Promise.resolve(this.screen),
      terminalMode: () => Promise.resolve(mode),
      sendInput: (_name, data) => {
        this.typed.push(String(data));
        this.onKeys(String(data));
        return Promise.resolve();
      },
      openRaw: (_name, listener) => {
        this.#listeners.add((bytes) => listener.data(bytes));
        this.#enders.add((exit_code) => listener.ended({ exit_code }));
        return { opened: Promise.resolve(), dispose: () => undefined };
      },
    };
    return server as SessionServer;
  }

  /** Prompts, shows what is typed, and answers each text with some rows. */
  reads(prompt: string, answer: (text: string) => string[] | undefined): void {
    let draft = "";
    const page: string[] = [];
    this.draw([prompt]);
    this.onKeys = (keys) => {
      if (keys === "\x03") return;
      if (keys !== "\r") {
        draft += keys.replace(/\x1b\[20[01]~/g, "");
        this.draw([...page, prompt + draft]);
        return;
      }
      page.push(prompt + draft);
      const rows = answer(draft);
      draft = "";
      page.push(...(rows ?? []));
      this.draw([...page, rows ? prompt : ""]);
    };
  }
}

interface World {
  readonly program: FakeProgram;
  readonly clock: FakeClock;
  readonly session: ShellSession;
  readonly type: (text: string, more?: Partial<TypingRequest>) => Promise<Typed>;
}

async function world(canonical?: boolean): Promise<World> {
  const program = new FakeProgram();
  const clock = new FakeClock();
  const server = program.server(canonical);
  const session = new ShellSession(server, clock, { name: "proj-alpha::agent::1", wire, key: "k", rows: 24, cols: 80 });
  await session.open();
  const typing = new CommandTyping(server, clock, { next: () => "c", secret: () => "s" }, () => Promise.resolve());
  const type = (text: string, more: Partial<TypingRequest> = {}): Promise<Typed> => {
    const typed = typing.type({ text, session, mode: "program", ...more }, "line", () => Promise.resolve("c1"));
    typed.catch(() => undefined);
    return typed;
  };
  return { program, clock, session, type };
}

/** Moves time until the promise is settled, at most for so long. */
async function passes<T>(clock: FakeClock, promise: Promise<T>, most = 120_000): Promise<T> {
  let settled = false;
  const done = promise.finally(() => (settled = true));
  done.catch(() => undefined);
  for (let waited = 0; !settled && waited < most; waited += 50) await clock.advanceAsync(50);
  if (!settled) throw new Error("Nothing came of it in time.");
  return done;
}

const quiet = { outcome: "exited", exit_code: null, known_by: "quiet" };

/** Draws the same again and again, a little different. */
function animate({ clock, program }: World, ms: number, rows: (step: number) => string[]): void {
  let step = 0;
  const next = (): void => {
    program.draw(rows(step++), program.cursor);
    clock.after(ms, next);
  };
  next();
}

describe("a program's first text", () => {
  it("waits until the program has drawn its prompt, however long it loads", async () => {
    const all = await world();
    const { program, clock, type } = all;
    clock.after(4000, () => program.draw(["Loading", ""], { row: 1, col: 0 }));
    clock.after(6500, () => program.reads("> ", () => ["done"]));
    const typed = type("hello");
    await clock.advanceAsync(6400);
    expect(program.typed).toEqual([]);
    expect((await passes(clock, typed)).end).toMatchObject(quiet);
    expect(program.typed).toEqual(["hello", "\r"]);
  });

  it("waits for the end of a spinner of 20 seconds", async () => {
    const all = await world();
    const { program, clock, type } = all;
    let loads = true;
    let step = 0;
    const spin = (): void => {
      if (!loads) return;
      program.draw([`${"⠋⠙⠹⠸"[step++ % 4] ?? ""} Starting… ${Math.floor(step / 8)}s`]);
      clock.after(120, spin);
    };
    spin();
    clock.after(20_000, () => {
      loads = false;
      program.reads("❯ ", () => []);
    });
    const typed = type("hello");
    await clock.advanceAsync(19_900);
    expect(program.typed).toEqual([]);
    expect((await passes(clock, typed)).end).toMatchObject(quiet);
  });

  it("is not typed blindly where nothing is drawn", async () => {
    const { program, clock, type } = await world();
    await expect(passes(clock, type("hello"))).rejects.toMatchObject({ why: "has shown nothing for 30 s" });
    expect(program.typed).toEqual([]);
  });

  it("is typed at once to a program that draws nothing, once a person has said so", async () => {
    const { program, clock, type } = await world();
    const held = (await passes(clock, type("2^10")).catch((error: unknown) => error)) as ProgramNotReady;
    const typed = type("2^10", { passed: held.screen?.fingerprint ?? "" });
    program.onKeys = (keys) => program.draw(keys === "\r" ? ["2^10", "1024", ""] : ["2^10"]);
    await clock.advanceAsync(3000);
    expect(program.typed).toEqual(["2^10", "\r"]);
    expect((await passes(clock, typed)).end).toMatchObject(quiet);
  });

  it.each([
    [["Danger zone", "", "❯ 1. Yes: delete everything", "  2. No"]],
    [["1. Yes: delete everything", "2. No", "Choose:"]],
    [["Do you trust this folder? (y/N)"]],
    [["Continue? [Y/n] "]],
    [["Press Enter to continue"]],
    [["Password: "]],
    [["rm: remove regular file 'x'? "]],
  ])("does not answer %j", async (rows) => {
    const { program, clock, type } = await world();
    program.draw(rows);
    await expect(passes(clock, type("hello"))).rejects.toBeInstanceOf(ProgramNotReady);
    expect(program.typed).toEqual([]);
  });

  it("is typed at such a screen once a person has seen that very screen", async () => {
    const { program, clock, type } = await world();
    program.draw(["Continue? [Y/n] "]);
    const held = (await passes(clock, type("hello")).catch((error: unknown) => error)) as ProgramNotReady;
    expect(held.screen?.text).toBe("Continue? [Y/n]");
    const typed = type("y", { passed: held.screen?.fingerprint ?? "" });
    program.onKeys = (keys) => program.draw(keys === "\r" ? ["ok", "> "] : ["Continue? [Y/n] y"]);
    await clock.advanceAsync(5000);
    expect(program.typed).toEqual(["y", "\r"]);
    program.end(0);
    expect((await passes(clock, typed)).end).toMatchObject({ outcome: "session_ended", exit_code: 0 });
  });

  it.each(["12:00:", "up "])("is not kept waiting by a counter in the footer: %s", async (label) => {
    const all = await world();
    const { program, clock, type } = all;
    let draft = "";
    const rows = (step: number): string[] => [`> ${draft}`, "", `${label}${String(step % 60).padStart(2, "0")}`];
    program.cursor = { row: 0, col: 2, visible: true };
    animate(all, 1000, rows);
    program.onKeys = (keys) => {
      draft = keys === "\r" ? "" : draft + keys;
      program.draw(rows(0), { row: 0, col: 2 + draft.length });
    };
    expect((await passes(clock, type("hello"), 40_000)).end).toMatchObject(quiet);
    expect((await passes(clock, type("again"), 20_000)).end).toMatchObject(quiet);
    expect(program.typed).toEqual(["hello", "\r", "again", "\r"]);
  });
});

describe("a list that was there before the first text", () => {
  const lists: readonly [string, string[]][] = [
    ["> npm", ["Which package manager should I use?", "", "  > npm", "    pnpm", "    Type a response...", "", ""]],
    ["│ ● Vanilla", ["◆  Select a framework:", "│  ● Vanilla", "│  ○ Vue", "└", ""]],
    ["❯ Delete all", ["What now?", "  Keep", "❯ Delete all", ""]],
  ];
  it.each(lists)("gets nothing: %j", async (chosen, rows) => {
    const { program, clock, type } = await world();
    program.draw(rows, { row: rows.length - 1, col: 0 });
    await expect(passes(clock, type("hello"))).rejects.toThrow(`agent::1 asks something: ${chosen}`);
    expect(program.typed).toEqual([]);
  });

  it("is none where the cursor stands in the composer", async () => {
    const { program, clock, type } = await world();
    program.onKeys = (keys) => {
      if (keys !== "\r") program.draw(["> earlier text", "  of two lines", "", `> ${keys}`]);
    };
    program.draw(["> earlier text", "  of two lines", "", "> "]);
    void type("hello");
    await clock.advanceAsync(10_000);
    expect(program.typed).toEqual(["hello", "\r"]);
  });
});

describe("the next text", () => {
  it("is not typed into a menu that came after the last one was over", async () => {
    const { program, clock, type } = await world();
    program.reads("> ", () => ["done"]);
    await passes(clock, type("hello"));
    program.draw([...program.rows.slice(0, -1), "Nachricht: alles weg", "> "]);
    const next = type("again");
    await expect(passes(clock, next)).rejects.toMatchObject({
      why: "shows something new since the last text: Nachricht: alles weg",
    });
    expect(program.typed).toEqual(["hello", "\r"]);
    // The person has seen it.
    expect((await passes(clock, type("again"))).end).toMatchObject(quiet);
  });

  it("is not typed where the prompt is not back", async () => {
    const { program, clock, type } = await world();
    program.reads("> ", () => ["done"]);
    await passes(clock, type("hello"));
    program.draw(["Etwas anderes", "   "]);
    await expect(passes(clock, type("again"))).rejects.toMatchObject({ why: "does not show its prompt" });
    expect(program.typed).toEqual(["hello", "\r"]);
  });
});

describe("what becomes of a text", () => {
  it("is not over while the prompt is not back", async () => {
    const { program, clock, type } = await world();
    program.reads(">>> ", () => undefined);
    const typed = type("import time; time.sleep(9)");
    let over = false;
    void typed.then(() => (over = true));
    await clock.advanceAsync(60_000);
    expect(over).toBe(false);
    program.draw([...program.rows.slice(0, -1), ">>> "]);
    expect((await passes(clock, typed)).end).toMatchObject(quiet);
  });

  it("is for a person to say when the program asks something instead", async () => {
    const { program, clock, type } = await world();
    program.reads("> ", () => undefined);
    const typed = type("clean up");
    await clock.advanceAsync(4000);
    program.draw(["> clean up", "❯ 1. Yes: delete everything", "  2. No"]);
    expect((await passes(clock, typed)).end).toMatchObject({
      outcome: "unknown",
      why: "the program asks something: ❯ 1. Yes: delete everything",
    });
    await expect(passes(clock, type("next"))).rejects.toBeInstanceOf(ProgramNotReady);
    expect(program.typed).toEqual(["clean up", "\r"]);
  });

  it("is not entered when a dialog takes its place", async () => {
    const { program, clock, type } = await world();
    program.draw(["> "]);
    program.onKeys = () => program.draw(["Do you want to delete everything?", "❯ 1. Yes", "  2. No"]);
    expect((await passes(clock, type("hello"))).end).toMatchObject({ outcome: "unknown" });
    expect(program.typed).toEqual(["hello"]);
  });

  it("is not entered where it is not shown", async () => {
    const { program, clock, type } = await world();
    program.draw(["> "]);
    expect((await passes(clock, type("hello"))).end).toMatchObject({
      outcome: "unknown",
      why: "its text was sent and is not shown, so it was not entered",
    });
    expect(program.typed).toEqual(["hello"]);
  });

  it("ends with the program", async () => {
    const { program, clock, type } = await world();
    program.reads("> ", () => undefined);
    const typed = type("exit");
    await clock.advanceAsync(4000);
    program.end(3);
    expect((await passes(clock, typed)).end).toMatchObject({ outcome: "session_ended", exit_code: 3 });
  });

  it("is stopped after its time, to the part of a millisecond", async () => {
    const { program, clock, type } = await world();
    program.reads("> ", () => undefined);
    const { end } = await passes(clock, type("sleep", { timeoutMs: 2500.5 }));
    expect(end).toMatchObject({ outcome: "timed_out" });
    expect(program.typed).toEqual(["sleep", "\r", "\x03"]);
  });
});

describe("several lines", () => {
  it("are one paste where the program asked for pastes", async () => {
    const { program, clock, type } = await world();
    program.modes = [2004];
    program.reads("> ", () => []);
    await passes(clock, type("fix it\nplease"));
    expect(program.typed).toEqual(["\x1b[200~fix it\nplease\x1b[201~", "\r"]);
  });

  it("are not entered one by one elsewhere", async () => {
    const { program, clock, type } = await world(true);
    program.reads("> ", () => []);
    await expect(passes(clock, type("fix it\nplease"))).rejects.toMatchObject({ code: "request_invalid" });
    expect(program.typed).toEqual([]);
  });
});

describe("a program whose rules are known", () => {
  /** What they say, from some times on (in ms after the text was given); `named`: they are the program's own. */
  const says = (clock: FakeClock, named: boolean, ...then: [ms: number, state: SessionState][]): SensedStates => {
    const begun = clock.monotonic();
    const now = (): SessionState => then.findLast(([ms]) => clock.monotonic() - begun >= ms)?.[1] ?? "idle";
    return {
      of: () => ({ finding: { state: now(), why: "", by: "screen" }, seenAt: clock.monotonic(), named }),
      onFound: () => ({ dispose: () => undefined }),
    };
  };
  const rest = { outcome: "exited", exit_code: null, known_by: "rest" };

  it("is done when they say that it is at rest again, and not before", async () => {
    const { program, clock, type } = await world();
    program.reads("> ", () => ["thinking, without a sign of it"]);
    const states = says(clock, true, [0, "idle"], [2000, "working"], [40_000, "done_unseen"]);
    const { end, duration_ms } = await passes(clock, type("hello", { states }));
    expect(end).toMatchObject(rest);
    expect(duration_ms).toBeGreaterThan(37_000);
  });

  it("may ask something in between, which is a question of its own", async () => {
    const { program, clock, type } = await world();
    program.reads("> ", () => ["Continue? [Y/n] "]);
    clock.after(20_000, () => program.draw(["done", "> "]));
    const states = says(clock, true, [2000, "waiting"], [21_000, "idle"]);
    expect((await passes(clock, type("hello", { states }))).end).toMatchObject(rest);
  });

  it("is not done while the text stands there that was not taken", async () => {
    const { program, clock, type } = await world();
    program.draw(["> "]);
    program.onKeys = (keys) => program.draw([keys === "\r" ? "> hello" : `> ${keys}`]);
    const states = says(clock, true, [0, "idle"]);
    const { end } = await passes(clock, type("hello", { states, timeoutMs: 30_000 }));
    expect(end).toMatchObject({ outcome: "timed_out" });
  });

  it("has no more of it than silence where they are those of any program", async () => {
    const { program, clock, type } = await world();
    program.reads("> ", () => ["done"]);
    const states = says(clock, false, [0, "idle"]);
    expect((await passes(clock, type("hello", { states }))).end).toMatchObject(quiet);
  });
});
