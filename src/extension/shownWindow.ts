import * as vscode from "vscode";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import type { ShownLines, ShownText } from "./shownText";

/*
 * VS Code as the extension sees it: everything that puts text before a person takes cleaned text only. No other file
 * may import what is kept here; a rule of the linter says so.
 */

/** A thing of VS Code's whose texts are cleaned ones. */
type Shown<Thing, Texts> = Omit<Thing, keyof Texts> & Texts;

/** A button of a message. */
export interface Choice {
  readonly title: ShownText;
}

interface MessageAs {
  <C extends Choice>(text: ShownText, ...choices: readonly C[]): Thenable<C | undefined>;
  <C extends Choice>(
    text: ShownText,
    dialog: { readonly modal: true; readonly detail: ShownLines },
    ...choices: readonly C[]
  ): Thenable<C | undefined>;
}

interface ItemTexts {
  readonly label: ShownText;
  readonly description?: ShownText;
  readonly detail?: ShownText;
}
export type ShownItem = Shown<Pick<vscode.QuickPickItem, "label" | "kind" | "iconPath">, ItemTexts>;

interface PickTexts {
  readonly title?: ShownText;
  readonly placeHolder: ShownText;
}
export type ShownPickOptions = Shown<
  Pick<vscode.QuickPickOptions, "ignoreFocusOut" | "matchOnDescription" | "matchOnDetail">,
  PickTexts
>;

interface InputTexts {
  readonly title: ShownText;
  readonly prompt: ShownText;
  readonly placeHolder?: ShownText;
  readonly validateInput?: (text: string) => ShownText | undefined;
}
export type ShownInputOptions = Shown<
  Pick<vscode.InputBoxOptions, "value" | "password" | "ignoreFocusOut">,
  InputTexts
>;

export type ShownInputButton = Shown<vscode.QuickInputButton, { readonly tooltip?: ShownText }>;
interface BoxTexts {
  title: ShownText | undefined;
  placeholder: ShownText | undefined;
  buttons: readonly ShownInputButton[];
}
export type ShownInputBox = Shown<
  vscode.InputBox,
  BoxTexts & { prompt: ShownText | undefined; validationMessage: ShownText | undefined }
>;
export type ShownPickBox<I extends ShownItem> = Shown<vscode.QuickPick<I>, BoxTexts & { prompt?: never }>;

export type ShownStatusBarItem = Shown<
  vscode.StatusBarItem,
  {
    name: ShownText;
    text: ShownText;
    tooltip: ShownLines;
    accessibilityInformation: { readonly label: ShownText; readonly role: string };
  }
>;

export type ShownView<T> = Shown<
  vscode.TreeView<T>,
  {
    message?: ShownLines;
    title?: ShownText;
    description?: ShownText;
    badge?: { readonly value: number; readonly tooltip: ShownText } | undefined;
  }
>;

export type ShownPanel = Shown<vscode.WebviewPanel, { title: ShownText }>;
/** Of a terminal with a shell of VS Code's own. */
export type ShownShellOptions = Shown<Pick<vscode.TerminalOptions, "name" | "cwd">, { readonly name: ShownText }>;
export type ShownTerminalOptions = Shown<vscode.ExtensionTerminalOptions, { readonly name: ShownText }>;

/** What of VS Code's window shows no text of ours. */
type Silent = Pick<
  typeof vscode.window,
  | "state"
  | "activeTextEditor"
  | "activeTerminal"
  | "terminals"
  | "tabGroups"
  | "onDidChangeWindowState"
  | "onDidChangeActiveTerminal"
  | "onDidOpenTerminal"
  | "onDidCloseTerminal"
  | "onDidChangeActiveTextEditor"
  | "onDidChangeVisibleTextEditors"
  | "visibleTextEditors"
  | "showTextDocument"
  | "registerWebviewPanelSerializer"
  | "registerTerminalProfileProvider"
  | "registerUriHandler"
>;

/** `increment`: percent of the whole since the last report. */
export interface ShownProgress {
  report(step: { readonly message?: ShownText; readonly increment?: number }): void;
}

interface ShownWindow extends Silent {
  readonly showInformationMessage: MessageAs;
  readonly showWarningMessage: MessageAs;
  readonly showErrorMessage: MessageAs;
  showQuickPick<I extends ShownItem>(
    items: readonly I[],
    options: ShownPickOptions & { readonly canPickMany: true },
  ): Thenable<I[] | undefined>;
  showQuickPick<I extends ShownItem>(
    items: readonly I[] | Thenable<readonly I[]>,
    options: ShownPickOptions,
  ): Thenable<I | undefined>;
  showInputBox(options: ShownInputOptions): Thenable<string | undefined>;
  createInputBox(): ShownInputBox;
  createQuickPick<I extends ShownItem>(): ShownPickBox<I>;
  setStatusBarMessage(text: ShownText, hideAfterMs: number): vscode.Disposable;
  createStatusBarItem(id: string, alignment: vscode.StatusBarAlignment, priority: number): ShownStatusBarItem;
  withProgress<T>(
    options: {
      readonly location: vscode.ProgressLocation | { readonly viewId: string };
      readonly title?: ShownText;
      readonly cancellable?: boolean;
    },
    work: (progress: ShownProgress, cancelled: vscode.CancellationToken) => Thenable<T>,
  ): Thenable<T>;
  createTreeView<T>(id: string, options: vscode.TreeViewOptions<T>): ShownView<T>;
  createWebviewPanel(
    type: string,
    title: ShownText,
    place: { readonly viewColumn: vscode.ViewColumn; readonly preserveFocus: boolean },
    options: vscode.WebviewPanelOptions & vscode.WebviewOptions,
  ): ShownPanel;
  createTerminal(options: ShownTerminalOptions | ShownShellOptions): vscode.Terminal;
}

