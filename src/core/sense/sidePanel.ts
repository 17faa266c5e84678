import { graphemesOf, textWidth } from "../base/textWidth";
import type { Screen, Span } from "../ports/sessions";

/**
 * A screen without the panel that a program draws beside its transcript: all columns behind the end of what `edge` matches
 * in the last row that it matches. The screen itself where nothing matches.
 */
export function withoutPanel(screen: Screen, edge: RegExp | undefined): Screen {
  if (!edge) return screen;
  const found = screen.lines.map((row) => edge.exec(plain(row))?.[0]).findLast((each) => each !== undefined);
  if (found === undefined) return screen;
  const cells = textWidth(found);
  return { ...screen, lines: screen.lines.map((row) => cut(row, cells)) };
}

function plain(row: string | readonly Span[]): string {
  return typeof row === "string" ? row : row.map(({ text }) => text).join("");
}

function cut(row: string | readonly Span[], cells: number): string | Span[] {
  if (typeof row === "string") return firstCells(row, cells).trimEnd();
  const kept: Span[] = [];
  let left = cells;
  for (const span of row) {
    if (left <= 0) break;
    const text = firstCells(span.text, left);
    kept.push(text === span.text ? span : { ...span, text });
    left -= textWidth(span.text);
  }
  return kept;
}

function firstCells(text: string, cells: number): string {
  if (textWidth(text) <= cells) return text;
  let kept = "";
  let width = 0;
  for (const { segment } of graphemesOf(text)) {
    width += textWidth(segment);
    if (width > cells) break;
    kept += segment;
  }
  return kept;
}
