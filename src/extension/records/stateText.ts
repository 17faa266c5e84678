import { l10n, type TextDocumentContentProvider, Uri } from "vscode";
import { withQuestions } from "../../core/session/trueSessions";
import { stateExplanation } from "../../protocol/stateExplanation";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import { stateTextScheme } from "../identifiers";
import { documentName } from "../shownText";

/** `key` is the project's. */
export function stateTextUri(session: string, key: string): Uri {
  return Uri.from({ scheme: stateTextScheme, path: `/${documentName(session)}.txt`, query: key, fragment: session });
}

/** What a session does, why, and what it did before: a text that VS Code never asks to save. */
export class StateText implements TextDocumentContentProvider {
  constructor(
    private readonly records: WorkspaceRecords,
    private readonly now: () => number,
  ) {}

  provideTextDocumentContent({ query, fragment }: Uri): string {
    const followed = this.records.get(query);
    const picture = followed && this.records.picture(followed);
    const session =
      picture && withQuestions(picture.sessions, picture.state).find((each) => each.session_name === fragment);
    if (!followed || !session) return l10n.t("This session is no longer in the log.");
    return stateExplanation(session, followed.record.recent, this.now());
  }
}
