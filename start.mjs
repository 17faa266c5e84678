import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Runs the command line from a checkout: builds first when that is needed; without arguments it shows the tour. */

const root = dirname(fileURLToPath(import.meta.url));
const programs = ["dist/cli.js", "dist/cliProgram.js", "dist/server.js"].map((path) => join(root, path));
const sources = ["src", "package.json", "esbuild.mjs", "programParts.mjs"].map((path) => join(root, path));

/** Milliseconds since 1970 of the newest change below a path. */
function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isBuilt() {
  if (!programs.every((path) => existsSync(path))) return false;
  const built = Math.min(...programs.map((path) => statSync(path).mtimeMs));
  return sources.every((path) => newest(path) <= built);
}

/** The builder writes below the current folder; the command belongs to the one that it was called in. */
async function build() {
  const called = process.cwd();
  process.chdir(root);
  try {
    const { buildAll } = await import("./esbuild.mjs");
    await buildAll({ tools: false });
  } finally {
    process.chdir(called);
  }
}

if (!isBuilt()) {
  process.stderr.write("Building…\n");
  try {
    await build();
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    process.stderr.write(
      missing
        ? "Error: The packages for building are missing.\nInstall them with: npm ci\n"
        : `Error: The build failed: ${error instanceof Error ? error.message : error}\n`,
    );
    process.exit(1);
  }
}

const given = process.argv.slice(2);
process.argv = [process.argv[0], programs[0], ...(given.length > 0 ? given : ["tour"])];
createRequire(import.meta.url)(programs[0]);
