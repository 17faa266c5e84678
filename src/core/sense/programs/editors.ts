import type { ProgramRules } from "../programRules";
import { asksBelow, letteredWords, lettersToPress, sideBySide } from "./fullScreens";

/** Editors, at rest whatever text they show; a question of their own stands in their last lines. */
export const editors: ProgramRules = {
  program: "editor",
  title: "editor",
  role: "editor",
  recorded: ["9.0"],
  known: {
    commands: [
      "vim",
      "vi",
      "nvim",
      "view",
      "vimdiff",
      "nano",
      "pico",
      "rnano",
      "emacs",
      "emacs-nox",
      "emacsclient",
      "micro",
      "mg",
      "joe",
      "mcedit",
      "ed",
      "ne",
      "jed",
      "tilde",
      "dte",
      "zile",
      "vis",
      "le",
      "hexedit",
      "kak",
      "jove",
      "vile",
    ],
  },
  regions: { foot: { bottom: 3 }, last: { bottom: 1 } },
  rules: [
    {
      name: "swap_file",
      state: "waiting",
      kind: "question",
      priority: 90,
      confidence: "high",
      when: [{ in: "before_cursor", matches: /\(Q\)uit, \(A\)bort: ?$|\[O\]pen Read-Only.*: ?$/u }],
    },
    /** What vim asks before it leaves a changed text, and for each place of a replacement. */
    {
      name: "vim_asks",
      state: "waiting",
      kind: "confirm",
      priority: 89,
      confidence: "high",
      when: [
        {
          in: "before_cursor",
          matches: /^\[Y\]es, \(N\)o, \(C\)ancel: ?$|^replace with .* \(y\/n\/a\/q\/l\/\^E\/\^Y\)\??$/u,
        },
      ],
    },
    {
      name: "save",
      state: "waiting",
      kind: "confirm",
      priority: 88,
      confidence: "high",
      when: [{ in: "before_cursor", matches: /\((?:y, n|yes or no|y,n,esc|y,n,\^C|y or n)[^)]*\)\?? {0,2}$/u }],
    },
    /** emacs leaves the cursor in the text while it asks below. */
    {
      name: "save_below",
      state: "waiting",
      kind: "confirm",
      priority: 87,
      confidence: "high",
      when: [{ in: "last", matches: /^Save (?:file|buffer) .*\? \(y, n, !/u }],
    },
    /** emacs goes from place to place of what is replaced. */
    {
      name: "replace_below",
      state: "waiting",
      kind: "confirm",
      priority: 87,
      confidence: "high",
      when: [{ in: "last", matches: /^Query replacing (?:regexp )?.+ with .*: \(\? for help\)$/u }],
    },
    {
      name: "nano_file",
      state: "waiting",
      kind: "question",
      priority: 85,
      confidence: "high",
      when: [
        { in: "before_cursor", matches: /^File Name to \p{L}+: /u },
        { in: "foot", matches: /^\^C Cancel\b/u },
      ],
    },
    {
      name: "buttons",
      state: "waiting",
      kind: "confirm",
      priority: 84,
      confidence: "high",
      when: [{ in: "cursor_line", matches: /\[ Yes \] {1,3}\[ No \]/u, alternate: true }],
    },
    {
      name: "asked_in_last_row",
      state: "waiting",
      kind: "confirm",
      priority: 83,
      confidence: "medium",
      when: [{ in: "bottom_row", matches: asksBelow, alternate: true }],
    },
    {
      name: "lettered_words",
      state: "waiting",
      kind: "question",
      priority: 81,
      confidence: "medium",
      when: [{ in: "before_cursor", matches: letteredWords }],
    },
    /** nano in any language: its keys stand below what it asks. */
    {
      name: "asked_above_keys",
      state: "waiting",
      kind: "confirm",
      priority: 81,
      confidence: "medium",
      when: [
        { in: "before_cursor", matches: /\S\? {0,2}$/u, alternate: true },
        { in: "foot", first: true, matches: /\? {0,2}$/u },
        { in: "foot", matches: /\^C \p{L}+$/u },
      ],
    },
    {
      name: "letters",
      state: "waiting",
      kind: "question",
      priority: 81,
      confidence: "medium",
      when: [{ in: "before_cursor", matches: lettersToPress, alternate: true }],
    },
    /** A dialog over the text. */
    {
      name: "buttons_side_by_side",
      state: "waiting",
      kind: "confirm",
      priority: 82,
      confidence: "medium",
      when: [{ in: "screen", matches: sideBySide, alternate: true, cursor: "hidden" }],
    },
    {
      name: "nano_save",
      state: "waiting",
      kind: "confirm",
      priority: 86,
      confidence: "high",
      when: [
        { in: "before_cursor", matches: /^Save modified buffer\?/u },
        { in: "foot", matches: /^Y Yes/u },
      ],
    },
    /** vim leaves its screen while a command runs that was typed behind `:!`. */
    {
      name: "command_runs",
      state: "working",
      priority: 55,
      confidence: "medium",
      when: [{ foreground: /^(?:vim|vi)$/u, alternate: false, in: "foot" }],
      unless: [
        { in: "foot", matches: /^~$|^-- (?:INSERT|VISUAL|REPLACE)|\s\d+,\d+(?:-\d+)?\s+(?:All|Top|Bot|\d+%)$/u },
        { in: "last", matches: /\bPress ENTER or type command to continue$/u },
      ],
    },
    { name: "in_front", state: "idle", kind: "editor", priority: 50, confidence: "high", when: [{ running: true }] },
    {
      name: "screen",
      state: "idle",
      kind: "editor",
      priority: 40,
      confidence: "medium",
      when: [{ alternate: true, in: "foot" }],
    },
  ],
};

/** What an editor asks that another program has started, as git does: it has the name of that one. */
export const editorQuestions: ProgramRules = {
  ...editors,
  program: "editor_question",
  role: "tool",
  known: { commands: [] },
  rules: editors.rules
    .filter(({ state }) => state === "waiting")
    .map((rule) => ({ ...rule, when: [{ alternate: true, running: true }, ...rule.when] })),
};
