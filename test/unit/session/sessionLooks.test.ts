import { describe, expect, it } from "vitest";
import type { EntryDraft } from "../../../src/core/model/entry";
import type { ProjectContext } from "../../../src/core/model/project";
import type { SessionContext } from "../../../src/core/model/session";
import type { ChosenServer, Screen, SessionInfo, TerminalMode } from "../../../src/core/ports/sessions";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { ownershipTag } from "../../../src/core/session/ownership";
import { senseOnce } from "../../../src/core/session/sensedTerminal";
import { SessionLooks } from "../../../src/core/session/sessionLooks";
import { askServers, trueSessions } from "../../../src/core/session/trueSessions";
import { FakeClock } from "../../support/fakeClock";
import { FakeServer } from "../../support/fakeServer";
import { MemoryRecord } from "../../support/memoryRecord";
import { silentLogger } from "../../support/systemClock";

const name = "proj-alpha::worker::1";
const wire = "proj-alpha.worker.1";
const project = { project_id: "alpha", name: "alpha", server: { address: "unix:/fake", server_id: "fake-1" } };
const minuteMs = 60_000;
const atPrompt = { echo: false, canonical: false, foreground: "bash" };
const inFront = (foreground: string): TerminalMode => ({ echo: true, canonical: true, foreground });

/** A server whose terminal shows what a test says, and tells how long it has been silent. */
class SilentServer extends FakeServer {
  lines: string[] = ["$"];
  alternate = false;
  mode: TerminalMode | undefined = undefined;
  heard = 0;
  looks = 0;

  constructor(private readonly clock: FakeClock) {
    super();
    this.heard = clock.now();
  }

  /** Set: it tells output from input, which came then. */
  typed: number | undefined;
  /** So long the machine slept since then; its own clock stood still meanwhile. */
  slept = 0;

  override async list(tags?: readonly string[]): Promise<SessionInfo[]> {
    const since = (at: number): number => this.clock.now() - this.slept - at;
    return (await super.list(tags)).map((info) => ({
      ...info,
      last_activity_ms: since(Math.max(this.heard, this.typed ?? 0)),
      ...(this.typed === undefined ? {} : { last_output_ms: since(this.heard) }),
    }));
  }

  override screen(): Promise<Screen> {
    this.looks++;
    const row = this.lines.length - 1;
    const cursor = { row, col: (this.lines[row] ?? "").length + 1, visible: true };
    return Promise.resolve({
      lines: this.lines,
      cursor,
      rows: 24,
      cols: 80,
      total_lines: 24,
      alternate_active: this.alternate,
    });
  }

  override terminalMode(): Promise<TerminalMode | undefined> {
    return Promise.resolve(this.mode);
  }
}

async function scene(quietAfterMs = 10 * minuteMs): Promise<{
  clock: FakeClock;
  server: SilentServer;
  record: MemoryRecord;
  shows: (lines: string[], mode?: TerminalMode) => void;
  look: () => Promise<SessionContext>;
  typed: (command_id: string, text: string) => Promise<void>;
}> {
  const clock = new FakeClock();
  const record = new MemoryRecord(clock);
  const server = new SilentServer(clock);
  await server.create({ name: wire, tags: [ownershipTag("key")] });
  await record.append({
    ...{ kind: "session", actor: "engine", session_name: name, role: "worker", wire_name: wire, mode: "marks" },
    ...{ event: "created", state: "idle", k: "key", server_id: "fake-1", text: "It is ready." },
  });
  const looks = new SessionLooks({
    clock,
    logger: silentLogger,
    quietAfterMs: () => quietAfterMs,
    redact: (line) => line.replaceAll("hunter2", "‹redacted›"),
    rules: () => Promise.resolve(shippedCatalog),
  });
  const recorded = { project: project as ProjectContext, state: record.state };
  const chosen = async (): Promise<ChosenServer> => ({ server, info: await server.info(), builtin: true });
  return {
    clock,
    server,
    record,
    shows: (lines, mode) => {
      server.lines = lines;
      server.mode = mode;
      server.heard = clock.now();
    },
    look: async () => {
      const [session] = trueSessions(recorded, await askServers(chosen, [recorded], looks));
      if (!session) throw new Error("There is no session.");
      return session;
    },
    // As `send` without waiting leaves it.
    typed: async (command_id, input) => {
      const about = { actor: "human:ada", session_name: name, command_id } as const;
      await record.append({ ...about, kind: "command", input, typed_as: "keys", text: `Sent: ${input}` });
      await record.append({ ...about, kind: "result", outcome: "unknown", known_by: "none", text: "Sent." });
    },
  };
}

