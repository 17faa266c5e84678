import { commands, type Uri } from "vscode";
import { projectRow, type ProjectPicture, type Row } from "../../protocol/projectRows";
import { allSessionRows } from "../../protocol/groupRows";
import { viewIds } from "../identifiers";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { SideViews } from "./sideViews";

/** All rows that Projects can show, open or not. `now`: milliseconds since 1970. */
export function allRows(pictures: readonly ProjectPicture[], now: number): Row[] {
  return pictures.flatMap((picture) => [projectRow(picture, now), ...allSessionRows(picture, now)]);
}

/** `vscode://…/session/<name>` and `/project/<id>` show something and do nothing. */
export async function revealRow(uri: Uri, records: WorkspaceRecords, { views }: SideViews, now: number): Promise<void> {
  const [, kind, name] = /^\/(session|project)\/(.+)$/.exec(uri.path) ?? [];
  await records.refresh();
  const found = allRows(records.pictures(), now).find((row) =>
    kind === "session"
      ? row.kind === "session" && row.name === name
      : row.kind === "project" && row.key.endsWith(`#${name ?? ""}`),
  );
  await commands.executeCommand(`${viewIds.projects}.focus`);
  if (found) await views.projects.reveal(found, { select: true, focus: true, expand: true });
}
