import { EventEmitter, l10n, type TextDocumentContentProvider, Uri } from "vscode";
import { messageOf } from "../../core/model/errors";
import { recordText } from "../../protocol/logLines";
import { plainRow } from "../../protocol/styledText";
import type { HostWorld } from "../hostWorld";
import { sessionTextScheme } from "../identifiers";
import { documentName } from "../shownText";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import { reachSession, recordedSession } from "../../viewing/followedSessions";

const mostLines = 10_000;

/** `key` is the project's: two folders may have sessions of one name. */
export function sessionTextUri(session_name: string, key: string): Uri {
  const path = `/${documentName(session_name)}.txt`;
  return Uri.from({ scheme: sessionTextScheme, path, query: key, fragment: session_name });
}

/**
 * Screen and history of a session as a text that can be searched and read out; of one that is gone, what the log has of
 * it.
 */
export class SessionText implements TextDocumentContentProvider {
  readonly #changes = new EventEmitter<Uri>();
  readonly onDidChange = this.#changes.event;

  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
  ) {}

  /** Reads it again. */
  refresh(uri: Uri): void {
    this.#changes.fire(uri);
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const name = uri.fragment;
    try {
      const { chosen, wire } = await reachSession(this.world, this.records, name, uri.query);
      const { lines } = await chosen.server.scrollback(wire, mostLines, "plain");
      return `${lines
        .map((line) => plainRow(line).trimEnd())
        .join("\n")
        .trimEnd()}\n`;
    } catch (error) {
      return [messageOf(error), ...this.#recorded(name, uri.query), ""].join("\n");
    }
  }

  #recorded(name: string, key: string): string[] {
    const entries =
      recordedSession(this.records, name, key)?.followed.record.recent.filter((entry) => entry.session_name === name) ??
      [];
    return entries.length === 0
      ? []
      : ["", l10n.t("From the log:"), "", ...entries.flatMap((entry) => recordText(entry))];
  }
}
