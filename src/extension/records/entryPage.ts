import {
  EventEmitter,
  type FoldingRange,
  l10n,
  type TextDocument,
  type TextDocumentContentProvider,
  Uri,
  ViewColumn,
  workspace,
} from "vscode";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import type { ContextEntry } from "../../core/model/entry";
import { messageOf } from "../../core/model/errors";
import { shortSession } from "../../core/model/names";
import { lineText, type TextPage } from "../../protocol/textPage";
import { recordedEntry, RecordedEntries } from "../../viewing/recordedEntries";
import type { ChangedProjects, FollowedProject, WorkspaceRecords } from "../../viewing/workspaceRecords";
import { entryTextLanguage, entryTextScheme } from "../identifiers";
import { documentName } from "../shownText";
import { languages, type ShownLink, window } from "../shownWindow";
import { OpenPages } from "./openPages";
import { pageLinks } from "./pageLinks";
import { pageFolds, pageSymbols } from "./pageOutline";

/** How an entry is shown. `json`: as it stands in the log. `look`: the focus stays where it is. */
export interface EntryShow {
  readonly json: boolean;
  readonly look: boolean;
}

const jsonEnd = ".json";

interface OpenEntry {
  readonly followed: FollowedProject;
  readonly entries: RecordedEntries;
  page: TextPage | undefined;
}

/**
 * Entries of logs, however old, with what belongs to them, as texts that VS Code never asks to save; they follow what
 * comes, and lead to each other, to sessions, tasks, questions and files.
 */
export class EntryPage implements TextDocumentContentProvider, Disposable {
  readonly #changes = new EventEmitter<Uri>();
  readonly onDidChange = this.#changes.event;
  readonly #store = new DisposableStore();
  readonly #open = this.#store.add(new OpenPages<OpenEntry>(({ entries }) => entries.dispose()));

  constructor(private readonly records: WorkspaceRecords) {
    const of = { scheme: entryTextScheme };
    this.#store.add(workspace.registerTextDocumentContentProvider(entryTextScheme, this));
    this.#store.add(languages.registerDocumentLinkProvider(of, this));
    this.#store.add(languages.registerFoldingRangeProvider(of, this));
    this.#store.add(languages.registerDocumentSymbolProvider(of, this));
    this.#store.add(workspace.onDidOpenTextDocument(giveLanguage));
    this.#store.add(records.onChange((changed) => this.#refresh(changed)));
    workspace.textDocuments.forEach(giveLanguage);
  }

  /** `key` is the project's. */
  async show(id: string, key: string, { json, look }: EntryShow): Promise<void> {
    const followed = this.records.get(key);
    const entry = followed && (await recordedEntry(followed, id));
    const path = `/${documentName(entry ? nameOf(entry) : id)}${json ? jsonEnd : ".txt"}`;
    const uri = Uri.from({ scheme: entryTextScheme, path, query: key, fragment: id });
    await window.showTextDocument(uri, { preview: true, preserveFocus: look, viewColumn: ViewColumn.Active });
  }

  /** Pages that are open follow their projects. */
  #refresh(changed: ChangedProjects): void {
    this.#open.forgetClosed();
    for (const { uri } of workspace.textDocuments)
      if (uri.scheme === entryTextScheme && (changed === "all" || changed.has(uri.query))) this.#changes.fire(uri);
  }

  dispose(): void {
    this.#store.dispose();
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    try {
      const [{ entryJson, entryPage }, open] = await Promise.all([import("../../protocol/entryPage"), this.#read(uri)]);
      const entries = (await open?.entries.all()) ?? [];
      const entry = entries.find(({ id }) => id === uri.fragment);
      if (!open || !entry) return l10n.t("This entry is no longer in the log.");
      if (uri.path.endsWith(jsonEnd)) return entryJson(entry);
      open.page = entryPage({ picture: this.records.picture(open.followed), entry, entries });
      return `${open.page.lines.map(lineText).join("\n")}\n`;
    } catch (error) {
      this.#open.delete(uri);
      return messageOf(error);
    }
  }

  async provideDocumentLinks(document: TextDocument): Promise<ShownLink[]> {
    const open = this.#open.get(document.uri);
    return open?.page ? pageLinks(document, open.page, open.followed) : [];
  }

  provideFoldingRanges(document: TextDocument): FoldingRange[] {
    return pageFolds(this.#open.get(document.uri)?.page);
  }

  provideDocumentSymbols(document: TextDocument): ReturnType<typeof pageSymbols> {
    return pageSymbols(document, this.#open.get(document.uri)?.page);
  }

  /** Reads the entry and what belongs to it, unless that is read already. */
  async #read(uri: Uri): Promise<OpenEntry | undefined> {
    const followed = this.records.get(uri.query);
    const known = this.#open.get(uri);
    if (known && known.followed === followed) return known;
    this.#open.delete(uri);
    const entry = followed && (await recordedEntry(followed, uri.fragment));
    if (!entry) return undefined;
    const { belongsTo, isReadWhole } = await import("../../protocol/entryPage");
    const entries = new RecordedEntries(followed, belongsTo(entry), () => undefined, isReadWhole(entry));
    const open: OpenEntry = { followed, entries, page: undefined };
    this.#open.delete(uri);
    this.#open.set(uri, open);
    return open;
  }
}

/** Of its tab, the same however somebody comes there. */
function nameOf({ task_id, session_name, project_id, kind }: ContextEntry): string {
  const about = task_id ?? (session_name === null ? project_id : shortSession(session_name));
  return `${about}-${kind}`;
}

/** Also in a page that VS Code brings back after a reload. */
function giveLanguage(document: TextDocument): void {
  const { uri, languageId } = document;
  if (uri.scheme === entryTextScheme && !uri.path.endsWith(jsonEnd) && languageId !== entryTextLanguage)
    void languages.setTextDocumentLanguage(document, entryTextLanguage);
}
