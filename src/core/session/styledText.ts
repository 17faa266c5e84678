import type { Color, Span } from "../ports/sessions";
import { stripControlCharacters } from "../safety/controlCharacters";

/** A row of a screen as text; styled rows lose their style. */
export function plainRow(row: string | readonly Span[]): string {
  return stripControlCharacters(typeof row === "string" ? row : row.map((span) => span.text).join(""), {
    keepNewlines: false,
  });
}

/** A row with its style as SGR sequences (ECMA-48 8.3.117) and nothing else. */
export function styledRow(row: string | readonly Span[]): string {
  if (typeof row === "string") return plainRow(row);
  return row
    .map((span) => {
      const text = stripControlCharacters(span.text, { keepNewlines: false });
      const codes = codesOf(span);
      return codes.length === 0 || text === "" ? text : `\x1b[${codes.join(";")}m${text}\x1b[0m`;
    })
    .join("");
}

function codesOf(span: Span): string[] {
  const flags: readonly [boolean | undefined, string][] = [
    [span.bold, "1"],
    [span.faint, "2"],
    [span.italic, "3"],
    [span.underline, "4"],
    [span.blink, "5"],
    [span.inverse, "7"],
    [span.invisible, "8"],
    [span.strikethrough, "9"],
  ];
  return [
    ...flags.flatMap(([on, code]) => (on ? [code] : [])),
    ...colorCodes(span.fg, "38"),
    ...colorCodes(span.bg, "48"),
  ];
}

function colorCodes(color: Color | undefined, plane: "38" | "48"): string[] {
  if (color?.indexed !== undefined) return [plane, "5", String(Math.trunc(color.indexed) & 0xff)];
  if (!color?.rgb) return [];
  const { r, g, b } = color.rgb;
  return [plane, "2", ...[r, g, b].map((part) => String(Math.trunc(part) & 0xff))];
}
