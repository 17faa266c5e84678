import { workspace } from "vscode";
import { type Disposable, DisposableStore } from "../core/base/lifecycle";
import { configurationSection } from "./identifiers";
import { readSettings, type Settings } from "./settings";

/**
 * The settings of each workspace folder, read once until they change: VS Code looks through all that anybody has set for
 * each single value, and views ask for many sessions in a row.
 */
export class KeptSettings implements Disposable {
  readonly #kept = new Map<string | undefined, Settings>();
  readonly #changes = new DisposableStore();

  constructor() {
    this.#changes.add(
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(configurationSection)) this.#kept.clear();
      }),
    );
    this.#changes.add(workspace.onDidChangeWorkspaceFolders(() => this.#kept.clear()));
  }

  /** Those of a folder's path; without one, or outside of the workspace's folders, those of the window. */
  of(path?: string): Settings {
    const folder = workspace.workspaceFolders?.find((each) => each.uri.fsPath === path);
    const key = folder && path;
    const kept = this.#kept.get(key) ?? readSettings(workspace.getConfiguration(configurationSection, folder?.uri));
    this.#kept.set(key, kept);
    return kept;
  }

  dispose(): void {
    this.#changes.dispose();
  }
}
