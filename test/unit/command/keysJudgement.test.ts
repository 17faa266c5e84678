import { describe, expect, it } from "vitest";
import { judgeKeys } from "../../../src/core/command/keysJudgement";
import { createDefaultPolicy } from "../../../src/core/safety/defaultPolicy";

const policy = createDefaultPolicy();
const judge = (
  text: string,
  {
    before = "",
    enter = true,
    shell = "bash",
    line,
    promptless = false,
  }: { before?: string; enter?: boolean; shell?: string; line?: string; promptless?: boolean } = {},
) =>
  judgeKeys(
    { before, text, enter },
    {
      shell,
      promptless,
      cwd: "/site",
      screen: line === undefined ? undefined : { lines: [line], cursor: { row: 0, col: line.length } },
    },
    policy,
  );

describe("keys at a prompt", () => {
  it.each([
    ["Tab", "rm\t", "unknown-key"],
    ["Tab in the middle", "git cl\t -fdx", "unknown-key"],
    ["an arrow", "\x1b[A", "unknown-key"],
    ["Ctrl-R", "\x12rm", "unknown-key"],
    ["Ctrl-P", "\x10", "unknown-key"],
    ["Ctrl-Y", "\x19", "unknown-key"],
    ["Ctrl-W", "echo rm\x17", "unknown-key"],
    ["Ctrl-X Ctrl-E", "\x18\x05", "unknown-key"],
    ["a paste", "\x1b[200~ls\x1b[201~", "unknown-key"],
    ["^a^b^", "^ls^rm^", "history-expansion"],
    ["!!", "sudo !!", "history-expansion"],
    ["!$", "cat !$", "history-expansion"],
    ["!rm", "!rm", "history-expansion"],
    ["!-2", "!-2", "history-expansion"],
    ["!! in double quotes", 'echo "!!"', "history-expansion"],
    ["Ctrl-J as Enter", "rm -rf x\n", "rm-recursive-or-forced"],
    ["Ctrl-M as Enter", "ls\rrm -rf x\r", "rm-recursive-or-forced"],
    ["Ctrl-O as Enter", "rm -rf x\x0f", "rm-recursive-or-forced"],
    ["Backspace", "rmx\x7f -rf y", "rm-recursive-or-forced"],
    ["Ctrl-H", "rmx\b -rf y", "rm-recursive-or-forced"],
    ["Ctrl-U", "# \x15rm -rf y", "rm-recursive-or-forced"],
    ["Ctrl-C", "# \x03rm -rf y", "rm-recursive-or-forced"],
    ["Backspace behind an accent, which takes its letter too", "#e\u0301\x7f\x7frm -rf y", "unknown-key"],
    ["Backspace at the start of a second line", "echo (r\r\x7fm -rf y)", "unknown-key"],
    ["Ctrl-C behind an entered line", ": <<'E'\r\x03rm -rf y\rE", "unknown-key"],
    ["Ctrl-D behind an entered line", ": <<'E'\r\x04rm -rf y\rE", "unknown-key"],
    ["Ctrl-Z behind a text, which fish takes for undo", "rm -rf y\x15\x1a", "unknown-key"],
    ["!! behind a quote that is none within others", `echo "it's !! x's"`, "history-expansion"],
    ["!! within both quotes", `echo "'!!'"`, "history-expansion"],
    ["!! behind a backslash that is none within quotes", "echo 'a\\' !! 'b'", "history-expansion"],
    ["!! behind a quote with escapes", "echo $'a\\' !! 'b'", "history-expansion"],
    ["!! in quotes of two lines", "echo 'a\rb' !! 'c'", "history-expansion"],
    ["other characters for history", "histchars=%^#", "history-expansion"],
  ])("%s asks", (_name, text, rule) => {
    for (const enter of [true, false]) expect(judge(text, { enter })).toMatchObject({ verdict: "ask", rule });
  });

  it.each([
    "",
    "\x03",
    "\x04",
    "\x1a",
    "\x1c",
    "\x0c",
    "\x03\x03",
    "ls",
    "echo 'hi!x'",
    "echo hi!",
    "[ a != b ]",
    "\x15ls",
    "lx\x7fs",
    "echo \\!x",
  ])("%j is allowed", (text) => expect(judge(text)).toMatchObject({ verdict: "allow" }));

  it.each([
    ["fish", "Ctrl-O, which it leaves out", "r\x0fm -rf y"],
    ["sh", "Ctrl-H, which is text in lines that the terminal makes", "rm -rf y #\b\b\b\b\b\b\b\b\b\b"],
    ["unknown", "Ctrl-O", "r\x0fm -rf y"],
    ["unknown", "Ctrl-H", "rm -rf y #\b\b\b\b\b\b\b\b\b\b"],
    ["sh", "Ctrl-L, which is text there", "echo \x0c# ; rm -rf y"],
  ])("in %s %s asks", (shell, _name, text) => {
    expect(judge(text, { shell })).toMatchObject({ verdict: "ask", rule: "unknown-key" });
  });

  it.each(["bash", "zsh", "fish", "sh", "unknown"])("a line that goes on in the next one asks in %s", (shell) => {
    for (const text of ["rm \\", "r\\", "ls\r'rm' \\\\\\"])
      expect(judge(text, { shell })).toMatchObject({ verdict: "ask", rule: "unfinished-line" });
    expect(judge("", { shell, before: "rm \\" }).rule).toBe("unfinished-line");
    expect(judge("rm \\", { shell, enter: false }).verdict).toBe("allow");
    expect(judge("echo \\\\", { shell }).verdict).toBe("allow");
  });

  it.each([
    "rm (",
    "echo 'rm -rf x' |",
    "echo a &&",
    "function f",
    "begin; echo a",
    "not if true",
    'echo "a',
    "rm (echo a)(",
  ])("in fish %s asks, since more of it is to come", (text) =>
    expect(judge(text, { shell: "fish" })).toMatchObject({ verdict: "ask", rule: "unfinished-line" }),
  );

  it.each(["if true; echo a; end", "echo 'if'", "echo a # (", "begin; end", "echo (date)", 'echo \\"', "sleep 1 &"])(
    "in fish %s is whole",
    (text) => expect(judge(text, { shell: "fish" })).toMatchObject({ verdict: "allow" }),
  );

  it("no history is brought back in fish, nor by a program, to which a tab is text", () => {
    expect(judge("echo !!", { shell: "fish" }).verdict).toBe("allow");
    expect(judge("wow!!\tnice", { shell: "program" }).verdict).toBe("allow");
    expect(judge("\x03", { shell: "program" }).verdict).toBe("allow");
    expect(judge("rm -rf x", { shell: "program" }).verdict).toBe("ask");
    expect(judge("x\x1by", { shell: "program" }).verdict).toBe("ask");
  });

  it("count with what was sent before", () => {
    expect(judge("", { before: "rm -rf x" }).verdict).toBe("ask");
    expect(judge("-rf x", { before: "rm " }).verdict).toBe("ask");
    expect(judge("", { before: "rm\t" }).verdict).toBe("ask");
    expect(judge("\x7f -rf x", { before: "rmm" }).verdict).toBe("ask");
  });

  it("count also without what was sent before, which a program may have read", () => {
    expect(judge("rm -rf x", { before: "q" })).toMatchObject({ verdict: "ask", rule: "rm-recursive-or-forced" });
    expect(judge("rm -rf x", { before: "echo " }).verdict).toBe("ask");
    expect(judge('b"', { before: 'echo "a ' }).verdict).toBe("allow");
  });

  it.each(["\t", "\x1b[A", "\x1bOB", "\x1b[B\x1b[B", "\x1b[5~", "\x1b[Z"])(
    "%j moves in a program, until Enter",
    (keys) => {
      const inFront = { shell: "unknown", promptless: true };
      expect(judge(keys, { ...inFront, enter: false }).verdict).toBe("allow");
      expect(judge(keys, { ...inFront, enter: true }).rule).toBe("unknown-key");
      expect(judge("", { ...inFront, before: keys }).rule).toBe("unknown-key");
      expect(judge("y", { ...inFront, before: keys, enter: false }).verdict).toBe("allow");
      expect(judge("rm -rf x", { ...inFront, before: keys, enter: false }).verdict).toBe("ask");
      expect(judge(keys, { enter: false }).rule).toBe("unknown-key");
      expect(judge(`rm${keys}`, { ...inFront, enter: false }).rule).toBe("unknown-key");
    },
  );

  it("count with what stands at the prompt by its look", () => {
    expect(judge("", { line: "me@host:~$ rm -rf x" })).toMatchObject({ verdict: "ask" });
    expect(judge("-rf x", { line: "% rm " }).reason).toMatch(/^With the unsent text at the prompt: "rm -rf x" /);
    expect(judge("f x", { line: "❯ echo > a; rm -r", enter: false }).verdict).toBe("ask");
    expect(judge("", { line: "me@host:~$ " }).verdict).toBe("allow");
    expect(judge("ls", { line: "$ echo 'a" }).verdict).toBe("allow");
    expect(judge("y", { line: "Proceed? [y/N] " }).verdict).toBe("allow");
  });
});
