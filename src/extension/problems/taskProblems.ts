import { relative } from "node:path";
import { type WorkspaceFolder, workspace } from "vscode";
import { fileWithin } from "../../adapters/machine/fileWithin";
import { isLocalAddress } from "../../adapters/wsh/serverAddress";
import { Sequencer } from "../../core/base/async";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import type { ContextEntry } from "../../core/model/entry";
import { messageOf } from "../../core/model/errors";
import { withPathsFrom } from "../../protocol/matchedOutput";
import type { FollowedProject, HeardEntry, WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { HostWorld } from "../hostWorld";
import { shown } from "../shownText";
import { wholeWorkspace } from "../shownTasks";

/**
 * Shows in Problems what the problem matchers of a plan find in the output of its tasks, whoever runs them. VS Code finds
 * them in the output of tasks of its own, so what a task printed is given to one. Before it starts one, VS Code saves what
 * was changed in editors, which nobody asked for here: as long as something is unsaved, outputs wait.
 */
export class TaskProblems implements Disposable {
  readonly #store = new DisposableStore();
  /** What the commands of a task's present try printed, by project and task. */
  readonly #outputs = new Map<string, string[]>();
  /** To be given to VS Code, by project and task: of several outputs of one task only the newest counts. */
  readonly #waiting = new Map<string, () => Promise<void>>();
  readonly #order = new Sequencer();

  constructor(
    private readonly world: Pick<HostWorld, "plans" | "logger">,
    records: WorkspaceRecords,
  ) {
    this.#store.add(records.onEntry((heard) => void this.#heard(heard)));
    for (const saved of [workspace.onDidSaveTextDocument, workspace.onDidCloseTextDocument])
      this.#store.add(saved(() => this.#giveSoon()));
  }

  dispose(): void {
    this.#waiting.clear();
    this.#store.dispose();
  }

  async #heard({ followed, entry }: HeardEntry): Promise<void> {
    if (entry.task_id === undefined) return;
    const key = `${followed.key}\0${entry.task_id}`;
    if (entry.kind === "task" && entry.event === "started" && entry.step === undefined) this.#outputs.delete(key);
    if (entry.kind !== "result" || entry.step === undefined) return;
    try {
      const matchers = await this.#matchersOf(followed, entry.task_id);
      if (matchers.length === 0) return;
      const outputs = this.#outputs.get(key) ?? [];
      outputs.push(await outputOf(followed, entry));
      this.#outputs.set(key, outputs);
      this.#waiting.set(key, () => match(followed, entry.task_id ?? "", outputs.join("\n"), matchers));
      this.#giveSoon();
    } catch (error) {
      this.world.logger.warn(messageOf(error));
    }
  }

  async #matchersOf({ ledger }: FollowedProject, id: string): Promise<readonly string[]> {
    const text = await ledger.readPlan();
    // Most plans name none, and to read a plan takes its time.
    if (text === undefined || !/\bproblems\b/.test(text)) return [];
    const [{ readablePlan }, { problemMatchers }] = await Promise.all([
      import("../../core/run/readPlan"),
      import("../../core/model/plan"),
    ]);
    const plan = await readablePlan(text, this.world.plans);
    const task = plan?.tasks.find((each) => each.id === id);
    return plan && task ? problemMatchers(plan, task) : [];
  }

  #giveSoon(): void {
    void this.#order.run(async () => {
      for (const [key, give] of [...this.#waiting]) {
        if (!workspace.isTrusted || isUnsaved()) return;
        this.#waiting.delete(key);
        await give().catch((error: unknown) => this.world.logger.warn(messageOf(error)));
      }
    });
  }
}

function isUnsaved(): boolean {
  return (
    workspace.textDocuments.some(({ isDirty, isUntitled }) => isDirty && !isUntitled) ||
    workspace.notebookDocuments.some(({ isDirty, isUntitled }) => isDirty && !isUntitled)
  );
}

async function outputOf({ ledger }: FollowedProject, { output = "", output_blob }: ContextEntry): Promise<string> {
  if (typeof output_blob !== "string") return output;
  return ledger.readBlob(output_blob).catch(() => output);
}

async function match(
  { folder, project, record }: FollowedProject,
  task: string,
  output: string,
  matchers: readonly string[],
): Promise<void> {
  const address = project.server?.address;
  // Where sessions run on another machine, its files are not here.
  if (address !== undefined && !isLocalAddress(address)) return;
  const own = workspace.workspaceFolders?.find(({ uri }) => uri.fsPath === folder.path);
  const from = record.state.tasks.get(task)?.cwd ?? project.default_cwd;
  const text = await withPathsFrom(output, (path) => pathHere(path, [from, project.default_cwd, folder.path], own));
  const { matchProblems } = await import("./outputTask");
  const names = matchers.map((name) => (name.startsWith("$") ? name : `$${name}`));
  await matchProblems(shown(`${task} (${project.name})`), own ?? wholeWorkspace, text, names);
}

/** Matchers look for files from the workspace folder on. */
async function pathHere(
  path: string,
  folders: readonly string[],
  own: WorkspaceFolder | undefined,
): Promise<string | undefined> {
  const file = own && (await fileWithin(path, folders));
  return own && file !== undefined ? relative(own.uri.fsPath, file) : undefined;
}
