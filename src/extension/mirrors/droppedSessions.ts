import { l10n, type Uri } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { OrchestratorError } from "../../core/model/errors";
import { shortSession } from "../../core/model/names";
import type { Logger } from "../../core/ports/machine";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import { droppedSessionType, mirrorScheme } from "../identifiers";
import { showError } from "../messages";
import { sessionUri } from "../sessionUri";
import { registerAddressEditor } from "../shownWindow";
import type { MirrorPanels } from "./mirrorPanels";

/** What a dragged session is to VS Code: a file that has an editor of ours. `key` is the project's. */
export function mirrorUri(session: string, key: string): Uri {
  return sessionUri(mirrorScheme, session, key);
}

/**
 * A session that is dropped on editors: VS Code opens an editor for its address there, and the session's mirror takes
 * that place, once its log is read.
 */
export function registerDroppedSessions(
  records: Pick<WorkspaceRecords, "get" | "refresh">,
  mirrors: Pick<MirrorPanels, "open">,
  logger: Logger,
): Disposable {
  return registerAddressEditor(droppedSessionType, async ({ query: key, fragment: name }, panel) => {
    try {
      if (!records.get(key)) await records.refresh();
      const followed = records.get(key);
      if (!followed?.record.state.sessions.has(name))
        throw new OrchestratorError(
          "session_not_found",
          l10n.t("{0} cannot be opened: no log of this window has that session.", shortSession(name)),
          { kind: "choose_session", known: [] },
        );
      await mirrors.open({ followed, name }, panel.viewColumn);
    } catch (error) {
      showError(error, logger);
    } finally {
      panel.dispose();
    }
  });
}
