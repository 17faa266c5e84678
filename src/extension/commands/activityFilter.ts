import { commands, l10n, QuickPickItemKind } from "vscode";
import { entryKinds } from "../../core/model/entryKinds";
import { shortSession } from "../../core/model/names";
import type { ActivityFilter } from "../../protocol/activityRows";
import { kindsName } from "../../protocol/entryKindNames";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { ActivityTree } from "../views/activityTree";
import { viewIds } from "../identifiers";
import { shown, type ShownText } from "../shownText";
import { type ShownItem, window } from "../shownWindow";
import { projectTarget } from "./targets";

interface FilterItem extends ShownItem {
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
    label: shown(followed.project.name),
    description: shown(l10n.t("project")),
    filter: { ...now, key: followed.key, session: undefined },
  }));
  const sessions = records.all().flatMap((followed) =>
    [...followed.record.state.sessions.keys()].map((session): FilterItem => ({
      label: shown(shortSession(session)),
      description: shown(l10n.t("session of {0}", followed.project.name)),
      filter: { ...now, key: followed.key, session },
    })),
  );
  const kinds = entryKinds.map((kind): FilterItem => ({
    label: shown(kindsName(kind)),
    description: shown(kind),
    filter: { ...now, kind },
  }));
  const internal: FilterItem =
    now.internal === true
      ? { label: shown(l10n.t("Hide internal entries")), filter: { ...now, internal: false } }
      : {
          label: shown(l10n.t("Also show internal entries")),
          description: shown(l10n.t("which process runs the project, who was notified, progress of long commands")),
          filter: { ...now, internal: true },
        };
  const chosen = await window.showQuickPick<FilterItem>(
    [
      ...(projects.length === 0 ? [] : [group(shown(l10n.t("Projects and sessions"))), ...projects, ...sessions]),
      group(shown(l10n.t("Kinds of entries"))),
      ...kinds,
      group(shown(l10n.t("More"))),
      internal,
    ],
    { placeHolder: shown(l10n.t("Show only…")), matchOnDescription: true },
  );
  return chosen?.filter;
}

function group(label: ShownText): FilterItem {
  return { label, kind: QuickPickItemKind.Separator };
}
