import { describe, expect, it } from "vitest";
import { keyboardGivenEvent, keyboardTakenEvent } from "../../../src/core/model/entryKinds";
import type { SessionContext } from "../../../src/core/model/session";
import type { TerminalMode } from "../../../src/core/ports/sessions";
import { atPrompt, inFront, minuteMs, name, scene, wire } from "./looksScene";

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

  it("is in what a person opens there right after taking the keyboard, and after giving it back", async () => {
    const { clock, record, shows, look } = await scene();
    const about = { actor: "human:ada", kind: "session", session_name: name } as const;
    await clock.advanceAsync(minuteMs);
    const keyboard = { host: "vm", pid: 7, started_at: "1" };
    const taken = await record.append({
      ...about,
      event: keyboardTakenEvent,
      text: "ada took the keyboard.",
      keyboard,
    });
    await clock.advanceAsync(1000);
    shows(["a text", "~", "(END)"], inFront("less"));
    expect(await look()).toMatchObject({ state: "idle", state_kind: "pager" });
    await clock.advanceAsync(minuteMs);
    const refs = [{ type: "entry", id: taken.id }];
    await record.append({ ...about, event: keyboardGivenEvent, text: "ada gave back the keyboard.", refs });
    expect(await look()).toMatchObject({ state: "idle", state_kind: "pager" });
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

describe("a coding agent with a prompt that nobody waits for", () => {
  it("does what its screen shows, also where its composer looks like a prompt", async () => {
    const { clock, record, shows, look } = await scene();
    const about = { session_name: name, role: "worker" } as const;
    await record.append({
      ...about,
      ...{ kind: "session", actor: "engine", event: "starting", state: "starting", k: "key", mode: "program" },
      ...{ agent: { name: "codex", title: "Codex" }, text: "It is starting." },
    });
    await record.append({ ...about, kind: "command", actor: "human:ada", command_id: "c1", text: "Fix it." });
    await record.append({
      ...about,
      ...{ kind: "result", actor: "human:ada", command_id: "c1", outcome: "unknown", known_by: "taken" },
      text: "The agent has taken it.",
    });
    const composer = ["", "› Ask Codex to do anything", "", "  gpt-5.1 default · /w", "  ? for shortcuts"];
    shows(["• Working (3s • esc to interrupt)", ...composer], inFront("codex"));
    await clock.advanceAsync(3000);
    expect(await look()).toMatchObject({ state: "working" });
    shows(["• Done.", ...composer], inFront("codex"));
    await clock.advanceAsync(3000);
    expect(await look()).toMatchObject({ state: "idle" });
  });
});
