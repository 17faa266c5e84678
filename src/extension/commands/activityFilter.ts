import { commands, l10n, window } from "vscode";
import { entryKinds } from "../../core/model/entryKinds";
import { shortSession } from "../../core/model/names";
import { setContextKey } from "../contextKeyState";
import { viewIds } from "../identifiers";
import type { ActivityFilter } from "../../protocol/activityRows";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { ActivityTree } from "../views/activityTree";
import { projectTarget } from "./targets";

/** Shows in Activity only a project, a session, or a kind of entries: what `wanted` names, else what the person chooses. */
export async function filterActivity(records: WorkspaceRecords, tree: ActivityTree, wanted?: unknown): Promise<void> {
  const filter = isWanted(wanted) ? await wantedFilter(records, wanted) : await chosenFilter(records);
  if (!filter) return;
  tree.setFilter(filter);
  setContextKey("isFiltered", true);
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

async function chosenFilter(records: WorkspaceRecords): Promise<ActivityFilter | undefined> {
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
  return chosen?.filter;
}
