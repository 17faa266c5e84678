import { homedir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";
import { OrchestratorError } from "../../core/model/errors";
import { advice } from "../../core/model/remedy";

/** Throws `usage` for a user that has none: without `HOME`, and unknown to the system. */
function homeFolder(): string {
  try {
    const named = homedir();
    return isAbsolute(named) ? named : userInfo().homedir;
  } catch (error) {
    throw new OrchestratorError(
      "usage",
      "This user has no home folder, so there is no place for the data of wsh-orchestrator.",
      advice("Set HOME, or set the environment variable WSH_ORCHESTRATOR_RUNTIME_DIR to a folder of yours."),
      { cause: error },
    );
  }
}

/**
 * The user's folder for data of this program: `$WSH_ORCHESTRATOR_RUNTIME_DIR/data` when that is set, else the system's
 * usual place. Never below the current folder, whose files may come from anybody: relative paths count for nothing, as
 * the XDG specification has it. Throws `usage` where the user has no home folder.
 */
export function dataFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = absolute(env.WSH_ORCHESTRATOR_RUNTIME_DIR);
  if (own !== undefined) return join(own, "data");
  if (platform === "darwin") return join(homeFolder(), "Library", "Application Support", "wsh-orchestrator");
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(homeFolder(), "AppData", "Local"), "wsh-orchestrator");
  return join(absolute(env.XDG_DATA_HOME) ?? join(homeFolder(), ".local", "share"), "wsh-orchestrator");
}

/**
 * The user's folder for what they write for this program: `$WSH_ORCHESTRATOR_RUNTIME_DIR/config` when that is set, else
 * the system's usual place. Throws `usage` where the user has no home folder.
 */
export function settingsFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = absolute(env.WSH_ORCHESTRATOR_RUNTIME_DIR);
  if (own !== undefined) return join(own, "config");
  if (platform === "darwin") return join(homeFolder(), "Library", "Application Support", "wsh-orchestrator");
  if (platform === "win32")
    return join(absolute(env.APPDATA) ?? join(homeFolder(), "AppData", "Roaming"), "wsh-orchestrator");
  return join(absolute(env.XDG_CONFIG_HOME) ?? join(homeFolder(), ".config"), "wsh-orchestrator");
}

/** The folder that a variable names; undefined for none, and for one that depends on where somebody stands. */
export function absolute(folder: string | undefined): string | undefined {
  return folder !== undefined && isAbsolute(folder) ? folder : undefined;
}
