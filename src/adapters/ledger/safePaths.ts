import { constants, type Stats } from "node:fs";
import { type FileHandle, chmod, lstat, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../../core/model/errors";
import { projectIdOf } from "../../core/model/names";
import { errnoOf, isMissing, unsafe } from "./ledgerErrors";
import { platform } from "./platform";

const folderMode = 0o700;
const fileMode = 0o600;

/** Throws `ledger_unsafe` for an id that could leave the projects folder or cannot be a folder everywhere. */
export function checkProjectId(project_id: string): void {
  let safe = false;
  try {
    safe = projectIdOf(project_id) === project_id;
  } catch (error) {
    if (!hasCode(error, "name_invalid")) throw error;
  }
  if (!safe) throw unsafe(JSON.stringify(project_id), "cannot be the name of a project folder");
}

/**
 * A repository can deliver symbolic links, and a shared folder another user's files: neither may steer where we write.
 */
function checkOwn(path: string, stats: Stats, kind: "folder" | "file"): void {
  if (stats.isSymbolicLink()) throw unsafe(path, "is a symbolic link");
  if (kind === "folder" ? !stats.isDirectory() : !stats.isFile()) throw unsafe(path, `is not a ${kind}`);
  if (platform.uid !== undefined && stats.uid !== platform.uid) throw unsafe(path, "belongs to another user");
}

/**
 * Checks each folder from the workspace (itself not checked: people may link it) down to `parts`, and takes it from
 * others where it is open to them (git, archives and copies bring folders with wide modes). False when one is missing;
 * throws `ledger_unsafe`.
 */
export async function checkFolders(workspace: string, parts: readonly string[]): Promise<boolean> {
  let path = workspace;
  for (const part of parts) {
    path = join(path, part);
    try {
      const stats = await lstat(path);
      checkOwn(path, stats, "folder");
      // Where it cannot be changed, reading is still right.
      if (platform.modes && (stats.mode & 0o077) !== 0) await chmod(path, folderMode).catch(() => undefined);
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }
  return true;
}

/**
 * Makes the folders below the workspace that are missing, 0700 whatever the umask, and tightens ours that are wider.
 */
export async function makeFolders(workspace: string, parts: readonly string[]): Promise<string> {
  let path = workspace;
  for (const part of parts) {
    const parent = path;
    path = join(path, part);
    let made = false;
    try {
      await mkdir(path, { mode: folderMode });
      made = true;
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw error;
    }
    const stats = await lstat(path);
    checkOwn(path, stats, "folder");
    if (platform.modes && (stats.mode & 0o777) !== folderMode) await chmod(path, folderMode);
    if (made) await syncFolder(parent);
  }
  return path;
}

/** Opens a regular file of ours. Throws `ledger_unsafe`, or what the system threw (such as ENOENT). */
export async function openOwn(path: string, flags: number): Promise<FileHandle> {
  try {
    checkOwn(path, await lstat(path), "file");
  } catch (error) {
    if (!isMissing(error) || !(flags & constants.O_CREAT)) throw error;
  }
  const handle = await open(path, flags | platform.noFollow, fileMode);
  try {
    const stats = await handle.stat();
    checkOwn(path, stats, "file");
    const writes = (flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0;
    if (writes && platform.modes && (stats.mode & 0o777) !== fileMode) await handle.chmod(fileMode);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The whole text of a small file of ours, undefined when there is none. */
export async function readOwnText(path: string): Promise<string | undefined> {
  let handle: FileHandle;
  try {
    handle = await openOwn(path, constants.O_RDONLY);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

/** Makes a new or renamed name in the folder survive a power loss. */
export async function syncFolder(path: string): Promise<void> {
  if (!platform.syncsFolders) return;
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems have no fsync for folders; their names are then as durable as they get.
    if (errnoOf(error) !== "EINVAL" && errnoOf(error) !== "ENOTSUP") throw error;
  } finally {
    await handle.close();
  }
}
