import { type TextDocumentContentProvider, Uri } from "vscode";
import { entryTextScheme } from "../identifiers";
import { documentName } from "../shownText";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";

/** `key` is the project's. */
export function entryTextUri(id: string, key: string): Uri {
  return Uri.from({ scheme: entryTextScheme, path: `/${documentName(id)}.json`, query: key, fragment: id });
}

/** All of an entry, as it is in the log: a text that VS Code never asks to save. */
export class EntryText implements TextDocumentContentProvider {
  constructor(private readonly records: WorkspaceRecords) {}

  provideTextDocumentContent({ query, fragment }: Uri): string {
    const entry = this.records.get(query)?.record.recent.find(({ id }) => id === fragment);
    return entry === undefined ? "" : `${JSON.stringify(entry, null, 2)}\n`;
  }
}
