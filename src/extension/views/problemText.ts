import { l10n } from "vscode";
import type { Remedy } from "../../core/model/remedy";
import type { WorkspaceProblem } from "../../viewing/workspaceProblem";
import { remedyHere } from "../remedies";

/** What is wrong and what to do, in a view: it has no button of its own, but rows with buttons. */
export function problemText({ message, remedy }: WorkspaceProblem): string {
  return `${message} ${nextWords(remedy)}`.trim();
}

function nextWords(remedy: Remedy): string {
  if (remedy.kind !== "run_project" || remedy.server !== undefined) return remedyHere(remedy).text;
  return remedy.again === true
    ? l10n.t("All its tasks are done. A session restarts from its row.")
    : l10n.t("Resume it from its row.");
}
