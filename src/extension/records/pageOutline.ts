import { FoldingRange, Range, type TextDocument } from "vscode";
import type { PageExtent, PageSection, TextPage } from "../../protocol/textPage";
import { shown } from "../shownText";
import { documentSymbol, type ShownSymbol } from "../shownWindow";

/** Sections fold, and the commands in them. */
export function pageFolds(page: TextPage | undefined): FoldingRange[] {
  return (page?.sections ?? []).flatMap((section) =>
    [section, ...section.commands]
      .filter(({ from, to }) => to > from)
      .map(({ from, to }) => new FoldingRange(from, to)),
  );
}

/** The outline of what the document has: it may be about to get other lines. */
export function pageSymbols(document: TextDocument, page: TextPage | undefined): ReturnType<typeof documentSymbol>[] {
  const last = document.lineCount - 1;
  const part = ({ title, from, to }: PageExtent): Omit<ShownSymbol, "icon" | "children"> => {
    const [first, end] = [Math.min(from, last), Math.min(to, last)];
    return {
      name: shown(title),
      detail: shown(""),
      range: new Range(first, 0, end, document.lineAt(end).text.length),
      nameRange: new Range(first, 0, first, 0),
    };
  };
  const symbol = (section: PageSection): ReturnType<typeof documentSymbol> =>
    documentSymbol({
      ...part(section),
      icon: "group",
      children: section.commands.map((each) => ({ ...part(each), icon: "task" as const, children: [] })),
    });
  return (page?.sections ?? []).map(symbol);
}
