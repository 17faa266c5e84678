import type { Pattern, ProgramRules } from "../programRules";

/** At its prompt, also at the one for the rest of a statement. */
function databaseShell(
  program: string,
  title: string,
  commands: readonly string[],
  recorded: readonly string[],
  prompt: Pattern,
): ProgramRules {
  return {
    program,
    title,
    role: "repl",
    recorded,
    known: { commands },
    regions: {},
    rules: [
      {
        name: "prompt",
        state: "idle",
        kind: "repl",
        confidence: "high",
        when: [{ in: "before_cursor", matches: prompt, alternate: false }],
      },
    ],
  };
}

/** Shells of databases. */
export const databaseShells: readonly ProgramRules[] = [
  databaseShell("psql", "psql", ["psql"], [], /^[\w.-]*[-=*!^'"($]{1,2}[#>] /u),
  databaseShell("mysql", "mysql", ["mysql", "mariadb"], [], /^(?:mysql|MariaDB \[[^\]]*\])> |^ {2,12}[-'"`/]> /u),
  databaseShell("sqlite3", "sqlite3", ["sqlite3"], [], /^sqlite> |^ {3}\.\.\.> |^ +[^>]{0,4}\.*> /u),
  databaseShell(
    "redis-cli",
    "redis-cli",
    ["redis-cli"],
    [],
    /^(?:\S+:\d+(?:\[\d+\])?(?:\(\w+\))?|not connected|redis \S+)> /u,
  ),
];
