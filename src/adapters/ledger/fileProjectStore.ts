import { lstat, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { OrchestratorError } from "../../core/model/errors";
import type { ProjectContext } from "../../core/model/project";
import type { ProjectStore } from "../../core/ports/ledger";
import { writeFileAtomically } from "./atomicFile";
import { FileLedger, type FileLedgerOptions } from "./fileLedger";
import { isMissing, ledgerError } from "./ledgerErrors";
import { checkFolders, checkProjectId, makeFolders } from "./safePaths";
const rootFolder = ".orchestrator";
const projectsFolder = "projects";
const removedFolder = "removed";

/** A project shares its record only on purpose; line ends stay as they are when it does. */
const rootFiles: readonly (readonly [string, string])[] = [
  [".gitignore", "*\n"],
  [".gitattributes", "*.jsonl -text\n"],
];

/**
 * The `.orchestrator` folder of a workspace (absolute path). Everything throws `ledger_unsafe` when the folder or
 * something on the way to a project is a symbolic link or another user's, or when an id is no safe folder name.
 */
export class FileProjectStore implements ProjectStore {
  readonly workspace: string;
  readonly #options: FileLedgerOptions;
  readonly #appendedTo = new Set<FileLedger>();

  constructor(workspace: string, options: FileLedgerOptions) {
    this.workspace = workspace;
    this.#options = options;
  }

  /** Absolute path of a project's folder, whether it is there or not. */
  folderOf(project_id: string): string {
    return join(this.workspace, ...projectParts(project_id));
  }

  async list(): Promise<string[]> {
    const parts = [rootFolder, projectsFolder];
    if (!(await this.#inRoot(() => checkFolders(this.workspace, parts)))) return [];
    const found: string[] = [];
    for (const item of await this.#inRoot(() => readdir(join(this.workspace, ...parts), { withFileTypes: true }))) {
      if (item.isDirectory() && isProjectId(item.name)) found.push(item.name);
    }
    return found.sort();
  }

  async open(project_id: string): Promise<FileLedger> {
    const parts = projectParts(project_id);
    if (!(await this.#inRoot(() => checkFolders(this.workspace, parts)))) {
      throw new OrchestratorError("project_not_found", `There is no project ${project_id} in ${this.workspace}.`, {
        kind: "choose_project",
        known: await this.list(),
      });
    }
    return this.#ledger(parts);
  }

  /**
   * Takes a project's folder out of the projects, to a place beside them; gives its absolute path. `at`: milliseconds since 1970, by which one of
   * that id that is removed later is told apart.
   */
  async moveAway(project_id: string, at: number): Promise<string> {
    const from = this.folderOf(project_id);
    return this.#inRoot(async () => {
      const removed = await makeFolders(this.workspace, [rootFolder, removedFolder]);
      const to = join(removed, `${project_id}-${new Date(at).toISOString().replace(/[-:]|\.\d+/g, "")}`);
      await rename(from, to);
      return to;
    });
  }

  /** Also throws `disk_full` and `ledger_unwritable`. An existing project.json stays as it is. */
  async create(project: ProjectContext): Promise<FileLedger> {
    const parts = projectParts(project.project_id);
    const ledger = this.#ledger(parts);
    await this.#inRoot(async () => {
      const root = await makeFolders(this.workspace, [rootFolder]);
      for (const [name, content] of rootFiles)
        if (!(await exists(join(root, name)))) await writeFileAtomically(join(root, name), content);
      await makeFolders(this.workspace, parts);
      if (!(await exists(join(ledger.folder, "project.json")))) await ledger.writeProject(project);
    });
    return ledger;
  }

  /**
   * Closes all records that something was appended to, together; throws the first problem. `withinMs` as for one of
   * them.
   */
  async close(withinMs?: number): Promise<void> {
    const closed = await Promise.allSettled([...this.#appendedTo].map((ledger) => ledger.close(withinMs)));
    for (const each of closed) if (each.status === "rejected") throw each.reason;
  }

  #ledger(parts: readonly string[]): FileLedger {
    return new FileLedger(this.workspace, parts, this.#options, this.#appendedTo);
  }

  async #inRoot<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw ledgerError(error, join(this.workspace, rootFolder));
    }
  }
}

function projectParts(project_id: string): string[] {
  checkProjectId(project_id);
  return [rootFolder, projectsFolder, project_id];
}

function isProjectId(name: string): boolean {
  try {
    checkProjectId(name);
    return true;
  } catch {
    return false;
  }
}

/** Also true for a link that leads nowhere. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
