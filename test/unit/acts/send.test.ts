// Its code is loaded before time is moved on.
import "../../../src/core/command/programTyping";
import "../../../src/core/command/typeAndEnter";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { send, type SendRequest, type SendResult } from "../../../src/core/acts/send";
import { type ErrorCode, OrchestratorError } from "../../../src/core/model/errors";
import type { PlanRole } from "../../../src/core/model/plan";
import type { PolicyDecision } from "../../../src/core/ports/safety";
import { SessionScene } from "./sessionFakes";
import { nothingToDo } from "../../../src/core/model/remedy";
import { allowAll } from "../../support/policies";

let scene: SessionScene;
beforeEach(async () => {
  scene = await SessionScene.open();
});
afterEach(() => scene.close());

const name = "proj-alpha::shell::1";

async function sent(text: string, more: Partial<SendRequest> = {}, role?: PlanRole): Promise<SendResult> {
  const target = await scene.target(name, role);
  return scene.during(send(target, scene.world, { text, enter: true, wait: false, ...more }));
}

const lastOf = (kind: string) => scene.scene.shared.entries.findLast((entry) => entry.kind === kind);

describe("keys that are sent", () => {
  it("arrive as they are with Enter, and are on the record before and after", async () => {
    const terminal = await scene.session("shell");
    expect(await sent("make")).toEqual({ how: "typed", command_id: expect.any(String) as string });
    expect(terminal.typed).toEqual(["make\r"]);
    expect(lastOf("command")).toMatchObject({
      input: "make",
      typed_as: "keys",
      actor: "human:ada",
      session_name: name,
    });
    expect(lastOf("result")).toMatchObject({ outcome: "unknown", known_by: "none" });
  });

  it("need no plan where any shell may have them: to read one takes longer than the rest", async () => {
    const terminal = await scene.session("shell");
    const role = (): Promise<never> => Promise.reject(new Error("The plan was read."));
    const target = { ...(await scene.target(name)), role };
    await scene.during(send(target, scene.world, { text: "make", enter: true, wait: false }));
    expect(terminal.typed).toEqual(["make\r"]);
  });

  it("need one look at the screen, and then one at how the terminal is", async () => {
    await scene.session("shell");
    const asked: string[] = [];
    const { server } = scene;
    const [screen, terminalMode] = [server.screen.bind(server), server.terminalMode.bind(server)];
    server.screen = (session) => (asked.push("screen"), screen(session));
    server.terminalMode = (session) => (asked.push("mode"), terminalMode(session));
    await sent("make");
    expect(asked).toEqual(["screen", "mode"]);
  });

  it("go nowhere as they are once a program hides what is typed while the person was asked", async () => {
    const terminal = await scene.session("shell");
    const asking = { echo: false, canonical: true, foreground: "sudo" };
    const { world } = scene;
    const confirm: typeof world.confirm = () => {
      Object.assign(terminal, { mode: asking, deaf: true });
      return Promise.resolve(true);
    };
    const target = await scene.target(name);
    await scene.during(send(target, { ...world, confirm }, { text: "rm -rf x", enter: true, wait: false }));
    expect(lastOf("command")).toMatchObject({ text: "ada sent hidden input." });
    expect(lastOf("command")?.input).toBeUndefined();
  });

  it("are a note without Enter, and no command that could seem to run", async () => {
    const terminal = await scene.session("shell");
    expect(await sent("make", { enter: false })).toEqual({ how: "typed", command_id: null });
    expect(terminal.typed).toEqual(["make"]);
    expect(scene.kinds.slice(1)).toEqual(["note typed"]);
  });

  it.each<[ErrorCode, string]>([
    ["input_not_sent", "not_sent"],
    ["server_unreachable", "not_sent"],
    ["input_unconfirmed", "unknown"],
  ])("have a result when they fail with %s", async (code, outcome) => {
    await scene.session("shell");
    scene.server.onInput = () => {
      throw new OrchestratorError(code, "It failed.", nothingToDo);
    };
    await expect(sent("make")).rejects.toMatchObject({ code });
    expect(lastOf("result")).toMatchObject({ outcome });
  });

  it("cannot be waited for without Enter", async () => {
    await scene.session("shell");
    await expect(sent("make", { enter: false, wait: true })).rejects.toMatchObject({ code: "usage" });
    expect(scene.kinds).toHaveLength(1);
  });
});

