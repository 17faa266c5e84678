import { anyArgument, anyOf, code, dynamicArgument, sql } from "./policyConditions";
import type { PolicyRule } from "./policyRule";

const sqlClients = (
  "psql mysql mariadb sqlite3 sqlite pgcli mycli litecli duckdb sqlcmd cockroach clickhouse-client clickhouse usql snowsql " +
  "bq cqlsh ysqlsh db2 sqlplus isql tsql trino presto beeline hive impala-shell spark-sql turso dolt wrangler osql vsql"
).split(" ");

/** A file that says by its name what it does: `drop_all.sql`. */
const destructiveFile =
  /(?:^|[\s/._-])(?:drop|truncate|wipe|purge|destroy|delete|reset|nuke|teardown)(?:[._-][^/\s]*)?\.(?:sql|cql|ddl)$/i;

export const databaseRules: readonly PolicyRule[] = [
  {
    id: "sql",
    programs: sqlClients,
    when: sql,
    reason: "deletes, overwrites or locks whole tables or other parts of a database",
    match: [
      "psql -c 'DROP TABLE users'",
      "mysql -e 'truncate table x'",
      "sqlite3 db 'delete from x'",
      "psql -c 'DELETE FROM x WHERE true; DELETE FROM y'",
      "psql -c 'DELETE FROM users WHERE 1=1'",
      "psql -c 'REVOKE ALL ON x FROM y'",
      "cqlsh -e 'TRUNCATE t'",
      "db2 drop database x",
      "psql <<EOF\nDROP SCHEMA s CASCADE;\nEOF",
      "echo 'drop database x' | mysql",
    ],
    not_match: [
      "psql -c 'select 1'",
      "psql -c \"select 'drop table'\"",
      "sqlite3 db 'delete from x where id = 1'",
      "psql -c 'grant select on x to y'",
      "psql -f schema.sql",
      "psql < dump.sql",
      "db2 list tables",
    ],
  },
  {
    id: "sql-file",
    programs: sqlClients,
    when: anyOf(anyArgument(destructiveFile), ({ inputFile }) => destructiveFile.test(inputFile ?? "")),
    reason: "runs statements from a file whose name says that it deletes data",
    match: ["psql -f drop_all.sql", "mysql app < db/truncate.sql", "sqlite3 a.db '.read reset-db.sql'"],
    not_match: ["psql -f schema.sql", "psql -f soft-deleted.sql", "mysql app < dump.sql"],
  },
  {
    id: "drop-database",
    calls: {
      "dropdb dropuser pg_dropcluster pg_resetwal": "**",
      mysqladmin: "** drop|shutdown|flush-*|kill",
      "pg_restore mysqlimport": "-c|--clean|--delete, --delete",
      "mongorestore mongoimport": "--drop",
      sqlite3: "** .restore*|.clone*|.recover*",
      influx: "delete, bucket|org|user|auth|task|stack delete|rm",
      "neo4j-admin": "database delete, database load --overwrite-destination|--overwrite-destination=true",
    },
    reason: "deletes or replaces a database, or one of its users",
    match: [
      "dropdb app",
      "mysqladmin -u root drop app",
      "pg_dropcluster 16 main --stop",
      "sqlite3 a.db '.restore old.db'",
      "mongorestore --drop dump",
      "pg_restore --clean -d app dump",
      "influx delete --bucket b --start 1970-01-01T00:00:00Z --stop 2030-01-01T00:00:00Z",
    ],
    not_match: [
      "createdb app",
      "dropdb --help",
      "mysqladmin status",
      "pg_restore -l dump",
      "pg_restore -d app dump",
      "sqlite3 a.db .dump",
      "mongorestore dump",
      "influx query x",
    ],
  },
  {
    id: "redis-flush",
    programs: ["redis-cli", "valkey-cli", "keydb-cli"],
    when: anyOf(
      anyArgument(/\b(?:flushall|flushdb)\b|^(?:shutdown|swapdb|failover)$/i),
      ({ input = "" }) => /\b(?:flushall|flushdb)\b/i.test(input),
      (call) =>
        /^(?:del|unlink)$/i.test(call.positionals[0] ?? "") &&
        (call.positionals.length < 2 || dynamicArgument(/\$\(|`/)(call)),
      (call) =>
        /^(?:script flush|function flush|acl deluser|cluster (?:reset|forget|flushslots))\b/i.test(
          call.positionals.join(" "),
        ),
    ),
    reason: "empties a Redis database, deletes many of its keys or stops its server",
    match: [
      "redis-cli FLUSHALL",
      "redis-cli -n 2 flushdb async",
      "echo flushall | redis-cli",
      "redis-cli del $(redis-cli keys '*')",
      "redis-cli keys '*' | xargs redis-cli del",
      "redis-cli eval 'return redis.call(\"FLUSHALL\")' 0",
      "redis-cli shutdown",
      "redis-cli swapdb 0 1",
      "redis-cli failover",
    ],
    not_match: ["redis-cli ping", "redis-cli get flush", "redis-cli del key", "redis-cli script load x"],
  },
  {
    id: "mongo-drop",
    programs: ["mongo", "mongosh"],
    when: code(
      /dropDatabase\s*\(|\.drop(?:Indexes|Index|User|Role)?\s*\(|\.(?:deleteMany|remove|updateMany)\s*\(\s*(?:\{\s*\})?\s*[,)]|\.(?:deleteMany|remove)\s*\(\s*\{\s*["']?_id["']?\s*:\s*\{\s*["']?\$(?:exists|ne|gt|gte)\b|shutdownServer\s*\(/,
    ),
    reason: "deletes MongoDB collections or everything in them, or stops the server",
    match: [
      "mongosh --eval 'db.dropDatabase()'",
      "mongo app --eval 'db.users.deleteMany({})'",
      "mongosh --eval 'db.users.deleteMany({_id:{$exists:true}})'",
      "mongosh --eval 'db.users.drop()'",
    ],
    not_match: [
      "mongosh --eval 'db.users.find()'",
      "mongosh --eval 'db.users.deleteMany({a:1})'",
      "mongosh --eval 'db.users.deleteMany({_id:{$in:[1]}})'",
    ],
  },
];
