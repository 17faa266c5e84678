import { l10n, workspace, type WorkspaceFolder } from "vscode";
import { OrchestratorError } from "../../core/model/errors";
import { advice } from "../../core/model/remedy";
import { shown } from "../shownText";
import { type ShownItem, window } from "../shownWindow";

/** A folder of this window by its path or its name. Throws `usage` when there is none. */
export function namedFolder(name: string): WorkspaceFolder {
  const folders = workspace.workspaceFolders ?? [];
  const found = folders.find((folder) => folder.uri.fsPath === name || folder.name === name);
  if (found) return found;
  throw new OrchestratorError(
    "usage",
    l10n.t("The folder {0} is not open in this window.", name),
    advice(l10n.t("Add it to the workspace, or use one of these: {0}.", folders.map(({ name }) => name).join(", "))),
  );
}

/** The only folder. Throws `usage` where there is none, and where the caller has to say which. */
export function onlyFolder(): WorkspaceFolder {
  const [folder, ...others] = folders();
  if (folder && others.length === 0) return folder;
  throw new OrchestratorError(
    "usage",
    l10n.t("Several folders are open in this window."),
    advice(l10n.t("Choose one of these: {0}.", [folder, ...others].map((each) => each?.name ?? "").join(", "))),
  );
}

/** The only folder, or the one that the person picks; undefined when they left. Throws `usage` where there is none. */
export async function pickedFolder(): Promise<WorkspaceFolder | undefined> {
  const [folder, ...others] = folders();
  if (others.length === 0) return folder;
  const items = folderItems();
  return (
    await window.showQuickPick(items, {
      placeHolder: shown(l10n.t("Choose the folder to work in")),
      matchOnDescription: true,
    })
  )?.folder;
}

export function folderItems(): (ShownItem & { readonly folder: WorkspaceFolder })[] {
  return folders().map((folder) => ({ label: shown(folder.name), description: shown(folder.uri.fsPath), folder }));
}

/** At least one. Throws `usage` where there is none. */
export function folders(): readonly WorkspaceFolder[] {
  const open = workspace.workspaceFolders ?? [];
  if (open.length > 0) return open;
  throw new OrchestratorError("usage", l10n.t("A project needs a folder to work in."), { kind: "open_folder" });
}
