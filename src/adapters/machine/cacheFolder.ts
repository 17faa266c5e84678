import { homedir } from "node:os";
import { join } from "node:path";
import { absolute } from "./dataFolder";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The user's folder for what this program can make again: `$WSH_ORCHESTRATOR_RUNTIME_DIR/cache` when that is set, else
 * the system's usual place. Undefined for a user without a home folder. Never below the current folder, see `dataFolder`.
 */
export function cacheFolder(env: Environment, platform: NodeJS.Platform = process.platform): string | undefined {
  const own = absolute(env.WSH_ORCHESTRATOR_RUNTIME_DIR);
  if (own !== undefined) return join(own, "cache");
  const below = (folder: string | undefined, ...names: readonly string[]): string | undefined =>
    folder === undefined ? undefined : join(folder, ...names, "wsh-orchestrator");
  const home = absolute(homeOf());
  if (platform === "darwin") return below(home, "Library", "Caches");
  if (platform === "win32") return below(absolute(env.LOCALAPPDATA), "Caches");
  return below(absolute(env.XDG_CACHE_HOME)) ?? below(home, ".cache");
}

/** Node throws for a user whom the system does not know. */
function homeOf(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
