import type { Dirent } from "node:fs";
import { lstat, opendir, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { abortable } from "../../core/base/async";
import type { Clock } from "../../core/ports/machine";
import type { CommandTarget, FileFilter, Hit, TargetWord } from "../../core/ports/targets";
import { HitCounts } from "./hitCounts";
import { filesToClean, changedFiles, stashCount } from "./hitsOfGit";
import { entryPattern, hasPattern, namePattern } from "./pathPattern";

/** A person waits for the question, and a run for the person. */
const longestLookMs = 1000;
/** Of folders that are larger, a part is as good as all. */
const mostEntries = 50_000;
/** Paths of one pattern. */
const mostPaths = 2000;

export interface LookOptions {
  /** The folder of the own record. */
  readonly workspace: string;
  readonly clock: Pick<Clock, "after">;
}

/** Looks at what there is of the targets, for a second at most. Undefined: nothing was found. */
export async function lookAt(targets: readonly CommandTarget[], options: LookOptions): Promise<Hit | undefined> {
  if (targets.length === 0) return undefined;
  const over = new AbortController();
  const timer = options.clock.after(longestLookMs, () => over.abort(new Error("The time for a look has passed.")));
  const counts = new HitCounts();
  const look = new TargetLook(await realpath(options.workspace).catch(() => options.workspace), counts, over.signal);
  try {
    await abortable(look.all(targets), over.signal);
  } catch {
    // What was found until then is told as a part.
    counts.isPart = true;
  } finally {
    over.abort();
    timer.dispose();
  }
  return counts.hit();
}

type FilesTarget = Extract<CommandTarget, { kind: "files" }>;

class TargetLook {
  #entries = 0;

  constructor(
    private readonly workspace: string,
    private readonly counts: HitCounts,
    private readonly signal: AbortSignal,
  ) {}

  async all(targets: readonly CommandTarget[]): Promise<void> {
    for (const target of targets) await this.#target(target);
  }

  async #target(target: CommandTarget): Promise<void> {
    const { counts, signal } = this;
    const folder = absolute("/", target.folder);
    switch (target.kind) {
      case "files":
        return this.#files(target, folder);
      case "overwritten":
        return this.#overwritten(target, folder);
      case "git_clean":
        for (const path of await filesToClean(target.args, folder, signal))
          await this.#removed(join(folder, path), path.replace(/\/$/, ""), "delete", true);
        return;
      case "git_changes": {
        counts.changed(await changedFiles(target, folder, signal));
        return;
      }
      case "git_stashes": {
        counts.stashed(target.which, await stashCount(folder, signal));
        return;
      }
    }
  }

  async #files(target: FilesTarget, folder: string): Promise<void> {
    const { effect, recursive, filter, missingFrom, isPart } = target;
    for (const word of target.words)
      for (const path of await this.#paths(word, folder)) {
        const shown = shownPath(word, path, folder);
        if (filter) await this.#found(path, shown, filter);
        else if (missingFrom) await this.#missing(path, absolute(folder, pathOf(missingFrom)), shown);
        else await this.#removed(path, shown, effect, recursive);
      }
    if (isPart) this.counts.isPart = true;
  }

  /** A file, or a folder with all that is in it. */
  async #removed(given: string, shown: string, effect: FilesTarget["effect"], recursive: boolean): Promise<void> {
    const path = await realPlace(given);
    const facts = await lstat(path).catch(() => undefined);
    if (!facts || (facts.isDirectory() && !recursive)) return;
    await this.#records(path, effect);
    this.counts.named(effect, shown, facts.isDirectory());
    if (facts.isDirectory()) await this.#below(path, effect);
  }

  async #below(folder: string, effect: FilesTarget["effect"]): Promise<void> {
    await this.#walk(folder, async (path, entry) => {
      if (entry.name === recordFolder && entry.isDirectory()) await this.#records(path, effect);
      this.counts.add(effect, entry.isDirectory());
      return true;
    });
  }

  /** What `find` meets below a folder. */
  async #found(start: string, shown: string, filter: FileFilter): Promise<void> {
    const place = await realPlace(start);
    const name = filter.name === undefined ? undefined : namePattern(filter.name, filter.ignoresCase);
    const types = filter.types?.split(",");
    // A link that is named as the start is not followed.
    if (!(await isFolder(place))) return;
    const isMeant = (entryName: string, type: string, depth: number): boolean =>
      depth >= filter.least_depth && (name?.(entryName) ?? true) && (types?.includes(type) ?? true);
    if (!/^(?:.*\/)?\.{1,2}\/?$/.test(shown) && isMeant(basename(place), "d", 0)) {
      if (filter.wholeFolders) return this.#removed(place, shown, "delete", true);
      await this.#records(place, "delete");
      this.counts.named("delete", shown, true);
    }
    await this.#walk(place, async (path, entry, depth) => {
      const type = entry.isDirectory() ? "d" : entry.isSymbolicLink() ? "l" : "f";
      if (isMeant(entry.name, type, depth)) {
        await this.#records(path, "delete");
        this.counts.named("delete", join(shown, relative(place, path)), entry.isDirectory());
        if (filter.wholeFolders && entry.isDirectory()) {
          await this.#below(path, "delete");
          return false;
        }
      }
      return depth < filter.most_depth;
    });
  }

  /** What is in a folder, and not in the one that it is made like. */
  async #missing(folder: string, source: string, shown: string): Promise<void> {
    const place = await realPlace(folder);
    if (!(await lstat(source).catch(() => undefined))) return;
    await this.#walk(place, async (path) => {
      const below = relative(place, path);
      if (await lstat(join(source, below)).catch(() => undefined)) return true;
      await this.#removed(path, join(shown, below), "delete", true);
      return false;
    });
  }

  async #overwritten(target: Extract<CommandTarget, { kind: "overwritten" }>, folder: string): Promise<void> {
    for (const word of target.words)
      for (const path of await this.#paths(word, folder)) {
        const shown = shownPath(word, path, folder);
        const facts = await lstat(path).catch(() => undefined);
        if (facts?.isDirectory() !== true) await this.#overwrittenFile(path, shown);
        else
          for (const from of target.from)
            for (const source of await this.#paths(from, folder))
              await this.#overwrittenFile(join(path, basename(source)), join(shown, basename(source)));
      }
  }

  async #overwrittenFile(given: string, shown: string): Promise<void> {
    const path = await realPlace(given);
    const facts = await lstat(path).catch(() => undefined);
    if (!facts?.isFile()) return;
    await this.#records(path, "overwrite");
    this.counts.overwrite({ name: shown, size: facts.size, changed_at: facts.mtimeMs });
  }

  /** Notes the record of projects that a path is, holds or lies in. */
  async #records(path: string, effect: FilesTarget["effect"] | "overwrite"): Promise<void> {
    const own = join(this.workspace, recordFolder);
    const parts = path.split("/");
    const at = parts.lastIndexOf(recordFolder);
    const record = isWithin(own, path) ? own : at < 0 ? undefined : parts.slice(0, at + 1).join("/");
    if (record === undefined) return;
    const projects = join(record, projectsFolder);
    const inside = isWithin(path, projects) && path !== projects ? relative(projects, path).split("/")[0] : undefined;
    const isWhole = inside === undefined && (isWithin(record, path) || path === projects);
    if (inside === undefined && !isWhole) return;
    const project_ids = inside === undefined ? await this.#names(projects) : [inside];
    if (project_ids.length === 0) return;
    const workspace = record === own ? undefined : dirname(record);
    this.counts.record({ effect, workspace, isWhole, project_ids });
  }

  async #names(folder: string): Promise<string[]> {
    const names: string[] = [];
    await this.#walk(folder, (_, entry) => {
      if (entry.isDirectory()) names.push(entry.name);
      return Promise.resolve(false);
    });
    return names.sort();
  }

  /** All below a folder, as long as `visit` wants to see what is in the last one; follows no links. */
  async #walk(start: string, visit: (path: string, entry: Dirent, depth: number) => Promise<boolean>): Promise<void> {
    const open = [{ folder: start, depth: 1 }];
    for (let next = open.pop(); next; next = open.pop()) {
      const { folder, depth } = next;
      const entries = await opendir(folder, { bufferSize: 256 }).catch(() => undefined);
      if (!entries) continue;
      for await (const entry of entries) {
        this.signal.throwIfAborted();
        if (++this.#entries > mostEntries) throw new Error("There is more than can be looked at.");
        const path = join(folder, entry.name);
        if ((await visit(path, entry, depth)) && entry.isDirectory()) open.push({ folder: path, depth: depth + 1 });
      }
    }
  }

  /** The paths of a word; of a pattern those that are there. */
  async #paths(word: TargetWord, folder: string): Promise<string[]> {
    const text = pathOf(word);
    if (!word.isPattern) return [absolute(folder, text)];
    let paths = [isAbsolute(text) ? "/" : folder];
    for (const part of text.split("/").filter((each) => each !== "" && each !== ".")) {
      const next: string[] = [];
      for (const path of paths) next.push(...(await this.#matching(path, part)));
      paths = next.sort().slice(0, mostPaths);
      if (next.length > mostPaths) this.counts.isPart = true;
    }
    return paths;
  }

  async #matching(folder: string, part: string): Promise<string[]> {
    if (!hasPattern(part)) return [join(folder, part)];
    const isDeep = part === "**";
    const isMeant = entryPattern(part);
    const found = isDeep ? [folder] : [];
    await this.#walk(folder, (path, entry) => {
      const matches = isMeant(entry.name);
      if (matches && (!isDeep || entry.isDirectory())) found.push(path);
      return Promise.resolve(isDeep && matches);
    });
    return found;
  }
}

const recordFolder = ".orchestrator";
const projectsFolder = "projects";

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

function pathOf({ text, fromHome }: TargetWord): string {
  return fromHome ? join(homedir(), text.slice(1)) : text;
}

function absolute(folder: string, path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : resolve(folder, path);
}

/** The path as the command says it; of a pattern what it stands for. */
function shownPath(word: TargetWord, path: string, folder: string): string {
  if (!word.isPattern) return word.text.replace(/(?<=.)\/+$/, "");
  return word.fromHome || isAbsolute(word.text) ? path : relative(folder, path);
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Where a path really is, the last name of it as it stands there: a link is not followed. */
async function realPlace(path: string): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return join(folder, basename(path));
}
