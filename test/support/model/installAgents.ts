import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { lockFolder } from "../vscode-server/installLock";
import { nodeVersion } from "../vscode-server/versions";

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "wsh-orchestrator-tests");

/** A minute would do for most; some packages bring 200 MB. */
const installMs = 300_000;

/** Where an agent is, or why it cannot be had here. */
export type InstalledAgent =
  { readonly bin: string; readonly missing?: undefined } | { readonly bin?: undefined; readonly missing: string };

/**
 * Installs an agent from the registry, with the Node that it runs on, each version once, outside of the project. `bin`:
 * the folder to put first in the PATH.
 */
export async function installAgent(pack: string): Promise<InstalledAgent> {
  const home = join(cache, `agent-${pack.replaceAll(/[^\w.-]+/gu, "-")}-${process.platform}-${process.arch}`);
  const bin = join(home, "node_modules/.bin");
  const done = join(home, "installed");
  if (existsSync(done)) return { bin };
  mkdirSync(home, { recursive: true });
  const lock = await lockFolder(home);
  try {
    if (existsSync(done)) return { bin };
    const args = ["install", "--prefix", home, "--no-audit", "--no-fund", "--loglevel=error"];
    const { status, stderr, error } = spawnSync("npm", [...args, pack, `node@${nodeVersion}`], {
      encoding: "utf8",
      timeout: installMs,
      env: { ...process.env, npm_config_engine_strict: "false" },
    });
    if (status !== 0) return { missing: `${pack} cannot be installed: ${error?.message ?? stderr.trim().slice(-300)}` };
    writeFileSync(done, "");
    return { bin };
  } finally {
    lock.release();
  }
}
