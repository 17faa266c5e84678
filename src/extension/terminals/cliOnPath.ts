import { delimiter } from "node:path";
import { type ExtensionContext, l10n } from "vscode";
import { shown } from "../shownText";

/**
 * Makes `wsh-orchestrator` a command of this window's terminals, so that people and agents there can write notes and
 * hand over.
 */
export function putCliOnPath(
  { environmentVariableCollection: variables }: Pick<ExtensionContext, "environmentVariableCollection">,
  folder: string,
): void {
  variables.description = shown(l10n.t("Puts wsh-orchestrator on the PATH."));
  variables.prepend("PATH", `${folder}${delimiter}`);
}
