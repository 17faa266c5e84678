import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The user's folder for data of this program: `$WSH_ORCHESTRATOR_RUNTIME_DIR/data` when that is set, else the system's
 * usual place.
 */
export function dataFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = env.WSH_ORCHESTRATOR_RUNTIME_DIR;
  if (own !== undefined && own !== "") return join(own, "data");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "wsh-orchestrator");
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "wsh-orchestrator");
  const dataHome = env.XDG_DATA_HOME;
  return join(
    dataHome !== undefined && dataHome !== "" ? dataHome : join(homedir(), ".local", "share"),
    "wsh-orchestrator",
  );
}
