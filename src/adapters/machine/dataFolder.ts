import { homedir } from "node:os";
import { join } from "node:path";
import { OrchestratorError } from "../../core/model/errors";
import { advice } from "../../core/model/remedy";

/** Throws `usage` for a user that has none: without `HOME`, and unknown to the system. */
function homeFolder(): string {
  try {
    return homedir();
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
 * usual place. Throws `usage` where the user has no home folder.
 */
export function dataFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = env.WSH_ORCHESTRATOR_RUNTIME_DIR;
  if (own !== undefined && own !== "") return join(own, "data");
  if (platform === "darwin") return join(homeFolder(), "Library", "Application Support", "wsh-orchestrator");
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(homeFolder(), "AppData", "Local"), "wsh-orchestrator");
  const dataHome = env.XDG_DATA_HOME;
  return join(
    dataHome !== undefined && dataHome !== "" ? dataHome : join(homeFolder(), ".local", "share"),
    "wsh-orchestrator",
  );
}
