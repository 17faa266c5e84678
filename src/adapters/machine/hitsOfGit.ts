import type { CommandTarget } from "../../core/ports/targets";
import { readGit } from "./readGit";

/** What `git clean` with these arguments would remove, relative to the folder. */
export async function filesToClean(args: readonly string[], cwd: string, signal: AbortSignal): Promise<string[]> {
  const printed = await readGit(["-c", "core.quotePath=false", "clean", "--dry-run", ...args], { cwd, signal });
  return (printed ?? "").split("\n").flatMap((line) => {
    const path = /^Would remove (.+)$/.exec(line)?.[1];
    return path === undefined ? [] : [unquoted(path)];
  });
}

/** Tracked files that have changes which would be lost, relative to the top of the work tree. */
export async function changedFiles(
  { paths, from }: Extract<CommandTarget, { kind: "git_changes" }>,
  cwd: string,
  signal: AbortSignal,
): Promise<string[]> {
  const only = ["--untracked-files=no", "--ignore-submodules=all", "--no-renames"];
  const args = ["status", "--porcelain", "--null", ...only, "--", ...paths];
  const printed = await readGit(args, { cwd, signal });
  // `XY path`: X is the index against the commit, Y the file against the index.
  return (printed ?? "")
    .split("\0")
    .filter((line) => line.length > 3 && (from === "commit" || line.charAt(1) !== " "))
    .map((line) => line.slice(3));
}

export async function stashCount(cwd: string, signal: AbortSignal): Promise<number> {
  const printed = await readGit(["rev-list", "--walk-reflogs", "--count", "refs/stash"], { cwd, signal });
  return Number(printed?.trim() ?? 0);
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\u0007", b: "\b", f: "\f", v: "\v" };

/** Git puts names with special characters in quotes, as C has them. */
function unquoted(path: string): string {
  if (!/^".*"$/.test(path)) return path;
  return path
    .slice(1, -1)
    .replace(/\\(?:([0-7]{3})|(.))/g, (_, octal: string | undefined, letter: string) =>
      octal === undefined ? (escapes[letter] ?? letter) : String.fromCharCode(Number.parseInt(octal, 8)),
    );
}