describe("a command that is waited for", () => {
  it("gives its end and what it printed", async () => {
    const terminal = await scene.session("shell");
    scene.server.shell = () => ({ status: 7, output: "seven\r\n" });
    const result = await sent("make", { wait: true });
    expect(result).toMatchObject({ how: "ended", report: { outcome: "exited", exit_code: 7, output: "seven" } });
    expect(terminal.commands).toEqual(["make"]);
  });
});

describe("text for a program that reads a language of its own", () => {
  const python = async (line: string): Promise<void> => {
    const terminal = await scene.session("shell");
    Object.assign(terminal, { mode: { echo: false, canonical: false, foreground: "python3" }, deaf: true });
    const { server } = scene;
    const screen = server.screen.bind(server);
    server.screen = async (...asked) => ({
      ...(await screen(...asked)),
      lines: [line],
      cursor: { row: 0, col: line.length + 1, visible: true },
    });
  };
  const language = "for i in range(3): print(f(i) > 0)";
  const policy = { ...allowAll, decide: (_: string, { shell }: { readonly shell: string }) => readBy(shell) };
  const readBy = (shell: string): PolicyDecision =>
    shell === "program"
      ? { verdict: "allow", reason: "", rule: "" }
      : { verdict: "ask", reason: "It cannot be read.", rule: "unreadable" };
  const sendIt = async (): Promise<void> => {
    const target = await scene.target(name);
    await scene.during(send(target, { ...scene.world, policy }, { text: language, enter: true, wait: false }));
  };

  it("is not judged as a command of the shell behind it", async () => {
    await python(">>>");
    await sendIt();
    expect(scene.asked).toEqual([]);
  });

  it("is judged as one where the program does not show its prompt", async () => {
    await python("$");
    await sendIt();
    expect(scene.asked).toMatchObject([{ text: language }]);
  });
});

describe("text that the policy holds back", () => {
  it("is typed once somebody said yes to the whole of it, and the record says who", async () => {
    const terminal = await scene.session("shell");
    scene.hit = {
      records: [],
      files: [{ effect: "delete", files: 1, folders: 0, isAll: true, names: ["x"], count: 1 }],
      overwritten: { files: [], count: 0 },
      changes: { names: [], count: 0 },
      stashes: { lost: 0, of: 0 },
    };
    // Where the session stands nobody told, so that only a place that needs no folder is looked at.
    expect((await sent("rm -rf /x")).how).toBe("typed");
    expect(scene.asked).toMatchObject([{ act: "send", session_name: name, text: "rm -rf /x", destructive: true }]);
    expect(scene.asked[0]?.reason).toMatch(/^"rm -rf \/x" .* It would delete x\.$/);
    expect(scene.kinds.slice(1)).toEqual(["policy confirmed", "command", "result"]);
    expect(terminal.typed).toEqual(["rm -rf /x\r"]);
  });

  it("is not typed when they say no or cannot be asked", async () => {
    const terminal = await scene.session("shell");
    scene.says = false;
    expect(await sent("rm -rf x")).toEqual({ how: "declined" });
    scene.says = new OrchestratorError("needs_person", "Nobody is here.", nothingToDo);
    await expect(sent("rm -rf x", { wait: true })).rejects.toMatchObject({ code: "needs_person" });
    expect(terminal.typed).toEqual([]);
    expect(scene.kinds).toHaveLength(1);
  });

  it("is never typed when the policy forbids it, and nobody is asked", async () => {
    const terminal = await scene.session("shell");
    const world = {
      ...scene.world,
      policy: { ...allowAll, decide: () => ({ verdict: "deny" as const, reason: "No.", rule: "x" }) },
    };
    const target = await scene.target(name);
    await expect(scene.during(send(target, world, { text: "ls", enter: true, wait: false }))).rejects.toMatchObject({
      code: "needs_person",
    });
    expect([terminal.typed, scene.asked]).toEqual([[], []]);
  });

  it("is asked about once when it is waited for", async () => {
    const terminal = await scene.session("shell");
    expect(await sent("rm -rf x", { wait: true })).toMatchObject({ how: "ended" });
    expect([terminal.commands, scene.asked.length]).toEqual([["rm -rf x"], 1]);
  });
});

