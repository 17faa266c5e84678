import {
  EventEmitter,
  type FoldingRange,
  l10n,
  Range,
  Selection,
  type TextDocument,
  type TextDocumentContentProvider,
  type TextEditor,
  TextEditorRevealType,
  Uri,
  workspace,
} from "vscode";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import { messageOf } from "../../core/model/errors";
import { plainRow } from "../../core/session/styledText";
import type { LiveOutput } from "../../protocol/commandText";
import { belowCommand, type TaskOutput, taskOutput } from "../../protocol/taskOutput";
import { lineText } from "../../protocol/textPage";
import { reachSession } from "../../viewing/followedSessions";
import { RecordedEntries } from "../../viewing/recordedEntries";
import type { ChangedProjects, FollowedProject, WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { HostWorld } from "../hostWorld";
import { OpenPages } from "./openPages";
import { outputLanguage, outputScheme } from "../identifiers";
import { documentName } from "../shownText";
import { languages, type ShownLink, window } from "../shownWindow";
import { pageLinks } from "./pageLinks";
import { pageFolds, pageSymbols } from "./pageOutline";

/** A running command is looked at this often while its page is in sight. */
const liveMs = 1000;
/** Of a running command that prints a lot, the newest lines: all of it is in its session. */
const liveLines = 500;

/** `key` is the project's. */
export function taskOutputUri(task: string, key: string): Uri {
  return Uri.from({ scheme: outputScheme, path: `/${documentName(task)}.txt`, query: key, fragment: task });
}

interface OpenPage {
  readonly followed: FollowedProject;
  readonly entries: RecordedEntries;
  readonly readers: Map<TextEditor, ReadersPlace>;
  output: TaskOutput | undefined;
}

interface ReadersPlace {
  readonly selection: Selection;
  readonly top: Range | undefined;
  /** Who is at the end reads what comes. */
  readonly atEnd: boolean;
}

/**
 * What a task printed, try by try, as a text that VS Code never asks to save: it can be searched, folded and read out,
 * names of files in it are links, and it follows while the task runs.
 */
export class TaskOutputPage implements TextDocumentContentProvider, Disposable {
  readonly #changes = new EventEmitter<Uri>();
  readonly onDidChange = this.#changes.event;
  readonly #store = new DisposableStore();
  readonly #pages = this.#store.add(new OpenPages<OpenPage>(({ entries }) => entries.dispose()));
  #looking: Disposable | undefined;

  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
  ) {
    const of = { scheme: outputScheme };
    this.#store.add(workspace.registerTextDocumentContentProvider(outputScheme, this));
    this.#store.add(languages.registerDocumentLinkProvider(of, this));
    this.#store.add(languages.registerFoldingRangeProvider(of, this));
    this.#store.add(languages.registerDocumentSymbolProvider(of, this));
    this.#store.add(workspace.onDidChangeTextDocument(({ document }) => this.#placeReaders(document)));
    this.#store.add(window.onDidChangeVisibleTextEditors(() => this.#followSoon()));
    this.#store.add(workspace.onDidOpenTextDocument(giveLanguage));
    workspace.textDocuments.forEach(giveLanguage);
  }

  /** How many of them are in sight: they want to know what their sessions do. */
  get visible(): number {
    return this.#editors().length;
  }

  /** At its newest try. `look`: who only looks keeps the focus where it is. */
  async show(followed: FollowedProject, task: string, look: boolean): Promise<void> {
    const uri = taskOutputUri(task, followed.key);
    const opened = await workspace.openTextDocument(uri);
    const document = await languages.setTextDocumentLanguage(opened, outputLanguage);
    const known = window.visibleTextEditors.some((editor) => editor.document === document);
    const editor = await window.showTextDocument(document, { preview: true, preserveFocus: look });
    const page = this.#pages.get(uri);
    const output = page?.output;
    if (known || !page || !output) return;
    const newest = output.sections.at(-1);
    if (output.runsIn !== undefined || !newest) toEnd(editor);
    else if (output.sections.length > 1) toLine(editor, newest.from);
    // A text that is on its way would lead its reader back to where they were when it was made.
    if (page.readers.has(editor)) page.readers.set(editor, { ...placeOf(editor), top: undefined });
  }

  /** Pages that are open follow their projects. */
  refresh(changed: ChangedProjects): void {
    this.#pages.forgetClosed();
    for (const { uri } of workspace.textDocuments)
      if (uri.scheme === outputScheme && (changed === "all" || changed.has(uri.query))) this.#changes.fire(uri);
  }

  dispose(): void {
    this.#looking?.dispose();
    this.#store.dispose();
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const page = this.#pageOf(uri);
    if (!page) return l10n.t("This task is no longer in the log.");
    const { followed } = page;
    try {
      const source = {
        picture: this.records.picture(followed),
        task: uri.fragment,
        entries: await page.entries.all(),
        now: this.world.clock.now(),
      };
      const { runsIn } = taskOutput({ ...source, live: undefined });
      const live = runsIn === undefined ? undefined : await this.#live(followed, runsIn, source.entries);
      page.output = taskOutput({ ...source, live });
      if (runsIn !== undefined) this.#followSoon();
      this.#noteReaders(uri, page);
      return `${page.output.lines.map(lineText).join("\n")}\n`;
    } catch (error) {
      this.#pages.delete(uri);
      return messageOf(error);
    }
  }

  async provideDocumentLinks(document: TextDocument): Promise<ShownLink[]> {
    const page = this.#pages.get(document.uri);
    return page?.output ? pageLinks(document, page.output, page.followed) : [];
  }

  provideFoldingRanges(document: TextDocument): FoldingRange[] {
    return pageFolds(this.#pages.get(document.uri)?.output);
  }

  provideDocumentSymbols(document: TextDocument): ReturnType<typeof pageSymbols> {
    return pageSymbols(document, this.#pages.get(document.uri)?.output);
  }

  #pageOf(uri: Uri): OpenPage | undefined {
    const known = this.#pages.get(uri);
    const followed = this.records.get(uri.query);
    if (known && known.followed === followed) return known;
    this.#pages.delete(uri);
    if (!followed) return undefined;
    const wanted = uri.fragment;
    const entries = new RecordedEntries(
      followed,
      ({ task_id }) => task_id === wanted,
      () => this.#changes.fire(uri),
    );
    const page: OpenPage = { followed, entries, readers: new Map(), output: undefined };
    this.#pages.set(uri, page);
    return page;
  }

  /** Only a server that was chosen is asked; nothing is started. */
  async #live(
    followed: FollowedProject,
    session: string,
    entries: Awaited<ReturnType<RecordedEntries["all"]>>,
  ): Promise<LiveOutput> {
    try {
      const { chosen, wire } = await reachSession(this.world, this.records, session, followed.key);
      const { lines } = await chosen.server.scrollback(wire, liveLines, "plain");
      const rows = lines.map((line) => plainRow(line).trimEnd());
      while (rows.at(-1) === "") rows.pop();
      const command = entries.findLast(({ kind, session_name }) => kind === "command" && session_name === session);
      const redactor = await this.world.redactor;
      const { lines: below, whole } = belowCommand(rows, command?.input ?? "");
      return { is: "shown", lines: redactor.redact(below.join("\n")).split("\n"), whole };
    } catch (error) {
      return { is: "unreachable", why: messageOf(error) };
    }
  }

  #editors(): TextEditor[] {
    return window.visibleTextEditors.filter(({ document }) => document.uri.scheme === outputScheme);
  }

  /** While a command runs whose page is in sight, the page is read again and again. */
  #followSoon(): void {
    if (this.#looking || !this.#editors().some((editor) => this.#isRunning(editor))) return;
    this.#looking = this.world.clock.after(liveMs, () => {
      this.#looking = undefined;
      for (const uri of new Set(
        this.#editors()
          .filter((editor) => this.#isRunning(editor))
          .map(({ document }) => document.uri),
      ))
        this.#changes.fire(uri);
    });
  }

  #isRunning({ document }: TextEditor): boolean {
    return this.#pages.get(document.uri)?.output?.runsIn !== undefined;
  }

  /** As late as can be: who moves while the page is read again is not led back. */
  #noteReaders(uri: Uri, page: OpenPage): void {
    page.readers.clear();
    for (const editor of this.#editors())
      if (editor.document.uri.toString() === uri.toString()) page.readers.set(editor, placeOf(editor));
  }

  /** Readers stay where they were, but for those at the end. */
  #placeReaders(document: TextDocument): void {
    const page = document.uri.scheme === outputScheme ? this.#pages.get(document.uri) : undefined;
    for (const [editor, place] of page?.readers ?? []) {
      if (!window.visibleTextEditors.includes(editor)) continue;
      if (place.atEnd) toEnd(editor);
      else {
        editor.selection = place.selection;
        if (place.top) editor.revealRange(place.top, TextEditorRevealType.AtTop);
      }
    }
    page?.readers.clear();
  }
}

function placeOf(editor: TextEditor): ReadersPlace {
  const { selection, visibleRanges, document } = editor;
  const first = visibleRanges[0]?.start;
  return {
    selection,
    top: first && new Range(first, first),
    atEnd: selection.isEmpty && selection.active.line >= document.lineCount - 1,
  };
}

function toEnd(editor: TextEditor): void {
  const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
  editor.selection = new Selection(end, end);
  editor.revealRange(new Range(end, end));
}

function toLine(editor: TextEditor, line: number): void {
  const { start } = editor.document.lineAt(Math.min(line, editor.document.lineCount - 1)).range;
  editor.selection = new Selection(start, start);
  editor.revealRange(new Range(start, start), TextEditorRevealType.AtTop);
}

/** Also in a page that VS Code brings back after a reload. */
function giveLanguage(document: TextDocument): void {
  if (document.uri.scheme === outputScheme && document.languageId !== outputLanguage)
    void languages.setTextDocumentLanguage(document, outputLanguage);
}
