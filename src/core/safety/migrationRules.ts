import { anyArgument, anyOf, type Condition } from "./policyConditions";
import type { PolicyRule } from "./policyRule";

/** Code that frameworks run in their application: `User.destroy_all`. */
const destroysRecords: Condition = anyArgument(
  /\b(?:destroy_all|delete_all|truncate_tables)\b|\.objects\.(?:all\(\)\.)?delete\(|::truncate\(|\bdrop_table\b/,
);

/** What the tools of an application do to its database. */
export const migrationRules: readonly PolicyRule[] = [
  {
    id: "framework-reset",
    calls: {
      "rails rake": `
        ** db:drop*|db:reset*|db:purge*|db:truncate_all*|db:setup*|db:schema:load*|db:structure:load*|db:migrate:reset*|
        db:wipe*|db:seed:replant*|db:test:purge`,
      "artisan php": "** db:wipe|migrate:fresh|migrate:reset|migrate:refresh|db:truncate*|schema:drop",
      prisma: "migrate reset, db push --force-reset|--accept-data-loss",
      supabase: "db reset",
      "sequelize sequelize-cli": "db:drop",
      mix: "ecto.drop|ecto.reset",
      "manage.py django-admin": "flush|reset_db|sqlflush|reset_schema, migrate * zero",
      typeorm: "schema:drop",
      "drizzle-kit": "drop, push --force",
      "mikro-orm": "schema:drop|schema:fresh, migration:fresh",
      "console symfony": `
        doctrine:database:drop|doctrine:schema:drop|doctrine:fixtures:load|d:d:d|d:s:d|d:f:l, console doctrine:*:drop`,
      "dotnet dotnet-ef": "ef database drop, ef database update 0, database drop, database update 0",
      flyway: "** clean",
      liquibase: "** drop-all|dropAll",
      "sqlx diesel": "database|db drop|reset",
      dbmate: "** drop",
      migrate: "** drop|force",
      atlas: "schema clean",
      "sea-orm-cli": "migrate fresh|reset|refresh",
      "db-migrate goose": "** reset",
      hasura: "metadata clear",
      wp: "db reset|drop|clean, site empty|delete",
      drush: "sql-drop|sql:drop|site-install|site:install|si",
      "gel edgedb": "database|branch drop|wipe, instance destroy",
      magento: "setup:uninstall",
    },
    reason: "deletes the data in the application's database",
    match: [
      "rails db:drop",
      "bin/rails db:truncate_all",
      "npx prisma migrate reset",
      "php artisan migrate:fresh",
      "npx drizzle-kit drop",
      "symfony console doctrine:database:drop --force",
      "php bin/console doctrine:database:drop --force",
      "dotnet ef database drop -f",
      "flyway clean",
      "liquibase drop-all",
      "sqlx database drop -y",
      "python3 manage.py flush",
    ],
    not_match: [
      "rails db:migrate",
      "rails db:seed",
      "npx prisma migrate dev",
      "php artisan migrate",
      "npx drizzle-kit push",
      "dotnet ef database update",
      "flyway migrate",
      "flyway info",
      "liquibase status",
      "sqlx database create",
    ],
  },
  {
    id: "migrate-down",
    calls: {
      "rails rake": "** db:rollback*|db:migrate:down*|db:migrate:redo*",
      "artisan php": "** migrate:rollback",
      alembic: "downgrade !--sql",
      flask: "db downgrade",
      flyway: "** undo",
      liquibase: "** rollback*",
      knex: "migrate:rollback|migrate:down",
      typeorm: "migration:revert",
      "sequelize sequelize-cli": "db:migrate:undo*",
      "mikro-orm": "migration:down",
      "console symfony": "doctrine:migrations:execute --down, doctrine:migrations:migrate first|prev",
      goose: "** down|down-to|redo",
      sqlx: "migrate revert",
      diesel: "migration revert|redo",
      dbmate: "** down|rollback",
      "migrate node-pg-migrate migrate-mongo db-migrate umzug": "** down",
      atlas: "migrate down",
      "sea-orm-cli": "migrate down",
      mix: "ecto.rollback",
      "phinx sqitch aerich": "rollback|revert|downgrade",
      hasura: "migrate apply --down",
    },
    reason: "takes migrations back, which deletes the tables and columns that they made",
    match: [
      "alembic downgrade base",
      "knex migrate:rollback --all",
      "npx knex migrate:rollback",
      "goose down-to 0",
      "rails db:rollback",
      "sqlx migrate revert",
      "migrate -path m -database x down",
    ],
    not_match: [
      "alembic upgrade head",
      "alembic downgrade base --sql",
      "knex migrate:latest",
      "goose up",
      "goose status",
      "sqlx migrate run",
      "migrate -path m -database x up",
    ],
  },
  {
    id: "framework-code",
    calls: { "rails rake": "runner|r", "manage.py django-admin": "shell|shell_plus", "artisan php": "** tinker" },
    when: destroysRecords,
    reason: "runs code of the application that deletes whole tables",
    match: [
      "rails runner 'User.destroy_all'",
      "bin/rails r 'User.delete_all'",
      "python manage.py shell -c 'User.objects.all().delete()'",
      "php artisan tinker --execute 'User::truncate()'",
      "rails runner 'ActiveRecord::Base.connection.truncate_tables(:a)'",
      "rails runner 'ActiveRecord::Base.connection.drop_table :a'",
    ],
    not_match: ["rails runner 'puts User.count'", "rails console", "python manage.py shell"],
  },
  {
    id: "search-index-delete",
    programs: ["curl", "http", "https", "xh", "xhs", "wget"],
    when: anyOf(
      anyArgument(/\/_delete_by_query\b|\/_(?:close|restore)(?:[?/]|$)/),
      (call) =>
        requestsDelete(call.args) &&
        call.args.some((arg) => /^(?!-)(?!DELETE$)\S*[:/.]/.test(arg) && !isLocalItem(arg)),
    ),
    reason: "deletes something on a server, such as a whole index",
    match: [
      "curl -X DELETE http://localhost:9200/_all",
      "curl -XDELETE 'localhost:9200/logs-*'",
      "curl -X POST http://localhost:9200/x/_delete_by_query -d '{}'",
      "curl -X POST localhost:9200/x/_close",
      "curl -X POST localhost:9200/_snapshot/a/b/_restore",
      "http DELETE :9200/_all",
      "curl --request DELETE https://api.example.com/v1/users/1",
    ],
    not_match: [
      "curl -X DELETE http://localhost:3000/items/1",
      "http DELETE :3000/items/1",
      "curl http://localhost:9200/_cat/indices",
      "curl -X POST http://localhost:3000/items -d '{}'",
    ],
  },
];

function requestsDelete(args: readonly string[]): boolean {
  return args.some(
    (arg, index) =>
      /^(?:-X|--request=|--method=)DELETE$/i.test(arg) ||
      (/^DELETE$/i.test(arg) && (index === 0 || /^(?:-[A-Za-z]*X|--request|--method)$/.test(args[index - 1] ?? ""))),
  );
}

/** One thing of a program that is being developed: `localhost:3000/items/1`; no index of Elasticsearch. */
function isLocalItem(url: string): boolean {
  const found = /^(?:https?:\/\/)?(?:localhost|127\.[\d.]+|0\.0\.0\.0|\[::1\])?(?::(\d+))?(\/[^?#]*)?/.exec(url);
  const isLocal = /^(?:https?:\/\/)?(?:localhost\b|127\.|0\.0\.0\.0|\[::1\]|:\d)/.test(url);
  return isLocal && found !== null && !/^92\d\d$/.test(found[1] ?? "") && !/\/_all\b|\*/.test(found[2] ?? "/");
}
