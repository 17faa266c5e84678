import { type TextDocumentContentProvider, workspace } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { languages } from "../shownWindow";

type LinkProvider = Parameters<typeof languages.registerDocumentLinkProvider>[1];
type Page = TextDocumentContentProvider & Partial<LinkProvider>;

/** Read-only texts by the scheme of their addresses; those that know links offer them. */
export function registerTextPages(pages: Readonly<Record<string, Page>>): Disposable[] {
  return Object.entries(pages).flatMap(([scheme, page]) => [
    workspace.registerTextDocumentContentProvider(scheme, page),
    ...(hasLinks(page) ? [languages.registerDocumentLinkProvider({ scheme }, page)] : []),
  ]);
}

function hasLinks(page: Page): page is Page & LinkProvider {
  return page.provideDocumentLinks !== undefined;
}
