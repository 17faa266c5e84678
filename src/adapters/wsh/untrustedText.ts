/** Longest text of a server that gets into a sentence for people, in characters. */
const limit = 200;

/**
 * One line of a server's text, fit for a terminal: control and formatting characters (escapes, bidirectional marks,
 * line breaks) become blanks, long text is cut.
 */
export function untrustedText(text: string): string {
  const clean = text
    .slice(0, limit * 8)
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  return clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean;
}
