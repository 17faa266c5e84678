import type { Condition, ProgramRules, StateRule } from "../programRules";
import { pressKey } from "./asked";
import { arrow } from "./linePrompts";
import { finderCount, finderLine, finderPrompt } from "./menus";

/** The ends of prompts as shells and their themes come with them; `45%` is a part of something that goes on. */
export const promptAtEnd = /(?:[$#>❯➜»λ✗\ue0b0]|(?<!\b\d{1,3}(?:\.\d+)?)%) {0,2}$/u;
/** A prompt at the start of the line, and something typed behind it. */
const typedBehind =
  /^(?:\([^)]*\) )?(?:[❯➜λ»]\s|(?:\S*[@:~/\\]\S*(?: \S+){0,2}|\[[^\]]+\]|[\w.-]{1,24}|) ?[$#%>❯➜»λ] )\s*\S/u;
/** A search in the history, and what a shell asks before it lists many completions, belong to its line editor. */
const lineEditor = /^\((?:reverse|forward|failed)[-\w ]*search\)|^(?:bck|fwd|failing bck|failing fwd)-i-search:/u;
const menu = /^(?:#\?|\?#) ?\d{0,3}$/u;

/** Something that was asked, not a prompt. */
const asking = /[?:\])] {0,2}$/u;

/** What a line editor asks itself while a line is typed, or shows page by page. */
const editorAsks = /\(y or n\) ?$|possibilities \(\d+ lines\)\? ?$|^--More--/u;
/**
 * What a builtin that has a line editor of its own asks: `read -e` of bash, `read` of fish. A place before it, `~/src: ` or
 * `dev@box src: `, is a prompt.
 */
const builtinAsks =
  /(?<!^.*[$#%❯➜λ»] .*)(?<!^(?:\([^)]*\) )?(?:[\w.-]+@[\w.-]+|[~/])\S*(?: [\w.~/@-]{1,40}){0,2} ?)(?:[?:] {0,2}|\[[yn]\/[yn]\]:? {0,2})$/iu;
/** A name before the sign is what a script asks for, where the line editor of the shell is off. */
const named = /^\p{L}[\p{L} ]{2,40}> {0,2}$/u;

const typing: Condition = { in: "before_cursor", matches: typedBehind };

const rules: readonly StateRule[] = [
  {
    name: "select",
    state: "waiting",
    kind: "question",
    priority: 90,
    confidence: "high",
    answer: "line",
    when: [{ in: "before_cursor", matches: menu }],
  },
  /** A menu of a script, which reads behind a sign alone: no line editor does. */
  {
    name: "menu",
    state: "waiting",
    kind: "question",
    priority: 82,
    confidence: "medium",
    answer: "line",
    when: [
      { in: "list", matches: /^\d{1,2}[.)] \S/u },
      { in: "before_cursor", matches: /^> ?$/u, cursor: "visible", paste: false },
    ],
  },
  /** `read -p "--> "`: a shell that reads its own commands has a line editor, and says so. */
  {
    name: "arrow",
    state: "waiting",
    kind: "question",
    priority: 81,
    confidence: "medium",
    answer: "line",
    when: [
      { in: "before_cursor", matches: arrow, cursor: "visible", paste: false, alternate: false },
      { foreground: /^-?(?:bash|zsh|fish)$/u },
    ],
  },
  /** A finder at the end of a pipe, whose first program has ended. */
  {
    name: "finder",
    state: "waiting",
    kind: "question",
    priority: 85,
    confidence: "high",
    when: [
      { in: "list", matches: finderCount, alternate: true },
      { in: "before_cursor", matches: finderPrompt },
    ],
  },
  {
    name: "finder_below",
    state: "waiting",
    kind: "question",
    priority: 84,
    confidence: "high",
    when: [
      { in: "screen", matches: finderLine, alternate: false },
      { in: "before_cursor", matches: finderPrompt },
    ],
  },
  /** The same where it counts nothing: what is found stands below what is typed, and no line editor reads. */
  {
    name: "finder_above",
    state: "waiting",
    kind: "question",
    priority: 83,
    confidence: "medium",
    when: [
      { in: "before_cursor", matches: /^> \S{0,20}$/u, cursor: "visible", running: true },
      { in: "below_cursor", matches: /\S/u },
    ],
    unless: [{ paste: true }],
  },
  {
    name: "prompt",
    state: "idle",
    kind: "shell",
    priority: 80,
    confidence: "high",
    when: [{ in: "before_cursor", matches: promptAtEnd, cursor: "visible" }],
    unless: [{ in: "before_cursor", matches: named, paste: false }],
  },
  { name: "typing", state: "idle", kind: "shell", priority: 78, confidence: "high", when: [typing] },
  {
    name: "history_search",
    state: "idle",
    kind: "shell",
    priority: 76,
    confidence: "high",
    when: [{ in: "before_cursor", matches: lineEditor }],
  },
  /** Its line editor reads: a prompt of any look, also one below which something else was written. */
  {
    name: "line_is_typed",
    state: "idle",
    kind: "shell",
    priority: 74,
    confidence: "high",
    when: [{ paste: true, cursor: "visible", alternate: false }],
    unless: [
      { in: "before_cursor", matches: editorAsks },
      { in: "before_cursor", matches: builtinAsks },
    ],
  },
  /** The same where only the terminal's settings tell that keys are taken one by one and not shown. */
  {
    name: "line_editor",
    state: "idle",
    kind: "shell",
    priority: 70,
    confidence: "medium",
    when: [{ in: "before_cursor", matches: /\S/u, cursor: "visible", echo: false, canonical: false }],
    unless: [
      { in: "before_cursor", matches: asking },
      { in: "before_cursor", matches: editorAsks },
      { in: "before_cursor", matches: pressKey },
    ],
  },
];

function shell(program: string, title: string, commands: readonly string[], recorded: readonly string[]): ProgramRules {
  return { program, title, role: "shell", recorded, known: { commands }, regions: { list: { bottom: 4 } }, rules };
}

/**
 * Shells at their prompts, those for the rest of a command included. What a script or a builtin asks (`read`, `rm dir/*` in zsh)
 * stands before the cursor in the same way, but does not end like a prompt.
 */
export const shellPrompts: readonly ProgramRules[] = [
  shell("bash", "bash", ["bash", "rbash"], ["5.2"]),
  shell("zsh", "zsh", ["zsh"], ["5.9"]),
  shell("fish", "fish", ["fish"], ["3.6"]),
  shell("sh", "sh", ["sh", "dash", "ash", "ksh", "mksh", "csh", "tcsh", "yash", "elvish", "xonsh", "busybox"], ["0.5"]),
];
