import { l10n, type TextDocument, workspace } from "vscode";
import { OrchestratorError } from "../../core/model/errors";
import { advice } from "../../core/model/remedy";

/** Of records. */
const recordedPlan = /\/\.orchestrator\/projects\/[^/]+\/plan\.yaml$/;

/** What VS Code asks about: files that are named like a plan. Whether one is a plan, `isPlanFile` says. */
export const planFilter = { scheme: "file", pattern: "**/{plan,*.plan}.{yaml,yml}" } as const;

export function hasPlanName({ uri }: Pick<TextDocument, "uri">): boolean {
  return /(^|[/.])plan\.ya?ml$/.test(uri.path);
}

/** The copy that the log of a project has of its plan. */
export function isRecordedPlan({ uri }: Pick<TextDocument, "uri">): boolean {
  return recordedPlan.test(uri.path);
}

/** Plans of records, and those that are named like one and say which project they are for. */
export function isPlanFile(document: TextDocument): boolean {
  if (isRecordedPlan(document)) return true;
  if (!hasPlanName(document)) return false;
  const text = document.getText();
  return /^project:/m.test(text) && /^tasks:/m.test(text);
}

/** Whether the file may become a plan of ours: it is one, or nothing in it says that it is another program's. */
export function isPlanInTheMaking(document: TextDocument): boolean {
  return (
    isPlanFile(document) || (hasPlanName(document) && /^\s*$|^(?:project|roles|tasks|goal):/m.test(document.getText()))
  );
}

/** The path of the workspace folder that the document is in; undefined for one of no folder. */
export function folderOf({ uri }: Pick<TextDocument, "uri">): string | undefined {
  return workspace.getWorkspaceFolder(uri)?.uri.fsPath;
}

/** What is run is what the file says: it is saved first. Throws `usage` where that cannot be done. */
export async function saved(document: TextDocument): Promise<void> {
  if (!document.isDirty || document.isUntitled || (await document.save())) return;
  throw new OrchestratorError(
    "usage",
    l10n.t("The plan {0} could not be saved, so it was not run.", workspace.asRelativePath(document.uri, false)),
    advice(l10n.t("Save it, and run it again.")),
  );
}
