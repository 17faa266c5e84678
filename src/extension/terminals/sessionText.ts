import { EventEmitter, l10n, type TextDocumentContentProvider, type Uri } from "vscode";
import { messageOf } from "../../core/model/errors";
import { clockTime } from "../../core/model/sentences";
import { stripControlCharacters } from "../../core/safety/controlCharacters";
import { recordText } from "../../protocol/logLines";
import { plainRow } from "../../core/session/styledText";
import type { HostWorld } from "../hostWorld";
import { sessionTextScheme } from "../identifiers";
import { sessionUri } from "../sessionUri";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import { reachSession, recordedSession } from "../../viewing/followedSessions";

const mostLines = 10_000;

/** `key` is the project's: two folders may have sessions of one name. */
export function sessionTextUri(session_name: string, key: string): Uri {
  return sessionUri(sessionTextScheme, session_name, key, ".txt");
}

/** Who begins at the top learns what this is, and so does who looks at the end, where the screen is. */
function momentSentence(name: string, time: string): string {
  return l10n.t("{0} as it was at {1}. This text does not follow the session.", stripControlCharacters(name), time);
}

function howToReadAgain(time: string): string {
  return l10n.t(
    'As it was at {0}. To read the session again, choose "Refresh Session Text" in the title bar of this editor.',
    time,
  );
}

/**
 * Screen and history of a session as a text that can be searched and read out; of one that is gone, what the log has of
 * it. It is a picture of a moment, and says so: a text that followed would move under who reads and searches it, and a
 * mirror follows. Read again, lines that are the same stay where they are, with the reader's place among them.
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
      const text = lines
        .map((line) => plainRow(line).trimEnd())
        .join("\n")
        .trimEnd();
      const time = clockTime(new Date(this.world.clock.now()).toISOString());
      const [what, again] = [momentSentence(name, time), howToReadAgain(time)];
      return `${what}\n\n${text}\n\n${again}\n`;
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
