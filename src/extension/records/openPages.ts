import { type Uri, workspace } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";

interface OpenPage<T> {
  readonly shown: T;
  /** A page's text is asked for before its document is among the open ones. */
  wasOpen: boolean;
}

/** What read-only texts show, by their address, for as long as their document is open. */
export class OpenPages<T> implements Disposable {
  /** By the address as text. */
  readonly #pages = new Map<string, OpenPage<T>>();
  readonly #opened = workspace.onDidOpenTextDocument(({ uri }) => {
    const page = this.#pages.get(uri.toString());
    if (page) page.wasOpen = true;
  });

  /** `closed`: what is done with what a page showed that is no longer open. */
  constructor(private readonly closed: (shown: T) => void = () => undefined) {}

  get(uri: Uri): T | undefined {
    return this.#pages.get(uri.toString())?.shown;
  }

  set(uri: Uri, shown: T): void {
    const wasOpen = workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
    this.#pages.set(uri.toString(), { shown, wasOpen });
  }

  delete(uri: Uri): void {
    this.#drop(uri.toString());
  }

  /** One whose language is set is closed and opened, and shows what it showed: so not at the event of closing. */
  forgetClosed(): void {
    const open = new Set(workspace.textDocuments.map(({ uri }) => uri.toString()));
    for (const [uri, { wasOpen }] of this.#pages) if (wasOpen && !open.has(uri)) this.#drop(uri);
  }

  dispose(): void {
    this.#opened.dispose();
    for (const uri of this.#pages.keys()) this.#drop(uri);
  }

  #drop(uri: string): void {
    const page = this.#pages.get(uri);
    this.#pages.delete(uri);
    if (page) this.closed(page.shown);
  }
}
