import { lstat, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Clock, Folders, GitState } from "../../core/ports/machine";
import { readGit } from "./readGit";
import { systemClock } from "./systemClock";

/**
 * Folders of this machine. `local: false` when the sessions run elsewhere: then nothing can be said about them.
 * `clock`: for the time that a look may take.
 */
export function createFolders(
  options: { readonly local: boolean; readonly clock?: Pick<Clock, "after"> } = { local: true },
): Folders {
  return {
    resolve: (base, path) => {
      if (path === "~" || path.startsWith("~/")) return options.local ? join(homedir(), path.slice(1)) : path;
      return isAbsolute(path) ? path : resolve(base, path);
    },
    isFolder: async (path) => {
      if (!options.local) return true;
      try {
        return (await stat(path)).isDirectory();
      } catch {
        return false;
      }
    },
    isSame: async (one, other) => {
      if (resolve(one) === resolve(other)) return true;
      if (!options.local) return false;
      const [first, second] = await Promise.all([one, other].map((path) => realpath(path).catch(() => undefined)));
      return first !== undefined && first === second;
    },
    gitState: async (path) => (options.local ? gitState(path) : undefined),
    hitBy: async (targets, workspace) => {
      if (!options.local) return undefined;
      // Few commands come to ask a person, and all of them make folders.
      const { lookAt } = await import("./targetLook");
      return lookAt(targets, { workspace, clock: options.clock ?? systemClock });
    },
  };
}

/**
 * Reads `git status --porcelain=v2 --branch`: header lines `# branch.oid`, `# branch.head`, then one line for each
 * changed file.
 */
async function gitState(path: string): Promise<GitState | undefined> {
  if (!(await mayBeRepository(path))) return undefined;
  const args = ["status", "--porcelain=v2", "--branch", "--untracked-files=normal", "--ignore-submodules=dirty"];
  const status = await readGit(args, { cwd: path });
  if (status === undefined) return undefined;
  const lines = status.split("\n").filter((line) => line !== "");
  const header = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3);
  const head = header("branch.oid");
  const branch = header("branch.head");
  if (head === undefined || branch === undefined) return undefined;
  return {
    head: head === "(initial)" ? "0000000" : head.slice(0, 12),
    branch: branch === "(detached)" ? null : branch,
    dirty: lines.filter((line) => !line.startsWith("# ")).length,
  };
}

/**
 * Looks for `.git` from the folder up, as git does. Starting a program stops a large process for tens of milliseconds,
 * so git is not asked in vain.
 */
async function mayBeRepository(path: string): Promise<boolean> {
  const start = await realpath(path).catch(() => undefined);
  for (let folder = start; folder !== undefined; folder = dirname(folder) === folder ? undefined : dirname(folder)) {
    const found = await lstat(join(folder, ".git")).catch(() => undefined);
    if (found) return true;
  }
  return false;
}
