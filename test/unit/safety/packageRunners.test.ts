import { describe, expect, it } from "vitest";
import { createDefaultPolicy } from "../../../src/core/safety/defaultPolicy";

const policy = createDefaultPolicy();
const verdict = (text: string): string => policy.decide(text, { shell: "bash", cwd: "/work" }).verdict;

const tools = [
  "prisma migrate reset",
  "drizzle-kit drop",
  "knex migrate:rollback",
  "sequelize-cli db:drop",
  "typeorm schema:drop",
  "mikro-orm schema:drop",
  "supabase db reset",
  "rimraf dist",
  "del-cli dist",
  "wrangler delete",
  "serverless remove",
  "cdk destroy",
  "sst remove",
  "heroku pg:reset",
  "eas submit",
  "lerna publish",
  "changeset publish",
  "semantic-release",
  "vsce publish",
] as const;

/** `%s` is the tool with its words. */
const runners = [
  ...["npx %s", "npx --yes %s", "npx -p other %s", "npx --no-install %s", "npx -c '%s'"],
  ...["bunx %s", "bunx --bun %s", "bun x %s", "bun %s", "bun run %s", "bun --cwd app %s", "bun exec '%s'"],
  ...["npm exec %s", "npm exec -- %s", "npm exec --yes -- %s", "npm x -- %s", "npm exec -w web -- %s"],
  ...["npm exec -c '%s'", "npm exec --call '%s'", "npm --prefix app exec -- %s"],
  ...["pnpm %s", "pnpm exec %s", "pnpm dlx %s", "pnpx %s", "pnpm -r %s", "pnpm -w %s", "pnpm --filter web %s"],
  ...["pnpm --filter=web %s", "pnpm --filter web exec %s", "pnpm -C app %s", "pnpm --dir app %s", "pnpm exec -c '%s'"],
  ...["yarn %s", "yarn run %s", "yarn exec %s", "yarn exec '%s'", "yarn dlx %s", "yarn --cwd app %s"],
  ...["yarn workspace web %s", "yarn workspace web run %s", "yarn workspaces foreach -A run %s"],
  ...["corepack yarn %s", "corepack pnpm exec %s", "deno run -A npm:%s", "./node_modules/.bin/%s"],
] as const;

describe("a tool that a package manager runs", () => {
  it.each(runners)("is asked about as by itself: %s", (runner) => {
    const asked = tools.map((tool) => runner.replace("%s", tool)).filter((text) => verdict(text) !== "ask");
    expect(asked).toEqual([]);
  });

  it.each([
    "npx prisma@5.2.0 migrate reset",
    "npx prisma@latest migrate reset",
    "pnpm dlx knex@3 migrate:rollback",
    "yarn dlx -p knex knex@next migrate:rollback",
    "npx @mikro-orm/cli@6 schema:drop",
    "bunx @sequelize/cli db:drop",
    "deno run -A npm:prisma@5 migrate reset",
    "uvx alembic@1.13 downgrade base",
    "pipx run alembic==1.13 downgrade base",
    "go run github.com/pressly/goose/v3/cmd/goose@latest reset",
    "go tool goose reset",
    "yarn node -e \"require('child_process').execSync('rm -rf x')\"",
    "bun exec 'rm -rf dist'",
  ])("is asked about with its version, scope or place: %s", (text) => {
    expect(verdict(text)).toBe("ask");
  });

  it.each([
    "pnpm rm lodash",
    "pnpm rm -r lodash",
    "bun rm -f lodash",
    "pnpm env use --global 20",
    "pnpm install --force",
    "pnpm link ../other",
    "pnpm prisma generate",
    "pnpm --filter web prisma migrate deploy",
    "yarn knex migrate:latest",
    "yarn workspace web build",
    "yarn prisma studio",
    "bun test",
    "bun run build",
    "bun index.ts",
    "npm exec -- eslint .",
    "npm exec -c 'eslint . && tsc'",
    "go tool pprof cpu.out",
    "go run ./cmd/server",
    "uvx ruff check",
    "deno run -A npm:vite build",
    "npx create-vite@latest app",
    "yarn dlx prettier@3 --check .",
  ])("is not asked about where it does nothing of the kind: %s", (text) => {
    expect(verdict(text)).toBe("allow");
  });
});
