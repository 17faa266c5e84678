import { anyArgument, anyOf, code, noneOf, positional, sql } from "./policyConditions";
import { help, type PolicyRule } from "./policyRule";

const sqlClients = [
  "psql",
  "mysql",
  "mariadb",
  "sqlite3",
  "sqlite",
  "pgcli",
  "mycli",
  "litecli",
  "duckdb",
  "sqlcmd",
  "cockroach",
  "clickhouse-client",
  "clickhouse",
  "usql",
  "snowsql",
  "bq",
];

export const databaseRules: readonly PolicyRule[] = [
  {
    id: "sql",
    programs: sqlClients,
    when: sql,
    reason: "deletes or overwrites whole tables or other parts of a database",
    match: [
      "psql -c 'DROP TABLE users'",
      "mysql -e 'truncate table x'",
      "sqlite3 db 'delete from x'",
      "psql -c 'DELETE FROM x WHERE true; DELETE FROM y'",
      "psql <<EOF\nDROP SCHEMA s CASCADE;\nEOF",
      "echo 'drop database x' | mysql",
    ],
    not_match: [
      "psql -c 'select 1'",
      "psql -c \"select 'drop table'\"",
      "sqlite3 db 'delete from x where id = 1'",
      "psql -f schema.sql",
      "psql < dump.sql",
    ],
  },
  {
    id: "drop-database",
    programs: ["dropdb", "dropuser", "mysqladmin"],
    when: anyOf(
      noneOf(help, (call) => call.program === "mysqladmin"),
      (call) => call.program === "mysqladmin" && positional(/^drop$/)(call),
    ),
    reason: "deletes a database or one of its users",
    match: ["dropdb app", "mysqladmin -u root drop app"],
    not_match: ["createdb app", "dropdb --help"],
  },
  {
    id: "redis-flush",
    programs: ["redis-cli", "valkey-cli", "keydb-cli"],
    when: anyOf(anyArgument(/^(?:flushall|flushdb|shutdown)$/i), (call) =>
      /\b(?:flushall|flushdb)\b/i.test(call.input ?? ""),
    ),
    reason: "empties a Redis database or stops its server",
    match: ["redis-cli FLUSHALL", "redis-cli -n 2 flushdb async", "echo flushall | redis-cli"],
    not_match: ["redis-cli ping", "redis-cli get flush"],
  },
  {
    id: "mongo-drop",
    programs: ["mongo", "mongosh"],
    when: code(/dropDatabase\s*\(|\.drop(?:Indexes)?\s*\(|\.(?:deleteMany|remove)\s*\(\s*(?:\{\s*\})?\s*\)/),
    reason: "deletes MongoDB collections or everything in them",
    match: ["mongosh --eval 'db.dropDatabase()'", "mongo app --eval 'db.users.deleteMany({})'"],
    not_match: ["mongosh --eval 'db.users.find()'", "mongosh --eval 'db.users.deleteMany({a:1})'"],
  },
  {
    id: "framework-reset",
    programs: [
      "rails",
      "rake",
      "bin/rails",
      "artisan",
      "php",
      "prisma",
      "sequelize",
      "sequelize-cli",
      "mix",
      "manage.py",
      "django-admin",
      "supabase",
      "drizzle-kit",
      "typeorm",
      "npx",
    ],
    when: anyOf(
      anyArgument(
        /^(?:db:(?:drop|reset|wipe|drop:all|purge)(?::\w+)?|migrate:(?:fresh|reset|refresh)|ecto\.(?:drop|reset)|schema:drop|flush|reset_db)$/,
      ),
      (call) =>
        /\b(?:migrate reset|db reset|db push .*--force-reset)\b/.test(call.args.join(" ")) &&
        /prisma|supabase/.test(`${call.program} ${call.args.join(" ")}`),
    ),
    reason: "deletes the data in the application's database",
    match: ["rails db:drop", "npx prisma migrate reset", "php artisan migrate:fresh"],
    not_match: ["rails db:migrate", "npx prisma migrate dev", "php artisan migrate"],
  },
];
