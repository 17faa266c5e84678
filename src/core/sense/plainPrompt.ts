/**
 * The last characters of prompts as shells and themes come with them, then at most one blank; nothing behind the
 * cursor.
 */
const promptEnd = /[$#%>❯➜»λ] ?$/u;

export function endsLikePrompt(line: string): boolean {
  return promptEnd.test(line);
}

/** Whether a plain screen shows a prompt with nothing typed on it. A guess, for shells that print no marks. */
export function looksLikePrompt(screen: {
  readonly lines: readonly unknown[];
  readonly cursor: { readonly row: number; readonly col: number };
  readonly alternate_active: boolean;
}): boolean {
  if (screen.alternate_active) return false;
  const line = screen.lines[screen.cursor.row];
  if (typeof line !== "string" || !endsLikePrompt(line.trimEnd())) return false;
  // A prompt's blank is cut off a plain row: the cursor stands right after it.
  return screen.cursor.col <= Array.from(line.trimEnd()).length + 1;
}