describe("a session whose record does not say what became of typed keys", () => {
  it("is idle once its prompt is back, and works before that, by the terminal of its own server", async () => {
    const { clock, record, shows, look, typed } = await scene();
    await typed("c1", "sleep 5");
    shows(["$ sleep 5"], inFront("sleep"));
    expect(record.state.sessions.get(name)?.state).toBe("unclear");
    expect(await look()).toMatchObject({ state: "working", last_signal: "sleep is running." });
    await clock.advanceAsync(5000);
    shows(["a prompt like no other ∎"], atPrompt);
    expect(await look()).toMatchObject({ state: "idle", last_signal: "The shell is at its prompt." });
  });

  it("has been idle since its prompt came, and does nothing next any more", async () => {
    const { clock, record, shows, look } = await scene();
    const about = { actor: "human:ada", session_name: name, command_id: "c1" } as const;
    await record.append({ ...about, kind: "command", input: "sleep 30", text: "Runs sleep 30." });
    shows(["$ sleep 30"], inFront("sleep"));
    await clock.advanceAsync(30_000);
    shows(["$"], atPrompt);
    const since = new Date(clock.now()).toISOString();
    await clock.advanceAsync(6000);
    expect(await look()).toMatchObject({ state: "idle", state_since: since, next_action: "" });
  });

  it("is idle by its screen where the server cannot tell, and stays unclear where that says nothing", async () => {
    const { clock, shows, look, typed } = await scene();
    await typed("c1", "make");
    shows(["make[1]: done"]);
    expect((await look()).state).toBe("working");
    await clock.advanceAsync(3000);
    expect((await look()).state).toBe("unclear");
    shows(["$"]);
    expect((await look()).state).toBe("idle");
  });

  it("is not idle while a shell asks something by itself", async () => {
    const { clock, shows, look, typed } = await scene();
    await typed("c1", "rm dir/*");
    for (const line of ["zsh: sure you want to delete all 3 files in /w/dir [yn]?", "overwrite x [y/n]:"]) {
      shows([line], { ...atPrompt, foreground: "zsh" });
      expect(await look()).toMatchObject({ state: "waiting", last_signal: "zsh asks for confirmation." });
    }
    shows(["Proceed? [y/N]"], inFront("bash"));
    await clock.advanceAsync(minuteMs * 10);
    expect(await look()).toMatchObject({ state: "waiting", state_kind: "confirm" });
  });

  it("works while a person runs something there by hand", async () => {
    const { clock, shows, look, server } = await scene();
    await clock.advanceAsync(minuteMs);
    expect((await look()).state).toBe("idle");
    expect(server.looks).toBe(0);
    shows(["$ vim"], inFront("vim"));
    server.alternate = true;
    expect(await look()).toMatchObject({ state: "idle", state_kind: "editor", last_signal: "vim has a file open." });
    shows(["a game"], inFront("nethack"));
    expect(await look()).toMatchObject({ state: "working", last_signal: "A full-screen program is running." });
    server.alternate = false;
    await clock.advanceAsync(minuteMs);
    shows(["> "], atPrompt);
    expect((await look()).state).toBe("idle");
  });

  it("is left as it is while a run follows its command", async () => {
    const { record, shows, look } = await scene();
    await record.append({
      ...{ kind: "command", actor: "engine", session_name: name, command_id: "c1", task_id: "t", input: "python3 -i" },
      text: "Runs python3.",
    });
    shows([">>>"]);
    expect((await look()).state).toBe("working");
  });
});

