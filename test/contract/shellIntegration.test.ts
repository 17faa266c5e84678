import { spawnSync } from "node:child_process";
import { describe, expect } from "vitest";
import type { IntegratedShell } from "../../src/core/sense/shellMarks";
import { integratedShells, type PtyShell, type PtyShellOptions } from "../support/ptyShell";
import { shellTest } from "../support/shellTest";

describe.each(integratedShells)("%s with marks", (shell) => {
  const test = (
    name: string,
    body: (pty: PtyShell) => Promise<void>,
    options: Omit<PtyShellOptions, "shell"> = {},
  ): void => shellTest(shell, name, body, options);
  const only = (shells: readonly IntegratedShell[]): typeof test => (shells.includes(shell) ? test : () => undefined);

  test("tells prompt, status and output of each command", async (pty) => {
    await pty.ready(1);
    expect(pty.marks.shell).toBe(shell);
    expect(pty.marks.clean).toBe(true);
    expect(await pty.run("echo one")).toEqual({ n: 1, status: 0, text: "one" });
    expect(await pty.run("printf 'no end of line'; false")).toEqual({ n: 2, status: 1, text: "no end of line" });
    expect(await pty.run("sh -c 'exit 42'")).toEqual({ n: 3, status: 42, text: "" });
    await pty.ready(4);
    expect([...pty.marks.lastResults]).toEqual([
      [1, 0],
      [2, 1],
      [3, 42],
    ]);
  });

  test("leaves nothing of its own to children, and no files", async (pty) => {
    expect((await pty.run("env | grep -c -i -E 'wo_|133;'")).text).toBe("0");
    expect((await pty.run("sh -c 'echo \"<$PS1$PS0>\"'")).text).not.toContain("133");
    expect(pty.leftovers().filter((name) => !name.startsWith("fish."))).toEqual([]);
  });

  test("tells its folder, and none whose name a prompt could run", async (pty) => {
    await pty.ready(1);
    expect(pty.marks.cwd).toBe(pty.home);
    await pty.run("mkdir -p 'žluť a b' && cd 'žluť a b'");
    await pty.ready(2);
    expect(pty.marks.cwd).toBe(`${pty.home}/žluť a b`);
    await pty.run(String.raw`mkdir 'x$(touch ran)%d;k' && cd 'x$(touch ran)%d;k'`);
    await pty.ready(3);
    expect(pty.marks.cwd).toBeUndefined();
    expect((await pty.run("ls | wc -l")).text.trim()).toBe("0");
  });

  test("repeats the prompt when it is resized, with a draft untouched", async (pty) => {
    await pty.run("false");
    await pty.ready(2);
    const again = await pty.promptAfter(() => pty.resize());
    expect(again).toMatchObject({ type: "promptAgain", n: 2, redrawn: true, running: false });
    expect(again.results.get(1)).toBe(1);
    expect(pty.marks.clean).toBe(true);
    pty.write("echo draft");
    await pty.until("the draft", () => pty.visible.includes("echo draft") && !pty.marks.clean);
    pty.printed = "";
    expect(await pty.promptAfter(() => pty.resize())).toMatchObject({ n: 2, redrawn: true });
    await pty.until("the draft again", () => pty.visible.includes("echo draft") && !pty.marks.clean);
    const ended = pty.event("ended", pty.events.length);
    pty.write("\r");
    expect(await ended).toMatchObject({ n: 2, status: 0 });
  });

  test("is silent when it is resized while a command runs", async (pty) => {
    await pty.ready();
    const from = pty.events.length;
    pty.type("sh -c 'trap \"echo resized\" WINCH; echo up; while :; do sleep 0.05; done'");
    await pty.event("started", from);
    await pty.output("up");
    pty.printed = "";
    const marks = pty.rawMarks.length;
    pty.resize();
    await pty.until("the signal", () => pty.printed.includes("resized"));
    expect(pty.rawMarks.length).toBe(marks);
    const ended = pty.event("ended", from);
    pty.interrupt();
    expect((await ended).status).toBe(130);
  });

  test("takes a syntax error as eval", async (pty) => {
    const result = await pty.run("echo one\nfor ) (\necho two");
    expect(result.status).toBe({ bash: 2, zsh: 1, fish: 123 }[shell]);
    expect(result.text).not.toMatch(/^(one|two)$/m);
    await pty.ready(2);
    expect(await pty.run("echo next")).toEqual({ n: 2, status: 0, text: "next" });
    expect(await pty.run("echo open 'quote")).toMatchObject({ n: 3, status: { bash: 2, zsh: 1, fish: 123 }[shell] });
    expect(await pty.run("echo after")).toEqual({ n: 4, status: 0, text: "after" });
  });

  test("does not start a line with a syntax error", async (pty) => {
    await pty.ready();
    const from = pty.events.length;
    // fish leaves the text in the line, and says so without a mark.
    if (shell === "fish") {
      const left = await pty.promptAfter(() => pty.type("for ) (", "line"));
      expect(left).toMatchObject({ type: "promptAgain", n: 1 });
      await pty.until("the text in the line", () => !pty.marks.clean);
      expect(await pty.giveUp()).toMatchObject({ type: "promptAgain", n: 1, redrawn: true });
    } else {
      const again = await pty.promptAfter(() => pty.type("for ) (", "line"));
      expect(again).toMatchObject({ type: "promptAgain", n: 1, redrawn: false });
    }
    expect(pty.events.slice(from).some((event) => event.type === "started")).toBe(false);
    expect(await pty.run("echo next")).toMatchObject({ n: 1, status: 0, text: "next" });
  });

  test("asks for more when quotes or a loop are open, until Ctrl-C", async (pty) => {
    for (const text of ["echo 'open", "while true"]) {
      await pty.ready();
      const from = pty.events.length;
      pty.printed = "";
      pty.type(text, "line");
      if (shell === "fish") await pty.until("the second line", () => new RegExp(`${text}'?\n`).test(pty.visible));
      else await pty.event("continuation", from);
      expect(pty.events.slice(from).some((event) => event.type === "started")).toBe(false);
      expect(await pty.giveUp()).toMatchObject({ type: "promptAgain", n: 1, redrawn: shell === "fish" });
    }
    expect(await pty.run("echo next")).toMatchObject({ n: 1, status: 0 });
  });

  test("ignores marks that a command prints", async (pty) => {
    const marks = String.raw`printf '\033]133;D;9\007\033]133;A\007\033]133;B;k=other;n=7\007\033]133;D;9;n=1\007'`;
    expect(await pty.run(`${marks}; echo real; sh -c 'exit 5'`)).toEqual({ n: 1, status: 5, text: "real" });
    await pty.ready(2);
  });

  test("takes exclamation marks, comments and here-documents literally", async (pty) => {
    await pty.ready();
    expect(await pty.run('echo "a!b" !! done!')).toMatchObject({ status: 0, text: "a!b !! done!" });
    expect(await pty.run("echo one\necho 'x!y' # a comment's quote\necho two!")).toMatchObject({
      status: 0,
      text: "one\nx!y\ntwo!",
    });
    expect(await pty.run("# only a comment")).toMatchObject({ n: 3, text: "" });
    if (shell !== "fish")
      expect(await pty.run("cat <<'EOF'\n$HOME \"it's\" \\\nEOF")).toMatchObject({
        status: 0,
        text: '$HOME "it\'s" \\',
      });
    expect(await pty.run("echo joined \\\n  line")).toMatchObject({ status: 0, text: "joined line" });
    expect(await pty.run("echo end \\")).toMatchObject({ status: 0, text: "end" });
  });

  test("keeps tabs, quotes and backslashes", async (pty) => {
    expect(await pty.run("printf '%s|' 'a\tb' \"it's\" 'back\\slash' 'end\\\\'\nprintf '\\n'")).toMatchObject({
      status: 0,
      text: `a       b|it's|${shell === "fish" ? "back\\slash|end\\|" : "back\\slash|end\\\\|"}`,
    });
  });

  test("takes 100 kB at once", async (pty) => {
    const line = `echo ${"x".repeat(92)} | wc -c >/dev/null`;
    const text = `${Array.from({ length: 5 }, () => line).join("\n")}\ntrue '${"y".repeat(100_000)}'\necho whole`;
    expect(await pty.run(text)).toEqual({ n: 1, status: 0, text: "whole" });
    await pty.ready(2);
  });

  test("exits with a status", async (pty) => {
    await pty.ready();
    pty.type("exit 7");
    expect(await pty.event("ended")).toMatchObject({ n: 1, status: 7 });
    expect(await pty.event("shellExit")).toMatchObject({ status: 7 });
    expect(await pty.exited()).toBe(7);
  });

  test("exits on Ctrl-D", async (pty) => {
    await pty.run("false");
    await pty.ready(2);
    pty.write("\x04");
    expect(await pty.event("shellExit")).toMatchObject({ type: "shellExit" });
    expect(pty.events.filter((event) => event.type === "ended")).toHaveLength(1);
    await pty.exited();
  });

  test("gives no end mark when it becomes another program", async (pty) => {
    await pty.ready();
    pty.type("exec sh -c 'exit 6'");
    expect(await pty.exited()).toBe(6);
    expect(pty.marks.running).toBe(true);
    expect(pty.events.some((event) => event.type === "ended" || event.type === "shellExit")).toBe(false);
  });

  only(["bash", "fish"])("goes on when exec fails", async (pty) => {
    expect(await pty.run("exec no-such-program-here")).toMatchObject({ n: 1, status: 127 });
    await pty.ready(2);
  });

  only(["zsh"])("ends when exec fails", async (pty) => {
    await pty.ready();
    pty.type("exec no-such-program-here");
    expect(await pty.exited()).toBe(127);
    expect(pty.marks.running).toBe(true);
  });

  test("keeps still in a nested shell", async (pty) => {
    await pty.ready();
    const from = pty.events.length;
    pty.type("PS1='nested> ' sh -i");
    await pty.output("nested> ");
    const marks = pty.rawMarks.length;
    pty.write("echo inner $((20 + 3))\r");
    await pty.until("the inner answer", () => pty.printed.includes("inner 23"));
    pty.resize();
    pty.write("echo $((30 + 4)) inner\r");
    await pty.until("the inner answer", () => pty.printed.includes("34 inner"));
    expect(pty.rawMarks.length).toBe(marks);
    expect(pty.marks.running).toBe(true);
    pty.write("exit 3\r");
    expect(await pty.event("ended", from)).toMatchObject({ n: 1, status: 3 });
  });

  test("stops on Ctrl-C, all lines of a block", async (pty) => {
    await pty.ready();
    const from = pty.events.length;
    pty.type("sh -c 'echo started; exec sleep 30'\necho never");
    await pty.output("started");
    pty.interrupt();
    const ended = await pty.event("ended", from);
    expect(ended.status).toBe(130);
    expect(Buffer.from(ended.output?.bytes() ?? []).toString()).not.toContain("never");
    await pty.ready(2);
    expect(await pty.run("echo next")).toMatchObject({ n: 2, status: 0, text: "next" });
  });

  test("ends for us on Ctrl-Z", async (pty) => {
    await pty.ready();
    const from = pty.events.length;
    pty.type("sh -c 'echo up; exec sleep 30'");
    await pty.output("up");
    const ended = pty.event("ended", from);
    pty.write("\x1a");
    expect(await ended).toMatchObject({ status: 148, suspended: true });
    await pty.ready(2);
    // Beside a stopped job other commands are what they are.
    await pty.run("false");
    expect(await pty.event("ended", pty.events.length - 2)).toMatchObject({ status: 1, suspended: false });
    expect((await pty.run("kill %1; echo killed")).text).toContain("killed");
  });

  only(["bash", "zsh"])("tells ends and starts after a command that throws its hooks away", async (pty) => {
    const away = shell === "bash" ? "unset PROMPT_COMMAND" : "unset precmd_functions preexec_functions";
    expect(await pty.run(`${away}; sh -c 'exit 5'`)).toMatchObject({ n: 1, status: 5 });
    expect(await pty.run("echo still")).toEqual({ n: 2, status: 0, text: "still" });
    await pty.ready(3);
    expect([...pty.marks.lastResults]).toEqual([
      [1, 5],
      [2, 0],
    ]);
  });

  test("does not wait for a background job", async (pty) => {
    expect(await pty.run("sh -c 'while ! [ -e go ]; do sleep 0.05; done; echo late' & true")).toMatchObject({
      n: 1,
      status: 0,
    });
    await pty.ready(2);
    expect(pty.marks.clean).toBe(true);
    expect(await pty.run("touch go")).toMatchObject({ n: 2, status: 0 });
    await pty.until("the late text", () => pty.printed.includes("late"));
    expect(await pty.run("echo next")).toMatchObject({ n: 3, status: 0 });
  });

  test("notes a full-screen program", async (pty) => {
    const result = await pty.run(String.raw`printf 'before\n\033[?1049h\033[Hmenu'; printf '\033[?1049lafter\n'`);
    expect(result).toMatchObject({ status: 0, text: "before\nafter" });
    expect(pty.modes.flatMap((mode) => mode.alternateScreen ?? [])).toEqual([true, false]);
  });

  test("has a right prompt after a terminal left raw and silent", async (pty) => {
    expect(await pty.run("stty raw -echo")).toMatchObject({ n: 1, status: 0 });
    await pty.ready(2);
    expect(await pty.run("echo fine")).toMatchObject({ n: 2, status: 0, text: "fine" });
    await pty.ready(3);
  });

  test("keeps its marks when a command sets the prompt", async (pty) => {
    const change = shell === "fish" ? "function fish_prompt; echo -n 'new> '; end" : "PS1='new> '";
    expect(await pty.run(change)).toMatchObject({ n: 1, status: 0 });
    await pty.ready(2);
    expect(pty.printed).toContain("new> ");
    expect(pty.marks.clean).toBe(true);
    if (shell !== "fish") {
      await pty.run('PS1="$PS1 tail> "');
      await pty.ready(3);
      expect(pty.marks.clean).toBe(true);
    }
    expect(await pty.run("echo still")).toMatchObject({ status: 0, text: "still" });
  });

  test("stays out of the history", async (pty) => {
    await pty.run("echo secret-one");
    await pty.run("echo secret-two\necho three");
    await pty.run("true");
    expect((await pty.run(shell === "zsh" ? "fc -l 1" : "history")).text).not.toContain("secret");
  });

  test(
    "is never ready when the user's file becomes something else",
    async (pty) => {
      await pty.until("the other program", () => pty.printed.includes("other program"));
      pty.resize();
      pty.write("more\r");
      await pty.until("its echo", () => pty.printed.includes("got more"));
      expect(pty.rawMarks).toEqual([]);
    },
    {
      home: {
        ".bashrc": "exec sh -c 'echo other program; read -r x; echo got $x; sleep 30'\n",
        ".zshrc": "exec sh -c 'echo other program; read -r x; echo got $x; sleep 30'\n",
      },
      ...(shell === "fish" && { command: "exec sh -c 'echo other program; read -r x; echo got $x; sleep 30'" }),
    },
  );

  test("loses no status to a gap", async (pty) => {
    await pty.ready();
    const from = pty.events.length;
    pty.type("sh -c 'echo go; while ! [ -e go ]; do sleep 0.05; done; exit 9'");
    await pty.event("started", from);
    pty.marks.gap();
    const ended = pty.event("ended", from);
    await pty.output("go");
    spawnSync("touch", ["go"], { cwd: pty.home });
    expect(await ended).toMatchObject({ n: 1, status: 9 });
    expect((await ended).output?.incomplete).toBe(true);
    expect(pty.marks.ready || (await pty.ready(2)) === 2).toBe(true);
  });
});

