import { realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";

/**
 * The absolute path of a file that a text names, where it is below one of `folders`; a relative path is looked for from
 * each of them, in their order. Undefined where there is none: also a link on the disk leads out of no folder.
 */
export async function fileWithin(path: string, folders: readonly string[]): Promise<string | undefined> {
  if (path.includes("\0")) return undefined;
  const plain = path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
  const roots = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)));
  for (const candidate of isAbsolute(plain) ? [plain] : folders.map((folder) => resolve(folder, plain))) {
    const real = await fileAt(candidate);
    if (real !== undefined && roots.some((root) => root !== undefined && isBelow(root, real))) return candidate;
  }
  return undefined;
}

async function fileAt(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isFile() ? await realpath(path) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the path is below the folder; both absolute, and without links on the disk. */
export function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== "" && way !== ".." && !/^\.\.[/\\]/.test(way) && !isAbsolute(way);
}
