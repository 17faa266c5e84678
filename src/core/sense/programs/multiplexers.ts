import type { ProgramRules } from "../programRules";

/** tmux reads a command, or a value for one that has a key, in the row of its status line: `:new`, `(rename-window) vim`. */
const commandRow =
  /^:|^\((?:rename-\w+|search\b[^)]*|jump\b[^)]*|goto line|repeat|index|swap|move\b[^)]*|prefix|filter|target|tag)\) /u;
/** A session, window or pane in its tree. */
const treeRow = /^\(\w+\) +(?:[├└]─> ?)?[-+]? ?\S+: (?:\d+ windows?|\S)/u;

/**
 * What a multiplexer draws itself, over the terminal that it shows. A person who types a command there is at rest like one
 * before a shell.
 */
export const multiplexers: ProgramRules = {
  program: "tmux",
  title: "tmux",
  role: "tool",
  recorded: ["3.3a"],
  known: { commands: ["tmux", "tmux: client"] },
  regions: { head: { top: 4 } },
  rules: [
    {
      name: "command",
      state: "idle",
      kind: "shell",
      priority: 70,
      confidence: "high",
      when: [{ in: "bottom_row", matches: commandRow, alternate: true, cursor: "hidden" }],
    },
    /** One of its sessions or windows is to be chosen. */
    {
      name: "tree",
      state: "waiting",
      kind: "question",
      priority: 60,
      confidence: "medium",
      when: [{ in: "head", matches: treeRow, alternate: true, cursor: "hidden" }],
    },
  ],
};
