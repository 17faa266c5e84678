import type { ProgramRules } from "../programRules";

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
      when: [{ in: "last", matches: /^Save file .*\? \(y, n, !/u }],
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