/** What it gives out (views, boxes, panels) has texts that are plain strings to VS Code, and here cleaned ones. */
export const window = vscode.window as unknown as ShownWindow;

/** A row of a tree. */
export interface ShownRow {
  readonly id: string;
  readonly label: ShownText;
  readonly description: ShownText;
  /** What a screen reader says. */
  readonly spoken: ShownText;
  readonly icon: vscode.ThemeIcon;
  /** Chooses its menus. */
  readonly context: string;
  readonly state?: vscode.TreeItemCollapsibleState;
  readonly command?: { readonly command: string; readonly arguments: readonly unknown[] };
}

export type ShownTreeItem = Shown<vscode.TreeItem, { readonly label?: ShownText; tooltip?: ShownLines }>;

export function treeItem(row: ShownRow): ShownTreeItem {
  const item = new vscode.TreeItem(row.label, row.state);
  item.id = row.id;
  item.description = row.description;
  item.iconPath = row.icon;
  item.contextValue = row.context;
  item.accessibilityInformation = { label: row.spoken };
  if (row.command) item.command = { title: "", command: row.command.command, arguments: [...row.command.arguments] };
  return item as ShownTreeItem;
}

/** A profile for the list of terminals. */
export function terminalProfile(options: ShownTerminalOptions): vscode.TerminalProfile {
  return new vscode.TerminalProfile(options);
}

type ShownProblem = Shown<vscode.Diagnostic, { readonly message: ShownLines }>;
type ShownProblems = Shown<
  vscode.DiagnosticCollection,
  { set(file: vscode.Uri, problems: readonly ShownProblem[]): void }
>;

/** What is wrong with a file at that place. */
export function problemAt(range: vscode.Range, message: ShownLines, is: "Error" | "Warning" = "Error"): ShownProblem {
  const problem = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity[is]);
  problem.source = "wsh Orchestrator";
  return problem as ShownProblem;
}

export type ShownLink = Shown<vscode.DocumentLink, { readonly tooltip: ShownText }>;

/** A word that can be typed; what it means is shown beside it. */
export interface ShownCompletion {
  readonly label: ShownText;
  readonly detail: ShownText;
  readonly meaning: ShownMeaning | undefined;
  readonly icon: "key" | "value" | "name";
  readonly range: vscode.Range;
  readonly insert: string;
  readonly isSnippet: boolean;
  /** More can be chosen behind it. */
  readonly goesOn: boolean;
}

/** What is told of a place of a text: a heading, sentences, and lines that are shown as they are. */
export interface ShownMeaning {
  readonly heading?: ShownText;
  readonly text?: ShownText;
  readonly code: readonly ShownLines[];
}

export function completionItem(shown: ShownCompletion): vscode.CompletionItem {
  const { label, detail, meaning, icon, range, insert, isSnippet, goesOn } = shown;
  const kinds = {
    key: vscode.CompletionItemKind.Property,
    value: vscode.CompletionItemKind.Value,
    name: vscode.CompletionItemKind.Reference,
  };
  const item = new vscode.CompletionItem({ label, description: detail }, kinds[icon]);
  item.range = range;
  item.insertText = isSnippet ? new vscode.SnippetString(insert) : insert;
  if (meaning) item.documentation = meaningText(meaning);
  if (goesOn) item.command = { title: "", command: "editor.action.triggerSuggest" };
  return item;
}

export function hoverOf(range: vscode.Range, meaning: ShownMeaning): vscode.Hover {
  return new vscode.Hover(meaningText(meaning), range);
}

/** For a place that takes markup. VS Code's own way makes spaces of it at which no line is broken. */
function asWritten(text: ShownText): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!~<>&|$]/g, "\\$&");
}

/** Text is written as text: nothing in it is markup, a link or a command. */
function meaningText({ heading, text, code }: ShownMeaning): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  if (heading !== undefined) markdown.appendMarkdown(`**${asWritten(heading)}**\n\n`);
  if (text !== undefined) markdown.appendMarkdown(asWritten(text));
  for (const lines of code) markdown.appendCodeblock(lines, "yaml");
  return markdown;
}

