import { randomBytes } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

const keyPattern = /^[0-9a-f]{32}$/;

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

/**
 * 32 hex digits that this user's records share, so that equal secrets show as equal and mean nothing elsewhere. Made on
 * first use, 0600. Undefined when it can be neither read nor kept.
 */
export function installationKey(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const path = join(dataFolder(env), "redaction-key");
  try {
    return readKey(path) ?? makeKey(path) ?? readKey(path);
  } catch {
    return undefined;
  }
}

function readKey(path: string): string | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile() || (process.getuid !== undefined && stats.uid !== process.getuid())) return undefined;
  const key = readFileSync(path, "utf8").trim();
  return keyPattern.test(key) ? key : undefined;
}

/** Undefined when somebody else was faster. */
function makeKey(path: string): string | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const key = randomBytes(16).toString("hex");
  try {
    writeFileSync(path, `${key}\n`, { mode: 0o600, flag: "wx" });
    chmodSync(path, 0o600);
    return key;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    throw error;
  }
}