describe.each(["bash", "zsh"] as const)("%s at its end", (shell) => {
  shellTest(
    shell,
    "runs the user's own exit trap, after the mark where that can be",
    async (pty) => {
      await pty.ready();
      pty.type("exit 4");
      expect(await pty.event("shellExit")).toMatchObject({ status: 4 });
      expect(await pty.exited()).toBe(4);
      expect(pty.printed).toContain("bye 4");
    },
    { home: { ".bashrc": "trap 'echo bye $?' EXIT\n", ".zshrc": "zshexit() { echo bye $? }\n" } },
  );

  shellTest(shell, "ends with a trap that a command set", async (pty) => {
    await pty.run("trap 'echo bye' EXIT");
    await pty.ready();
    pty.type("exit 4");
    expect(await pty.exited()).toBe(4);
    expect(pty.events.some((event) => event.type === "shellExit")).toBe(shell === "zsh");
  });

  shellTest(shell, "ends under set -e when a line fails, and not before", async (pty) => {
    expect(await pty.run("set -e; false || true")).toMatchObject({ status: 0 });
    // A status that is not zero, of a list that -e ignores, must not end the shell in a hook of ours.
    expect(await pty.run("false && true")).toMatchObject({ status: 1 });
    await pty.ready(3);
    pty.type("false");
    expect(await pty.exited()).toBe(1);
    expect(pty.events.some((event) => event.type === "shellExit")).toBe(shell === "bash");
  });

  shellTest(shell, "stays quiet under set -x and whole under set -u", async (pty) => {
    expect(await pty.run("set -x; set -u")).toMatchObject({ status: 0 });
    await pty.ready(2);
    pty.printed = "";
    expect(await pty.run("echo traced")).toMatchObject({ status: 0 });
    await pty.ready(3);
    expect(pty.printed).toContain("traced");
    expect(pty.visible).not.toMatch(/^\+.*__wo/m);
  });

  shellTest(shell, "keeps its marks when output goes to a file", async (pty) => {
    await pty.run("exec >log");
    expect(await pty.run("echo one")).toEqual({ n: 2, status: 0, text: "" });
    await pty.run("exec >/dev/tty");
    expect(await pty.run("cat log")).toEqual({ n: 4, status: 0, text: "one" });
  });
});
