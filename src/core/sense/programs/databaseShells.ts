import type { ProgramRules } from "../programRules";
import { promptRules } from "./promptRules";

/** The command by which a person, or a script of psql, has it ask for a value. */
const valueAsked = /^[\w.-]*[-=*!^'"($]{1,2}[#>] \\prompt \S/u;

const psql = promptRules("psql", "psql", ["psql"], { matches: /^[\w.-]*[-=*!^'"($]{1,2}[#>] /u, alternate: false });

/** Shells of databases. */
export const databaseShells: readonly ProgramRules[] = [
  {
    ...psql,
    regions: { ...psql.regions, asked: { bottom: 2 }, last: { bottom: 1 } },
    rules: [
      ...psql.rules,
      /** It reads a value, behind any text that was given with it, or behind none. */
      {
        name: "value",
        state: "waiting",
        kind: "question",
        priority: 45,
        confidence: "medium",
        answer: "line",
        when: [
          { in: "asked", first: true, matches: valueAsked },
          { in: "before_cursor", matches: /\S/u, cursor: "visible", alternate: false },
        ],
      },
      {
        name: "value_on_empty_line",
        state: "waiting",
        kind: "question",
        priority: 44,
        confidence: "medium",
        answer: "line",
        when: [
          { in: "last", matches: valueAsked },
          { in: "before_cursor", matches: /^$/u, cursor: "visible", alternate: false },
        ],
      },
    ],
  },
  promptRules("mysql", "mysql", ["mysql", "mariadb"], {
    matches: /^(?:mysql|MariaDB \[[^\]]*\])> |^ {2,12}[-'"`/]> /u,
    alternate: false,
  }),
  promptRules("sqlite3", "sqlite3", ["sqlite3"], {
    matches: /^sqlite> |^ {3}\.\.\.> |^ +[^>]{0,4}\.*> /u,
    alternate: false,
  }),
  promptRules("redis-cli", "redis-cli", ["redis-cli"], {
    matches: /^(?:\S+:\d+(?:\[\d+\])?(?:\(\w+\))?|not connected|redis \S+)> /u,
    alternate: false,
  }),
];