describe("text is judged in the session's own shell", () => {
  /** In an interactive zsh `#` is no comment, so this deletes there. */
  const tidy = "# tidy; rm -rf x";
  /** Right in bash; what fish makes of it cannot be read. */
  const substitution = 'echo "today: $(date)"';

  it.each(["zsh", "fish", "bash"] as const)("in %s", async (shell) => {
    scene.says = false;
    (await scene.session("shell")).shellName = shell;
    expect((await sent(tidy)).how).toBe(shell === "zsh" ? "declined" : "typed");
  });

  it("and nobody is asked about what is right there", async () => {
    const terminal = await scene.session("shell");
    await sent(substitution);
    expect([terminal.typed, scene.asked]).toEqual([[`${substitution}\r`], []]);
  });

  it("whatever the plan says by now", async () => {
    scene.says = false;
    (await scene.session("shell")).shellName = "zsh";
    expect((await sent(tidy, {}, { name: "shell", env: {}, count: 1, shell: "bash" })).how).toBe("declined");
  });

  it("and in all of them while something runs in front of it", async () => {
    scene.says = false;
    (await scene.session("shell")).deaf = true;
    expect((await sent(substitution)).how).toBe("declined");
    expect((await sent(tidy)).how).toBe("declined");
    expect((await sent("yes")).how).toBe("typed");
  });

  it("and in all of them for somebody else's session that does not name its shell", async () => {
    scene.says = false;
    const judged = async (wire: string, command: string): Promise<string> => {
      const reached = await scene.foreign(wire, command);
      const target = { ...reached, role: () => Promise.resolve(undefined), cwd: "/" };
      return (await scene.during(send(target, scene.world, { text: tidy, enter: true, wait: false }))).how;
    };
    expect(await judged("plain", "")).toBe("declined");
    expect(await judged("zsh", "exec zsh -i")).toBe("declined");
    expect(await judged("bash", "exec bash -i")).toBe("typed");
    expect(await judged("far", "ssh host")).toBe("declined");
  });

  it("or as a program's, when the role has one", async () => {
    scene.says = false;
    await scene.session("shell", "program");
    const role = { name: "shell", env: {}, count: 1, program: "claude" };
    expect((await sent("Don't touch it # please", {}, role)).how).toBe("typed");
    expect((await sent("rm -rf x", {}, role)).how).toBe("declined");
    expect((await sent(tidy, {}, { ...role, program: "zsh" })).how).toBe("declined");
  });
});

describe("what is sent in pieces", () => {
  it("is judged as the line that it makes", async () => {
    const terminal = await scene.session("shell");
    scene.says = false;
    await sent("rm ", { enter: false });
    expect(await sent("-rf x")).toEqual({ how: "declined" });
    expect(scene.asked.at(-1)?.text).toBe("rm -rf x");
    expect(terminal.typed).toEqual(["rm "]);
    scene.says = true;
    await sent("-rf x", { enter: false });
    scene.says = false;
    expect(await sent("")).toEqual({ how: "declined" });
  });

  it("is over with Enter, and with a newline", async () => {
    await scene.session("shell");
    scene.says = false;
    await sent("rm ", { enter: false });
    await sent("x");
    expect((await sent("-rf x")).how).toBe("typed");
    await sent("rm \n", { enter: false });
    expect((await sent("-rf x")).how).toBe("typed");
  });

  it("is remembered with its keys, by whichever process sent them", async () => {
    const terminal = await scene.session("shell");
    await sent("rm x\x1b[D", { enter: false });
    expect(lastOf("note")?.input).toBe("rm x<U+001B>[D");
    scene.says = false;
    expect(await sent("")).toEqual({ how: "declined" });
    await sent("\x03", { enter: false });
    expect(terminal.typed).toEqual(["rm x\x1b[D", "\x03"]);
    expect((await sent("ls")).how).toBe("typed");
  });

  it("is still there when Enter did not arrive", async () => {
    await scene.session("shell");
    scene.says = false;
    await sent("rm ", { enter: false });
    scene.server.onInput = () => {
      throw new OrchestratorError("input_not_sent", "It failed.", nothingToDo);
    };
    await expect(sent("x")).rejects.toMatchObject({ code: "input_not_sent" });
    expect(await sent("-rf x")).toEqual({ how: "declined" });
  });
});

