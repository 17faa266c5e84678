import { runProgram } from "./runProgram";

/**
 * What Git is told whenever it only reads for us. The configuration of a repository may come from anybody, and names
 * programs: no file monitor, no hook and no transport runs; no locks are taken, since people and tasks use the same
 * work tree; nobody is asked for a password.
 */
const settings = ["core.fsmonitor=false", "core.untrackedCache=false", "core.hooksPath=/dev/null"];
const environment = {
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ALLOW_PROTOCOL: "none",
  GIT_NO_LAZY_FETCH: "1",
  LC_ALL: "C",
};

/** Whoever started this process may have meant another repository: a hook of Git does. */
const ofAnotherRepository = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_PREFIX: undefined,
  GIT_COMMON_DIR: undefined,
};

export interface GitReading {
  readonly cwd: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What a reading command of Git prints; undefined where it fails, is missing or takes too long. Runs nothing else. */
export async function readGit(args: readonly string[], reading: GitReading): Promise<string | undefined> {
  const filters = await withoutFilters(reading);
  return filters && run([...filters, ...args], reading);
}

/**
 * Git compares files by what their filters make of them, and a filter is a program. Undefined where one has a name that
 * cannot be said on a command line.
 */
async function withoutFilters(reading: GitReading): Promise<string[] | undefined> {
  const listed = await run(["config", "--name-only", "--null", "--list"], reading);
  if (listed === undefined) return undefined;
  const names = new Set<string>();
  for (const key of listed.split("\0")) {
    const name = /^filter\.(.*)\.[^.]*$/s.exec(key)?.[1];
    if (name === undefined) continue;
    if (/[=\n]/.test(name)) return undefined;
    names.add(name);
  }
  return [...names].flatMap((name) =>
    ["clean=", "smudge=", "process=", "required=false"].flatMap((setting) => ["-c", `filter.${name}.${setting}`]),
  );
}

async function run(args: readonly string[], { cwd, timeoutMs, signal }: GitReading): Promise<string | undefined> {
  const result = await runProgram("git", ["--no-pager", ...settings.flatMap((each) => ["-c", each]), ...args], {
    cwd,
    env: { ...environment, ...ofAnotherRepository },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(signal === undefined ? {} : { signal }),
  });
  return result?.exit_code === 0 ? result.stdout : undefined;
}
