import { EventEmitter, type TextDocumentContentProvider, Uri } from "vscode";
import { messageOf } from "../../core/model/errors";
import { plainRow } from "../../protocol/styledText";
import type { HostWorld } from "../hostWorld";
import { sessionTextScheme } from "../identifiers";
import type { WorkspaceRecords } from "../records/workspaceRecords";
import { reachSession } from "../sessions";

const mostLines = 10_000;

export function sessionTextUri(session_name: string): Uri {
  return Uri.from({ scheme: sessionTextScheme, path: `/${session_name}.txt` });
}

export function sessionOfTextUri(uri: Uri): string {
  return uri.path.replace(/^\//, "").replace(/\.txt$/, "");
}

/** Screen and history of a session as a text that can be searched and read out. */
export class SessionText implements TextDocumentContentProvider {
  readonly #changes = new EventEmitter<Uri>();
  readonly onDidChange = this.#changes.event;

  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
  ) {}

  /** Reads it anew. */
  refresh(uri: Uri): void {
    this.#changes.fire(uri);
  }

  /** A text that cannot be had says why; an editor would show nothing else. */
  async provideTextDocumentContent(uri: Uri): Promise<string> {
    try {
      const { chosen, wire } = await reachSession(this.world, this.records, sessionOfTextUri(uri));
      const { lines } = await chosen.server.scrollback(wire, mostLines, "plain");
      return `${lines.map((line) => plainRow(line).trimEnd()).join("\n").trimEnd()}\n`;
    } catch (error) {
      return `${messageOf(error)}\n`;
    }
  }
}
