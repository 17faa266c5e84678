import type { ProgramRules } from "../programRules";
import { promptRules } from "./promptRules";

/** Shells of databases. */
export const databaseShells: readonly ProgramRules[] = [
  promptRules("psql", "psql", ["psql"], { matches: /^[\w.-]*[-=*!^'"($]{1,2}[#>] /u, alternate: false }),
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
