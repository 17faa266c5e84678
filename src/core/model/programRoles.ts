/** What kind of program it is; it decides what its being at rest, or at work, is called. */
export const programRoles = [
  "agent",
  "shell",
  "pager",
  "editor",
  "repl",
  "monitor",
  "server",
  "watcher",
  "tool",
] as const;

export type ProgramRole = (typeof programRoles)[number];
