import { isAbsolute, join } from "node:path";
import { l10n, type TextDocument, Uri, workspace, type WorkspaceFolder } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { messageOf, OrchestratorError } from "../../core/model/errors";
import { projectIdOf } from "../../core/model/names";
import type { Plan } from "../../core/model/plan";
import { advice } from "../../core/model/remedy";
import { planText, readablePlan } from "../../core/run/readPlan";
import { keyOf, type WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { DoProject } from "../commands/doProject";
import { onlyFolder } from "../commands/folders";
import { planFiles } from "../commands/planFiles";
import type { HostWorld } from "../hostWorld";
import { projectTaskType } from "../identifiers";
import type { WindowRuns } from "../running/windowRuns";
import { shown, type ShownText } from "../shownText";
import { type ShownTask, type TaskDefinition, taskOf } from "../shownTasks";
import { elsewhereRun } from "./elsewhereRun";
import { ProjectTaskTerminal, type ProjectTaskWork } from "./projectTaskTerminal";

/** What `tasks.json` says of a task of ours: a project of the log, or a plan of the folder; one task, or all. */
interface Wanted {
  readonly project: string | undefined;
  readonly plan: string | undefined;
  readonly task: string | undefined;
}

/** Projects and plans of the workspace as tasks of VS Code's. */
export class ProjectTasks implements Disposable {
  readonly #terminals = new Set<ProjectTaskTerminal>();

  constructor(
    private readonly world: Pick<HostWorld, "plans" | "clock" | "logger" | "actor" | "processes">,
    private readonly records: WorkspaceRecords,
    private readonly windowRuns: Pick<WindowRuns, "get">,
    private readonly doProject: () => Promise<DoProject>,
  ) {}

  /** Of each project its whole and its single tasks, then plans of projects that were not run yet. */
  async all(): Promise<ShownTask[]> {
    await this.records.refresh();
    const tasks: ShownTask[] = [];
    for (const { folder, project, record, ledger } of this.records.all()) {
      if (record.state.archived) continue;
      const scope = workspace.workspaceFolders?.find(({ uri }) => uri.fsPath === folder.path);
      const plan = await readablePlan(await ledger.readPlan(), this.world.plans);
      if (scope && plan) tasks.push(...this.#offered(scope, plan, { project: project.name }));
    }
    for (const folder of workspace.workspaceFolders ?? [])
      for (const { uri } of await planFiles(folder)) {
        const plan = await this.#planOf(uri);
        if (plan && !this.records.find(folder.uri.fsPath, projectIdOf(plan.project)))
          tasks.push(...this.#offered(folder, plan, { plan: workspace.asRelativePath(uri, false) }));
      }
    return tasks;
  }

  /** One that was written in tasks.json; undefined where that names nothing to run. */
  resolve(definition: TaskDefinition, scope: WorkspaceFolder | undefined, name: string): ShownTask | undefined {
    const wanted = wantedOf(definition);
    if (wanted.project === undefined && wanted.plan === undefined) return undefined;
    return this.#task(definition, scope, shown(name));
  }

  dispose(): void {
    for (const terminal of this.#terminals) terminal.dispose();
  }

  /** Undefined for a file that is no plan. */
  async #planOf(file: Uri): Promise<Plan | undefined> {
    try {
      return await readablePlan(planText(await workspace.fs.readFile(file), file.fsPath), this.world.plans);
    } catch (error) {
      this.world.logger.debug(messageOf(error));
      return undefined;
    }
  }

  #offered(scope: WorkspaceFolder, plan: Plan, from: Partial<Wanted>): ShownTask[] {
    const { project, tasks } = plan;
    const whole = this.#task({ type: projectTaskType, ...from }, scope, shown(l10n.t("run project {0}", project)));
    const single = tasks.map(({ id }) =>
      this.#task({ type: projectTaskType, ...from, task: id }, scope, shown(`${project}: ${id}`)),
    );
    return [whole, ...single];
  }

  #task(definition: TaskDefinition, scope: WorkspaceFolder | undefined, name: ShownText): ShownTask {
    return taskOf(definition, scope, name, async (resolved) => {
      const terminal = new ProjectTaskTerminal(await this.#work(wantedOf(resolved), scope), this.world.clock);
      this.#terminals.add(terminal);
      terminal.onDidClose(() => this.#terminals.delete(terminal));
      return terminal;
    });
  }

  async #work({ project, plan, task }: Wanted, scope: WorkspaceFolder | undefined): Promise<ProjectTaskWork> {
    const doProject = await this.doProject();
    await this.records.refresh();
    const folder = (scope ?? onlyFolder()).uri.fsPath;
    if (plan !== undefined) {
      const file = Uri.file(isAbsolute(plan) ? plan : join(folder, plan));
      const given = await this.#planOf(file);
      return {
        ...this.#runs(folder, given?.project),
        isCovered: false,
        plan: () => Promise.resolve(task === undefined ? given : undefined),
        start: async () =>
          doProject.plan(await openPlan(file, plan), folder, task, this.#isDone(folder, given?.project)),
      };
    }
    const name = this.#idOf(folder, project ?? "");
    const recorded = async (): Promise<Plan | undefined> =>
      readablePlan(await doProject.recordedPlan(folder, name), this.world.plans);
    return {
      ...this.#runs(folder, name),
      isCovered: task === undefined,
      plan: () => (task === undefined ? recorded() : Promise.resolve(undefined)),
      start: () =>
        task === undefined
          ? doProject.resume(folder, name, this.#isDone(folder, name))
          : doProject.task(folder, name, task),
    };
  }

  /** A task of VS Code's does its work each time that it is run, so one that is done begins again. */
  #isDone(folder: string, name: string | undefined): boolean {
    return name !== undefined && this.records.get(keyOf(folder, projectIdOf(name)))?.record.state.status === "done";
  }

  /** Who runs a project already; `name` is undefined where a plan cannot be read. */
  #runs(folder: string, name: string | undefined): Pick<ProjectTaskWork, "running" | "elsewhere"> {
    const key = name === undefined ? "" : keyOf(folder, projectIdOf(name));
    return {
      running: () => this.windowRuns.get(key),
      elsewhere: () => {
        const followed = this.records.get(key);
        return followed && elsewhereRun(followed, this.world);
      },
    };
  }

  /** Of a project that people call so; what nobody is called is taken as it stands. */
  #idOf(folder: string, name: string): string {
    const named = this.records.all().filter((each) => each.folder.path === folder && each.project.name === name);
    return named.length === 1 ? (named[0]?.project.project_id ?? name) : name;
  }
}

async function openPlan(file: Uri, path: string): Promise<TextDocument> {
  try {
    return await workspace.openTextDocument(file);
  } catch (error) {
    throw new OrchestratorError(
      "usage",
      l10n.t("The plan {0} cannot be read: {1}.", path, messageOf(error)),
      advice(l10n.t("Correct the path in tasks.json; it starts from the workspace folder.")),
      { cause: error },
    );
  }
}

function wantedOf(definition: TaskDefinition): Wanted {
  const text = (value: unknown): string | undefined =>
    typeof value === "string" && value.trim() !== "" ? value : undefined;
  return { project: text(definition.project), plan: text(definition.plan), task: text(definition.task) };
}
