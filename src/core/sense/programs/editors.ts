import type { ProgramRules } from "../programRules";

/** vim, nano, emacs and micro, at rest whatever text they show; a question of their own stands in their last lines. */
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
    ],
  },
  regions: { foot: { bottom: 3 } },
  rules: [
    {
      name: "swap_file",
      state: "waiting",
      kind: "question",
      priority: 90,
      confidence: "high",
      when: [{ in: "before_cursor", matches: /\(Q\)uit, \(A\)bort: ?$|\[O\]pen Read-Only.*: ?$/u }],
    },
    {
      name: "save",
      state: "waiting",
      kind: "confirm",
      priority: 88,
      confidence: "high",
      when: [{ in: "before_cursor", matches: /\((?:y, n|yes or no|y,n,esc|y or n)[^)]*\) {0,2}$/u }],
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
