import { RelativePattern, workspace } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import type { FolderSource, ViewedFolder } from "../../viewing/viewingWorld";

/** The folders of this window. */
export class WorkspaceFolders implements FolderSource {
  all(): readonly ViewedFolder[] {
    return (workspace.workspaceFolders ?? []).map(({ uri, name }) => ({ path: uri.fsPath, name }));
  }

  watch(changed: () => void): Disposable {
    const inFolders: Disposable[] = [];
    const forget = (): void => {
      for (const each of inFolders.splice(0)) each.dispose();
    };
    const watchAll = (): void => {
      forget();
      for (const folder of workspace.workspaceFolders ?? []) {
        const projects = new RelativePattern(folder, ".orchestrator/projects/*/project.json");
        const watcher = workspace.createFileSystemWatcher(projects, false, true, false);
        inFolders.push(watcher, watcher.onDidCreate(changed), watcher.onDidDelete(changed));
      }
    };
    const folders = workspace.onDidChangeWorkspaceFolders(() => {
      watchAll();
      changed();
    });
    watchAll();
    return {
      dispose: () => {
        folders.dispose();
        forget();
      },
    };
  }
}
