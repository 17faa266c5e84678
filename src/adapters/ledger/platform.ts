import { constants } from "node:fs";

/**
 * Everything that differs between systems, in one place. macOS: libuv's fdatasync is F_FULLFSYNC there, so `synced`
 * reaches the medium without our doing (4 to 20 ms each). Windows: files have no modes and no numeric owner, folders
 * cannot be opened for fsync, symbolic links are found by lstat only, and a rename fails for a moment while a virus
 * scanner holds the file.
 */
const windows = process.platform === "win32";

export const platform = {
  modes: !windows,
  /** The user that must own the folder, undefined where ownership is no number. */
  uid: process.getuid?.(),
  syncsFolders: !windows,
  /** Refuses a symbolic link as last part of a path. */
  noFollow: windows ? 0 : constants.O_NOFOLLOW,
  /** How often a rename is tried again, and the pause in milliseconds. */
  renameRetries: windows ? 20 : 0,
  renamePause: 50,
} as const;
