import { messageOf, OrchestratorError } from "../model/errors";
import { maxTasks } from "../model/planLimits";
import { advice } from "../model/remedy";
import { plural, withoutStop } from "../model/sentences";
import { didYouMean } from "../model/suggestion";
import { textOfBytes } from "../model/textBytes";
import type { Clock } from "../ports/machine";
import type { ProjectFiles } from "../ports/projectFiles";
import { type Policy, posixShell } from "../ports/safety";
import { editorTasksOf } from "../run/foundEditorTasks";
import { lockFiles, processesOf, scriptsOf } from "../run/foundScripts";
import { recipesOf, targetsOf } from "../run/foundTargets";
import type { EditorPlatform, PackageProgram, ReadWork, WorkPlace } from "../run/foundWork";
import { type PlacedWork, planOfWork } from "../run/planOfWork";
import { Slices } from "../run/slices";
import { stripControlCharacters } from "../safety/controlCharacters";

export interface FolderWorld {
  readonly files: ProjectFiles;
  readonly policy: Policy;
  readonly redact: (text: string) => string;
  readonly clock: Pick<Clock, "monotonic" | "after">;
  /** Of the machine that the plan runs on; undefined: one that files have no word for. */
  readonly platform: EditorPlatform | undefined;
}

/** Something that can be picked. */
export interface OfferedWork extends PlacedWork {
  /** `package.json:build` */
  readonly id: string;
  /** People usually want it, and it takes nothing away. */
  readonly usual: boolean;
}

/** What a file of the folder has to offer, or why that cannot be said. */
export interface OfferedFile {
  readonly file: string;
  readonly work: readonly OfferedWork[];
  /** Sentences: what of it is not offered. */
  readonly notes: readonly string[];
  /** A sentence. */
  readonly problem?: string;
}

type Reader = (text: string, place: WorkPlace) => ReadWork;

/** The files of each kind, of which the first that is there counts, the most used kinds first. */
const kinds: readonly { readonly files: readonly string[]; readonly read: Reader }[] = [
  { files: ["package.json"], read: scriptsOf },
  { files: ["GNUmakefile", "makefile", "Makefile"], read: targetsOf },
  { files: ["justfile", "Justfile", ".justfile"], read: recipesOf },
  { files: ["Procfile"], read: processesOf },
  { files: [".vscode/tasks.json"], read: editorTasksOf },
];

/** Names for people. */
export const workFileNames = "package.json scripts, Makefile, justfile, Procfile, .vscode/tasks.json";

/** Files with a thousand scripts are smaller. */
const mostBytes = 1024 * 1024;
/** What a script does is judged by its first lines. */
const judgedLines = 20;

const usualNames = /^(?:all|build|compile|test|tests|check|lint|typecheck|type-check)$/;

/** What the files of a folder have to run; files that are not there are left out. Nothing runs, and nothing is written. */
export async function workOfFolder(folder: string, world: FolderWorld): Promise<OfferedFile[]> {
  const { files, platform } = world;
  const place = { program: await packageProgram(folder, files), platform };
  const found: OfferedFile[] = [];
  for (const kind of kinds) {
    const file = await firstOf(kind.files, (each) => files.has(folder, each));
    if (file !== undefined)
      found.push(await offered(folder, file, (text) => kind.read(text, place), found.every(hasNoUsual), world));
  }
  return found;
}

/** Throws `usage` where nothing, or too much, was picked. `all`: of the folder. */
export function planOfFolder(
  wanted: { readonly project: string; readonly goal: string },
  all: readonly OfferedFile[],
  picked: readonly OfferedWork[],
  { redact }: Pick<FolderWorld, "redact">,
): string {
  if (picked.length === 0)
    throw new OrchestratorError(
      "usage",
      "Nothing was picked, so there is no plan to make.",
      advice("Pick at least one."),
    );
  if (picked.length > maxTasks)
    throw new OrchestratorError(
      "usage",
      `${plural(picked.length, "task")} are too many for one plan.`,
      advice(`Pick at most ${maxTasks}.`),
    );
  const work = all.flatMap((each) => each.work);
  return planOfWork(wanted, work, picked, (text) => redact(stripControlCharacters(text)));
}

/** What `name` means: an id, or a name that only one file has. Throws `usage` for a name that none of the files has, or several. */
export function namedWork(all: readonly OfferedFile[], name: string): OfferedWork {
  const work = all.flatMap((each) => each.work);
  const found = work.filter((each) => each.id === name || each.name === name);
  const one = found.find(({ id }) => id === name) ?? found[0];
  if (one && (found.length === 1 || one.id === name)) return one;
  if (found.length > 1)
    throw new OrchestratorError("usage", `Several files have "${name}".`, {
      kind: "name_found_work",
      ids: found.map(({ id }) => id),
    });
  const known = work.map((each) => each.name);
  throw new OrchestratorError("usage", `Nothing here has the name "${name}"${didYouMean(name, known) || "."}`, {
    kind: "name_found_work",
    ids: [],
  });
}

function hasNoUsual({ work }: OfferedFile): boolean {
  return work.every(({ usual }) => !usual);
}

async function offered(
  folder: string,
  file: string,
  read: (text: string) => ReadWork,
  mayBeUsual: boolean,
  world: FolderWorld,
): Promise<OfferedFile> {
  const problem = (why: string): OfferedFile => ({ file, work: [], notes: [], problem: why });
  let found: ReadWork;
  try {
    const text = textOfBytes(await world.files.read(folder, file, mostBytes));
    if (typeof text !== "string") return problem(`${file} cannot be read: line ${text.line}: ${text.message}.`);
    found = read(text);
  } catch (error) {
    if (error instanceof OrchestratorError) return problem(error.message);
    return problem(`${file} cannot be read: ${withoutStop(messageOf(error))}.`);
  }
  const slices = new Slices(world.clock);
  const work: OfferedWork[] = [];
  for (const each of found.work) {
    const asks = whyAsked(each.does, world.policy) ?? whyAsked(each.command ?? "", world.policy);
    const usual = mayBeUsual && asks === undefined && !each.keepsRunning && usualNames.test(each.name);
    work.push({ ...each, id: `${file}:${each.name}`, file, usual, ...(asks === undefined ? {} : { asks }) });
    await slices.rest();
  }
  return { file, work, notes: found.notes };
}

function whyAsked(does: string, policy: Policy): string | undefined {
  const lines = does
    .split("\n")
    .slice(0, judgedLines)
    .map((line) => stripControlCharacters(line))
    .join("\n");
  if (lines.trim() === "") return undefined;
  const { verdict, reason } = policy.decide(lines, { shell: posixShell, cwd: undefined });
  return verdict === "allow" ? undefined : reason;
}

async function packageProgram(folder: string, files: ProjectFiles): Promise<PackageProgram> {
  const lock = await firstOf(Object.keys(lockFiles), (each) => files.has(folder, each));
  return (lock === undefined ? undefined : lockFiles[lock]) ?? "npm";
}

async function firstOf(
  names: readonly string[],
  holds: (name: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const name of names) if (await holds(name)) return name;
  return undefined;
}
