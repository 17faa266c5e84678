import { l10n } from "vscode";
import { OrchestratorError } from "../../core/model/errors";
import { advice } from "../../core/model/remedy";

/** The files of a project that a view still showed are not there any more. */
export function projectGone(name?: string): OrchestratorError {
  return new OrchestratorError(
    "project_not_found",
    name === undefined
      ? l10n.t("The files of this project no longer exist.")
      : l10n.t("The files of {0} no longer exist.", name),
    advice(l10n.t("Check whether its .orchestrator folder was moved or deleted.")),
  );
}
