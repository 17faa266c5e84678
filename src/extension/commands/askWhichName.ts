import { l10n, Range, type Uri, workspace, WorkspaceEdit } from "vscode";
import type { PlanWork } from "../../core/ports/plans";
import { isSameProject } from "../plans/planProblems";
import { rangeOf } from "../plans/planOutlines";
import { saved } from "../plans/planFiles";
import { shown } from "../shownText";
import { window } from "../shownWindow";

/**
 * Which name a project gets whose plan has another one than was typed: the plan's, or the typed one, which is then
 * written into the file. Undefined when the person left.
 */
export async function askWhichName(
  file: Uri,
  name: string,
  plans: Pick<PlanWork, "planOutline">,
): Promise<string | undefined> {
  const document = await workspace.openTextDocument(file);
  const { project } = await plans.planOutline(document.getText());
  if (!project || isSameProject(project.name, name)) return name;
  const path = workspace.asRelativePath(file, false);
  const items = [
    { label: shown(project.name), description: shown(l10n.t("as {0} says", path)), name: project.name },
    { label: shown(name), description: shown(l10n.t("as you typed; {0} is changed", path)), name },
  ];
  const chosen = await window.showQuickPick(items, {
    title: shown(l10n.t("Do Project")),
    placeHolder: shown(
      l10n.t("The plan is for {0}, and you typed {1}. Choose the project's name.", project.name, name),
    ),
    ignoreFocusOut: true,
  });
  if (chosen?.name === name) {
    const edit = new WorkspaceEdit();
    const { bare } = await import("../../core/model/planCompletions");
    const at = rangeOf(document, project.at);
    const isQuoted = /["']/.test(document.getText(new Range(at.end, at.end.translate(0, 1))));
    edit.replace(file, at, isQuoted ? name.replace(/["'\\]/g, "") : bare(name));
    await workspace.applyEdit(edit);
    await saved(document);
  }
  return chosen?.name;
}
