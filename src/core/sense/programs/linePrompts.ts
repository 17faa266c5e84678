import { shells } from "../../model/shellNames";
import type { Condition, ProgramRules } from "../programRules";

export const shellInFront = new RegExp(`^-?(?:${[...shells].join("|")})$`, "u");
/** What scripts write before what they read: `-> `, `==> `. A shell has a line editor where its prompt looks so. */
export const arrow = /^(?:[-=]{1,4}|~)> {1,2}$/u;
/** What is to be typed behind a sign stands above it. */
export const instruction =
  /^(?:please )?(?:enter|choose|select|pick|give|specify|provide)\b(?!.*\b(?:help|quit|exit)\b).*[.:]$/iu;
/** `ftp> `, `(dlv) `, `lftp host:~> `, with or without something typed: small letters, as names of programs are. */
const ownName =
  /^(?:[a-z][a-z\d_.-]*(?:\([^)]*\)|\[[^\]]*\]|(?: \S*)?[:@~]\S*)?(?:>{1,3}|\$) |\([A-Za-z][\w-]{1,20}\) )/u;
/** A prompt of a line editor, whatever stands before its sign. */
const sign = /(?:^|\S)(?:>{1,3}|❯) $/u;
/** `root@pod:/srv# `: a shell behind a program that brought there, as containers have. */
/** `ada@orders (1)$ `: where it has brought whom. */
const atHost = /^[\w.-]+@[\w.-]+(?: ?[([:~/]\S*){0,3} ?[$#>] $/u;
const shellSign = /^(?:\S*[@:~/\\]\S*(?: [^\s?:]+){0,3}|\[[^\]]+\]) ?@?[$#%❯➜] $/u;

const visible: Condition = { cursor: "visible", alternate: false };

/**
 * Prompts of programs that no other rule knows: they read a line, and show what came of it. What is asked once begins
 * with a capital or has several words.
 */
export const linePrompts: ProgramRules = {
  program: "prompt",
  title: "program at its prompt",
  role: "tool",
  recorded: [],
  known: { commands: [] },
  regions: { ending: { bottom: 2 } },
  rules: [
    {
      name: "shell",
      state: "idle",
      kind: "shell",
      priority: 70,
      confidence: "medium",
      when: [{ in: "before_cursor", matches: shellSign, paste: true, running: true, ...visible }],
    },
    {
      name: "line_editor",
      state: "idle",
      kind: "repl",
      priority: 60,
      confidence: "medium",
      when: [{ in: "before_cursor", matches: sign, paste: true, running: true, ...visible }],
      unless: [{ foreground: shellInFront }],
    },
    {
      name: "at_host",
      state: "idle",
      kind: "repl",
      priority: 52,
      confidence: "medium",
      when: [{ in: "before_cursor", matches: atHost, running: true, ...visible }],
      unless: [{ foreground: shellInFront }],
    },
    {
      name: "own_name",
      state: "idle",
      kind: "repl",
      priority: 50,
      confidence: "medium",
      when: [{ in: "before_cursor", matches: ownName, running: true, ...visible }],
      unless: [{ foreground: shellInFront }, { in: "ending", first: true, matches: instruction }],
    },
  ],
};
