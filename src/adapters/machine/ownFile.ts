import type { Stats } from "node:fs";

/** Whether that is a file of this user, and nobody else may write into it. Windows does not tell. */
export function isOwnFile(file: Stats): boolean {
  if (!file.isFile()) return false;
  return process.getuid === undefined || (file.uid === process.getuid() && (file.mode & 0o022) === 0);
}
