import { l10n, window } from "vscode";
import { entryKinds } from "../../core/model/entryKinds";
import { shortSession } from "../../core/model/names";
import { setContextKey } from "../contextKeyState";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { ActivityTree } from "../views/activityTree";

/** Has the person choose what Activity shows: a project, a session, or kinds of entries. */
export async function filterActivity(records: WorkspaceRecords, tree: ActivityTree): Promise<void> {
  const projects = records.all().map((followed) => ({
    label: followed.project.name,
    description: l10n.t("project"),
    filter: { key: followed.key },
  }));
  const sessions = records.all().flatMap((followed) =>
    [...followed.record.state.sessions.keys()].map((session) => ({
      label: shortSession(session),
      description: l10n.t("session of {0}", followed.project.name),
      filter: { key: followed.key, session },
    })),
  );
  const kinds = entryKinds.map((kind) => ({
    label: kind,
    description: l10n.t("kind of entry"),
    filter: { kinds: [kind] },
  }));
  const chosen = await window.showQuickPick([...projects, ...sessions, ...kinds], {
    placeHolder: l10n.t("Show only…"),
    matchOnDescription: true,
  });
  if (!chosen) return;
  tree.setFilter(chosen.filter);
  setContextKey("isFiltered", true);
}
