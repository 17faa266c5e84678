/** What of a long text is looked for: its end. */
const comparedLength = 2000;
/** A prompt for more lines (`> `, `dquote for> `) is short. */
const longestPrompt = 24;

/** Of a plain screen: its rows, and where the cursor is. */
export interface ShownText {
  readonly lines: readonly unknown[];
  readonly cursor: { readonly row: number; readonly col: number };
}

/**
 * Whether the line that the cursor is on is `typed`, whole, and nothing else behind it; `unfinished`: the shell has
 * asked for more lines. Blanks do not count, since a terminal wraps where it likes.
 */
export function standsAtCursor({ lines, cursor }: ShownText, typed: string, unfinished: boolean): boolean {
  const rows = lines.slice(0, cursor.row + 1).map((line) => (typeof line === "string" ? line : ""));
  const shown = squeezed([...rows.slice(0, -1), (rows.at(-1) ?? "").slice(0, cursor.col)].join(""));
  const wanted = squeezed(typed).slice(-comparedLength);
  const at = shown.lastIndexOf(wanted);
  if (wanted === "" || at < 0) return false;
  const behind = shown.length - at - wanted.length;
  return unfinished ? behind > 0 && behind <= longestPrompt : behind === 0;
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, "");
}

/**
 * What may stand at a prompt in front of the cursor, longest first: the text behind each character that could end the
 * prompt. Empty where the cursor's line shows none, as a program's does.
 */
export function textsAtCursor({ lines, cursor }: ShownText): string[] {
  const row = lines[cursor.row];
  if (typeof row !== "string") return [];
  const line = row.slice(0, cursor.col);
  return [...line.matchAll(/[$#%>❯➜»λ] ?/gu)]
    .map((match) => line.slice(match.index + match[0].length))
    .filter((text) => text.trim() !== "");
}
