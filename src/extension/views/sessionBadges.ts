import { EventEmitter, type Uri, workspace } from "vscode";
import { DisposableStore } from "../../core/base/lifecycle";
import { sessionTitle } from "../../protocol/sessionTitle";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import { sessionTextScheme, stateTextScheme } from "../identifiers";
import { shown } from "../shownText";
import { type PageBadge, registerPageBadges } from "../shownWindow";

/** For an icon of `stateLook`: tabs of texts take characters only. */
const signs: Readonly<Record<string, string>> = {
  loading: "…",
  "play-circle": "▶",
  question: "?",
  "circle-outline": "○",
  "pass-filled": "✓",
  watch: "⏳",
  error: "✗",
  "circle-slash": "■",
  "debug-disconnect": "✗",
  warning: "!",
};

/** Tabs of texts about a session show its state, live. */
export class SessionBadges extends DisposableStore {
  readonly #changes = new EventEmitter<Uri[]>();

  constructor(private readonly records: WorkspaceRecords) {
    super();
    this.add(registerPageBadges(this.#changes.event, (page) => this.#badge(page)));
    this.add(records.onChange(() => this.#refresh()));
  }

  #badge(page: Uri): PageBadge | undefined {
    if (!isOfSession(page)) return undefined;
    const { text, look } = sessionTitle(this.records.pictures(), page.query, page.fragment);
    return look && { sign: signs[look.icon] ?? "○", meaning: shown(text), color: look.color };
  }

  #refresh(): void {
    const open = workspace.textDocuments.map(({ uri }) => uri).filter(isOfSession);
    if (open.length > 0) this.#changes.fire(open);
  }
}

function isOfSession({ scheme }: Uri): boolean {
  return scheme === sessionTextScheme || scheme === stateTextScheme;
}
