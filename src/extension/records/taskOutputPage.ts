import {
  EventEmitter,
  FoldingRange,
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
import { fileWithin } from "../../adapters/machine/fileWithin";
import { isLocalAddress } from "../../adapters/wsh/serverAddress";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import { messageOf } from "../../core/model/errors";
import { plainRow } from "../../core/session/styledText";
import { mostLinks } from "../../protocol/links";
import {
  belowCommand,
  lineText,
  type LiveOutput,
  type OutputPlace,
  type OutputSection,
  type TaskOutput,
  taskOutput,
} from "../../protocol/taskOutput";
import { linksInText } from "../../protocol/textLinks";
import { reachSession } from "../../viewing/followedSessions";
import { RecordedEntries } from "../../viewing/recordedEntries";
import type { ChangedProjects, FollowedProject, WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { HostWorld } from "../hostWorld";
import { OpenPages } from "./openPages";
import { outputLanguage, outputScheme } from "../identifiers";
import { leadsToCommand } from "./leadsToCommand";
import { documentName, shown } from "../shownText";
import { documentSymbol, languages, type ShownLink, type ShownSymbol, window } from "../shownWindow";

/** A running command is looked at this often while its page is in sight. */
const liveMs = 1000;
/** Of a running command that prints a lot, the newest lines: all of it is in its session. */
const liveLines = 500;
/** Lines in which links are looked for before others get their turn. */
const linesInTurn = 100;

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

  /** Of the lines that the document has: it may be about to get others. */
  async provideDocumentLinks(document: TextDocument): Promise<ShownLink[]> {
    const page = this.#pages.get(document.uri);
    if (!page?.output) return [];
    const { lines, sections } = page.output;
    const links: ShownLink[] = [];
    const found = new Map<string, Promise<string | undefined>>();
    for (const [number, line] of lines.entries()) {
      if (links.length >= mostLinks || number >= document.lineCount) break;
      if (document.lineAt(number).text !== lineText(line)) continue;
      if (line.style === "output")
        links.push(...(await this.#fileLinks(page, sectionAt(sections, number), number, found)));
      else links.push(...ownLinks(page.followed, line.parts, number));
      if (number % linesInTurn === linesInTurn - 1) await new Promise((resolve) => setImmediate(resolve));
    }
    return links;
  }

  provideFoldingRanges(document: TextDocument): FoldingRange[] {
    const sections = this.#pages.get(document.uri)?.output?.sections ?? [];
    return sections.flatMap(({ from, to, commands }) =>
      [{ from, to }, ...commands]
        .filter((each) => each.to > each.from)
        .map((each) => new FoldingRange(each.from, each.to)),
    );
  }

  provideDocumentSymbols(document: TextDocument): ReturnType<typeof documentSymbol>[] {
    const sections = this.#pages.get(document.uri)?.output?.sections ?? [];
    const last = document.lineCount - 1;
    const part = (title: string, from: number, to: number): Omit<ShownSymbol, "icon" | "children"> => {
      const [first, end] = [Math.min(from, last), Math.min(to, last)];
      return {
        name: shown(title),
        detail: shown(""),
        range: new Range(first, 0, end, document.lineAt(end).text.length),
        nameRange: new Range(first, 0, first, 0),
      };
    };
    return sections.map(({ title, from, to, commands }) =>
      documentSymbol({
        ...part(title, from, to),
        icon: "group",
        children: commands.map((each) => ({
          ...part(each.title, each.from, each.to),
          icon: "task" as const,
          children: [],
        })),
      }),
    );
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

  async #fileLinks(
    { followed, output }: OpenPage,
    section: OutputSection | undefined,
    number: number,
    found: Map<string, Promise<string | undefined>>,
  ): Promise<ShownLink[]> {
    const { project, folder } = followed;
    const address = project.server?.address;
    const line = output?.lines[number];
    // Where sessions run on another machine, its files are not here.
    if (!line || !section || (address !== undefined && !isLocalAddress(address))) return [];
    const links: ShownLink[] = [];
    for (const { from, to, target } of linksInText(lineText(line))) {
      if (target.kind !== "file") continue;
      const folders = [...new Set([section.folder, project.default_cwd, folder.path])];
      const name = `${section.folder}\0${target.path}`;
      const looked = found.get(name) ?? fileWithin(target.path, folders);
      found.set(name, looked);
      const file = await looked;
      if (file === undefined) continue;
      const place =
        target.line === undefined ? "" : `L${target.line}${target.column === undefined ? "" : `,${target.column}`}`;
      links.push({
        range: new Range(number, from, number, to),
        target: Uri.file(file).with({ fragment: place }),
        tooltip: shown(l10n.t("Open File")),
      });
    }
    return links;
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

function sectionAt(sections: readonly OutputSection[], line: number): OutputSection | undefined {
  return sections.find(({ from, to }) => from <= line && line <= to);
}

/** Parts of the page that lead somewhere. */
function ownLinks({ key }: FollowedProject, parts: TaskOutput["lines"][number]["parts"], number: number): ShownLink[] {
  let end = 0;
  return parts.flatMap(({ text, to }) => {
    const begin = end;
    end += text.length;
    return to ? [{ range: new Range(number, begin, number, end), ...leadsTo(to, key) }] : [];
  });
}

function leadsTo(place: OutputPlace, key: string): Pick<ShownLink, "target" | "tooltip"> {
  switch (place.kind) {
    case "session":
      return leadsToCommand(l10n.t("Open Session"), "showSession", { kind: "session", key, name: place.session });
    case "sessionText":
      return leadsToCommand(l10n.t("Open as Text"), "openSessionAsText", { kind: "session", key, name: place.session });
    case "question":
      return leadsToCommand(l10n.t("Review Question…"), "reviewQuestion", place.id);
  }
}

/** Also in a page that VS Code brings back after a reload. */
function giveLanguage(document: TextDocument): void {
  if (document.uri.scheme === outputScheme && document.languageId !== outputLanguage)
    void languages.setTextDocumentLanguage(document, outputLanguage);
}
