import { closeSync, lstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { OrchestratorError } from "../core/model/errors";
import { advice } from "../core/model/remedy";

const recordFolder = ".orchestrator";
/** How the `.git` file of a further work tree or of a submodule begins (gitrepository-layout(5)). */
const gitFileStart = "gitdir:";

/**
 * The folder that the caller stands in. Throws `usage` when it was deleted meanwhile, and when its name is not UTF-8: Node
 * gives another name for it, and a folder of that name would be made.
 */
export function currentFolder(): string {
  let folder: string;
  try {
    folder = process.cwd();
  } catch (error) {
    throw new OrchestratorError(
      "usage",
      "The current folder no longer exists.",
      advice("Change to a folder that exists, and try again."),
      { cause: error },
    );
  }
  if (!folder.includes("\ufffd") || isFolder(folder)) return folder;
  throw new OrchestratorError(
    "usage",
    `The path of the current folder is not UTF-8: ${folder}.`,
    advice("Rename the folder, or change to another one."),
  );
}

/** Where commands of `--run` run: in the folder of `--cwd`, else where the caller stands. Both are absolute. */
export function commandsPlace(cwd: string | undefined): { readonly caller: string; readonly cwd?: string } {
  const caller = currentFolder();
  return cwd === undefined ? { caller } : { caller, cwd: resolve(caller, cwd) };
}

/**
 * The folder that holds `.orchestrator`: the one that is asked for, else the nearest parent of `cwd` that has one, not
 * above the root of its git work tree, else `cwd`. `gitWorkTree`: what `$GIT_WORK_TREE` says is such a root. Throws
 * `usage` for one that is no folder.
 */
export function findWorkspace(asked: string | undefined, cwd: string, gitWorkTree?: string): string {
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
  const told = gitWorkTree === undefined || gitWorkTree === "" ? undefined : realFolder(resolve(cwd, gitWorkTree));
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (hasRecord(folder)) return folder;
    if (dirname(folder) === folder || isWorkTreeRoot(folder) || (told !== undefined && realFolder(folder) === told))
      return cwd;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Also true for a link: the store refuses it and says why, instead of a new record that appears elsewhere. */
function hasRecord(folder: string): boolean {
  try {
    return lstatSync(join(folder, recordFolder), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** As git sees it: `.git` is a repository, or a file that names one. An empty folder of that name is neither. */
function isWorkTreeRoot(folder: string): boolean {
  const git = join(folder, ".git");
  try {
    const found = statSync(git, { throwIfNoEntry: false });
    if (found?.isFile()) return beginsWith(git, gitFileStart);
    return found?.isDirectory() === true && lstatSync(join(git, "HEAD"), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function beginsWith(path: string, text: string): boolean {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(text.length);
    return bytes.toString("latin1", 0, readSync(file, bytes)) === text;
  } finally {
    closeSync(file);
  }
}