describe("a session in which somebody started a program by hand", () => {
  async function started(lines: string[], mode: TerminalMode): Promise<SessionContext> {
    const { clock, shows, look, server } = await scene();
    await clock.advanceAsync(minuteMs);
    shows(lines, mode);
    server.alternate = mode.foreground === "less";
    await clock.advanceAsync(5000);
    return look();
  }

  it("waits where the program asks something", async () => {
    expect(await started(["$ rm -i hunter2", "rm: remove regular file 'hunter2'?"], inFront("rm"))).toMatchObject({
      state: "waiting",
      state_kind: "confirm",
      program: { name: "rm" },
      evidence: [{ lines: ["rm: remove regular file '‹redacted›'?"] }],
    });
  });

  it("rests in a pager", async () => {
    const mode = { echo: false, canonical: false, foreground: "less" };
    expect(await started([...Array<string>(23).fill("text"), ":"], mode)).toMatchObject({
      state: "idle",
      state_kind: "pager",
    });
  });

  it("is what an agent says of itself, where the server tells that", async () => {
    const mode = { ...{ echo: false, canonical: false, foreground: "codex" } };
    const statuses = ["state=blocked:kind=permission:app=codex"];
    expect(await started(["an unknown screen"], { ...mode, statuses })).toMatchObject({
      state: "waiting",
      state_kind: "permission",
    });
    expect(await started(["an unknown screen"], mode)).toMatchObject({ state: "unclear" });
  });

  it("is not said to wait while its screen may be half drawn", async () => {
    const { clock, shows, look } = await scene();
    await clock.advanceAsync(minuteMs);
    shows(["Which colour? "], inFront("installer"));
    const first = await look();
    await clock.advanceAsync(3000);
    expect([first.state, (await look()).state]).toEqual(["working", "waiting"]);
  });
});

describe("a session that its server has no more", () => {
  it("ended as the server tells it, with its last line without secrets", async () => {
    const { server, look } = await scene();
    server.terminal(wire).close(3, ["$ deploy", "\u001b[1mno key hunter2\u001b[0m ", ""]);
    expect(await look()).toMatchObject({
      state: "exited",
      last_signal: 'The session ended with exit code 3. Last output: "no key ‹redacted›".',
    });
  });

  it("ended with what is known, where no code and no line is told", async () => {
    const { server, look } = await scene();
    server.terminal(wire).close(null);
    expect(await look()).toMatchObject({
      state: "exited",
      last_signal: "The session ended; its exit code is unknown.",
    });
  });

  it("is lost where its server tells nothing of it", async () => {
    const { server, look } = await scene();
    server.terminals.delete(wire);
    expect((await look()).state).toBe("lost");
  });
});

describe("a session at work that prints nothing", () => {
  it("stays quiet while somebody types what is not shown, where its server tells output from input", async () => {
    const { clock, server, shows, look, typed } = await scene();
    await typed("c1", "./install");
    shows(["Installing"], inFront("install"));
    server.typed = clock.now();
    const since = new Date(clock.now()).toISOString();
    await clock.advanceAsync(11 * minuteMs);
    server.typed = clock.now();
    expect((await look()).quiet_since).toBe(since);
    server.typed = undefined;
    server.heard = clock.now();
    expect((await look()).quiet_since).toBeUndefined();
  });

  it("is not quiet for the time that the machine slept, whatever the time of day is by then", async () => {
    const { clock, server, shows, look, typed } = await scene();
    await typed("c1", "npm ci");
    shows(["added 3 packages"], inFront("npm"));
    await clock.advanceAsync(12 * minuteMs);
    expect((await look()).quiet_since).toBe(new Date(clock.now() - 12 * minuteMs).toISOString());
    server.slept = 8 * 60 * minuteMs;
    clock.setNow(clock.now() + server.slept);
    await clock.advanceAsync(minuteMs);
    expect((await look()).quiet_since).toBe(new Date(clock.now() - 13 * minuteMs).toISOString());
  });

  it("is quiet after the time, since its last output, with its last line without secrets", async () => {
    const { clock, record, shows, look, server } = await scene();
    await record.append({
      ...{ kind: "command", actor: "engine", session_name: name, command_id: "c1", task_id: "t", input: "./deploy" },
      text: "Runs ./deploy.",
    });
    shows(["Deploying", "\u001b[1mReally use hunter2?\u001b[0m [y/N] ", ""]);
    const since = new Date(clock.now()).toISOString();
    await clock.advanceAsync(9 * minuteMs);
    expect((await look()).quiet_since).toBeUndefined();
    expect(server.looks).toBe(0);
    await clock.advanceAsync(minuteMs);
    const quiet = { state: "working", quiet_since: since, last_line: "Really use ‹redacted›? [y/N]" };
    expect(await look()).toMatchObject(quiet);
    await clock.advanceAsync(60 * minuteMs);
    expect(await look()).toMatchObject(quiet);
    // Nothing has happened, so nothing was asked again.
    expect(server.looks).toBe(1);
    shows(["Deploying on"]);
    expect((await look()).quiet_since).toBeUndefined();
  });

  it("is never called quiet where that is off, nor at its prompt", async () => {
    const off = await scene(0);
    await off.typed("c1", "cat");
    off.shows(["$ cat"], inFront("cat"));
    await off.clock.advanceAsync(60 * minuteMs);
    expect((await off.look()).quiet_since).toBeUndefined();

    const { clock, shows, look, typed } = await scene();
    await typed("c1", "true");
    shows(["$"], atPrompt);
    await clock.advanceAsync(60 * minuteMs);
    const session = await look();
    expect(session.state).toBe("idle");
    expect(session.quiet_since).toBeUndefined();
  });

  it("is as the record has it where its terminal cannot be read", async () => {
    const { clock, server, look, typed } = await scene();
    await typed("c1", "cat");
    server.screen = () => Promise.reject(new Error("away"));
    await clock.advanceAsync(60 * minuteMs);
    expect((await look()).state).toBe("unclear");
  });
});

