/**
 * The text as one word of a command line that bash, zsh, fish and plain POSIX shells read alike, quoted only where that
 * is needed.
 */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quotedWord(text);
}

/** The same, always in quotes: fish reads a backslash between single quotes, so it stands outside of them. */
export function quotedWord(text: string): string {
  return `'${text.replace(/['\\]/g, String.raw`'\$&'`)}'`;
}

/** Shorter, for shells that are known to be bash, zsh or plain POSIX ones. */
export function posixQuotedWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Shorter, for fish alone; tabs stand outside of the quotes, since fish drops a pasted one inside of them. */
export function fishQuotedWord(text: string): string {
  return `'${text.replace(/[\\']/g, String.raw`\$&`).replaceAll("\t", String.raw`'\t'`)}'`;
}
