/** Every command, and its short form. */
export const commandNames: ReadonlySet<string> = new Set([
  "answer",
  "archive",
  "assign",
  "attach",
  "attention",
  "completion",
  "do",
  "doctor",
  "end",
  "explain",
  "gate",
  "handoff",
  "help",
  "kill",
  "log",
  "logs",
  "ls",
  "note",
  "plan",
  "projects",
  "prompt",
  "pull",
  "remove",
  "rename",
  "retry",
  "send",
  "sessions",
  "st",
  "stats",
  "status",
  "stop",
  "tour",
  "verify",
  "wait",
  "wsh-server",
]);

const longCommands: ReadonlySet<string> = new Set(["attach", "do", "none", "tour", "wait", "wsh-server"]);

/** Whether the command is over in a moment, unless it is told to wait or to follow. */
export function endsSoon(name: string): boolean {
  return !longCommands.has(name);
}

/**
 * The first argument that is the name of a command, known before the arguments are understood: the one that runs, unless
 * the value of an option before it has such a name. `none` where there is none.
 */
export function commandIn(argv: readonly string[]): string {
  return argv.find((argument) => commandNames.has(argument)) ?? "none";
}