export interface ShownSymbol {
  readonly name: ShownText;
  readonly detail: ShownText;
  readonly icon: "group" | "role" | "task";
  readonly range: vscode.Range;
  readonly nameRange: vscode.Range;
  readonly children: readonly ShownSymbol[];
}

export function documentSymbol({ name, detail, icon, range, nameRange, children }: ShownSymbol): vscode.DocumentSymbol {
  const kinds = {
    group: vscode.SymbolKind.Namespace,
    role: vscode.SymbolKind.Class,
    task: vscode.SymbolKind.Method,
  };
  const symbol = new vscode.DocumentSymbol(name, detail, kinds[icon], range, nameRange);
  symbol.children = children.map(documentSymbol);
  return symbol;
}

/** A line above the text; without a command it only says something. */
export function codeLens(
  range: vscode.Range,
  title: ShownText,
  icon: string,
  command?: { readonly command: string; readonly arguments: readonly unknown[] },
): vscode.CodeLens {
  const { command: id = "", arguments: given = [] } = command ?? {};
  return new vscode.CodeLens(range, { title: `$(${icon}) ${title}`, command: id, arguments: [...given] });
}

/** What mends a problem; the first is what most people mean. */
export function quickFix(title: ShownText, edit: vscode.WorkspaceEdit, isPreferred: boolean): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = edit;
  action.isPreferred = isPreferred;
  return action;
}

/** A picture, as `svg` for a dark and for a light background. */
interface IconText {
  readonly dark: string;
  readonly light: string;
}

function pictureUri(svg: string): vscode.Uri {
  return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`);
}

/** A picture before the title of a panel. */
export function tabIcon({ dark, light }: IconText): NonNullable<vscode.WebviewPanel["iconPath"]> {
  return { dark: pictureUri(dark), light: pictureUri(light) };
}

/** A picture beside a line. */
export function lineIcon(svg: IconText): vscode.TextEditorDecorationType {
  const icon = (text: string): { readonly gutterIconPath: vscode.Uri } => ({ gutterIconPath: pictureUri(text) });
  return vscode.window.createTextEditorDecorationType({
    dark: icon(svg.dark),
    light: icon(svg.light),
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}

/** Providers of what the functions above make. */
type ShownProviders = Pick<
  typeof vscode.languages,
  | "registerCompletionItemProvider"
  | "registerHoverProvider"
  | "registerDocumentSymbolProvider"
  | "registerFoldingRangeProvider"
  | "registerDefinitionProvider"
  | "registerReferenceProvider"
  | "registerRenameProvider"
  | "registerCodeActionsProvider"
  | "registerCodeLensProvider"
>;

export const languages = vscode.languages as unknown as Pick<typeof vscode.languages, "setTextDocumentLanguage"> &
  ShownProviders & {
    createDiagnosticCollection(name: string): ShownProblems;
    registerDocumentLinkProvider(
      of: vscode.DocumentFilter,
      provider: {
        provideDocumentLinks(document: vscode.TextDocument): readonly ShownLink[] | Promise<readonly ShownLink[]>;
      },
    ): vscode.Disposable;
  };

/** What stands behind the name of a page in its tab. */
export interface PageBadge {
  /** One or two characters. */
  readonly sign: string;
  readonly meaning: ShownText;
  /** Id of a colour of the theme; undefined: the text's. */
  readonly color: string | undefined;
}

export function registerPageBadges(
  changes: vscode.Event<vscode.Uri[]>,
  badgeOf: (page: vscode.Uri) => PageBadge | undefined,
): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    onDidChangeFileDecorations: changes,
    provideFileDecoration: (uri) => {
      const badge = badgeOf(uri);
      if (!badge) return undefined;
      const color = badge.color === undefined ? undefined : new vscode.ThemeColor(badge.color);
      return new vscode.FileDecoration(badge.sign, badge.meaning, color);
    },
  });
}

/** `open` is given the address that an editor of that type is opened for, and the panel that VS Code made of it. */
export function registerAddressEditor(
  type: string,
  open: (address: vscode.Uri, panel: ShownPanel) => Promise<void>,
): vscode.Disposable {
  return vscode.window.registerCustomEditorProvider(type, {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: ({ uri }, panel) => open(uri, panel as ShownPanel),
  } satisfies vscode.CustomReadonlyEditorProvider);
}

/** The extension's output in VS Code's *Output*; what it is given may have any characters. */
export interface OutputLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  show(): void;
  dispose(): void;
}

export function createOutputLog(): OutputLog {
  const channel = vscode.window.createOutputChannel("wsh Orchestrator", { log: true });
  return {
    debug: (message) => channel.debug(stripControlCharacters(message)),
    info: (message) => channel.info(stripControlCharacters(message)),
    warn: (message) => channel.warn(stripControlCharacters(message)),
    error: (message) => channel.error(stripControlCharacters(message)),
    show: () => channel.show(),
    dispose: () => channel.dispose(),
  };
}
