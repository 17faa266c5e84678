import type { Uri } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import { droppedSessionType, mirrorScheme } from "../identifiers";
import { sessionUri } from "../sessionUri";
import { registerAddressEditor } from "../shownWindow";
import type { MirrorPanels } from "./mirrorPanels";

/** What a dragged session is to VS Code: a file that has an editor of ours. `key` is the project's. */
export function mirrorUri(session: string, key: string): Uri {
  return sessionUri(mirrorScheme, session, key);
}

/**
 * A session that is dropped on editors: VS Code opens an editor for its address there, and the session's mirror takes
 * that place.
 */
export function registerDroppedSessions(
  records: Pick<WorkspaceRecords, "get">,
  mirrors: Pick<MirrorPanels, "open">,
): Disposable {
  return registerAddressEditor(droppedSessionType, async (uri, panel) => {
    const followed = records.get(uri.query);
    if (followed) await mirrors.open({ followed, name: uri.fragment }, panel.viewColumn);
    panel.dispose();
  });
}