describe("hidden input", () => {
  const asking = { echo: false, canonical: true, foreground: "sudo" };
  const secret = "hunter2-and-more";

  /** Everything that was recorded, as text. */
  const recorded = (): string => JSON.stringify(scene.scene.shared.entries);

  it("is only recorded as sent where something runs that hides what is typed", async () => {
    const terminal = await scene.session("shell");
    Object.assign(terminal, { mode: asking, deaf: true });
    expect(await sent(secret)).toEqual({ how: "typed", command_id: expect.any(String) as string });
    expect(terminal.typed).toEqual([`${secret}\r`]);
    expect(lastOf("command")).toMatchObject({ text: "ada sent hidden input.", typed_as: "keys" });
    expect(lastOf("command")?.input).toBeUndefined();
    expect(recorded()).not.toContain(secret);
    expect(scene.redactor.redact(`you typed ${secret}`)).not.toContain(secret);
  });

  it.each([
    ["the terminal shows it", { ...asking, echo: true }, true],
    ["a shell edits its prompt", { ...asking, canonical: false }, true],
    ["the shell is at its prompt", asking, false],
    ["nobody can tell", undefined, true],
  ])("is none when %s", async (_, mode, deaf) => {
    const terminal = await scene.session("shell");
    Object.assign(terminal, { mode, deaf });
    await sent("make");
    expect(lastOf("command")?.input).toBe("make");
  });

  it("ends with its line: what stands behind it is looked at again", async () => {
    const terminal = await scene.session("shell");
    Object.assign(terminal, { mode: asking, deaf: true });
    scene.server.onInput = () => {
      terminal.mode = { ...asking, echo: true };
    };
    await sent(`${secret}\nmake`);
    expect(terminal.typed).toEqual([`${secret}\r`, "make\r"]);
    expect(lastOf("command")?.input).toBe("make");
    expect(recorded()).not.toContain(secret);
  });

  it("may hold what would be no command, and is asked about without a word of it", async () => {
    const terminal = await scene.session("shell");
    Object.assign(terminal, { mode: asking, deaf: true });
    await sent("it's $$ pa>ss");
    expect(scene.asked).toEqual([]);
    await sent("rm -rf x");
    expect(scene.asked).toMatchObject([{ text: "hidden input" }]);
    expect(scene.kinds.slice(-3)).toEqual(["policy confirmed", "command", "result"]);
    expect(`${recorded()}${scene.asked[0]?.reason}`).not.toContain("rm -rf x");
  });

  it("is sent with Enter, so that nobody has to know later what stands there", async () => {
    const terminal = await scene.session("shell");
    Object.assign(terminal, { mode: asking, deaf: true });
    await expect(sent(secret, { enter: false })).rejects.toMatchObject({ code: "request_invalid" });
    expect(terminal.typed).toEqual([]);
  });

  it("is not recorded when it is waited for", async () => {
    const terminal = await scene.session("shell", "program");
    Object.assign(terminal, { mode: asking });
    // It shows nothing of what is typed, and prompts again.
    terminal.takes = (keys) => {
      if (keys === "\r") terminal.print("\r\n$ ");
      return true;
    };
    const role: PlanRole = { name: "shell", env: {}, count: 1, program: "python3 ask.py" };
    await sent(secret, { wait: true }, role);
    expect(terminal.typed).toEqual([secret, "\r"]);
    expect(lastOf("command")).toMatchObject({ text: "ada sent hidden input." });
    expect(JSON.stringify(lastOf("command"))).not.toContain(secret);
  });
});

describe("a secret", () => {
  const secret = "hunter2-and-more";

  it("is not recorded where nobody can tell what the terminal shows", async () => {
    const terminal = await scene.session("shell");
    terminal.deaf = true;
    await sent(secret, { secret: true });
    expect(terminal.typed).toEqual([`${secret}\r`]);
    expect(JSON.stringify(scene.scene.shared.entries)).not.toContain(secret);
  });

  it.each([
    ["at a prompt, where it is a command", undefined, false, secret],
    ["where the terminal shows it", { echo: true, canonical: true, foreground: "cat" }, true, secret],
    ["of several lines", undefined, true, "one\ntwo"],
  ])("is refused %s", async (_, mode, deaf, text) => {
    const terminal = await scene.session("shell");
    Object.assign(terminal, { mode, deaf });
    await expect(sent(text, { secret: true })).rejects.toMatchObject({ code: "request_invalid" });
    expect(terminal.typed).toEqual([]);
    expect(scene.kinds).toHaveLength(1);
  });
});