describe("a session of a project that does not run, of which a person says that it does not wait", () => {
  const asks = (file: string): [string[], TerminalMode] => [
    ["$ rm -i *", `rm: remove regular file '${file}'?`],
    inFront("rm"),
  ];
  const denies = (screen: string, state: string, told = "waiting"): EntryDraft => ({
    ...{ kind: "note", actor: "human:ada", session_name: name, event: "state_wrong", state, screen, text: "ada says." },
    told: { state: told, ...(told === "waiting" ? { state_kind: "confirm" } : {}) },
  });
  async function waiting(): Promise<Awaited<ReturnType<typeof scene>> & { screen: string }> {
    const there = await scene();
    await there.typed("c1", "rm -i *");
    there.shows(...asks("a"));
    await there.clock.advanceAsync(5000);
    expect(await there.look()).toMatchObject({ state: "waiting", state_kind: "confirm" });
    const { asks: screen } = senseOnce(await there.server.screen(), { mode: inFront("rm") }, shippedCatalog);
    return { ...there, screen: screen ?? "" };
  }

  it("is what that person says at each look, and waits again at another prompt", async () => {
    const { record, clock, look, shows, screen } = await waiting();
    await record.append(denies(screen, "working"));
    expect(await look()).toMatchObject({ state: "working", last_signal: "ada says." });
    shows(...asks("a"));
    await clock.advanceAsync(minuteMs);
    expect((await look()).state).toBe("working");
    shows(...asks("b"));
    await clock.advanceAsync(minuteMs);
    expect((await look()).state).toBe("waiting");
  });

  it("waits again when the same is asked by another command", async () => {
    const { record, clock, look, shows, typed, screen } = await waiting();
    await record.append(denies(screen, "idle"));
    expect((await look()).state).toBe("idle");
    await typed("c2", "rm -i *");
    shows(...asks("a"));
    await clock.advanceAsync(5000);
    expect((await look()).state).toBe("waiting");
  });

  it("is not asked about by a run that found no end of its command, until that is taken back", async () => {
    const { record, look, screen } = await waiting();
    await record.append(denies(screen, "idle"));
    await record.append({
      ...{
        kind: "result",
        actor: "engine",
        session_name: name,
        command_id: "c1",
        outcome: "unknown",
        text: "Unknown.",
      },
    });
    expect((await look()).state).toBe("idle");
    await record.append({ ...denies(screen, "waiting", "idle"), state_kind: "confirm" });
    expect(await look()).toMatchObject({ state: "waiting", state_kind: "confirm" });
    expect(record.state.sessions.get(name)?.denied).toBeUndefined();
  });
});
