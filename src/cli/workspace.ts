import { lstatSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { OrchestratorError } from "../core/model/errors";
import { advice } from "../core/model/remedy";

const recordFolder = ".orchestrator";

/**
 * The folder that holds `.orchestrator`: the one that is asked for, else the nearest parent of `cwd` that has one, else
 * `cwd`. Throws `usage` for one that is no folder.
 */
export function findWorkspace(asked: string | undefined, cwd: string): string {
  if (asked !== undefined && asked !== "") {
    const folder = resolve(cwd, asked);
    if (!isFolder(folder))
      throw new OrchestratorError(
        "usage",
        `The workspace ${folder} is not a folder.`,
        advice("Create the folder, or choose another one with --dir."),
      );
    return folder;
  }
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (hasRecord(folder)) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Also true for a link: the store refuses it and says why, instead of a new record that appears elsewhere. */
function hasRecord(folder: string): boolean {
  try {
    return lstatSync(join(folder, recordFolder), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
