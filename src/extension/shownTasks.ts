import * as vscode from "vscode";
import type { ShownText } from "./shownText";

export { CustomExecution } from "vscode";
export type FolderScope = vscode.WorkspaceFolder | vscode.TaskScope.Workspace;

/** Where the workspace has several folders, or none of them is meant. */
export const wholeWorkspace = vscode.TaskScope.Workspace;

/** Runs a task of VS Code's in a terminal that nobody is shown and that goes with it. Resolves at its end. */
export async function startTask(
  name: ShownText,
  scope: FolderScope,
  execution: vscode.CustomExecution,
  matchers: readonly string[],
): Promise<void> {
  const task = new vscode.Task({ type: "wsh-problems", name }, scope, name, "wsh", execution, [...matchers]);
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Never,
    panel: vscode.TaskPanelKind.Dedicated,
    echo: false,
    focus: false,
    clear: true,
    close: true,
    showReuseMessage: false,
  };
  let ended: vscode.Disposable | undefined;
  const over = new Promise<void>((resolve) => {
    ended = vscode.tasks.onDidEndTask(({ execution: each }) => {
      if (each.task.name === name && each.task.definition.type === "wsh-problems") resolve();
    });
  });
  try {
    await vscode.tasks.executeTask(task);
    await over;
  } finally {
    ended?.dispose();
  }
}

export type TaskDefinition = vscode.TaskDefinition;
export type ShownTask = vscode.Task;

/** A task that VS Code offers, or has from a tasks.json. `open`: its terminal, when it runs. */
export function taskOf(
  definition: TaskDefinition,
  scope: vscode.WorkspaceFolder | undefined,
  name: ShownText,
  open: (resolved: TaskDefinition) => Promise<vscode.Pseudoterminal>,
): ShownTask {
  const task = new vscode.Task(definition, scope ?? wholeWorkspace, name, "wsh", new vscode.CustomExecution(open), []);
  task.presentationOptions = { panel: vscode.TaskPanelKind.Dedicated, showReuseMessage: false };
  return task;
}

/** What makes tasks is asked for when VS Code wants some. */
export function registerTasks(
  type: string,
  source: () => Promise<{
    all(): Promise<ShownTask[]>;
    resolve(definition: TaskDefinition, scope: vscode.WorkspaceFolder | undefined, name: string): ShownTask | undefined;
  }>,
): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(type, {
    provideTasks: async () => (await source()).all(),
    resolveTask: async ({ definition, scope, name }) =>
      (await source()).resolve(definition, typeof scope === "object" ? scope : undefined, name),
  });
}
