import { commands, l10n, type QuickPickItem, QuickPickItemKind, window } from "vscode";
import { entryKinds } from "../../core/model/entryKinds";
import { shortSession } from "../../core/model/names";
import type { ActivityFilter } from "../../protocol/activityRows";
import { kindsName } from "../../protocol/entryKindNames";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { ActivityTree } from "../views/activityTree";
import { viewIds } from "../identifiers";
import { projectTarget } from "./targets";

interface FilterItem extends QuickPickItem {
  readonly filter?: ActivityFilter;
}

/** Shows in Activity only a project, a session, or a kind of entries: what `wanted` names, else what is chosen. */
export async function filterActivity(records: WorkspaceRecords, tree: ActivityTree, wanted?: unknown): Promise<void> {
  const filter = isWanted(wanted) ? await wantedFilter(records, wanted) : await chosenFilter(records, tree.filter);
  if (!filter) return;
  tree.setFilter(filter);
  if (isWanted(wanted)) await commands.executeCommand(`${viewIds.activity}.focus`);
}

/** `project`: its name or id. `session`: its logical name. */
interface Wanted {
  readonly project: string;
  readonly session?: string;
}

function isWanted(value: unknown): value is Wanted {
  return typeof value === "object" && value !== null && "project" in value && typeof value.project === "string";
}

async function wantedFilter(
  records: WorkspaceRecords,
  { project, session }: Wanted,
): Promise<ActivityFilter | undefined> {
  const followed = await projectTarget(records, project);
  return followed && { key: followed.key, ...(session === undefined ? {} : { session }) };
}

/** Place and kind are chosen one at a time: what is chosen replaces only its own part of what is `now`. */
async function chosenFilter(records: WorkspaceRecords, now: ActivityFilter): Promise<ActivityFilter | undefined> {
  const projects = records.all().map((followed): FilterItem => ({
    label: followed.project.name,
    description: l10n.t("project"),
    filter: { ...now, key: followed.key, session: undefined },
  }));
  const sessions = records.all().flatMap((followed) =>
    [...followed.record.state.sessions.keys()].map((session): FilterItem => ({
      label: shortSession(session),
      description: l10n.t("session of {0}", followed.project.name),
      filter: { ...now, key: followed.key, session },
    })),
  );
  const kinds = entryKinds.map((kind): FilterItem => ({
    label: kindsName(kind),
    description: kind,
    filter: { ...now, kind },
  }));
  const internal: FilterItem =
    now.internal === true
      ? { label: l10n.t("Hide internal entries"), filter: { ...now, internal: false } }
      : {
          label: l10n.t("Also show internal entries"),
          description: l10n.t("which process runs the project, who was notified, progress of long commands"),
          filter: { ...now, internal: true },
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
  return chosen?.filter;
}

function group(label: string): FilterItem {
  return { label, kind: QuickPickItemKind.Separator };
}
