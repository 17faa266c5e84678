import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { lockFolder } from "../vscode-server/installLock";
import { nodeVersion } from "../vscode-server/versions";

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "wsh-orchestrator-tests");

/** Where an agent is, or why it cannot be had here. */
export type InstalledAgent =
  { readonly bin: string; readonly missing?: undefined } | { readonly bin?: undefined; readonly missing: string };

/** Where an agent was installed: in a folder of its own, outside of the project, each version once. */
export function installedAgent(pack: string): InstalledAgent {
  const { bin, done, failed } = placesOf(pack);
  if (existsSync(done)) return { bin };
  if (existsSync(failed)) return { missing: readFileSync(failed, "utf8") };
  return { missing: `${pack} is not installed; npm run test:agents installs it` };
}

/**
 * Installs an agent from the registry, with the Node that it runs on. `bin`: the folder to put first in the PATH. `ms`:
 * what an install may take, a whole number; a minute would do for most, and some bring 200 MB.
 */
export async function installAgent(pack: string, ms: number): Promise<InstalledAgent> {
  const { home, done, failed } = placesOf(pack);
  if (existsSync(done)) return installedAgent(pack);
  mkdirSync(home, { recursive: true });
  const lock = await lockFolder(home);
  try {
    if (existsSync(done)) return installedAgent(pack);
    rmSync(failed, { force: true });
    const args = ["install", "--prefix", home, "--no-audit", "--no-fund", "--loglevel=error"];
    const { status, stderr, error } = spawnSync("npm", [...args, pack, `node@${nodeVersion}`], {
      encoding: "utf8",
      timeout: ms,
      env: { ...process.env, npm_config_engine_strict: "false" },
    });
    if (status === 0) writeFileSync(done, "");
    else writeFileSync(failed, `${pack} cannot be installed: ${inOneLine(error?.message ?? stderr)}`);
    return installedAgent(pack);
  } finally {
    lock.release();
  }
}

function placesOf(pack: string): Readonly<Record<"home" | "bin" | "done" | "failed", string>> {
  const home = join(cache, `agent-${pack.replaceAll(/[^\w.-]+/gu, "-")}-${process.platform}-${process.arch}`);
  return {
    home,
    bin: join(home, "node_modules/.bin"),
    done: join(home, "installed"),
    failed: join(home, "not-installed"),
  };
}

/** The reason stands in the name of a test. */
function inOneLine(text: string): string {
  return text
    .trim()
    .slice(-300)
    .replaceAll(/[\s\]]+/gu, " ");
}
