import { l10n, type QuickPickItem, QuickPickItemKind, window } from "vscode";
import { entryKinds } from "../../core/model/entryKinds";
import { shortSession } from "../../core/model/names";
import type { ActivityFilter } from "../../protocol/activityRows";
import { kindsName } from "../../protocol/entryKindNames";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { ActivityTree } from "../views/activityTree";

interface FilterItem extends QuickPickItem {
  /** What is chosen replaces what the filter has of it. */
  readonly filter?: ActivityFilter;
}

/** Has the person choose what Activity shows: a project or a session, and a kind of entries. */
export async function filterActivity(records: WorkspaceRecords, tree: ActivityTree): Promise<void> {
  const projects = records.all().map((followed): FilterItem => ({
    label: followed.project.name,
    description: l10n.t("project"),
    filter: { ...tree.filter, key: followed.key, session: undefined },
  }));
  const sessions = records.all().flatMap((followed) =>
    [...followed.record.state.sessions.keys()].map((session): FilterItem => ({
      label: shortSession(session),
      description: l10n.t("session of {0}", followed.project.name),
      filter: { ...tree.filter, key: followed.key, session },
    })),
  );
  const kinds = entryKinds.map((kind): FilterItem => ({
    label: kindsName(kind),
    description: kind,
    filter: { ...tree.filter, kind },
  }));
  const internal: FilterItem =
    tree.filter.internal === true
      ? { label: l10n.t("Hide internal entries"), filter: { ...tree.filter, internal: false } }
      : {
          label: l10n.t("Also show internal entries"),
          description: l10n.t("leases, deliveries and progress of long commands"),
          filter: { ...tree.filter, internal: true },
        };
  const chosen = await window.showQuickPick<FilterItem>(
    [
      ...(projects.length === 0 ? [] : [group(l10n.t("Projects and sessions")), ...projects, ...sessions]),
      group(l10n.t("Kinds of entries")),
      ...kinds,
      group(l10n.t("More")),
      internal,
    ],
    { placeHolder: l10n.t("Show only…"), matchOnDescription: true },
  );
  if (chosen?.filter) tree.setFilter(chosen.filter);
}

function group(label: string): FilterItem {
  return { label, kind: QuickPickItemKind.Separator };
}
